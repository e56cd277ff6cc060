//! Who people are elsewhere: in the directory, or at an identity provider. An identity that is linked signs in to its
//! account; what it is called there is in the vault, and the log has a salted commitment.

mod arrive;
mod directory;
mod link;
mod register;
mod roles;
mod unlink;
mod vouched;

pub use arrive::{Identities, Registers};
pub use directory::{Answer, Ask, Directory, REMEMBERED_FOR, REMEMBERED_MAX};
pub use link::{IDENTITIES_MAX, LinkIdentity};
pub use register::RegisterByIdentity;
pub use unlink::UnlinkIdentity;
pub use vouched::{ISSUER_BYTES_MAX, Identity, LABEL_CHARS_MAX, Roles, SUBJECT_BYTES_MAX, Vouched};

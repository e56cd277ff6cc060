//! What happens to plugin tokens.

mod issue;
mod revoke;

pub use issue::IssueToken;
pub use revoke::RevokeToken;

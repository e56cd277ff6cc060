//! What happens to plugins as a whole, and to their ownership.

mod add_owner;
mod answer_invitation;
mod deprecate;
mod edit_details;
mod feature;
mod invite_owner;
mod maintainer;
mod mark;
mod owners;
mod reassign;
mod remove_owner;
mod renaming;
mod revive;
mod team_owner;
mod tombstone;
mod transfer;
mod withdraw_invitation;

pub use add_owner::AddOwner;
pub use answer_invitation::{AcceptInvitation, DeclineInvitation};
pub use deprecate::{DeprecatePlugin, UndeprecatePlugin};
pub use edit_details::EditDetails;
pub use feature::{FeaturePlugin, UnfeaturePlugin};
pub use invite_owner::{INVITATION_DAYS, INVITATIONS_MAX, InviteOwner, Invited};
pub use maintainer::NameMaintainer;
pub use mark::{MarkForDeletion, RestorePlugin};
pub use owners::Owners;
pub use reassign::ReassignPlugin;
pub use remove_owner::{LeavePlugin, RemoveOwner};
pub use renaming::AllowRenaming;
pub use revive::RevivePlugin;
pub use team_owner::{AddTeamOwner, RemoveTeamOwner, TEAMS_MAX};
pub use tombstone::TombstonePlugin;
pub use transfer::TransferOwnership;
pub use withdraw_invitation::WithdrawInvitation;

//! Teams, what they own, and invitations to own a plugin.

mod queries;
mod rows;
mod state;

pub use queries::{
    Invitation, Team, invitation, invitations_for, invitations_of, team, teams_of, teams_owning,
};

pub(crate) use rows::{OwnershipRows, rows};
pub(crate) use state::Ownership;

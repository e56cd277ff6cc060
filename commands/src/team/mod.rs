//! What happens to teams: named groups of accounts that own plugins together.

mod form;
mod members;

pub use form::FormTeam;
pub use members::{AddTeamMember, MEMBERS_MAX, RemoveTeamMember};

use cairn_domain::Known;
use cairn_domain::ids::AccountId;
use cairn_domain::names::TeamName;
use serde::{Deserialize, Serialize};

/// Who is in a team after a deed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// The team's name, as first written.
    pub team: TeamName,
    /// Its members.
    pub members: Vec<AccountId>,
}

fn members(after: &Known, team: &TeamName) -> Members {
    let team = after.team(team).expect("the deed made or found the team");
    Members { team: team.name.clone(), members: team.members.iter().copied().collect() }
}

//! Teams: named groups of accounts that own plugins together. Members come and go without touching the plugins.

use crate::event::TeamEvent;
use crate::ids::AccountId;
use crate::names::TeamName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A team came into being; its founder is its first member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamFormed {
    /// The team.
    pub team: TeamName,
    /// Who formed it.
    pub founder: AccountId,
}

/// An account is a member too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamMemberAdded {
    /// The team.
    pub team: TeamName,
    /// The new member.
    pub account: AccountId,
}

/// An account is a member no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamMemberRemoved {
    /// The team.
    pub team: TeamName,
    /// The former member.
    pub account: AccountId,
}

/// A team as its history left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its name, as first written.
    pub name: TeamName,
    /// Never empty: the last member cannot leave.
    pub members: BTreeSet<AccountId>,
}

impl Team {
    /// Takes in what happened. Never fails, whatever the order.
    pub fn evolve(&mut self, event: &TeamEvent) {
        match event {
            TeamEvent::TeamFormed(_) => {}
            TeamEvent::TeamMemberAdded(added) => {
                self.members.insert(added.account);
            }
            TeamEvent::TeamMemberRemoved(removed) => {
                self.members.remove(&removed.account);
            }
        }
    }
}

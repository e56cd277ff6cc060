//! Votes for a plugin: one per account, or one per anonymous voter and day.

use crate::event::VotesEvent;
use crate::ids::AccountId;
use crate::names::{PackageName, Sha256};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Somebody rated a plugin; a later vote of the same voter replaces the earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoteCast {
    /// The plugin.
    pub package: PackageName,
    /// 1 to 5.
    pub score: u8,
    /// Who, as far as anybody may know.
    pub voter: Voter,
}

/// One who votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voter {
    /// A signed-in person.
    Account(AccountId),
    /// Somebody unknown. The key is a digest under a random key that lives one day in memory and is then gone, so it
    /// tells repeated votes of a day apart and leads back to nobody.
    OfTheDay(Sha256),
}

/// The votes for one plugin, as its history left them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Votes {
    /// The latest score of each voter.
    pub scores: BTreeMap<Voter, u8>,
}

impl Votes {
    /// Takes in what happened.
    pub fn evolve(&mut self, event: &VotesEvent) {
        let VotesEvent::VoteCast(vote) = event;
        self.scores.insert(vote.voter, vote.score);
    }
}

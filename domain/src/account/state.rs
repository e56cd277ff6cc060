//! What the next decision needs to know of an account.

use crate::event::Event;

/// An account as its history left it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Account {
    /// Its plugins' versions need no review.
    pub trusted: bool,
    /// It may decide about everybody's plugins and accounts.
    pub staff: bool,
    /// It may do nothing.
    pub blocked: bool,
}

impl Account {
    /// Takes in what happened. Never fails, whatever the order.
    pub fn evolve(&mut self, event: &Event) {
        match event {
            Event::TrustGranted(_) => self.trusted = true,
            Event::TrustWithdrawn(_) => self.trusted = false,
            Event::StaffGranted(_) => self.staff = true,
            Event::StaffWithdrawn(_) => self.staff = false,
            Event::AccountBlocked(_) => self.blocked = true,
            Event::AccountUnblocked(_) => self.blocked = false,
            Event::AccountRegistered(_)
            | Event::PluginRegistered(_)
            | Event::PluginNameClaimed(_)
            | Event::PluginDetailsEdited(_)
            | Event::VersionUploaded(_)
            | Event::VersionReplaced(_)
            | Event::VersionApproved(_)
            | Event::VersionUnapproved(_)
            | Event::VersionDeleted(_)
            | Event::OwnerAdded(_)
            | Event::OwnerRemoved(_)
            | Event::OwnershipTransferred(_)
            | Event::TokenIssued(_)
            | Event::TokenRevoked(_)
            | Event::VoteCast(_) => {}
        }
    }
}

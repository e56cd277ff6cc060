//! Invitations to sign up, for repositories that do not take everybody.

use crate::event::SignUpEvent;
use crate::ids::{AccountId, ChallengeId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Somebody may make an account with the link of this challenge, which goes to an address in the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpInvited {
    /// Names the link; its secret is made from this id and a key of the vault.
    pub challenge: ChallengeId,
    /// When the link ends.
    pub expires_at: DateTime<Utc>,
}

/// The invitation became an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpInvitationUsed {
    /// The invitation.
    pub challenge: ChallengeId,
    /// The account.
    pub account: AccountId,
}

/// An invitation to sign up, as its history left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUpInvitation {
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// It became an account.
    pub used: bool,
}

impl SignUpInvitation {
    /// Takes in what happened. Never fails, whatever the order.
    pub fn evolve(&mut self, event: &SignUpEvent) {
        match event {
            SignUpEvent::SignUpInvited(_) => {}
            SignUpEvent::SignUpInvitationUsed(_) => self.used = true,
        }
    }

    /// Whether an account may be made with it at `now`.
    pub fn lives(&self, now: DateTime<Utc>) -> bool {
        !self.used && now < self.expires_at
    }
}

//! What the next decision needs to know of an account.

use crate::account::event::FactorSort;
use crate::event::AccountEvent;
use crate::ids::{ChallengeId, FactorId};
use crate::names::Sha256;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// An account as its history left it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a role or state that comes and goes by itself")]
pub struct Account {
    /// Its plugins' versions need no review.
    pub trusted: bool,
    /// It may decide about everybody's plugins and accounts.
    pub staff: bool,
    /// It may also grant the staff role and change settings.
    pub admin: bool,
    /// It may do nothing.
    pub block: Option<Block>,
    /// Its holder reads mail at its address.
    pub email_confirmed: bool,
    /// Links that were mailed and not used.
    pub challenges: BTreeMap<ChallengeId, Challenge>,
    /// What else than the password it takes to sign in.
    pub factors: BTreeMap<FactorId, FactorSort>,
    /// Recovery codes that are not used up.
    pub recovery_codes: u8,
    /// Commitments to the identities elsewhere that may sign in.
    pub identities: BTreeSet<Sha256>,
    /// Sessions and access tokens from before this position are dead: the password changed, or all were ended.
    pub sessions_since: u64,
    /// Plugin tokens from before this position are dead as well: the account was blocked.
    pub tokens_since: u64,
    /// Nothing is known of its holder any more.
    pub erased: bool,
}

/// That an account may do nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// When it ends by itself; never, if absent.
    pub until: Option<DateTime<Utc>>,
}

/// A link that was mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge {
    /// What its holder may do.
    pub purpose: Purpose,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// What the holder of a mailed link may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Prove the address.
    ConfirmEmail,
    /// Set a new password.
    ResetPassword,
}

impl Account {
    /// Whether it may do nothing at `now`.
    pub fn is_blocked(&self, now: DateTime<Utc>) -> bool {
        self.block.is_some_and(|block| block.until.is_none_or(|until| now < until))
    }

    /// Whether a link for this purpose is good at `now`.
    pub fn challenge_lives(&self, challenge: ChallengeId, purpose: Purpose, now: DateTime<Utc>) -> bool {
        self.challenges
            .get(&challenge)
            .is_some_and(|known| known.purpose == purpose && now < known.expires_at)
    }

    /// Takes in what happened at `position`. Never fails, whatever the order.
    pub fn evolve(&mut self, position: u64, event: &AccountEvent) {
        match event {
            AccountEvent::AccountRegistered(_) => {}
            AccountEvent::TrustGranted(_) => self.trusted = true,
            AccountEvent::TrustWithdrawn(_) => self.trusted = false,
            AccountEvent::StaffGranted(_) => self.staff = true,
            AccountEvent::StaffWithdrawn(_) => (self.staff, self.admin) = (false, false),
            AccountEvent::AdminGranted(_) => self.admin = true,
            AccountEvent::AdminWithdrawn(_) => self.admin = false,
            AccountEvent::AccountBlocked(blocked) => {
                self.block = Some(Block { until: blocked.until });
                (self.sessions_since, self.tokens_since) = (position, position);
            }
            AccountEvent::AccountUnblocked(_) => self.block = None,
            AccountEvent::EmailConfirmationAsked(asked) => {
                let challenge = Challenge { purpose: Purpose::ConfirmEmail, expires_at: asked.expires_at };
                self.challenges.insert(asked.challenge, challenge);
            }
            AccountEvent::EmailConfirmed(_) => {
                self.email_confirmed = true;
                self.forget(Purpose::ConfirmEmail);
            }
            AccountEvent::EmailChanged(_) => {
                self.email_confirmed = false;
                self.challenges.clear();
            }
            AccountEvent::PasswordResetAsked(asked) => {
                let challenge = Challenge { purpose: Purpose::ResetPassword, expires_at: asked.expires_at };
                self.challenges.insert(asked.challenge, challenge);
            }
            AccountEvent::PasswordChanged(_) => {
                self.forget(Purpose::ResetPassword);
                self.sessions_since = position;
            }
            AccountEvent::SessionsEnded(_) => self.sessions_since = position,
            AccountEvent::SecondFactorAdded(added) => {
                self.factors.insert(added.factor, added.sort);
            }
            AccountEvent::SecondFactorRemoved(removed) => {
                self.factors.remove(&removed.factor);
                if self.factors.is_empty() {
                    self.recovery_codes = 0;
                }
            }
            AccountEvent::RecoveryCodesMade(made) => self.recovery_codes = made.codes,
            AccountEvent::RecoveryCodeUsed(_) => {
                self.recovery_codes = self.recovery_codes.saturating_sub(1);
            }
            AccountEvent::IdentityLinked(linked) => {
                self.identities.insert(linked.identity);
            }
            AccountEvent::IdentityUnlinked(unlinked) => {
                self.identities.remove(&unlinked.identity);
            }
            AccountEvent::AccountErased(_) => {
                *self = Self {
                    erased: true,
                    sessions_since: position,
                    tokens_since: position,
                    ..Self::default()
                };
            }
        }
    }

    fn forget(&mut self, purpose: Purpose) {
        self.challenges.retain(|_, challenge| challenge.purpose != purpose);
    }
}

//! Sessions: a browser that signed in, or a program that got refresh tokens for a password. The secret that continues a
//! session is a row in the vault; here is only that it began and ended.

use crate::event::SessionEvent;
use crate::ids::{AccountId, SessionId};
use serde::{Deserialize, Serialize};

/// What continues a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionSort {
    /// A browser's cookie.
    Web,
    /// A family of refresh tokens.
    Api,
}

/// Why a session ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionEnd {
    /// Its holder signed out.
    SignedOut,
    /// The account's owner or staff ended it from elsewhere.
    Revoked,
    /// A refresh token was used a second time, so somebody else has a copy.
    Reused,
}

/// Somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionOpened {
    /// The session.
    pub session: SessionId,
    /// Who signed in.
    pub account: AccountId,
    /// What continues it.
    pub sort: SessionSort,
    /// A second factor was shown.
    pub second_factor: bool,
    /// Two letters of ISO 3166-1, as far as it is known from where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// A session ended before its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEnded {
    /// The session.
    pub session: SessionId,
    /// Whose it was.
    pub account: AccountId,
    /// Why.
    pub end: SessionEnd,
}

/// A session as its history left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// How it began.
    pub opened: SessionOpened,
    /// Where in the log it began: what ends all earlier sessions of an account ends it by this.
    pub opened_at: u64,
    /// It ended before its time.
    pub ended: bool,
}

impl Session {
    /// Takes in what happened. Never fails, whatever the order.
    pub fn evolve(&mut self, event: &SessionEvent) {
        match event {
            SessionEvent::SessionOpened(_) => {}
            SessionEvent::SessionEnded(_) => self.ended = true,
        }
    }
}

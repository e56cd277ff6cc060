//! Plugin tokens: credentials for CI that may upload versions of one plugin and nothing else.

use crate::event::Event;
use crate::ids::{AccountId, TokenId};
use crate::names::{PackageName, Sha256};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A token was made. Only the digest of its secret is kept; the secret is 256 random bits, so the digest tells
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenIssued {
    /// Its id, which is also the readable part of the token.
    pub token: TokenId,
    /// For whom it acts.
    pub account: AccountId,
    /// The plugin it is for; that plugin need not exist yet.
    pub package: PackageName,
    /// Digest of the secret part.
    pub secret_sha256: Sha256,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A token ended before its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRevoked {
    /// The token.
    pub token: TokenId,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
}

/// A token as its history left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What was issued.
    pub issued: TokenIssued,
    /// It ended before its time.
    pub revoked: bool,
}

impl Token {
    /// Takes in what happened. Never fails, whatever the order.
    pub fn evolve(&mut self, event: &Event) {
        if let Event::TokenRevoked(_) = event {
            self.revoked = true;
        }
    }

    /// Whether the token still speaks for its account at `now`.
    pub fn lives(&self, now: DateTime<Utc>) -> bool {
        !self.revoked && self.issued.expires_at.is_none_or(|end| now < end)
    }
}

//! Plugin tokens: credentials for CI that may upload versions of one plugin and nothing else.

use crate::event::TokenEvent;
use crate::ids::{AccountId, PublisherId, TokenId};
use crate::names::{PackageName, Sha256};
use crate::publisher::Run;
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
    /// It may also approve the plugin's versions, and what it uploads may be public at once, when its account could do
    /// that. Tokens from before there was a choice may.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub may_approve: bool,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_true(value: &bool) -> bool {
    *value
}

/// A token of a few minutes was made for a run of a trusted publisher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CiTokenIssued {
    /// Its id, which is also the readable part of the token.
    pub token: TokenId,
    /// The publisher.
    pub publisher: PublisherId,
    /// For whom it acts.
    pub account: AccountId,
    /// The plugin it is for; that plugin need not exist yet.
    pub package: PackageName,
    /// Digest of the secret part.
    pub secret_sha256: Sha256,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// As [`TokenIssued::may_approve`].
    pub may_approve: bool,
    /// What the CI service said of the run.
    pub run: Run,
}

/// An identity token of a CI service was exchanged; it is worth nothing from now on. Its stream is named by a digest of
/// issuer and token id, so that it can happen once only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityTokenSpent {
    /// The token that was given for it.
    pub token: TokenId,
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
    /// For whom it acts.
    pub account: AccountId,
    /// The plugin it is for; that plugin need not exist.
    pub package: PackageName,
    /// The trusted publisher whose run it was made for.
    pub publisher: Option<PublisherId>,
    /// Digest of the secret part.
    pub secret_sha256: Sha256,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// It may also approve, as far as its account may.
    pub may_approve: bool,
    /// Where in the log it was made: what ends all earlier tokens of an account ends it by this.
    pub issued_at: u64,
    /// It ended before its time.
    pub revoked: bool,
}

impl Token {
    /// The token that this event at `position` made, if it made one.
    pub fn issued(position: u64, event: &TokenEvent) -> Option<Self> {
        match event {
            TokenEvent::TokenIssued(issued) => Some(Self {
                account: issued.account,
                package: issued.package.clone(),
                publisher: None,
                secret_sha256: issued.secret_sha256,
                expires_at: issued.expires_at,
                may_approve: issued.may_approve,
                issued_at: position,
                revoked: false,
            }),
            TokenEvent::CiTokenIssued(issued) => Some(Self {
                account: issued.account,
                package: issued.package.clone(),
                publisher: Some(issued.publisher),
                secret_sha256: issued.secret_sha256,
                expires_at: Some(issued.expires_at),
                may_approve: issued.may_approve,
                issued_at: position,
                revoked: false,
            }),
            TokenEvent::TokenRevoked(_) | TokenEvent::IdentityTokenSpent(_) => None,
        }
    }

    /// Takes in what happened after it was made. Never fails, whatever the order.
    pub fn evolve(&mut self, event: &TokenEvent) {
        match event {
            TokenEvent::TokenRevoked(_) => self.revoked = true,
            TokenEvent::TokenIssued(_) | TokenEvent::CiTokenIssued(_) | TokenEvent::IdentityTokenSpent(_) => {
            }
        }
    }

    /// Whether the token has neither ended nor been ended at `now`. Its account may have lost its rights meanwhile.
    pub fn lives(&self, now: DateTime<Utc>) -> bool {
        !self.revoked && self.expires_at.is_none_or(|end| now < end)
    }
}

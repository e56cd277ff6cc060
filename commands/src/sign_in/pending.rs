//! A sign-in that waits for its second factor.
//!
//! The browser holds it, under our signature, for five minutes. It proves that the password was right, and nothing else: a
//! second factor is needed to make a session of it. Another password or a block end it.

use super::SignIn;
use crate::Fault;
use aws_lc_rs::hmac;
use cairn_domain::event::Stream;
use cairn_domain::ids::AccountId;
use cairn_domain::names::Sha256;
use cairn_domain::{Actor, Refusal};
use chrono::{DateTime, TimeDelta, Utc};
use std::fmt;
use uuid::Uuid;

/// How long there is to show the second factor.
pub const PENDING_LIFE: TimeDelta = TimeDelta::minutes(5);

/// The longest text that is looked at.
const PENDING_CHARS_MAX: usize = 32 + 20 + 20 + 64 + 3;

/// Somebody whose password was right and who must show a second factor.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// Who signs in.
    pub account: AccountId,
    /// When there is no more time.
    expires_at: DateTime<Utc>,
    /// How long the log was: what ended the account's credentials since then ends this too.
    position: u64,
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pending({})", self.account)
    }
}

impl SignIn {
    /// The password was right at this moment.
    pub(super) async fn pending(&self, account: AccountId) -> Result<Pending, Fault> {
        let position = self.commands.registry().head().await?;
        Ok(Pending { account, expires_at: self.clock.now() + PENDING_LIFE, position })
    }

    /// The text that the browser holds until the second factor is shown.
    pub async fn hand_out(&self, pending: &Pending) -> Result<String, Fault> {
        let body = body(pending);
        let tag = hmac::sign(self.pending_key.get(self.clock.now()).await?, body.as_bytes());
        let tag = Sha256::from(<[u8; 32]>::try_from(tag.as_ref()).expect("HMAC-SHA256 has 32 bytes"));
        Ok(format!("{body}.{tag}"))
    }

    /// What the browser gave back; [`Refusal::Unauthenticated`] if it is not ours, too old, or ended since.
    pub async fn take_back(&self, text: &str) -> Result<Pending, Fault> {
        let now = self.clock.now();
        let (pending, tag) = parse(text).ok_or(Refusal::Unauthenticated)?;
        let key = self.pending_key.get(now).await?;
        hmac::verify(key, body(&pending).as_bytes(), tag.as_bytes()).map_err(|_| Refusal::Unauthenticated)?;
        if now >= pending.expires_at {
            return Err(Refusal::Unauthenticated.into());
        }
        self.may_act(Actor::Account { account: pending.account }).await?;
        let known = self.commands.look(vec![Stream::Account(pending.account)], Actor::Anonymous).await?;
        if known.account(pending.account)?.sessions_since >= pending.position {
            return Err(Refusal::Unauthenticated.into());
        }
        Ok(pending)
    }
}

fn body(pending: &Pending) -> String {
    let account = pending.account.0.simple();
    format!("{account}.{}.{}", pending.expires_at.timestamp_micros(), pending.position)
}

fn parse(text: &str) -> Option<(Pending, Sha256)> {
    if text.len() > PENDING_CHARS_MAX {
        return None;
    }
    let mut parts = text.split('.');
    let account = AccountId(Uuid::try_parse(parts.next()?).ok()?);
    let expires_at = DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?;
    let position = parts.next()?.parse().ok()?;
    let tag = parts.next()?.parse().ok()?;
    parts.next().is_none().then_some((Pending { account, expires_at, position }, tag))
}

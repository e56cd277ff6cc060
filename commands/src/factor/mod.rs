//! Second factors: codes of an app (TOTP), passkeys, and recovery codes for when both are lost.
//!
//! What a factor is made of is in the vault. That a code or key is right is found out without the log's lock; that it was
//! not used before is decided under it, in the transaction of the deed that it was shown for.

mod add;
mod change;
mod enrol;
mod label;
mod make_codes;
mod open;
mod passkey;
mod proof;
mod prove;
mod qr;
mod recovery;
mod remove;
mod totp;

pub use add::AddFactor;
pub use change::FactorChange;
pub use enrol::{PasskeyBegun, TotpBegun};
pub use label::{FactorLabel, LABEL_CHARS_MAX};
pub use make_codes::MakeRecoveryCodes;
pub use open::OpenWithFactor;
pub use passkey::PASSKEY_BYTES_MAX;
pub use proof::Proof;
pub use prove::{Fresh, Shown};
pub use recovery::{RECOVERY_CODES, RecoveryCode};
pub use remove::RemoveFactor;
pub use totp::{TOTP_STEP_SECS, TotpKey};

use crate::{Commands, Fault};
use cairn_domain::account::FactorSort;
use cairn_domain::event::Stream;
use cairn_domain::ids::{AccountId, FactorId};
use cairn_domain::{Actor, Moment, Refusal};
use cairn_store::{Clock, StoreError, vault};
use chrono::{DateTime, TimeDelta, Utc};
use passkey::Passkeys;
use std::sync::Arc;
use url::Url;
use uuid::Uuid;

/// The most second factors that an account has.
pub const FACTORS_MAX: usize = 10;

/// How long there is for the second half of what was begun.
pub const CEREMONY_LIFE: TimeDelta = TimeDelta::minutes(10);

/// How many ceremonies of an account are open at once; the oldest is forgotten for one more.
pub const CEREMONIES_MAX: u32 = 20;

/// What there is to do with second factors besides the commands: begin, check, list. Clones share it.
#[derive(Debug, Clone)]
pub struct Factors {
    commands: Commands,
    clock: Arc<dyn Clock>,
    passkeys: Passkeys,
    /// Whose codes they are, as apps show it.
    issuer: Arc<str>,
}

/// A second factor as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorNote {
    /// The factor.
    pub factor: FactorId,
    /// What it is.
    pub sort: FactorSort,
    /// What its owner calls it.
    pub label: String,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// When it was shown last.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// What an account has besides its password.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactorSummary {
    /// Its second factors, the oldest first.
    pub factors: Vec<FactorNote>,
    /// Its recovery codes that are not used up.
    pub recovery_codes_left: u8,
}

impl FactorSummary {
    /// Whether it has a factor of this sort.
    pub fn has(&self, sort: FactorSort) -> bool {
        self.factors.iter().any(|factor| factor.sort == sort)
    }
}

impl Factors {
    /// For a site at this address. Passkeys are bound to its host name and cannot be had at a bare IP address.
    pub fn new(commands: Commands, clock: Arc<dyn Clock>, base_url: &Url) -> Self {
        let issuer = base_url.host_str().unwrap_or("Cairn").replace(':', " ");
        Self { commands, clock, passkeys: Passkeys::at(base_url), issuer: issuer.into() }
    }

    /// Whether passkeys can be had at this site's address.
    pub fn has_passkeys(&self) -> bool {
        self.passkeys.possible()
    }

    /// What the account has, for itself and for the step at signing in.
    pub async fn summary(&self, account: AccountId) -> Result<FactorSummary, Fault> {
        let known = self.commands.look(vec![Stream::Account(account)], Actor::Anonymous).await?;
        let Ok(state) = known.account(account) else { return Ok(FactorSummary::default()) };
        let mut conn = self.commands.registry().db().read().await?;
        let rows = vault::second_factors(&mut conn, account.0).await?;
        let note = |row: vault::SecondFactor| {
            let factor = FactorId(row.factor_id);
            let sort = *state.factors.get(&factor)?;
            let (label, added_at, last_used_at) = (row.label, row.created_at, row.last_used_at);
            Some(FactorNote { factor, sort, label, added_at, last_used_at })
        };
        Ok(FactorSummary {
            factors: rows.into_iter().filter_map(note).collect(),
            recovery_codes_left: state.recovery_codes,
        })
    }

    /// The account that acts in person; a token's or nobody is refused.
    async fn owner(&self, actor: Actor) -> Result<AccountId, Fault> {
        let known = self.commands.look(vec![], actor).await?;
        let acting = known.acting_in_person(&Moment { now: self.clock.now(), actor })?;
        Ok(acting.account.ok_or(Refusal::Unauthenticated)?)
    }

    /// Keeps the first half of something until [`CEREMONY_LIFE`] is over.
    async fn begin(&self, account: AccountId, sort: &str, state: Vec<u8>) -> Result<Uuid, Fault> {
        let (now, ceremony_id) = (self.clock.now(), self.commands.ids().v4());
        let ceremony = vault::FactorCeremony {
            ceremony_id,
            account_id: account.0,
            sort: sort.to_owned(),
            state,
            expires_at: now + CEREMONY_LIFE,
        };
        let mut tx = self.commands.registry().db().begin().await?;
        vault::put_factor_ceremony(&mut tx, &ceremony, now, CEREMONIES_MAX).await?;
        tx.commit().await?;
        Ok(ceremony_id)
    }

    /// The first half of what this account began for this end, if there is still time.
    async fn begun(&self, account: AccountId, sort: &str, ceremony: Uuid) -> Result<Vec<u8>, Fault> {
        let mut conn = self.commands.registry().db().read().await?;
        let begun = vault::factor_ceremony(&mut conn, ceremony, self.clock.now()).await?;
        let begun = begun.filter(|begun| begun.account_id == account.0 && begun.sort == sort);
        Ok(begun.ok_or(Refusal::SecondFactorWrong)?.state)
    }
}

/// A row of the vault that does not read as what this program wrote.
fn damaged(what: &str) -> Fault {
    StoreError::Damaged(format!("{what} of a second factor")).into()
}

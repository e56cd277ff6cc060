//! Whether what somebody shows is a second factor of theirs.

use super::passkey::Asked;
use super::totp::TotpKey;
use super::{Factors, PasskeyBegun, Proof, RecoveryCode, damaged};
use crate::Fault;
use cairn_domain::Refusal;
use cairn_domain::account::FactorSort;
use cairn_domain::ids::{AccountId, FactorId};
use cairn_store::vault::{self, SecondFactor};
use serde_json::Value;
use uuid::Uuid;

const PASSKEY_SHOWN: &str = "passkey_shown";

/// What somebody shows.
#[derive(Clone)]
pub enum Shown {
    /// A code of an app, as typed.
    Code(String),
    /// A recovery code, as typed.
    RecoveryCode(String),
    /// A browser's answer to [`Factors::ask_passkey`].
    Passkey {
        /// What it answers to.
        ceremony: Uuid,
        /// The answer, as `navigator.credentials` gave it, binary parts as base64url.
        answer: Value,
    },
}

/// What somebody who is signed in showed once more, for a deed that wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fresh {
    /// The account's password, found right.
    Password,
    /// A second factor or recovery code, found right; used by the deed.
    Factor(Proof),
}

/// Codes stay out of logs: only the sort is shown.
impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code(_) => "Code",
            Self::RecoveryCode(_) => "RecoveryCode",
            Self::Passkey { .. } => "Passkey",
        })
    }
}

impl Factors {
    /// Asks the browser for one of the account's passkeys.
    pub async fn ask_passkey(&self, account: AccountId) -> Result<PasskeyBegun, Fault> {
        let kept: Vec<Vec<u8>> =
            self.kept_passkeys(account).await?.into_iter().map(|row| row.secret).collect();
        if kept.is_empty() {
            return Err(Refusal::FactorUnknown.into());
        }
        let Asked { options, state } = self.passkeys.ask(&kept)?;
        Ok(PasskeyBegun { ceremony: self.begin(account, PASSKEY_SHOWN, state).await?, options })
    }

    /// Compares what is shown with what the account has. It is not used by this: that the deed does which takes the
    /// proof, and which refuses what was used meanwhile. Whoever calls limits how often.
    pub async fn prove(&self, account: AccountId, shown: &Shown) -> Result<Proof, Fault> {
        match shown {
            Shown::Code(code) => self.prove_code(account, code).await,
            Shown::RecoveryCode(code) => self.prove_recovery_code(account, code).await,
            Shown::Passkey { ceremony, answer } => self.prove_passkey(account, *ceremony, answer).await,
        }
    }

    async fn prove_code(&self, account: AccountId, code: &str) -> Result<Proof, Fault> {
        let now = self.clock.now();
        for row in self.kept(account, FactorSort::Totp).await? {
            let key = TotpKey::from_bytes(&row.secret).ok_or_else(|| damaged("the key"))?;
            if let Some(step) = key.step_of(code, now)
                && step > row.last_step
            {
                return Ok(Proof::Totp { factor: FactorId(row.factor_id), step });
            }
        }
        Err(Refusal::SecondFactorWrong.into())
    }

    async fn prove_recovery_code(&self, account: AccountId, code: &str) -> Result<Proof, Fault> {
        let sha256 = code.parse::<RecoveryCode>()?.sha256(account);
        let mut conn = self.commands.registry().db().read().await?;
        if vault::recovery_code_is_good(&mut conn, account.0, &sha256.to_string()).await? {
            Ok(Proof::RecoveryCode { sha256 })
        } else {
            Err(Refusal::SecondFactorWrong.into())
        }
    }

    async fn prove_passkey(
        &self,
        account: AccountId,
        ceremony: Uuid,
        answer: &Value,
    ) -> Result<Proof, Fault> {
        let state = self.begun(account, PASSKEY_SHOWN, ceremony).await?;
        let rows = self.kept_passkeys(account).await?;
        let kept: Vec<Vec<u8>> = rows.iter().map(|row| row.secret.clone()).collect();
        let (index, passkey) = self.passkeys.check(answer, &state, &kept)?;
        let row = rows.get(index).ok_or(Refusal::SecondFactorWrong)?;
        Ok(Proof::Passkey { factor: FactorId(row.factor_id), ceremony, passkey })
    }

    pub(super) async fn kept_passkeys(&self, account: AccountId) -> Result<Vec<SecondFactor>, Fault> {
        self.kept(account, FactorSort::Passkey).await
    }

    async fn kept(&self, account: AccountId, sort: FactorSort) -> Result<Vec<SecondFactor>, Fault> {
        let mut conn = self.commands.registry().db().read().await?;
        let mut rows = vault::second_factors(&mut conn, account.0).await?;
        rows.retain(|row| row.sort == super::change::sort_name(sort));
        Ok(rows)
    }
}

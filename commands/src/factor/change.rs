//! What changes in the vault about second factors.

use super::{FactorLabel, Proof};
use crate::Fault;
use cairn_domain::Refusal;
use cairn_domain::account::FactorSort;
use cairn_domain::ids::{AccountId, FactorId};
use cairn_domain::names::Sha256;
use cairn_store::{RegistryTx, vault};
use uuid::Uuid;

/// One change.
#[derive(Clone, PartialEq, Eq)]
pub enum FactorChange {
    /// A factor is added. The rows of the account's sessions go if it is the first: they were opened without one.
    Added {
        /// The factor.
        factor: FactorId,
        /// Whose it is.
        account: AccountId,
        /// What it is.
        sort: FactorSort,
        /// What its owner calls it.
        label: FactorLabel,
        /// The key of an app's codes, or what is known of a passkey.
        secret: Vec<u8>,
        /// The half minute of the code that it was added with; 0 for passkeys.
        step: u64,
        /// What was begun and ends by this.
        ceremony: Uuid,
    },
    /// A factor is removed, and with the last one all recovery codes.
    Removed {
        /// The factor.
        factor: FactorId,
        /// Whose it was.
        account: AccountId,
    },
    /// The account has these recovery codes and no others.
    Codes {
        /// The account.
        account: AccountId,
        /// Their digests.
        sha256s: Vec<Sha256>,
    },
    /// A factor or recovery code was shown, and is not good for another time.
    Shown {
        /// The account.
        account: AccountId,
        /// What was shown.
        proof: Proof,
    },
}

impl FactorChange {
    /// What only the vault can know: that a code or answer was used before, or came too late.
    pub(crate) async fn refused(&self, tx: &mut RegistryTx) -> Result<Option<Refusal>, Fault> {
        let good = match self {
            Self::Added { ceremony, .. } => is_open(tx, *ceremony).await?,
            Self::Removed { .. } | Self::Codes { .. } => true,
            Self::Shown { account, proof } => match proof {
                Proof::Totp { factor, step } => {
                    let factor = vault::second_factor(tx.tx(), factor.0).await?;
                    factor.is_some_and(|factor| factor.last_step < *step)
                }
                Proof::Passkey { ceremony, .. } => is_open(tx, *ceremony).await?,
                Proof::RecoveryCode { sha256 } => {
                    vault::recovery_code_is_good(tx.tx(), account.0, &sha256.to_string()).await?
                }
                Proof::JustAdded { .. } => true,
            },
        };
        Ok((!good).then_some(Refusal::SecondFactorWrong))
    }

    /// Carries it out.
    pub(crate) async fn store(self, tx: &mut RegistryTx) -> Result<(), Fault> {
        match self {
            Self::Added { factor, account, sort, label, secret, step, ceremony } => {
                if vault::second_factors(tx.tx(), account.0).await?.is_empty() {
                    vault::delete_sessions_of(tx.tx(), account.0).await?;
                }
                let row = vault::SecondFactor {
                    factor_id: factor.0,
                    account_id: account.0,
                    sort: sort_name(sort).to_owned(),
                    label: label.as_str().to_owned(),
                    secret,
                    last_step: step,
                    created_at: tx.now(),
                    last_used_at: None,
                };
                vault::put_second_factor(tx.tx(), &row).await?;
                vault::delete_factor_ceremony(tx.tx(), ceremony).await?;
            }
            Self::Removed { factor, account } => {
                vault::delete_second_factor(tx.tx(), factor.0).await?;
                if vault::second_factors(tx.tx(), account.0).await?.is_empty() {
                    vault::erase_recovery_codes(tx.tx(), account.0).await?;
                }
            }
            Self::Codes { account, sha256s } => {
                let sha256s: Vec<String> = sha256s.iter().map(Sha256::to_string).collect();
                vault::put_recovery_codes(tx.tx(), account.0, &sha256s).await?;
            }
            Self::Shown { account, proof } => shown(tx, account, proof).await?,
        }
        Ok(())
    }
}

async fn shown(tx: &mut RegistryTx, account: AccountId, proof: Proof) -> Result<(), Fault> {
    let now = tx.now();
    match proof {
        Proof::Totp { factor, step } => {
            if let Some(row) = vault::second_factor(tx.tx(), factor.0).await? {
                vault::use_second_factor(tx.tx(), factor.0, &row.secret, step, now).await?;
            }
        }
        Proof::Passkey { factor, ceremony, passkey } => {
            vault::use_second_factor(tx.tx(), factor.0, &passkey, 0, now).await?;
            vault::delete_factor_ceremony(tx.tx(), ceremony).await?;
        }
        Proof::RecoveryCode { sha256 } => {
            vault::use_recovery_code(tx.tx(), account.0, &sha256.to_string()).await?;
        }
        Proof::JustAdded { .. } => {}
    }
    Ok(())
}

async fn is_open(tx: &mut RegistryTx, ceremony: Uuid) -> Result<bool, Fault> {
    let now = tx.now();
    Ok(vault::factor_ceremony(tx.tx(), ceremony, now).await?.is_some())
}

/// The word for a sort in the vault.
pub(super) fn sort_name(sort: FactorSort) -> &'static str {
    match sort {
        FactorSort::Totp => "totp",
        FactorSort::Passkey => "passkey",
    }
}

/// Keys and digests stay out of logs: only the sort is shown.
impl std::fmt::Debug for FactorChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Added { factor, .. } => write!(f, "Added({factor}, …)"),
            Self::Removed { factor, .. } => write!(f, "Removed({factor})"),
            Self::Codes { account, .. } => write!(f, "Codes({account}, …)"),
            Self::Shown { account, proof } => write!(f, "Shown({account}, {proof:?})"),
        }
    }
}

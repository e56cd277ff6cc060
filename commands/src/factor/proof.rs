//! That a second factor was shown.

use crate::Fact;
use cairn_domain::Refusal;
use cairn_domain::account::{Account, FactorSort};
use cairn_domain::event::{RecoveryCodeUsed, Stream};
use cairn_domain::ids::{AccountId, FactorId};
use cairn_domain::names::Sha256;
use uuid::Uuid;

/// What was shown and found right. Whether it was used before is decided in the transaction of the deed it is shown for.
#[derive(Clone, PartialEq, Eq)]
pub enum Proof {
    /// A code of an app.
    Totp {
        /// The factor.
        factor: FactorId,
        /// The half minute that it is the code of; later than that of any code before.
        step: u64,
    },
    /// The answer of a passkey.
    Passkey {
        /// The factor.
        factor: FactorId,
        /// What it answered to; answered once.
        ceremony: Uuid,
        /// What is known of the passkey from now on: its counter went up.
        passkey: Vec<u8>,
    },
    /// A recovery code; used up by this.
    RecoveryCode {
        /// Its digest.
        sha256: Sha256,
    },
    /// The factor was added by the same request, with a code or answer of its own.
    JustAdded {
        /// The factor.
        factor: FactorId,
    },
}

impl Proof {
    /// Refuses what is not the account's.
    pub(crate) fn is_of(&self, account: &Account) -> Result<(), Refusal> {
        let has = |factor: &FactorId, sort: FactorSort| account.factors.get(factor) == Some(&sort);
        let good = match self {
            Self::Totp { factor, .. } => has(factor, FactorSort::Totp),
            Self::Passkey { factor, .. } => has(factor, FactorSort::Passkey),
            Self::RecoveryCode { .. } => account.recovery_codes > 0,
            Self::JustAdded { factor } => account.factors.contains_key(factor),
        };
        if good { Ok(()) } else { Err(Refusal::SecondFactorWrong) }
    }

    /// What happens by showing it.
    pub(crate) fn facts(&self, account: AccountId) -> Vec<Fact> {
        match self {
            Self::RecoveryCode { .. } => {
                vec![(Stream::Account(account), RecoveryCodeUsed { account }.into())]
            }
            Self::Totp { .. } | Self::Passkey { .. } | Self::JustAdded { .. } => vec![],
        }
    }
}

/// Keys and digests stay out of logs: only the sort is shown.
impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Totp { .. } => "Totp",
            Self::Passkey { .. } => "Passkey",
            Self::RecoveryCode { .. } => "RecoveryCode",
            Self::JustAdded { .. } => "JustAdded",
        })
    }
}

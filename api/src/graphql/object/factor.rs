//! A second factor.

use crate::graphql::scalars::Count;
use async_graphql::{Enum, Object};
use cairn_commands::factor::FactorNote;
use cairn_domain::account::FactorSort;
use chrono::{DateTime, Utc};

/// A second factor, as its owner sees it.
#[derive(Debug, Clone)]
pub(crate) struct FactorObject(pub(crate) FactorNote);

/// What a second factor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "FactorSort")]
pub(crate) enum FactorSortName {
    /// Six digits of the half minute from an app.
    Totp,
    /// A key that a browser keeps or reaches.
    Passkey,
}

impl From<FactorSort> for FactorSortName {
    fn from(sort: FactorSort) -> Self {
        match sort {
            FactorSort::Totp => Self::Totp,
            FactorSort::Passkey => Self::Passkey,
        }
    }
}

/// What signing in to an account takes besides the password.
#[Object(name = "SecondFactor")]
impl FactorObject {
    /// The id in events.
    async fn factor_id(&self) -> String {
        self.0.factor.to_string()
    }

    /// What it is.
    async fn sort(&self) -> FactorSortName {
        self.0.sort.into()
    }

    /// What its owner calls it.
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// When it was added.
    async fn added_at(&self) -> DateTime<Utc> {
        self.0.added_at
    }

    /// When it was shown last; null if it never was.
    async fn last_used_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_used_at
    }
}

/// What an account has besides its password.
#[derive(Debug, Clone)]
pub(crate) struct FactorsObject(pub(crate) cairn_commands::factor::FactorSummary);

/// What an account has besides its password.
#[Object(name = "SecondFactors")]
impl FactorsObject {
    /// Its second factors, the oldest first; signing in takes one of them. At most 10.
    async fn factors(&self) -> Vec<FactorObject> {
        self.0.factors.iter().cloned().map(FactorObject).collect()
    }

    /// How many of its recovery codes are not used up.
    async fn recovery_codes_left(&self) -> Count {
        Count(u64::from(self.0.recovery_codes_left))
    }
}

//! The repository as a whole.

use async_graphql::{Enum, Object};
use cairn_domain::site::{OnBlock, Policy, Registration, Site, StaffFactor};

/// What holds for the whole repository.
#[derive(Debug, Clone)]
pub(crate) struct SiteObject(pub(crate) Site);

/// The rules that admins may change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PolicyObject(pub(crate) Policy);

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "Registration", remote = "Registration")]
pub(crate) enum RegistrationWord {
    /// Everybody.
    Open,
    /// Who has an invitation.
    Invite,
    /// Nobody; staff and the directory make accounts.
    Closed,
}

/// Whether staff must have a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "StaffFactor", remote = "StaffFactor")]
pub(crate) enum StaffFactorWord {
    /// As soon as there is more than one staff account.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What becomes of a blocked account's published versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "OnBlock", remote = "OnBlock")]
pub(crate) enum OnBlockWord {
    /// They stay.
    Keep,
    /// They are public no longer.
    Unapprove,
    /// They stay, and wait for somebody to look at them again.
    Review,
}

/// What holds for the whole repository.
#[Object(name = "Site")]
impl SiteObject {
    /// The rules in force.
    async fn policy(&self) -> PolicyObject {
        PolicyObject(self.0.policy)
    }

    /// How many accounts are staff.
    async fn staff(&self) -> u32 {
        self.0.staff
    }

    /// How many of them are admins.
    async fn admins(&self) -> u32 {
        self.0.admins
    }

    /// Whether staff must have a second factor now.
    async fn staff_needs_factor(&self) -> bool {
        self.0.demands_factor_of_staff()
    }
}

/// The rules that admins may change.
#[Object(name = "Policy")]
impl PolicyObject {
    /// Who may make an account.
    async fn registration(&self) -> RegistrationWord {
        self.0.registration.into()
    }

    /// Whether staff must have a second factor.
    async fn staff_factor(&self) -> StaffFactorWord {
        self.0.staff_factor.into()
    }

    /// Whether everybody who publishes must have a second factor.
    async fn publisher_factor(&self) -> bool {
        self.0.publisher_factor
    }

    /// What becomes of a blocked account's published versions.
    async fn on_block(&self) -> OnBlockWord {
        self.0.on_block.into()
    }

    /// The longest life of a plugin token, in days.
    async fn token_days_max(&self) -> u32 {
        self.0.token_days_max
    }
}

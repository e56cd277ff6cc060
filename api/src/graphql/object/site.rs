//! The repository as a whole.

use super::{CHANGES_MAX, SiteChangeObject, SiteFeatures, SiteLimits};
use crate::graphql::asked::asker;
use crate::graphql::limits::STATEMENT;
use crate::problem::Problem;
use async_graphql::{Context, Enum, Object};
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

    /// How large things may be.
    async fn limits(&self, context: &Context<'_>) -> SiteLimits {
        SiteLimits::of(asker(context))
    }

    /// What the repository can do, as its operator set it up.
    async fn features(&self, context: &Context<'_>) -> SiteFeatures {
        SiteFeatures::of(asker(context))
    }

    /// The version of the program; null for all but staff.
    async fn program_version(&self, context: &Context<'_>) -> Result<Option<&'static str>, Problem> {
        let viewer = asker(context).viewer().await?;
        Ok(Some(env!("CARGO_PKG_VERSION")).filter(|_| viewer.staff && viewer.in_person))
    }

    /// The newest 50 changes of the rules and of the QGIS versions, the newest first.
    #[graphql(complexity = "STATEMENT + CHANGES_MAX * child_complexity")]
    async fn changes(&self, context: &Context<'_>) -> Result<Vec<SiteChangeObject>, Problem> {
        SiteChangeObject::newest(asker(context)).await
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

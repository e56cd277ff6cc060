//! What holds for the whole repository: its policy and the QGIS versions it knows.

use crate::event::SiteEvent;
use serde::{Deserialize, Serialize};

/// The rules that an admin may change; every field has a default, so that a policy from an older program still reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Who may make an account.
    pub registration: Registration,
    /// Whether staff must have a second factor.
    pub staff_factor: StaffFactor,
    /// Whether everybody who publishes must have a second factor.
    pub publisher_factor: bool,
    /// What becomes of a blocked account's published versions.
    pub on_block: OnBlock,
    /// The longest life of a plugin token, in days.
    pub token_days_max: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            registration: Registration::Open,
            staff_factor: StaffFactor::Auto,
            publisher_factor: false,
            on_block: OnBlock::Keep,
            token_days_max: 365,
        }
    }
}

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Everybody.
    Open,
    /// Who has an invitation.
    Invite,
    /// Nobody; staff and the directory make accounts.
    Closed,
}

/// Whether staff must have a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffFactor {
    /// As soon as there is more than one staff account.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What becomes of a blocked account's published versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnBlock {
    /// They stay.
    Keep,
    /// They are public no longer.
    Unapprove,
    /// They stay, and wait for somebody to look at them again.
    Review,
}

/// The policy is now this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicySet {
    /// All of it.
    pub policy: Policy,
}

/// The numbers of staff and of admins are now these; told beside each grant and withdrawal, since a decision reads no list of
/// accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffCounted {
    /// How many there are.
    pub staff: u32,
    /// How many of them are admins.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub admins: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The QGIS versions that feeds mean by `latest`, `stable` and `ltr` are now these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QgisReleasesSet {
    /// All of them.
    pub releases: QgisReleases,
}

/// QGIS versions, each `major.minor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QgisReleases {
    /// The newest release.
    pub latest: String,
    /// The release that most people should use.
    pub stable: String,
    /// The long-term release.
    pub ltr: String,
}

/// The site as its history left it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// The rules in force.
    pub policy: Policy,
    /// How many staff accounts there are.
    pub staff: u32,
    /// How many of them are admins.
    pub admins: u32,
    /// The QGIS versions, once somebody has told them.
    pub releases: Option<QgisReleases>,
}

impl Site {
    /// Takes in what happened. Never fails, whatever the order.
    pub fn evolve(&mut self, event: &SiteEvent) {
        match event {
            SiteEvent::PolicySet(set) => self.policy = set.policy,
            SiteEvent::StaffCounted(counted) => {
                (self.staff, self.admins) = (counted.staff, counted.admins);
            }
            SiteEvent::QgisReleasesSet(set) => self.releases = Some(set.releases.clone()),
        }
    }

    /// Whether staff must have a second factor.
    pub fn demands_factor_of_staff(&self) -> bool {
        match self.policy.staff_factor {
            StaffFactor::Auto => self.staff > 1,
            StaffFactor::Always => true,
            StaffFactor::Never => false,
        }
    }
}

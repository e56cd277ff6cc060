//! What happens to a plugin as a whole, besides its versions and owners.

use crate::ids::AccountId;
use crate::names::{PackageName, Sha256};
use crate::version_number::VersionNumber;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The account whom visitors should write to; it gets no rights by that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaintainerNamed {
    /// The plugin.
    pub package: PackageName,
    /// The maintainer; absent when there is none in particular.
    pub account: Option<AccountId>,
}

/// Whether the plugin's name may change with the metadata of its next versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenamingAllowed {
    /// The plugin.
    pub package: PackageName,
    /// It may.
    pub allowed: bool,
}

/// Nobody should begin to use the plugin any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginDeprecated {
    /// The plugin.
    pub package: PackageName,
    /// What to use instead.
    pub successor: Option<PackageName>,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
}

/// The plugin may be used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginUndeprecated {
    /// The plugin.
    pub package: PackageName,
}

/// Staff recommend the plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginFeatured {
    /// The plugin.
    pub package: PackageName,
}

/// Staff recommend the plugin no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginUnfeatured {
    /// The plugin.
    pub package: PackageName,
}

/// How many days a plugin that was marked for deletion can be restored.
pub const RESTORABLE_DAYS: i64 = 30;

/// The plugin is hidden everywhere and can be restored for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginMarkedForDeletion {
    /// The plugin.
    pub package: PackageName,
    /// Until when it can be restored.
    pub until: DateTime<Utc>,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
}

/// The plugin is back as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginRestored {
    /// The plugin.
    pub package: PackageName,
}

/// The plugin is gone: all its versions are deleted, its name and numbers stay used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginTombstoned {
    /// The plugin.
    pub package: PackageName,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
}

/// Staff gave a tombstone to an account, which may publish under its name again; used version numbers stay used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginRevived {
    /// The plugin.
    pub package: PackageName,
    /// Its only owner now.
    pub owner: AccountId,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
}

/// The version left the feeds and is not offered any more; its page and its file stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionYanked {
    /// The plugin.
    pub package: PackageName,
    /// The version.
    pub version: VersionNumber,
    /// Why, shown to everybody.
    pub reason: String,
}

/// The version is offered again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionUnyanked {
    /// The plugin.
    pub package: PackageName,
    /// The version.
    pub version: VersionNumber,
}

/// Which of a plugin's two newest versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The newest stable one.
    Stable,
    /// The newest experimental one.
    Experimental,
}

/// Feeds offer this version as the newest of its channel, whatever the numbers say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionPinned {
    /// The plugin.
    pub package: PackageName,
    /// The channel.
    pub channel: Channel,
    /// The version, which is of this channel.
    pub version: VersionNumber,
}

/// Feeds offer the version with the highest number again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionUnpinned {
    /// The plugin.
    pub package: PackageName,
    /// The channel.
    pub channel: Channel,
}

/// Somebody who may approve looked at the version and said no; another file or number may be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRefused {
    /// The plugin.
    pub package: PackageName,
    /// The version.
    pub version: VersionNumber,
    /// The very file that was looked at.
    pub sha256: Sha256,
    /// The approved version it was compared with.
    pub base: Option<VersionNumber>,
    /// Why, for its author.
    pub reason: String,
}

/// A public version waits for somebody to look at it again; it stays public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionReviewAsked {
    /// The plugin.
    pub package: PackageName,
    /// The version.
    pub version: VersionNumber,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
}

//! What owners and staff say of a plugin and its versions beside the metadata.

use super::VersionObject;
use crate::graphql::asked::Asker;
use crate::graphql::scalars::{Count, Sha256};
use crate::rest::replaced::replaced_path;
use async_graphql::{Enum, SimpleObject};
use cairn_domain::names::PackageName;
use cairn_domain::plugin;
use cairn_projections::catalogue::{self, Plugin, Version, offered};
use chrono::{DateTime, Utc};

/// Which of a plugin's two newest versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "plugin::Channel")]
pub(crate) enum Channel {
    /// The newest that its author does not call experimental.
    Stable,
    /// The newest that its author calls experimental.
    Experimental,
}

/// What an owner or staff say when they advise against using a plugin.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Deprecation {
    /// The package name of the plugin to use instead.
    successor: Option<String>,
    /// Why.
    reason: Option<String>,
}

/// A name that a plugin had. It stays the plugin's own for ever.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct PreviousName {
    /// The name.
    name: String,
    /// When another one took its place.
    until: DateTime<Utc>,
}

/// That a plugin is hidden or gone. Its owners and staff see it.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "PluginDeletion")]
pub(crate) struct Deletion {
    /// Until when it can be restored; null when it is gone for good.
    restorable_until: Option<DateTime<Utc>>,
    /// Why.
    reason: Option<String>,
}

/// The version that feeds offer in a channel, whatever the numbers say, wherever it fits the QGIS version.
#[derive(SimpleObject)]
pub(crate) struct Pin {
    /// The channel.
    channel: Channel,
    /// The version.
    version: VersionObject,
}

/// A file that a version had before another one took its place.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ReplacedFile {
    /// The version number that it had with this file.
    number: String,
    /// Digest of the zip.
    sha256: Sha256,
    /// Size of the zip in bytes.
    size_bytes: Count,
    /// When another file took its place.
    replaced_at: DateTime<Utc>,
    /// Where staff get it; nobody else does, and it counts for nothing.
    download_url: String,
}

impl Deprecation {
    pub(super) fn of(plugin: &Plugin) -> Option<Self> {
        let told = plugin.deprecation.as_ref()?;
        let successor = told.successor.as_ref().map(ToString::to_string);
        Some(Self { successor, reason: told.reason.clone() })
    }
}

impl PreviousName {
    pub(super) fn all(plugin: &Plugin) -> Vec<Self> {
        let names = plugin.previous_names.iter();
        names.map(|it| Self { name: it.name.to_string(), until: it.until }).collect()
    }
}

impl Deletion {
    pub(super) fn of(plugin: &Plugin) -> Option<Self> {
        let restorable_until = match plugin.deletion? {
            plugin::Deletion::Marked { until } => Some(until),
            plugin::Deletion::Tombstone => None,
        };
        Some(Self { restorable_until, reason: plugin.deletion_reason.clone() })
    }
}

impl Pin {
    /// The pins that feeds follow: those on versions that they may offer.
    pub(super) fn all(newest_first: &[Version]) -> Vec<Self> {
        let pin = |channel: plugin::Channel| {
            let version = offered(newest_first, channel).filter(|version| version.pinned)?;
            Some(Self { channel: channel.into(), version: VersionObject(version.clone()) })
        };
        [plugin::Channel::Stable, plugin::Channel::Experimental].into_iter().filter_map(pin).collect()
    }
}

impl ReplacedFile {
    pub(super) fn of(asker: &Asker, package: &PackageName, file: &catalogue::ReplacedFile) -> Self {
        Self {
            number: file.number.to_string(),
            sha256: Sha256(file.sha256),
            size_bytes: Count(file.size_bytes),
            replaced_at: file.replaced_at,
            download_url: asker.app.settings.address(&replaced_path(package, &file.sha256)),
        }
    }
}

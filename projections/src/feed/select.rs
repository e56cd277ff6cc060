//! Which versions of a plugin a feed lists.

use std::sync::Arc;

use cairn_domain::qgis_version::{CompatRange, FeedVersion};
use cairn_domain::version_number::VersionNumber;

use super::fragment::Fragment;

/// The approved versions of one plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginEntries {
    /// The package name, unique among plugins.
    pub package_name: String,
    /// Its approved versions, in any order.
    pub versions: Vec<VersionEntry>,
}

/// One approved version, rendered and with what decides whether a feed lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionEntry {
    /// Its number.
    pub version: VersionNumber,
    /// Whether it counts among the experimental or the stable ones.
    pub experimental: bool,
    /// Whether the owner wants it listed instead of newer ones.
    pub pinned: bool,
    /// The QGIS versions it runs on.
    pub compat: CompatRange,
    /// How it stands in the feed.
    pub fragment: Arc<Fragment>,
}

/// What a feed lists of every plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    /// For which QGIS.
    pub version: FeedVersion,
    /// Without experimental versions.
    pub stable_only: bool,
}

impl Filter {
    fn admits(self, entry: &VersionEntry) -> bool {
        !(self.stable_only && entry.experimental) && entry.compat.admits(&self.version)
    }
}

/// The newest admitted stable version, then the newest admitted experimental one. A pinned version goes before newer ones
/// of its channel where this QGIS runs it; where it does not, the newest that it runs is listed as if nothing were pinned.
///
/// At most one of each, stable first: QGIS loses the stable one in any other order.
pub fn newest(versions: &[VersionEntry], filter: Filter) -> impl Iterator<Item = &VersionEntry> {
    [false, true].into_iter().filter_map(move |experimental| {
        let admitted =
            versions.iter().filter(|entry| entry.experimental == experimental && filter.admits(entry));
        admitted.max_by_key(|entry| (entry.pinned, &entry.version, entry.version.as_str()))
    })
}

/// All admitted versions: the stable ones from the newest on, then the experimental ones.
pub fn all(versions: &[VersionEntry], filter: Filter) -> Vec<&VersionEntry> {
    let mut admitted: Vec<_> = versions.iter().filter(|entry| filter.admits(entry)).collect();
    admitted.sort_by(|left, right| {
        let newest_first =
            (&right.version, right.version.as_str()).cmp(&(&left.version, left.version.as_str()));
        left.experimental.cmp(&right.experimental).then(newest_first)
    });
    admitted
}

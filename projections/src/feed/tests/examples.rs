//! Plugins to fill feeds with.

use std::sync::Arc;

use cairn_domain::qgis_version::CompatRange;
use chrono::{DateTime, Utc};

use super::super::compose::{FeedKey, FeedLimits, FeedSet};
use super::super::fragment::{EntryText, Fragment};
use super::super::select::{PluginEntries, VersionEntry};

pub(super) const BASE_URL: &str = "https://plugins.example.org:8443/";

pub(super) fn range(min: &str, max: &str) -> CompatRange {
    let max = (!max.is_empty()).then(|| max.parse().unwrap());
    CompatRange::new(min.parse().unwrap(), max).unwrap()
}

pub(super) fn moment(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_711_112_811_645_792 + micros).unwrap()
}

pub(super) fn entry_text(plugin_id: u64, version: &str) -> EntryText {
    EntryText {
        plugin_name: format!("Lasso & Co {plugin_id}"),
        package_name: format!("lasso_{plugin_id}"),
        version: version.to_owned(),
        plugin_id,
        description: "Selects <what> you draw".to_owned(),
        about: "First line.\nSecond line & more.".to_owned(),
        trusted: true,
        compat: range("3.4", ""),
        homepage: None,
        icon_path: Some("/media/packages/lasso.png".to_owned()),
        author_name: "Ann Ö".to_owned(),
        author_email: None,
        uploaded_by: "ann".to_owned(),
        create_date: moment(0),
        update_date: moment(-645_792),
        experimental: false,
        deprecated: false,
        tracker: "https://example.org/issues?a=1&b=2".to_owned(),
        repository: "https://example.org/lasso".to_owned(),
        tags: vec!["select".to_owned(), "draw".to_owned()],
        category: "Vector".to_owned(),
        plugin_dependencies: "QuickMapServices==0.19.34".to_owned(),
        external_dependencies: "numpy>1".to_owned(),
        server: false,
        changelog: "1.0: all of it".to_owned(),
        sha256: "ab".repeat(32),
        size_bytes: 123_456,
    }
}

/// A version from a short note: `1.2 3.4..3.22 x p` is 1.2 for QGIS 3.4 to 3.22, experimental, pinned.
pub(super) fn version(plugin_id: u64, note: &str) -> VersionEntry {
    let mut words = note.split(' ');
    let number = words.next().unwrap();
    let (min, max) = words.next().unwrap_or("3.0..").split_once("..").unwrap();
    let flags: Vec<_> = words.collect();
    let text = EntryText {
        compat: range(min, max),
        experimental: flags.contains(&"x"),
        ..entry_text(plugin_id, number)
    };
    VersionEntry {
        version: number.parse().unwrap(),
        experimental: text.experimental,
        pinned: flags.contains(&"p"),
        compat: text.compat,
        fragment: Arc::new(Fragment::render(&text, BASE_URL)),
    }
}

pub(super) fn plugin(plugin_id: u64, notes: &[&str]) -> PluginEntries {
    PluginEntries {
        package_name: format!("lasso_{plugin_id}"),
        versions: notes.iter().map(|note| version(plugin_id, note)).collect(),
    }
}

pub(super) fn feeds(plugins: &[(u64, &[&str])]) -> FeedSet {
    let feeds = FeedSet::new(FeedLimits::default());
    for (plugin_id, notes) in plugins {
        feeds.apply(*plugin_id, Some(plugin(*plugin_id, notes)));
    }
    feeds
}

pub(super) fn key(version: &str) -> FeedKey {
    FeedKey { version: version.parse().unwrap(), stable_only: false, package_name: None }
}

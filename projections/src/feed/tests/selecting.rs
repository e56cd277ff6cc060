use cairn_domain::qgis_version::FeedVersion;

use super::super::select::{Filter, VersionEntry, all, newest};
use super::examples::plugin;

fn filter(version: &str, stable_only: bool) -> Filter {
    Filter { version: version.parse().unwrap(), stable_only }
}

fn texts<'a>(entries: impl IntoIterator<Item = &'a VersionEntry>) -> Vec<&'a str> {
    entries.into_iter().map(|entry| entry.version.as_str()).collect()
}

#[test]
fn the_newest_stable_comes_before_the_newest_experimental() {
    for (notes, qgis, listed) in [
        (&["1.9", "1.10", "1.2"][..], "3.40", &["1.10"][..]),
        (&["1.0", "2.0 3.0.. x", "1.5 3.0.. x"], "3.40", &["1.0", "2.0"]),
        // an experimental version is listed even when it is older
        (&["2.0", "1.0 3.0.. x"], "3.40", &["2.0", "1.0"]),
        (&["1.0 3.0.. x"], "3.40", &["1.0"]),
        // the newest that this QGIS runs
        (&["1.0 3.0..3.22", "2.0 3.28.."], "3.22", &["1.0"]),
        (&["1.0 3.0..3.22", "2.0 3.28.."], "3.28", &["2.0"]),
        (&["1.0 3.0..3.22", "2.0 3.28.."], "3.24", &[]),
        (&["1.0 3.0..3.22", "2.0 3.28.."], "", &["2.0"]),
        (&["1.0 2.0..", "2.0 3.0.."], "2.18", &["1.0"]),
        // a pinned one goes before newer ones, where this QGIS runs it
        (&["1.0 3.0.. p", "2.0"], "3.40", &["1.0"]),
        (&["1.0 3.0..3.22 p", "2.0"], "3.40", &["2.0"]),
        (&["1.0 3.0.. p", "2.0 3.0.. p", "3.0"], "3.40", &["2.0"]),
        (&["1.0", "2.0", "3.0 3.0.. x p", "4.0 3.0.. x"], "3.40", &["2.0", "3.0"]),
        // equal numbers with different texts: one of them, always the same
        (&["1.0", "1.0.0"], "3.40", &["1.0.0"]),
        (&["1.0.0", "1.0"], "3.40", &["1.0.0"]),
    ] {
        let plugin = plugin(1, notes);
        assert_eq!(texts(newest(&plugin.versions, filter(qgis, false))), listed, "{notes:?} for {qgis:?}");
    }
}

#[test]
fn stable_only_leaves_experimental_versions_out() {
    let plugin = plugin(1, &["1.0", "2.0 3.0.. x"]);
    assert_eq!(texts(newest(&plugin.versions, filter("3.40", true))), ["1.0"]);
    assert_eq!(texts(all(&plugin.versions, filter("3.40", true))), ["1.0"]);
}

#[test]
fn a_package_feed_lists_every_admitted_version_newest_first_and_stable_first() {
    let plugin = plugin(1, &["1.9 3.0.. x", "1.2", "1.10", "0.1 2.0.. ", "2.0-rc1 3.0.. x"]);
    assert_eq!(texts(all(&plugin.versions, filter("3.40", false))), ["1.10", "1.2", "2.0-rc1", "1.9"]);
    let every = Filter { version: FeedVersion::Every, stable_only: false };
    assert_eq!(texts(all(&plugin.versions, every)), ["1.10", "1.2", "0.1", "2.0-rc1", "1.9"]);
}

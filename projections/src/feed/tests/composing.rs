use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;

use super::super::body::FeedBody;
use super::super::chunk::Counts;
use super::super::compose::{FeedKey, FeedLimits, FeedSet};
use super::examples::{feeds, key, plugin};
use super::read::entries;

fn listed(body: &FeedBody) -> Vec<String> {
    let xml = String::from_utf8(body.identity().to_vec()).unwrap();
    let entry = |entry: &super::read::Entry| {
        format!("{} {}", entry.attribute("plugin_id"), entry.attribute("version"))
    };
    entries(&xml).expect("well-formed").iter().map(entry).collect()
}

fn counts(downloads: u64) -> Counts {
    Counts { downloads, rating_votes: 2, rating_score: 9 }
}

#[test]
fn plugins_come_in_the_order_of_their_ids() {
    let feeds = feeds(&[(70, &["1.0"]), (3, &["1.0", "1.1 3.0.. x"]), (31, &["1.0"]), (32, &["2.0"])]);
    assert_eq!(listed(&feeds.body(&key("3.40"))), ["3 1.0", "3 1.1", "31 1.0", "32 2.0", "70 1.0"]);
}

#[test]
fn a_change_shows_in_the_next_body_and_the_old_body_stays() {
    let feeds = feeds(&[(1, &["1.0"]), (2, &["1.0"])]);
    let before = feeds.body(&key("3.40"));
    assert!(Arc::ptr_eq(&before, &feeds.body(&key("3.40"))));

    feeds.apply(1, Some(plugin(1, &["1.0", "1.1"])));
    assert!(feeds.ready(&key("3.40")).is_none(), "not current any more");
    let after = feeds.body(&key("3.40"));
    assert_eq!(listed(&after), ["1 1.1", "2 1.0"]);
    assert!(feeds.ready(&key("3.40")).is_some_and(|ready| Arc::ptr_eq(&ready, &after)));
    assert_eq!(listed(&before), ["1 1.0", "2 1.0"]);
    assert_ne!(before.etag(), after.etag());

    feeds.apply(1, None);
    assert_eq!(listed(&feeds.body(&key("3.40"))), ["2 1.0"]);
}

#[test]
fn a_change_that_a_feed_does_not_list_leaves_its_body_alone() {
    let feeds = feeds(&[(1, &["1.0", "1.1"])]);
    let (old, new) = (feeds.body(&key("3.40")), feeds.body(&key("4.0")));
    feeds.apply(1, Some(plugin(1, &["1.0", "1.1", "2.0 4.0.."])));
    assert!(Arc::ptr_eq(&old, &feeds.body(&key("3.40"))));
    assert!(!Arc::ptr_eq(&new, &feeds.body(&key("4.0"))));

    // the same again is no change at all
    feeds.apply(1, Some(plugin(1, &["1.0", "1.1", "2.0 4.0.."])));
    assert!(feeds.ready(&key("4.0")).is_some());
}

#[test]
fn feeds_that_list_the_same_share_chunks_and_bodies() {
    let feeds = feeds(&[(1, &["1.0"]), (40, &["1.0 3.0..3.22", "2.0 3.23.."]), (80, &["1.0"])]);
    let (old, newer, newest) = (feeds.body(&key("3.22")), feeds.body(&key("3.28")), feeds.body(&key("3.40")));
    assert!(Arc::ptr_eq(&newer, &newest));
    assert_ne!(old.etag(), newer.etag());
    assert_eq!(feeds.living_chunks(), 4, "the first and third bucket once, the second twice");
    let before = feeds.holds();
    assert_eq!(before.feeds, 3);
    let sent = newer.gzip().len() as u64;
    newest.gzip();
    assert_eq!(feeds.holds().bytes, before.bytes + sent, "what two feeds share is kept once");
}

#[test]
fn any_qgis_version_gets_a_well_formed_feed() {
    let feeds = feeds(&[(1, &["1.0 3.0..4.99"])]);
    for (asked, list) in [
        ("", &["1 1.0"][..]),
        ("3", &["1 1.0"]),
        ("4.0", &["1 1.0"]),
        ("4.77.3", &["1 1.0"]),
        ("1.8", &[]),
        ("999.999", &[]),
    ] {
        assert_eq!(listed(&feeds.body(&key(asked))), list, "{asked:?}");
    }
}

#[test]
fn counts_show_after_their_beat_and_outlive_the_plugin() {
    let feeds = feeds(&[(1, &["1.0"]), (40, &["1.0"])]);
    let before = feeds.body(&key("3.40"));
    feeds.set_counts(&HashMap::from([(1, counts(12)), (40, Counts::default()), (99, counts(5))]));
    let after = feeds.body(&key("3.40"));
    assert_ne!(before.etag(), after.etag());

    let downloads = |feeds: &FeedSet| {
        let xml = String::from_utf8(feeds.body(&key("3.40")).identity().to_vec()).unwrap();
        let found = entries(&xml).unwrap();
        found.iter().map(|entry| entry.text("downloads").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(downloads(&feeds), ["12", "0"]);
    feeds.set_counts(&HashMap::from([(40, counts(3))]));
    feeds.apply(99, Some(plugin(99, &["1.0"])));
    feeds.apply(1, None);
    feeds.apply(1, Some(plugin(1, &["1.0"])));
    assert_eq!(downloads(&feeds), ["12", "3", "5"]);

    let same = feeds.body(&key("3.40"));
    feeds.set_counts(&HashMap::from([(40, counts(3)), (1, counts(12))]));
    assert!(Arc::ptr_eq(&same, &feeds.ready(&key("3.40")).expect("equal counts are no change")));
}

#[test]
fn one_package_is_listed_with_all_its_versions() {
    let feeds = feeds(&[(1, &["1.0", "1.1", "2.0 3.0.. x"]), (2, &["1.0"])]);
    let package = |name: &str| FeedKey { package_name: Some(name.to_owned()), ..key("") };
    assert_eq!(listed(&feeds.body(&package("lasso_1"))), ["1 1.1", "1 1.0", "1 2.0"]);
    assert_eq!(listed(&feeds.body(&package("lasso_3"))), Vec::<String>::new());
    assert_eq!(listed(&feeds.body(&package("LASSO_1"))), Vec::<String>::new());
    assert!(feeds.ready(&package("lasso_1")).is_none(), "not kept: the name comes from outside");

    feeds.apply(1, None);
    assert_eq!(listed(&feeds.body(&package("lasso_1"))), Vec::<String>::new());
    // the name has gone to another plugin
    let mut taken = plugin(3, &["3.0"]);
    taken.package_name = "lasso_1".to_owned();
    feeds.apply(3, Some(taken));
    assert_eq!(listed(&feeds.body(&package("lasso_1"))), ["3 3.0"]);
}

#[test]
fn no_more_feeds_are_kept_than_allowed_and_the_one_in_use_stays() {
    let feeds = FeedSet::new(FeedLimits { feeds_max: 3 });
    feeds.apply(1, Some(plugin(1, &["1.0"])));
    let used = key("3.40");
    feeds.body(&used);
    for minor in 0..50 {
        feeds.body(&key(&format!("3.{minor}.1")));
        assert!(feeds.ready(&used).is_some(), "asked for in between");
    }
    assert_eq!(feeds.holds().feeds, 3);
    assert!(feeds.ready(&key("3.0.1")).is_none());
    assert!(feeds.ready(&key("3.49.1")).is_some());

    let none_allowed = FeedSet::new(FeedLimits { feeds_max: 0 });
    none_allowed.body(&used);
    assert_eq!(none_allowed.holds().feeds, 1);
}

#[test]
fn what_nobody_holds_is_forgotten() {
    let feeds = FeedSet::new(FeedLimits { feeds_max: 2 });
    for round in 0..500 {
        feeds.apply(1, Some(plugin(1, &[format!("1.{round}").as_str()])));
        feeds.body(&key("3.40"));
    }
    assert_eq!(feeds.living_chunks(), 1);
    assert!(feeds.remembered_chunks() <= 65, "{}", feeds.remembered_chunks());
}

#[test]
fn refreshing_makes_every_kept_feed_ready() {
    let feeds = feeds(&[(1, &["1.0"])]);
    let keys = [key("3.22"), key("3.40")];
    for key in &keys {
        feeds.body(key);
    }
    feeds.set_counts(&HashMap::from([(1, counts(1))]));
    assert!(keys.iter().all(|key| feeds.ready(key).is_none()));
    feeds.refresh();
    assert!(keys.iter().all(|key| feeds.ready(key).is_some()));
}

#[test]
fn whoever_asks_after_a_change_sees_it_while_others_read_and_write() {
    let feeds = feeds(&[]);
    let applied = AtomicU64::new(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 1..=200 {
                feeds.apply(1, Some(plugin(1, &[format!("{round}").as_str()])));
                applied.store(round, Ordering::SeqCst);
            }
        });
        scope.spawn(|| {
            for round in 1..=200 {
                feeds.apply(64 + round % 7, (round % 3 != 0).then(|| plugin(64 + round % 7, &["1.0"])));
                feeds.set_counts(&HashMap::from([(64, counts(round))]));
            }
        });
        for reader in 0..3 {
            let (feeds, applied) = (&feeds, &applied);
            scope.spawn(move || {
                let mut seen = 0;
                while seen < 200 {
                    let at_least = applied.load(Ordering::SeqCst).max(seen);
                    let list = listed(&feeds.body(&key(["3.22", "3.40", "3.40"][reader])));
                    let first = list.iter().find_map(|entry| entry.strip_prefix("1 "));
                    seen = first.map_or(0, |version| version.parse().unwrap());
                    assert!(seen >= at_least, "{seen} after {at_least}");
                }
            });
        }
    });
}

/// A plugin id and what is made of it: counts, or versions, or nothing.
#[derive(Debug, Clone)]
enum Change {
    Apply(u64, Vec<String>),
    Count(u64, u64),
    Ask(usize),
}

const ASKED: [(&str, bool); 5] =
    [("3.22", false), ("3.40", false), ("3.40", true), ("4.0", false), ("", false)];

fn change() -> impl Strategy<Value = Change> {
    let id = || 1u64..100;
    let note = (
        0u8..4,
        prop_oneof![Just("3.0.."), Just("3.0..3.30"), Just("3.30..4.99"), Just("4.0..")],
        "( x)?( p)?",
    )
        .prop_map(|(number, range, flags)| format!("1.{number} {range}{flags}"));
    prop_oneof![
        3 => (id(), proptest::collection::vec(note, 0..4)).prop_map(|(id, notes)| Change::Apply(id, notes)),
        1 => (id(), 0u64..3).prop_map(|(id, downloads)| Change::Count(id, downloads)),
        2 => (0..ASKED.len()).prop_map(Change::Ask),
    ]
}

fn asked(index: usize) -> FeedKey {
    FeedKey { stable_only: ASKED[index].1, ..key(ASKED[index].0) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn feeds_mended_after_each_change_are_the_feeds_made_from_scratch(
        changes in proptest::collection::vec(change(), 1..60)
    ) {
        // fewer feeds kept than asked for, so that some are made anew in between
        let mended = FeedSet::new(FeedLimits { feeds_max: 3 });
        let (mut plugins, mut counted) = (HashMap::new(), HashMap::new());
        for change in &changes {
            match change {
                Change::Apply(id, notes) => {
                    let notes: Vec<_> = notes.iter().map(String::as_str).collect();
                    let entries = (!notes.is_empty()).then(|| plugin(*id, &notes));
                    mended.apply(*id, entries.clone());
                    plugins.insert(*id, entries);
                }
                Change::Count(id, downloads) => {
                    mended.set_counts(&HashMap::from([(*id, counts(*downloads))]));
                    counted.insert(*id, counts(*downloads));
                }
                Change::Ask(index) => drop(mended.body(&asked(*index))),
            }
        }
        let scratch = FeedSet::new(FeedLimits::default());
        scratch.set_counts(&counted);
        for (id, entries) in plugins {
            scratch.apply(id, entries);
        }
        for index in 0..ASKED.len() {
            let (left, right) = (mended.body(&asked(index)), scratch.body(&asked(index)));
            prop_assert_eq!(left.identity(), right.identity());
            prop_assert_eq!(left.gzip(), right.gzip());
            prop_assert_eq!(left.etag(), right.etag());
        }
    }
}

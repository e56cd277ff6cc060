use std::cmp::Ordering;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use proptest::prelude::*;

use super::*;

fn version(text: &str) -> VersionNumber {
    text.parse().unwrap_or_else(|fault| panic!("{text:?}: {fault}"))
}

fn compared(pair: &str) -> (VersionNumber, VersionNumber) {
    let (left, right) = pair.split_once(" and ").expect("a pair is written with and");
    (version(left), version(right))
}

#[test]
fn pairs_that_qgis_holds_equal_are_equal_and_hash_alike() {
    let hasher = RandomState::new();
    for pair in [
        "1.0 and 1.0.0",
        "1.01 and 1.1",
        "0.1.0 and 0.01.0",
        "v1.2 and 1.2",
        "ver.1.3 and 1.3",
        "Version1.3 and 1.3",
        "rev7 and 7",
        "r10 and 10",
        "1.0A and 1.0.alpha",
        "1.0-rc1 and 1.0c1",
        "1.0pre2 and 1.0preview-2",
        "1.0-DEV and 1.0.dev0",
        "0.11.1-3 and 0.11.1.post3",
        "1.9.7-alpha-0504 and 1.9.7a504",
        "Master and master",
    ] {
        let (left, right) = compared(pair);
        assert_eq!(left, right, "{pair}");
        assert_eq!(left.sort_key(), right.sort_key(), "{pair}");
        assert_eq!(hasher.hash_one(&left), hasher.hash_one(&right), "{pair}");
    }
}

#[test]
fn the_lower_version_of_each_pair_is_lower() {
    for pair in [
        "1.9 and 1.10",
        "1.1 and 1.05",
        "1.0a and 1.0",
        "3.0.1-dev and 3.0.1",
        "1.0-rc1 and 1.0",
        "1.0.0-beta and 1.0.0",
        "1.2.3 and 1.2.3.4",
        "2023.06.01 and 2023.10.1",
        "999 and 1000",
        "99999999999999999998 and 99999999999999999999",
        "1.0 and 1.0+3",
        "1.0+abc and 1.0+3",
        "4.0.2-beta-dev and 4.0.2-beta",
        "v3.2 and 3.3",
        // PEP 440 cannot read these: natural order, below all that it can
        "1.9-foo and 1.10-foo",
        "2.1.3debug and 0.0.1",
        "1.O.0 and 0",
        "release-2 and release-10",
        "1..2 and 0.1",
        "1.0+ and 0.1",
    ] {
        let (left, right) = compared(pair);
        assert!(left < right, "{pair}");
        assert!(left.sort_key() < right.sort_key(), "{pair}");
    }
}

#[test]
fn phases_come_in_the_order_of_a_release() {
    let phases =
        ["1.0.dev1", "1.0a", "1.0b", "1.0rc", "1.0-trunk", "1.0", "1.0+local", "1.0.post1", "1.0.1.dev1"];
    let versions: Vec<_> = phases.map(version).into();
    assert!(versions.is_sorted_by(|left, right| left < right), "{versions:?}");
}

#[test]
fn the_authors_text_is_kept() {
    for text in ["1.01", "v1.3", "1.0-RC1", "2023.06.01", "master", "1.0.0+3"] {
        assert_eq!(version(text).as_str(), text);
        assert_eq!(serde_json::to_string(&version(text)).unwrap(), format!("\"{text}\""));
    }
    assert_eq!(version(" version 1.9.1\n").as_str(), "1.9.1");
    assert_eq!(version("Ver. 1.4").as_str(), "1.4");
}

#[test]
fn a_text_that_no_address_can_carry_is_refused() {
    let fault = |text: &str| text.parse::<VersionNumber>().expect_err(text);
    assert_eq!(fault("  "), VersionFault::Empty);
    assert_eq!(fault("."), VersionFault::Empty);
    assert_eq!(fault(".."), VersionFault::Empty);
    assert_eq!(fault("1/2"), VersionFault::Character { character: '/' });
    assert_eq!(fault("1.0 beta"), VersionFault::Character { character: ' ' });
    assert_eq!(fault("Test version"), VersionFault::Character { character: ' ' });
    assert_eq!(fault("@__PLUGIN_VERSION__@"), VersionFault::Character { character: '@' });
    assert_eq!(fault(&"1".repeat(33)), VersionFault::TooLong { chars: 33 });
    assert_eq!(version(&"1".repeat(32)).as_str().len(), 32);
    assert!(serde_json::from_str::<VersionNumber>("\"../x\"").is_err());
}

#[test]
fn the_versions_of_real_plugins_are_read() {
    let refused = ["Test version", "@__PLUGIN_VERSION__@"];
    let written = [
        "0.1",
        "0.7.0.dev2",
        "0.99-dev",
        "2.1.3debug",
        "1.3.0-DEV",
        "dev",
        "4.0.2-beta-dev",
        "ver.1.3",
        "1.4a",
        "Version 0.1.20",
        "2.1.0-alpha1",
        "v1.9.3",
        "V8.6.21",
        "1.1BETA",
        "1.9.7-alpha-0504",
        "0.11.1-3",
        "1.O.0",
    ];
    let mut texts: Vec<String> = written.map(String::from).into();
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus/golden.jsonl");
    for line in std::fs::read_to_string(corpus).unwrap_or_default().lines() {
        let parsed: serde_json::Value = serde_json::from_str(line).unwrap();
        texts.extend(parsed["general_cased"]["version"].as_str().map(String::from));
    }
    for text in texts {
        assert_eq!(text.parse::<VersionNumber>().is_ok(), !refused.contains(&text.as_str()), "{text}");
    }
}

#[test]
fn clients_find_the_version_they_mean() {
    let found = |asked: &str, offered: &[&str]| {
        let offered: Vec<_> = offered.iter().map(|text| version(text)).collect();
        find(asked, offered.iter()).map(|version| version.as_str().to_owned())
    };
    for (asked, offered, meant) in [
        // exact text wins over an equal one
        ("1.0", &["1.0.0", "1.0"][..], Some("1.0")),
        ("1.0.0", &["1.0.0", "1.0"], Some("1.0.0")),
        // case and leading zeros
        ("1.0-RC1", &["1.0-rc1", "1.0"], Some("1.0-rc1")),
        ("01.0", &["1.0", "1.0.0"], Some("1.0")),
        ("1.2", &["1.02"], Some("1.02")),
        ("2024.5.1", &["2024.05.01"], Some("2024.05.01")),
        // qgis-plugin-manager pads and cuts
        ("1.1.0", &["1.1", "1.10"], Some("1.1")),
        ("1.3.0", &["v1.3"], Some("v1.3")),
        ("2.4.0+1", &["2.4.0.1", "2.4.0.2"], Some("2.4.0.1")),
        ("0.0.0+release", &["release"], Some("release")),
        // as the site behind plugins.qgis.org shows them
        ("1.b1", &["1.0b1", "1.0"], Some("1.0b1")),
        ("1.rc1", &["1.0rc1"], Some("1.0rc1")),
        ("1.0.+3", &["1.0.0+3"], Some("1.0.0+3")),
        ("1.2", &["1..2"], Some("1..2")),
        ("1.2.3.4", &["1.2.3.4.5"], Some("1.2.3.4.5")),
        // nothing, and more than one
        ("1.1.0", &["1.1.1"], None),
        ("1.0.0.0", &["1.0", "1.0.0"], None),
        ("01.0", &["1.0", "1.00"], None),
        ("../etc", &["1.0"], None),
        ("", &["1.0"], None),
        ("None", &["1.0"], None),
    ] {
        assert_eq!(found(asked, offered).as_deref(), meant, "{asked} among {offered:?}");
    }
    assert_eq!(found(&"0".repeat(64_000), &["0"]), None);
}

/// The fields of PEP 440 in its order, so that Rust's own order of tuples is the one to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Written {
    release: Vec<u64>,
    pre: Option<(u8, u64)>,
    post: Option<u64>,
    dev: Option<u64>,
}

impl Written {
    fn text(&self) -> String {
        let release: Vec<_> = self.release.iter().map(u64::to_string).collect();
        let word = |phase: u8| ["a", "beta", "-rc", ".trunk"][usize::from(phase)];
        let pre = self.pre.map(|(phase, number)| format!("{}{number}", word(phase)));
        let post = self.post.map(|number| format!(".post{number}"));
        let dev = self.dev.map(|number| format!("-dev{number}"));
        [Some(release.join(".")), pre, post, dev].into_iter().flatten().collect()
    }

    fn compare(&self, other: &Self) -> Ordering {
        let release = |it: &Self| {
            let last = it.release.iter().rposition(|segment| *segment != 0);
            it.release[..last.map_or(0, |last| last + 1)].to_vec()
        };
        let phase = |it: &Self| match it.pre {
            Some((phase, number)) => (1, phase, number),
            None if it.post.is_none() && it.dev.is_some() => (0, 0, 0),
            None => (2, 0, 0),
        };
        let dev = |it: &Self| it.dev.map_or((1, 0), |number| (0, number));
        (release(self), phase(self), self.post, dev(self)).cmp(&(
            release(other),
            phase(other),
            other.post,
            dev(other),
        ))
    }
}

fn written() -> impl Strategy<Value = Written> {
    let number = || prop_oneof![0u64..3, 8u64..12, 98u64..102];
    let optional = || proptest::option::of(number());
    let pre = proptest::option::of((0u8..4, number()));
    (proptest::collection::vec(number(), 1..4), pre, optional(), optional())
        .prop_map(|(release, pre, post, dev)| Written { release, pre, post, dev })
        .prop_filter("a version has at most 32 characters", |written| written.text().len() <= 32)
}

proptest! {
    #[test]
    fn readable_versions_compare_by_their_fields(left in written(), right in written()) {
        let (a, b) = (version(&left.text()), version(&right.text()));
        prop_assert_eq!(a.cmp(&b), left.compare(&right), "{} and {}", left.text(), right.text());
    }

    #[test]
    fn any_texts_have_one_total_order_and_their_keys_the_same(
        texts in proptest::array::uniform3("(v|ver\\.)?[0-3a-cR.+_-]{1,8}(dev|rc|\\.0)?")
    ) {
        let versions: Vec<VersionNumber> = texts.iter().filter_map(|text| text.parse().ok()).collect();
        for left in &versions {
            for right in &versions {
                prop_assert_eq!(left.cmp(right), right.cmp(left).reverse());
                prop_assert_eq!(left.cmp(right), left.sort_key().cmp(&right.sort_key()));
                prop_assert_eq!(left == right, left.cmp(right) == Ordering::Equal);
            }
        }
        if let [a, b, c] = &versions[..] {
            prop_assert!(!(a <= b && b <= c) || a <= c);
        }
    }

    #[test]
    fn what_is_read_is_one_segment_of_an_address_and_finds_itself(text in "\\PC{0,40}|[A-Za-z0-9._+-]{0,34}") {
        if let Ok(version) = text.parse::<VersionNumber>() {
            let shown = version.as_str();
            prop_assert!((1..=VERSION_CHARS_MAX).contains(&shown.len()));
            prop_assert!(!shown.contains(['/', '\\', '%', '?', '#', ' ']) && !shown.trim_matches('.').is_empty());
            prop_assert_eq!(&shown.parse::<VersionNumber>().unwrap(), &version);
            prop_assert_eq!(find(shown, [&version].into_iter()), Some(&version));
        }
        let offered: VersionNumber = "1.0".parse().unwrap();
        let _ = find(&text, [&offered].into_iter());
    }

    #[test]
    fn zeros_and_prefixes_do_not_change_a_version(written in written()) {
        let text = written.text();
        let plain = version(&text);
        if text.len() < VERSION_CHARS_MAX {
            prop_assert_eq!(&version(&format!("0{text}")), &plain);
            prop_assert_eq!(&version(&format!("v{text}")), &plain);
        }
    }
}

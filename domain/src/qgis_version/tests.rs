use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn qgis(text: &str) -> QgisVersion {
    text.parse().unwrap_or_else(|fault| panic!("{text:?}: {fault}"))
}

fn feed(text: &str) -> FeedVersion {
    text.parse().unwrap_or_else(|fault| panic!("{text:?}: {fault}"))
}

fn range(min: &str, max: &str) -> CompatRange {
    CompatRange::new(qgis(min), (!max.is_empty()).then(|| qgis(max))).unwrap()
}

#[test]
fn a_bound_is_read_as_qgis_reads_it() {
    for (written, shown) in [
        ("3.4", "3.4.0"),
        ("3.40.5", "3.40.5"),
        ("3", "3.0.0"),
        ("3.00", "3.0.0"),
        ("v3.0", "3.0.0"),
        ("3.0-x", "3.0.0"),
        (" 2.18 ", "2.18.0"),
        ("4.99.16", "4.99.16"),
        ("10.2", "10.2.0"),
        ("003.004.000", "3.4.0"),
    ] {
        assert_eq!(qgis(written).to_string(), shown, "{written}");
    }
}

#[test]
fn a_bound_that_hides_the_plugin_is_refused_with_a_sentence() {
    let fault = |text: &str| text.parse::<QgisVersion>().expect_err(text);
    assert!(matches!(fault("3.100"), QgisVersionFault::PartTooGreat { .. }));
    assert!(matches!(fault("3.4294967296"), QgisVersionFault::PartTooGreat { .. }));
    assert!(matches!(fault("3.0.0.0"), QgisVersionFault::TooManyParts { parts: 4, .. }));
    for text in ["", "master", "3.", "3.x", "..", "3..4"] {
        assert!(matches!(fault(text), QgisVersionFault::NotNumbers { .. }), "{text}");
    }
    assert!(fault("3.100").to_string().contains("hides"));
    assert_eq!(qgis("99.99.99").highest(), (99, 99, 99));
    assert_eq!(QgisVersion::new(3, 100, None), None);
    assert_eq!(QgisVersion::new(3, 99, Some(99)), Some(qgis("3.99.99")));
}

#[test]
fn the_parts_that_were_given_are_kept_in_store() {
    for text in ["3.4", "3.4.0", "3.40.5", "10.0"] {
        let written = serde_json::to_string(&qgis(text)).unwrap();
        assert_eq!(written, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<QgisVersion>(&written).unwrap(), qgis(text));
    }
    let stored = serde_json::to_string(&range("3.4", "")).unwrap();
    assert_eq!(stored, r#"{"min":"3.4","max":"3.99"}"#);
    assert_eq!(serde_json::from_str::<CompatRange>(&stored).unwrap(), range("3.4", ""));
    assert!(serde_json::from_str::<CompatRange>(r#"{"min":"3.4","max":"2.99"}"#).is_err());
}

#[test]
fn a_missing_maximum_is_the_last_minor_of_the_same_major() {
    for (min, max) in [("2.0", "2.99"), ("3.4", "3.99"), ("4.0.1", "4.99"), ("10.2", "10.99")] {
        assert_eq!(range(min, "").max(), qgis(max));
    }
}

#[test]
fn a_minimum_above_the_maximum_is_refused() {
    let fault = CompatRange::new(qgis("3.22.1"), Some(qgis("3.22.0"))).unwrap_err();
    assert!(fault.to_string().contains("3.22.1 is above"), "{fault}");
    // without a patch number the maximum is any patch
    assert_eq!(range("3.22.16", "3.22").to_string(), "3.22.16 to 3.22");
    assert_eq!(range("3.22", "3.22.0").to_string(), "3.22 to 3.22.0");
}

#[test]
fn a_feed_lists_what_some_qgis_asking_for_it_runs() {
    for (min, max, asked, listed) in [
        ("3.0", "", "3.40", true),
        ("3.0", "", "4.0", false),
        ("3.0", "4.99", "4.0", true),
        ("2.0", "", "3.0", false),
        ("2.0", "", "2.18", true),
        ("4.2", "", "4.0", false),
        ("4.2", "", "4.2", true),
        ("10.0", "", "10.4", true),
        ("10.0", "", "1.0", false),
        // any patch of the asked minor counts
        ("3.40.7", "", "3.40", true),
        ("3.40.7", "", "3.40.5", false),
        ("3.40.7", "", "3.40.7", true),
        ("3.0", "3.22.0", "3.22", true),
        ("3.0", "3.22.0", "3.22.16", false),
        ("3.0", "3.22", "3.22.16", true),
        ("3.0", "3.22", "3.23", false),
        ("3.41", "", "3.40", false),
        // QGIS 3.99 asks as 4.0; no QGIS of today has a minor above 99
        ("3.0", "", "3.100", false),
        ("3.0", "", "3", true),
        ("3.40", "", "3", true),
        ("2.0", "", "3", false),
        ("2.0", "", "", true),
        ("3.0", "", "999.999", false),
    ] {
        assert_eq!(range(min, max).admits(&feed(asked)), listed, "{min}..{max} for {asked:?}");
    }
}

#[test]
fn a_feed_is_asked_for_by_numbers_or_by_label() {
    let labels = BTreeMap::from([("ltr".to_owned(), FeedVersion::Minor(3, 40))]);
    let resolved = |asked: &str| FeedVersion::resolve(asked, &labels);
    assert_eq!(resolved("LTR "), Ok(FeedVersion::Minor(3, 40)));
    assert_eq!(resolved("3.044"), Ok(FeedVersion::Minor(3, 44)));
    assert_eq!(resolved("3.40.5.1"), Ok(FeedVersion::Patch(3, 40, 5)));
    assert_eq!(resolved("3"), Ok(FeedVersion::Major(3)));
    assert_eq!(resolved("  "), Ok(FeedVersion::Every));
    assert_eq!(resolved("999.0"), Ok(FeedVersion::Minor(999, 0)));
    for asked in ["latest", "3.x", "3.", ".", "-3", "+3", "1000", "3.99999999", "3.40.5.x"] {
        assert!(resolved(asked).is_err(), "{asked}");
    }
}

#[test]
fn the_bounds_of_real_plugins_are_read() {
    let mut texts: Vec<String> =
        ["3.0", "2.99", "3.00", "3.22.16", "3.38.99", "4.99.16"].map(String::from).into();
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus/golden.jsonl");
    for line in std::fs::read_to_string(corpus).unwrap_or_default().lines() {
        let parsed: serde_json::Value = serde_json::from_str(line).unwrap();
        for key in ["qgisMinimumVersion", "qgisMaximumVersion"] {
            texts.extend(parsed["general_cased"][key].as_str().map(String::from));
        }
    }
    for text in texts {
        assert!(text.parse::<QgisVersion>().is_ok(), "{text}");
    }
}

fn bound() -> impl Strategy<Value = QgisVersion> {
    (1u8..5, 0u8..=99, proptest::option::of(0u8..=99))
        .prop_map(|(major, minor, patch)| QgisVersion::new(major, minor, patch).unwrap())
}

proptest! {
    #[test]
    fn a_minor_feed_is_the_union_of_its_patch_feeds(min in bound(), max in bound(), major in 1u16..5, minor in 0u16..=99) {
        if let Ok(range) = CompatRange::new(min, Some(max)) {
            let some_patch = (0..=99).any(|patch| range.admits(&FeedVersion::Patch(major, minor, patch)));
            prop_assert_eq!(range.admits(&FeedVersion::Minor(major, minor)), some_patch);
            prop_assert!(range.admits(&FeedVersion::Every));
        }
    }

    #[test]
    fn shown_feed_versions_are_read_again(asked in "[0-9]{0,3}(\\.[0-9]{1,3}){0,3}|\\PC{0,20}") {
        if let Ok(version) = asked.parse::<FeedVersion>() {
            prop_assert_eq!(version.to_string().parse::<FeedVersion>(), Ok(version));
        }
        let _ = asked.parse::<QgisVersion>();
    }
}

//! Whatever the bytes are, an inspection ends, stays within its limits and keeps its word.

#[path = "fixtures/raw_zip.rs"]
mod raw_zip;

use cairn_domain::license::License;
use cairn_domain::package::testing::PackageBuilder;
use cairn_domain::package::{
    FindingCode, Inspection, PackageLimits, Profile, Severity, TEXTS_BYTES_MAX, inspect,
};
use proptest::prelude::*;
use raw_zip::{RawEntry, RawZip};

/// What holds after every inspection.
fn inspected(zip: &[u8]) -> Inspection {
    let limits = PackageLimits::default();
    let inspection = inspect(zip, &Profile::minimal(), &limits);
    let refused = inspection.findings.iter().any(|finding| finding.severity == Severity::Error);
    assert_eq!(inspection.package.is_none(), refused);
    assert!(inspection.findings.len() <= limits.findings_max + 2);
    if let Some(package) = &inspection.package {
        let details = &package.details;
        let texts = [
            &details.description,
            &details.about,
            &details.author,
            &details.email,
            &details.homepage,
            &details.tracker,
            &details.repository,
            &details.category,
            &details.plugin_dependencies,
            &details.external_deps,
            &package.changelog,
        ];
        let mut length: usize = texts.iter().filter_map(|text| text.as_ref()).map(String::len).sum();
        length +=
            details.name.as_str().len() + details.tags.iter().map(|tag| tag.as_str().len()).sum::<usize>();
        assert!(length <= TEXTS_BYTES_MAX);
        let texts = texts.into_iter().filter_map(|text| text.as_ref());
        for text in texts.chain([&details.name.to_string()]) {
            assert_eq!(text, text.trim());
            assert!(!text.is_empty());
            assert!(
                !text
                    .chars()
                    .any(|c| c < ' ' && !"\n\t\r".contains(c) || matches!(c, '\u{fffe}' | '\u{ffff}'))
            );
        }
    }
    inspection
}

fn lasso() -> PackageBuilder {
    let icon = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0\"/></svg>";
    PackageBuilder::new("lasso").metadata_key("icon", "icon.svg").file("icon.svg", icon)
}

#[derive(Debug, Clone)]
enum Change {
    Set(prop::sample::Index, u8),
    Insert(prop::sample::Index, Vec<u8>),
    Remove(prop::sample::Index, usize),
    Cut(prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        8 => (at(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        2 => (at(), prop::collection::vec(any::<u8>(), 1..8)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        2 => (at(), 1..40_usize).prop_map(|(at, count)| Change::Remove(at, count)),
        1 => at().prop_map(Change::Cut),
    ]
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        match change {
            Change::Set(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            Change::Insert(at, more) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, more.iter().copied());
            }
            Change::Remove(at, count) => {
                let at = at.index(bytes.len());
                let end = bytes.len().min(at + count);
                bytes.drain(at..end);
            }
            Change::Cut(at) => bytes.truncate(at.index(bytes.len())),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        inspected(&bytes);
    }

    #[test]
    fn bytes_that_begin_and_end_as_a_zip(middle in prop::collection::vec(any::<u8>(), 0..200), tail in any::<[u8; 18]>()) {
        let bytes = [&b"PK\x03\x04"[..], &middle, b"PK\x05\x06", &tail].concat();
        inspected(&bytes);
    }

    #[test]
    fn a_zip_with_changed_bytes(stored in any::<bool>(), changes in prop::collection::vec(change(), 1..6)) {
        let zip = if stored { lasso().stored().build() } else { lasso().build() };
        inspected(&changed(zip, &changes));
    }

    #[test]
    fn a_zip_with_changed_headers(at in 0..46_usize, byte in any::<u8>(), which in 0..4_usize) {
        let mut zip = lasso().build();
        let starts: Vec<usize> = zip.windows(4).enumerate().filter(|(_, w)| *w == b"PK\x01\x02").map(|(at, _)| at).collect();
        zip[starts[which] + at] = byte;
        inspected(&zip);
    }

    #[test]
    fn metadata_with_changed_bytes(changes in prop::collection::vec(change(), 1..8)) {
        let metadata = changed(lasso().metadata(), &changes);
        inspected(&PackageBuilder::new("lasso").raw_metadata(metadata).build());
    }

    #[test]
    fn any_values(values in prop::collection::vec((0..17_usize, "\\PC{0,40}|[\\x00-\\x7f]{0,20}|[0-9.,@:/% ]{0,20}"), 0..8)) {
        const KEYS: [&str; 17] = [
            "name", "description", "version", "qgisMinimumVersion", "qgisMaximumVersion", "author", "email", "about", "tracker",
            "repository", "homepage", "tags", "category", "plugin_dependencies", "icon", "experimental", "changelog",
        ];
        let zip = values.iter().fold(lasso(), |zip, (key, value)| zip.metadata_key(KEYS[*key], value));
        inspected(&zip.build());
    }

    #[test]
    fn any_names(names in prop::collection::vec("[a./\\\\ :é\u{2025}]{0,12}|\\PC{0,20}", 0..6)) {
        let names_of = |names: &[String]| names.iter().fold(RawZip::plugin("lasso", &lasso().metadata()), |zip, name| {
            zip.with(RawEntry::new(&format!("lasso/{name}"), b"x"))
        });
        let inspection = inspected(&names_of(&names).build());
        if let Some(package) = inspection.package {
            for entry in package.entries {
                let inside = entry.name.strip_prefix("lasso/").unwrap().trim_end_matches('/').to_owned();
                prop_assert!(inside.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':'])) || entry.name == "lasso/");
            }
        }
    }

    #[test]
    fn any_licence(
        said in "\\PC{0,120}|[\\x00-\\x7f]{0,120}|(gpl|mit|v|[0-9.]{1,4}|or|later|and|with|[()+/ ]|é){0,20}",
        file in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..300),
            "(SPDX-License-Identifier:|GNU General Public License|version|[0-9]|[.+ \n]|licence|ß){0,40}".prop_map(String::into_bytes),
        ],
        changes in prop::collection::vec(change(), 0..6),
    ) {
        let text = include_bytes!("../../LICENSE").to_vec();
        for file in [file, changed(text, &changes)] {
            let header = file.clone();
            let zip = lasso().metadata_key("license", &said).file("LICENSE", file).file("__init__.py", header);
            let inspection = inspected(&zip.build());
            if let Some(license) = inspection.package.and_then(|package| package.license) {
                let again: License = license.as_str().parse().unwrap();
                prop_assert_eq!(&again, &license);
                prop_assert_eq!(License::called(license.as_str()), Some(license), "what was recognized is recognized again");
            }
        }
    }

    #[test]
    fn any_icon(bytes in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "<svg[ a-z=\"#:<>/&;!\\[\\]-]{0,60}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..100).prop_map(|tail| [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &tail].concat()),
        prop::collection::vec(any::<u8>(), 0..100).prop_map(|tail| [&b"GIF89a"[..], &tail].concat()),
        prop::collection::vec(any::<u8>(), 0..100).prop_map(|tail| [&b"\xff\xd8\xff\xe0"[..], &tail].concat()),
        prop::collection::vec(any::<u8>(), 0..100).prop_map(|tail| [&b"RIFF\x40\0\0\0WEBPVP8X"[..], &tail].concat()),
    ]) {
        let inspection = inspected(&lasso().file("icon.svg", bytes).build());
        prop_assert!(inspection.package.is_some(), "an icon is never an error");
    }
}

/// Archives made to keep a reader busy. Each is judged in well under a second in a release build; the test only has to end.
#[test]
fn hostile_archives_take_no_more_than_their_share() {
    let deep = RawZip {
        entries: (0..100).map(|i| RawEntry::new(&format!("{i:03}/{}x", "a/".repeat(30_000)), b"")).collect(),
        ..RawZip::default()
    };
    assert!(inspected(&deep.build()).findings.iter().any(|finding| finding.code == FindingCode::PathTooLong));

    let many = RawZip {
        entries: (0..10_000).map(|i| RawEntry::new(&format!("lasso/{i}?"), b"")).collect(),
        ..RawZip::default()
    };
    assert_eq!(inspected(&many.build()).findings.len(), PackageLimits::default().findings_max + 1);

    let bomb = lasso().file("zeros", vec![0; 50_000_000]).build();
    let codes: Vec<_> = inspected(&bomb).findings.into_iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [FindingCode::RatioTooHigh]);
}

/// Every entry of the directory names the same bytes: small to send, large to unpack.
#[test]
fn entries_on_the_same_bytes_are_refused() {
    let mut zip = RawZip::plugin("lasso", &PackageBuilder::new("lasso").metadata());
    for i in 0..50 {
        zip = zip.with(RawEntry::new(&format!("lasso/{i:02}"), &[0; 1000]));
    }
    let mut bytes = zip.build();
    let locals: Vec<usize> =
        bytes.windows(8).enumerate().filter(|(_, w)| *w == b"lasso/07").map(|(at, _)| at - 30).collect();
    let central: Vec<usize> =
        bytes.windows(8).enumerate().filter(|(_, w)| *w == b"lasso/08").map(|(at, _)| at - 46).collect();
    let offset = u32::try_from(locals[0]).unwrap();
    bytes[central[1] + 42..central[1] + 46].copy_from_slice(&offset.to_le_bytes());
    let codes: Vec<_> = inspected(&bytes).findings.into_iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [FindingCode::HeadersInconsistent]);
}

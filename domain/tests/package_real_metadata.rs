//! Packages around metadata files: the made ones, and real ones where the folder with them is at hand.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cairn_domain::package::testing::PackageBuilder;
use cairn_domain::package::{FindingCode, PackageLimits, Profile, Severity, inspect};
use serde_json::Value;

/// A text as Details keeps it, for what can be compared: trimmed, and none when empty.
fn kept(general: &Value, key: &str) -> Option<String> {
    let text = general[key].as_str()?.trim();
    // Shown as QGIS shows it, which reads with interpolation.
    let pairs_only = !text.replace("%%", "").contains('%');
    let text = if pairs_only { text.replace("%%", "%") } else { text.to_owned() };
    Some(text).filter(|text| !text.is_empty())
}

#[test]
fn packages_around_made_metadata_are_refused_where_qgis_could_not_read_it() {
    for line in include_str!("fixtures/python_cases.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let name = case["name"].as_str().unwrap();
        let hex = case["hex"].as_str().unwrap();
        let digits = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
        let metadata: Vec<u8> = digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
        let zip = PackageBuilder::new("made").raw_metadata(metadata).build();
        let findings = inspect(&zip, &Profile::minimal(), &PackageLimits::default()).findings;
        let unreadable = findings.iter().any(|finding| {
            let code = finding.code.as_str();
            finding.severity == Severity::Error
                && (code.starts_with("metadata_") || code.starts_with("duplicate_"))
                && finding.code != FindingCode::MetadataNotUtf8
        });
        let refused = case["refused_by_strict"].as_bool().unwrap() || case["general"].is_null();
        assert_eq!(unreadable, refused, "{name}: {findings:?}");
    }
}

#[test]
fn packages_around_real_metadata_are_taken_or_refused_with_reason() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus"));
    let Ok(golden) = std::fs::read_to_string(folder.join("golden.jsonl")) else { return };
    let (mut taken, mut taken_official, mut readable) = (0, 0, 0);
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, line) in golden.lines().enumerate() {
        let record: Value = serde_json::from_str(line).unwrap();
        let name = record["file"].as_str().unwrap();
        let metadata = std::fs::read(folder.join("metadata").join(name)).unwrap();
        let zip = PackageBuilder::new(&format!("real_{index}")).raw_metadata(metadata).build();
        let limits = PackageLimits::default();
        let minimal = inspect(&zip, &Profile::minimal(), &limits);
        taken_official += usize::from(inspect(&zip, &Profile::official(), &limits).package.is_some());
        for finding in &minimal.findings {
            let error = finding.severity == Severity::Error;
            *reasons.entry(finding.code.as_str()).or_default() += usize::from(error);
            assert!(error == (finding.code.severity() == Severity::Error), "{name}");
        }
        let has = |code| minimal.findings.iter().any(|finding| finding.code == code);
        let ok = record["ok"].as_bool().unwrap();
        readable += usize::from(ok);
        // What Python cannot read is refused, and what it reads strictly has no finding of its grammar.
        assert!(ok || minimal.package.is_none(), "{name}");
        let grammar = has(FindingCode::MetadataBadLine)
            || has(FindingCode::MetadataNoSection)
            || has(FindingCode::DuplicateKey)
            || has(FindingCode::DuplicateSection);
        assert_eq!(grammar, !record["strict_error"].is_null(), "{name}: {:?}", minimal.findings);
        if let Some(package) = minimal.package {
            taken += 1;
            let general = &record["general_cased"];
            let details = package.details;
            assert_eq!(kept(general, "name").as_deref(), Some(details.name.as_str()), "{name}");
            assert_eq!(kept(general, "description"), details.description, "{name}");
            assert_eq!(kept(general, "about"), details.about, "{name}");
            let changelog = kept(general, "changelog").unwrap_or_default();
            assert!(changelog.starts_with(package.changelog.as_deref().unwrap_or_default()), "{name}");
        }
    }
    reasons.retain(|_, count| *count > 0);
    eprintln!(
        "{taken} of {readable} readable files are taken (official profile: {taken_official}); refused for {reasons:?}"
    );
    assert!(taken > readable * 3 / 4, "{taken} of {readable}: {reasons:?}");
}

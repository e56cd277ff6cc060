//! Every finding has a package that shows it, and every limit is tried at its edge and one past it.

#[path = "fixtures/raw_zip.rs"]
mod raw_zip;

use std::collections::BTreeSet;
use std::io::Cursor;

use cairn_domain::package::testing::PackageBuilder;
use cairn_domain::package::{
    ABOUT_BYTES_MAX, AUTHOR_CHARS_MAX, CATEGORY_CHARS_MAX, CHANGELOG_BYTES_MAX, DEPENDENCIES_BYTES_MAX,
    DESCRIPTION_BYTES_MAX, DESCRIPTION_CHARS_MAX, EMAIL_BYTES_MAX, FindingCode as Code, Inspection,
    NAME_CHARS_MAX, PackageLimits, Profile, Severity, TAGS_MAX, inspect,
};
use raw_zip::{RawEntry, RawZip};

fn lasso() -> PackageBuilder {
    PackageBuilder::new("lasso")
}

fn key(key: &str, value: &str) -> Vec<u8> {
    lasso().metadata_key(key, value).build()
}

/// The package of [`lasso`], byte by byte.
fn raw() -> RawZip {
    RawZip::plugin("lasso", &lasso().metadata())
}

/// A package whose icon has these bytes.
fn icon(bytes: &[u8]) -> Vec<u8> {
    lasso().metadata_key("icon", "./icon.png").file("icon.png", bytes).build()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image::GrayImage::new(width, height)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a picture can be written to memory");
    bytes.into_inner()
}

/// A small zip with tight limits, so that their edges can be reached.
fn small() -> PackageLimits {
    PackageLimits {
        entries_max: 8,
        unpacked_bytes_max: 40_000,
        entry_bytes_max: 30_000,
        ratio_free_bytes: 20_000,
        ratio_max: 20,
        findings_max: 10,
        icon_bytes_max: 400,
        icon_pixels_max: 256,
        ..PackageLimits::default()
    }
}

fn official(zip: &[u8]) -> Inspection {
    inspect(zip, &Profile::official(), &PackageLimits::default())
}

fn codes(inspection: &Inspection) -> Vec<Code> {
    inspection.findings.iter().map(|finding| finding.code).collect()
}

fn entry(name: &str) -> Vec<u8> {
    raw().with(RawEntry::new(name, b"x")).build()
}

/// A package for each code, judged by the official profile and limits, with all it must give.
#[expect(
    clippy::too_many_lines,
    reason = "one line for each finding; splitting the table would hide what is missing"
)]
fn cases() -> Vec<(Vec<Code>, Vec<u8>)> {
    let raw_entry = |change: fn(&mut RawEntry)| {
        let mut entry = RawEntry::new("lasso/a.bin", b"abc");
        change(&mut entry);
        raw().with(entry).build()
    };
    let meta = |text: &str| lasso().raw_metadata([&lasso().metadata()[..], text.as_bytes()].concat()).build();
    let plain = |text: &[u8]| lasso().raw_metadata(text).build();
    vec![
        (vec![Code::PackageTooLarge], vec![b'x'; PackageLimits::default().size_bytes_max + 1]),
        (vec![Code::NotAZip], b"hello".to_vec()),
        (vec![Code::NotAZip], Vec::new()),
        (vec![Code::NotAZip], RawZip { count: Some(4), ..raw() }.build()),
        (vec![Code::NotAZip], RawZip { count: Some(2), ..raw() }.build()),
        (vec![Code::SurroundedZip], RawZip { before: b"#!/bin/sh\n".to_vec(), ..raw() }.build()),
        (vec![Code::SurroundedZip], RawZip { between: b"x".to_vec(), ..raw() }.build()),
        (vec![Code::SurroundedZip], RawZip { after: b"x".to_vec(), ..raw() }.build()),
        (vec![Code::SurroundedZip], RawZip { disk: 1, ..raw() }.build()),
        (vec![Code::SurroundedZip], [raw().build(), raw().build()].concat()),
        (vec![Code::SurroundedZip], RawZip { comment: raw().build(), ..raw() }.build()),
        (vec![Code::Zip64], RawZip { count: Some(u16::MAX), ..raw() }.build()),
        (vec![Code::Zip64], RawZip { between: [&b"PK\x06\x07"[..], &[0; 16]].concat(), ..raw() }.build()),
        (vec![Code::TooManyEntries], RawZip { count: Some(10_001), ..raw() }.build()),
        (
            vec![Code::HeadersInconsistent],
            raw_entry(|entry| entry.local_name = Some(b"lasso/b.bin".to_vec())),
        ),
        (vec![Code::HeadersInconsistent], hidden_entry()),
        (
            vec![Code::HeadersInconsistent],
            raw_entry(|entry| entry.central_extra = unicode_path("lasso/evil.py")),
        ),
        (vec![Code::EntryNameNotUtf8], raw_entry(|entry| entry.name = b"lasso/gr\xf6sse.txt".to_vec())),
        (
            vec![Code::EntryNameNotUtf8],
            raw_entry(|entry| {
                entry.name = "lasso/größe.txt".into();
                entry.flags = 0;
            }),
        ),
        (vec![Code::EntryNameEmpty, Code::SeveralFolders], entry("")),
        (vec![Code::AbsolutePath, Code::SeveralFolders], entry("/etc/passwd")),
        (vec![Code::DriveInPath, Code::SeveralFolders], entry("C:/a.txt")),
        (vec![Code::BackslashInPath], entry("lasso/a\\b.txt")),
        (vec![Code::PathTraversal], entry("lasso/../b.txt")),
        (vec![Code::UncleanPath], entry("lasso//b.txt")),
        (vec![Code::ForbiddenCharacter], entry("lasso/what?.txt")),
        (vec![Code::TrailingDotOrBlank], entry("lasso/b.txt ")),
        (vec![Code::WindowsDeviceName], entry("lasso/aux.py")),
        (vec![Code::PathTooLong], entry(&format!("lasso/{}", "x".repeat(250)))),
        (vec![Code::PathTooDeep], entry(&format!("lasso/{}x", "a/".repeat(31)))),
        (vec![Code::CompiledPython], entry("lasso/plugin.pyc")),
        (vec![Code::ForbiddenFolder], entry("lasso/.git/config")),
        (vec![Code::ForbiddenFolder, Code::SeveralFolders], entry("__MACOSX/lasso")),
        (vec![Code::ForbiddenFolder], entry("lasso/__pycache__/a.txt")),
        (vec![Code::DuplicateEntry, Code::HeadersInconsistent], entry("lasso/LICENSE")),
        (vec![Code::NamesDifferByCaseOnly], entry("lasso/license")),
        (
            vec![Code::FileAndFolder],
            raw().with(RawEntry::new("lasso/a", b"x")).with(RawEntry::new("lasso/A/b", b"x")).build(),
        ),
        (vec![Code::SymbolicLink], raw_entry(|entry| entry.mode = 0o120_777)),
        (vec![Code::SpecialFile], raw_entry(|entry| entry.mode = 0o020_666)),
        (vec![Code::SpecialFile], raw_entry(|entry| entry.mode = 0o140_666)),
        (vec![Code::EncryptedEntry], raw_entry(|entry| entry.flags |= 1)),
        (vec![Code::CompressionNotSupported], raw_entry(|entry| entry.method = 12)),
        (
            vec![Code::EntryTooLarge, Code::RatioTooHigh],
            raw_entry(|entry| entry.declared_size = Some(100_000_001)),
        ),
        (vec![Code::EntryDamaged], raw_entry(|entry| entry.crc = Some(1))),
        (vec![Code::EntryDamaged], raw_entry(|entry| entry.method = 8)),
        (
            vec![Code::NoFolder],
            RawZip { entries: vec![RawEntry::new("plugin.py", b"")], ..RawZip::default() }.build(),
        ),
        (vec![Code::NoFolder], RawZip::default().build()),
        (vec![Code::SeveralFolders], entry("other/a.txt")),
        (vec![Code::SeveralFolders], entry("README.md")),
        (vec![Code::FolderNameInvalid], PackageBuilder::new("1lasso").build()),
        (vec![Code::FolderNameInvalid], PackageBuilder::new("l").build()),
        (vec![Code::FolderNotIdentifier], PackageBuilder::new("lasso-tool").build()),
        (vec![Code::InitMissing], lasso().without_file("__init__.py").build()),
        (vec![Code::LicenseMissing], lasso().without_file("LICENSE").file("LICENSE.txt", "GPL").build()),
        (
            vec![Code::MetadataMissing],
            RawZip { entries: raw().entries[1..].to_vec(), ..RawZip::default() }.build(),
        ),
        (vec![Code::MetadataTooLarge], plain(&vec![b'#'; PackageLimits::default().metadata_bytes_max + 1])),
        (vec![Code::MetadataNoSection], plain(b"name=x\n[general]\nname=y\n")),
        (vec![Code::MetadataBadLine], meta("hello\n")),
        (vec![Code::MetadataNoGeneral], plain(b"[other]\nname=x\n")),
        (vec![Code::DuplicateKey], meta("NAME=x\n")),
        (vec![Code::DuplicateSection], meta("[general]\n")),
        (vec![Code::MetadataNotUtf8], plain(&[&lasso().metadata()[..], b"category=\xe9\n"].concat())),
        (vec![Code::ByteOrderMark], plain(&[b"\xef\xbb\xbf", &lasso().metadata()[..]].concat())),
        (vec![Code::BarePercent], key("changelog", "100% better")),
        (vec![Code::OddLineBreak], key("changelog", "one\u{2028}two")),
        (vec![Code::ControlCharacters], key("changelog", "one\u{1}two")),
        (vec![Code::KeyMissing], lasso().without_key("tracker").build()),
        (
            vec![Code::KeyMissing],
            lasso().without_key("qgisMinimumVersion").metadata_key("qgisminimumversion", "3.4").build(),
        ),
        (vec![Code::KeyEmpty], key("about", "")),
        (vec![Code::KeyEmpty, Code::ControlCharacters], key("about", "\u{1}")),
        (vec![Code::KeyDeprecated], key("supportsQt6", "True")),
        (vec![Code::NameInvalid], key("name", "two\nlines")),
        (vec![Code::VersionInvalid], key("version", "1/2")),
        (vec![Code::VersionHasWords], key("version", "version 1.2")),
        (vec![Code::QgisMinimumInvalid], key("qgisMinimumVersion", "any")),
        (vec![Code::QgisMinimumInvalid], key("qgisMinimumVersion", "3.100")),
        (vec![Code::QgisMaximumInvalid], key("qgisMaximumVersion", "3.4.5.6")),
        (vec![Code::QgisRangeEmpty], key("qgisMaximumVersion", "3.2")),
        (vec![Code::QgisMinimumAncient], key("qgisMinimumVersion", "1.7")),
        (vec![Code::AuthorInvalid], key("author", "Ann / Bob")),
        (vec![Code::EmailInvalid], key("email", "ann at example.org")),
        (vec![Code::EmailInvalid], key("email", "ann@example.org, bob")),
        (vec![Code::LinkInvalid], key("tracker", "http://bugs")),
        (vec![Code::LinkInvalid], key("repository", "https  ://example.org")),
        (vec![Code::LinkDropped], key("homepage", "http://homepage")),
        (vec![Code::TextTruncated], key("about", &"x".repeat(ABOUT_BYTES_MAX + 1))),
        (vec![Code::ValueTooLong], key("plugin_dependencies", &"x".repeat(DEPENDENCIES_BYTES_MAX + 1))),
        (vec![Code::TagsDropped], key("tags", &"x".repeat(65))),
        (vec![Code::BooleanUnclear], key("experimental", "on")),
        (vec![Code::IconMissing], key("icon", "icon.png")),
        (vec![Code::IconMissing], key("icon", "../icon.png")),
        (vec![Code::IconTooLarge], icon(&vec![b' '; PackageLimits::default().icon_bytes_max + 1])),
        (vec![Code::IconTooLarge], icon(&png(4_096, 1_025))),
        (vec![Code::IconInvalid], icon(b"not a picture")),
        (vec![Code::IconInvalid], icon(&png(8, 8)[..20])),
        (vec![Code::IconInvalid], icon(b"BM\0\0\0\0\0\0\0\0\0\0\0\0")),
        (vec![Code::IconUnsafe], icon(b"<svg onload=\"alert(1)\"/>")),
    ]
}

/// A local entry that the directory does not name, between the last one that it does and the directory.
fn hidden_entry() -> Vec<u8> {
    let hidden = RawZip { entries: vec![RawEntry::new("lasso/evil.py", b"x")], ..RawZip::default() }.build();
    let mut bytes = raw().build();
    let directory = bytes.windows(4).position(|four| four == b"PK\x01\x02").expect("a zip has a directory");
    let local =
        &hidden[..hidden.windows(4).position(|four| four == b"PK\x01\x02").expect("a zip has a directory")];
    bytes.splice(directory..directory, local.iter().copied());
    let end = bytes.len() - 22;
    let moved = u32::try_from(directory + local.len()).expect("the zip is small");
    bytes[end + 16..end + 20].copy_from_slice(&moved.to_le_bytes());
    bytes
}

/// The extra field 0x7075 that gives an entry another name.
fn unicode_path(name: &str) -> Vec<u8> {
    let mut field = vec![0x75, 0x70];
    field.extend(u16::try_from(name.len() + 5).expect("the name is short").to_le_bytes());
    field.push(1);
    field.extend(raw_zip::crc32(b"lasso/a.bin").to_le_bytes());
    field.extend(name.as_bytes());
    field
}

#[test]
fn each_finding_has_a_package_that_shows_it_and_nothing_else() {
    let mut shown: BTreeSet<Code> = BTreeSet::new();
    for (wanted, zip) in cases() {
        let inspection = official(&zip);
        assert_eq!(codes(&inspection), wanted, "{:?}", inspection.findings);
        let refused = wanted.iter().any(|code| code.severity() == Severity::Error);
        assert_eq!(inspection.package.is_none(), refused, "{wanted:?}");
        for finding in &inspection.findings {
            assert_eq!(finding.severity, finding.code.severity());
            assert!(!finding.message.is_empty() && !finding.mend.is_empty());
        }
        shown.extend(wanted);
    }
    // These need limits or a profile of their own and are shown below.
    shown.extend([Code::MoreFindings, Code::UnpackedTooLarge, Code::RatioTooHigh, Code::EmailDropped]);
    let missing: Vec<_> = Code::ALL.iter().filter(|code| !shown.contains(code)).collect();
    assert!(missing.is_empty(), "no package shows {missing:?}");
}

#[test]
fn a_complete_package_has_no_findings_and_all_its_facts() {
    let zip = lasso()
        .version("1.2.0")
        .metadata_key("tags", "Vector, editing,,vector")
        .metadata_key("email", "ann@example.org,bob@example.org")
        .metadata_key("homepage", "https://example.org")
        .metadata_key("changelog", "1.2.0\n- more\n\n1.1.0\n- less")
        .metadata_key("experimental", "Yes")
        .metadata_key("server", "1")
        .metadata_key("deprecated", "false")
        .metadata_key("hasProcessingProvider", "yes")
        .metadata_key("category", "Vector")
        .metadata_key("plugin_dependencies", "Other Plugin==1.0")
        .metadata_key("external_deps", "requests>=2")
        .metadata_key("qgisMaximumVersion", "")
        .metadata_key("icon", "./img/icon.png")
        .file("img/icon.png", png(16, 16))
        .build();
    let inspection = official(&zip);
    assert_eq!(inspection.findings, []);
    let package = inspection.package.unwrap();
    assert_eq!(package.package_name.as_str(), "lasso");
    assert_eq!(package.version.as_str(), "1.2.0");
    assert_eq!(package.size_bytes, zip.len() as u64);
    assert_eq!(package.compat.to_string(), "3.4 to 3.99");
    assert_eq!(package.changelog.as_deref(), Some("1.2.0\n- more\n\n1.1.0\n- less"));
    assert!(package.experimental && package.details.server && package.details.has_processing_provider);
    assert!(!package.details.deprecated);
    let tags: Vec<&str> = package.details.tags.iter().map(cairn_domain::names::Tag::as_str).collect();
    assert_eq!(tags, ["vector", "editing"]);
    assert_eq!(package.details.email.as_deref(), Some("ann@example.org, bob@example.org"));
    assert_eq!(package.details.about.as_deref(), Some("What lasso does, at length.\nIn two lines."));
    let icon = package.icon.unwrap();
    assert_eq!((icon.media_type, icon.extension), ("image/png", "png"));
    let names: Vec<&str> = package.entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["lasso/metadata.txt", "lasso/__init__.py", "lasso/LICENSE", "lasso/img/icon.png"]);
}

/// The licence that is told of a package, whatever else is found in it.
fn license(zip: &PackageBuilder) -> Option<String> {
    let inspection = inspect(&zip.build(), &Profile::minimal(), &PackageLimits::default());
    inspection.package.expect("the package is good").license.map(String::from)
}

#[test]
fn a_licence_is_told_by_metadata_then_by_its_text_then_by_the_source() {
    const GPL_2: &str = include_str!("../../LICENSE");
    let header = "# under the terms of the GNU General Public License, version 2 of the License, or any later version\n";
    let bare = || lasso().without_file("LICENSE");
    let told = |zip: PackageBuilder| license(&zip).unwrap_or_default();
    assert_eq!(license(&bare()), None);
    assert_eq!(told(bare().file("LICENSE", GPL_2)), "GPL-2.0");
    assert_eq!(told(bare().file("__init__.py", header)), "GPL-2.0-or-later");
    assert_eq!(told(bare().file("__init__.py", header).file("LICENSE", GPL_2)), "GPL-2.0-or-later");
    assert_eq!(told(bare().metadata_key("license", "GPLv3+").file("LICENSE", GPL_2)), "GPL-3.0-or-later");
    assert_eq!(
        told(bare().metadata_key("Licence", "gpl v2").file("__init__.py", header)),
        "GPL-2.0-or-later"
    );
    assert_eq!(
        told(bare().metadata_key("license", "GPL").file("LICENSE", GPL_2)),
        "GPL-2.0",
        "which GPL, the text says"
    );
    assert_eq!(told(bare().metadata_key("license", "Ask me")), "Ask me");
    assert_eq!(license(&bare().metadata_key("license", &"long ".repeat(30))), None);
}

#[test]
fn a_licence_file_is_found_by_its_usual_names_in_the_plugins_folder() {
    let bare = || lasso().without_file("LICENSE");
    for name in ["LICENSE", "LICENSE.txt", "licence.md", "COPYING", "Copying.rst", "UNLICENSE"] {
        assert_eq!(license(&bare().file(name, "MIT License")).as_deref(), Some("MIT"), "{name}");
    }
    for name in ["LICENSE.py", "LICENSES", "NOTICE", "lib/LICENSE"] {
        assert_eq!(license(&bare().file(name, "MIT License")), None, "{name}");
    }
    let both = bare().file("COPYING", "GPLv3").file("COPYING.LESSER", "LGPLv3");
    assert_eq!(license(&both).as_deref(), Some("LGPL-3.0"));
    let untold = bare().file("LICENSE", "all of it").file("LICENSE.txt", "ISC License");
    assert_eq!(license(&untold).as_deref(), Some("ISC"), "what tells nothing is passed over");
}

#[test]
fn no_more_of_a_licence_file_is_looked_at_than_a_licence_has() {
    use cairn_domain::license::LICENSE_FILE_BYTES_MAX;
    let tag = "SPDX-License-Identifier: MIT";
    let file = |blanks: usize| format!("{}{tag}", " ".repeat(blanks));
    let at_the_end = file(LICENSE_FILE_BYTES_MAX - tag.len());
    assert_eq!(license(&lasso().file("LICENSE", at_the_end)).as_deref(), Some("MIT"));
    let past_it = file(LICENSE_FILE_BYTES_MAX - tag.len() + 1);
    assert_eq!(license(&lasso().file("LICENSE", past_it)), None);
}

#[test]
fn all_findings_come_at_once() {
    let zip = lasso()
        .without_file("LICENSE")
        .without_key("tracker")
        .version("1/2")
        .metadata_key("qgisMinimumVersion", "x")
        .metadata_key("email", "nobody")
        .metadata_key("icon", "none.png")
        .entry("lasso/../evil.py", "x")
        .build();
    let wanted = [
        Code::PathTraversal,
        Code::LicenseMissing,
        Code::KeyMissing,
        Code::EmailInvalid,
        Code::VersionInvalid,
        Code::QgisMinimumInvalid,
        Code::IconMissing,
    ];
    assert_eq!(codes(&official(&zip)), wanted);
}

#[test]
fn findings_say_where() {
    let inspection = official(&key("version", "1/2"));
    let place = &inspection.findings[0].place;
    assert_eq!(place.entry.as_deref(), Some("lasso/metadata.txt"));
    assert_eq!((place.line, place.key.as_deref()), (Some(4), Some("version")));
    let json = serde_json::to_value(&inspection.findings[0]).unwrap();
    assert_eq!(json["code"], "version_invalid");
    assert_eq!(json["severity"], "error");
    assert_eq!(json["place"]["line"], 4);
}

#[test]
fn the_minimal_profile_asks_for_four_keys() {
    let text = "[general]\nname=Lasso\ndescription=d\nversion=1\nqgisMinimumVersion=3\nemail=nobody\ntracker=http://bugs\n";
    let zip = lasso().raw_metadata(text).without_file("LICENSE").build();
    let inspection = inspect(&zip, &Profile::minimal(), &PackageLimits::default());
    assert_eq!(codes(&inspection), [Code::EmailDropped, Code::LinkDropped]);
    let details = inspection.package.unwrap().details;
    assert_eq!((details.email, details.tracker, details.about), (None, None, None));
    let missing = codes(&official(&zip)).into_iter().filter(|code| *code == Code::KeyMissing).count();
    assert_eq!(missing, 3, "author, about, repository");
    let bare = lasso().raw_metadata("[general]\n").build();
    let missing = codes(&inspect(&bare, &Profile::minimal(), &PackageLimits::default()));
    assert_eq!(missing, [Code::KeyMissing; 4]);
}

#[test]
fn the_lists_of_a_profile_can_be_changed() {
    let profile: Profile = serde_json::from_value(serde_json::json!({
        "required_keys": ["licence"],
        "license_names": ["LICENSE", "COPYING"],
        "forbidden_extensions": [".exe"],
        "deprecated_keys": ["category"],
    }))
    .unwrap();
    let judge = |zip: PackageBuilder| codes(&inspect(&zip.build(), &profile, &PackageLimits::default()));
    let good = lasso().metadata_key("licence", "GPL").without_file("LICENSE").file("COPYING", "GPL");
    assert_eq!(judge(good.clone()), []);
    assert_eq!(judge(good.clone().without_key("licence")), [Code::KeyMissing]);
    assert_eq!(judge(good.clone().without_key("name")), [Code::KeyMissing]);
    assert_eq!(judge(good.clone().without_file("COPYING")), [Code::LicenseMissing]);
    assert_eq!(judge(good.clone().file("a.EXE", "")), [Code::CompiledPython]);
    assert_eq!(judge(good.clone().file("a.pyc", "")), []);
    assert_eq!(judge(good.metadata_key("category", "x")), [Code::KeyDeprecated]);
    assert!(serde_json::from_str::<Profile>("{\"required\": []}").is_err(), "a typo is told");
}

#[test]
fn the_archive_has_limits() {
    let judge = |zip: Vec<u8>, limits: &PackageLimits| codes(&inspect(&zip, &Profile::official(), limits));
    let zip = lasso().build();
    let exact = PackageLimits { size_bytes_max: zip.len(), ..small() };
    assert_eq!(judge(zip.clone(), &exact), []);
    assert_eq!(
        judge(zip.clone(), &PackageLimits { size_bytes_max: zip.len() - 1, ..small() }),
        [Code::PackageTooLarge]
    );
    assert_eq!(judge(zip.clone(), &PackageLimits { entries_max: 3, ..small() }), []);
    assert_eq!(judge(zip, &PackageLimits { entries_max: 2, ..small() }), [Code::TooManyEntries]);

    let filled = |bytes: usize| lasso().file("a.bin", vec![0; bytes]).stored().build();
    assert_eq!(judge(filled(30_000), &small()), []);
    assert_eq!(judge(filled(30_001), &small()), [Code::EntryTooLarge]);

    let rest: u64 = official(&lasso().build()).package.unwrap().entries.iter().map(|entry| entry.size).sum();
    let unpacked = rest + 20_000;
    assert_eq!(judge(filled(20_000), &PackageLimits { unpacked_bytes_max: unpacked, ..small() }), []);
    let less = PackageLimits { unpacked_bytes_max: unpacked - 1, ..small() };
    assert_eq!(judge(filled(20_000), &less), [Code::UnpackedTooLarge]);

    let squeezed = lasso().file("a.bin", vec![0; 29_000]).build();
    let times = (rest + 29_000).div_ceil(squeezed.len() as u64);
    assert_eq!(judge(squeezed.clone(), &PackageLimits { ratio_max: times, ..small() }), []);
    let low = PackageLimits { ratio_max: times - 1, ..small() };
    assert_eq!(judge(squeezed.clone(), &low), [Code::RatioTooHigh]);
    let free = PackageLimits { ratio_free_bytes: rest + 29_000, ..low };
    assert_eq!(judge(squeezed, &free), []);
}

#[test]
fn an_icon_has_limits() {
    let judge = |zip: Vec<u8>| codes(&inspect(&zip, &Profile::official(), &small()));
    assert_eq!(judge(icon(&png(16, 16))), []);
    assert_eq!(judge(icon(&png(1, 257))), [Code::IconTooLarge]);
    let drawing = |bytes: usize| format!("<svg>{}</svg>", " ".repeat(bytes - 11)).into_bytes();
    assert_eq!(judge(icon(&drawing(400))), []);
    assert_eq!(judge(icon(&drawing(401))), [Code::IconTooLarge]);
}

#[test]
fn findings_beyond_the_limit_are_counted() {
    let many = |count: usize| {
        let mut zip = raw();
        for i in 0..count {
            zip = zip.with(RawEntry::new(&format!("lasso/a{i}?"), b""));
        }
        inspect(&zip.build(), &Profile::official(), &PackageLimits { entries_max: 100, ..small() })
    };
    assert_eq!(codes(&many(10)), [Code::ForbiddenCharacter; 10]);
    let cut = many(12);
    assert_eq!(cut.findings.len(), 11);
    assert_eq!(cut.findings[10].code, Code::MoreFindings);
    assert_eq!(cut.findings[10].message, "2 more findings are not listed");
}

#[test]
fn an_error_is_told_even_after_too_many_warnings() {
    let limits = PackageLimits { findings_max: 1, ..PackageLimits::default() };
    let zip = PackageBuilder::new("lasso-tool").metadata_key("supportsQt6", "1").version("1/2").build();
    let inspection = inspect(&zip, &Profile::official(), &limits);
    assert_eq!(codes(&inspection), [Code::FolderNotIdentifier, Code::VersionInvalid, Code::MoreFindings]);
    assert!(inspection.package.is_none());
}

#[test]
fn texts_are_kept_to_their_length() {
    let kept = |name: &str, value: &str| {
        let inspection = official(&key(name, value));
        (codes(&inspection), inspection.package)
    };
    for (name, max, cut) in [
        ("description", DESCRIPTION_CHARS_MAX, Code::TextTruncated),
        ("about", ABOUT_BYTES_MAX, Code::TextTruncated),
        ("changelog", CHANGELOG_BYTES_MAX, Code::TextTruncated),
        ("author", AUTHOR_CHARS_MAX, Code::TextTruncated),
        ("category", CATEGORY_CHARS_MAX, Code::TextTruncated),
        ("name", NAME_CHARS_MAX, Code::NameInvalid),
        ("plugin_dependencies", DEPENDENCIES_BYTES_MAX, Code::ValueTooLong),
        ("external_deps", DEPENDENCIES_BYTES_MAX, Code::ValueTooLong),
    ] {
        assert_eq!(kept(name, &"x".repeat(max)).0, [], "{name}");
        assert_eq!(kept(name, &"x".repeat(max + 1)).0, [cut], "{name}");
    }
    let (_, package) = kept("about", &format!("x{}", "é".repeat(ABOUT_BYTES_MAX / 2)));
    assert_eq!(
        package.unwrap().details.about.unwrap().len(),
        ABOUT_BYTES_MAX - 1,
        "no character is cut in two"
    );
    let (codes_of_wide, package) = kept("description", &"𝒳".repeat(DESCRIPTION_CHARS_MAX));
    assert_eq!(codes_of_wide, [Code::TextTruncated]);
    assert_eq!(package.unwrap().details.description.unwrap().len(), DESCRIPTION_BYTES_MAX);

    let address = "a@example.org, ";
    let emails = |bytes: usize| {
        let list = address.repeat(bytes / address.len() - 1);
        let end = format!("{}@example.org", "b".repeat(bytes - list.len() - 12));
        list + &end
    };
    assert_eq!(kept("email", &emails(EMAIL_BYTES_MAX)).0, []);
    assert_eq!(kept("email", &emails(EMAIL_BYTES_MAX + 1)).0, [Code::EmailInvalid]);

    let tags = |count: usize| (0..count).map(|i| format!("tag{i}")).collect::<Vec<_>>().join(",");
    assert_eq!(kept("tags", &tags(TAGS_MAX)).0, []);
    let (many, package) = kept("tags", &tags(TAGS_MAX + 1));
    assert_eq!(many, [Code::TagsDropped]);
    assert_eq!(package.unwrap().details.tags.len(), TAGS_MAX);
    assert_eq!(kept("tags", &"x".repeat(64)).0, []);
}

#[test]
fn metadata_without_a_readable_entry_is_still_a_finding() {
    let mut zip = raw();
    zip.entries[0].flags |= 1;
    assert_eq!(codes(&official(&zip.build())), [Code::EncryptedEntry]);
    let mut zip = raw();
    zip.entries[0].crc = Some(7);
    assert_eq!(codes(&official(&zip.build())), [Code::EntryDamaged]);
}

#[test]
fn a_zip_may_have_a_comment_and_folder_entries() {
    let zip = RawZip { comment: b"3b1f0e".to_vec(), ..raw().with(RawEntry::new("lasso/img/", b"")) }.build();
    assert_eq!(codes(&official(&zip)), []);
}

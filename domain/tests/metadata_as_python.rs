//! metadata.txt is read as Python's configparser reads it: made cases, real files, and what Python would write.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cairn_domain::package::{Document, MetadataFault, NoteKind, PackageLimits, read};
use proptest::prelude::*;
use serde_json::Value;

fn read_default(bytes: &[u8]) -> Result<Document, MetadataFault> {
    read(bytes, &PackageLimits::default())
}

/// What Python read, with the order of keys.
fn expected(general: &Value) -> Option<Vec<(String, String)>> {
    let object = general.as_object()?;
    Some(
        object
            .iter()
            .map(|(key, value)| (key.clone(), value.as_str().expect("values are texts").to_owned()))
            .collect(),
    )
}

fn sorted(mut list: Vec<(String, String)>) -> Vec<(String, String)> {
    list.sort();
    list
}

fn has(document: &Document, kind: NoteKind) -> bool {
    document.notes.iter().any(|note| note.kind == kind)
}

/// The lower-cased keys with a note that QGIS cannot show them.
fn not_shown(document: &Document) -> Vec<String> {
    let notes = document.notes.iter().filter(|note| note.kind == NoteKind::BarePercent);
    let mut keys: Vec<String> =
        notes.map(|note| note.key.as_ref().expect("the note names its key").to_lowercase()).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("hex is ASCII"));
    digits.map(|pair| u8::from_str_radix(pair, 16).expect("two hexadecimal digits")).collect()
}

#[test]
fn made_cases_are_read_as_python_reads_them() {
    let lines: Vec<&str> = include_str!("fixtures/python_cases.jsonl").lines().collect();
    assert!(lines.len() > 60);
    for line in lines {
        let case: Value = serde_json::from_str(line).unwrap();
        let name = case["name"].as_str().unwrap();
        let read = read_default(&bytes_of(case["hex"].as_str().unwrap()));
        let general = read.as_ref().ok().map(|document| sorted(document.general.clone()));
        assert_eq!(general, expected(&case["general"]).map(sorted), "{name}");
        let refused = case["refused_by_strict"].as_bool().unwrap();
        match &read {
            Ok(document) => {
                let duplicate =
                    has(document, NoteKind::DuplicateKey) || has(document, NoteKind::DuplicateSection);
                assert_eq!(duplicate, refused, "{name}");
                let percent: Vec<&str> = case["no_interpolation"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|key| key.as_str().unwrap())
                    .collect();
                assert_eq!(not_shown(document), percent, "{name}");
            }
            Err(fault) => {
                let no_general = fault.notes.iter().any(|note| note.kind == NoteKind::NoGeneral);
                assert!(refused || no_general, "{name}");
            }
        }
    }
}

/// Real files of plugins, where the folder with them is at hand; the made cases cover each of their features.
#[test]
fn real_files_are_read_as_python_reads_them() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus"));
    let Ok(golden) = std::fs::read_to_string(folder.join("golden.jsonl")) else { return };
    let mut count = 0;
    for line in golden.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let name = record["file"].as_str().unwrap();
        let bytes = std::fs::read(folder.join("metadata").join(name)).unwrap();
        let read = read_default(&bytes);
        let general = read.as_ref().ok().map(|document| document.general.clone());
        // serde_json sorts the keys of a map; their order has a test of its own.
        assert_eq!(general.map(sorted), expected(&record["general_cased"]).map(sorted), "{name}");
        if let Ok(document) = &read {
            assert!(record["ok"].as_bool().unwrap(), "{name}");
            assert_eq!(has(document, NoteKind::ByteOrderMark), record["bom"].as_bool().unwrap(), "{name}");
            assert_eq!(has(document, NoteKind::NotUtf8), record["encoding"] != "utf-8", "{name}");
            let duplicate =
                has(document, NoteKind::DuplicateKey) || has(document, NoteKind::DuplicateSection);
            assert_eq!(duplicate, !record["strict_error"].is_null(), "{name}");
            let percent: Vec<&String> = record["interpolation_errors"].as_object().unwrap().keys().collect();
            assert_eq!(not_shown(document).iter().collect::<Vec<_>>(), percent, "{name}");
        }
        count += 1;
    }
    assert!(count > 400, "only {count} records");
    eprintln!("{count} real files are read as Python reads them");
}

#[test]
fn keys_keep_the_order_of_the_file_with_defaults_first() {
    let document = read_default(b"[general]\nz=1\n[DEFAULT]\nd=1\na=2\n[general]\ny=2\na=3\nz=4\n").unwrap();
    let pairs: Vec<(&str, &str)> = document.general.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(pairs, [("d", "1"), ("a", "3"), ("z", "4"), ("y", "2")]);
    assert_eq!(document.get("a"), Some("3"));
    assert_eq!(document.get("A"), None);
}

#[test]
fn notes_name_the_line() {
    let text = "[general]\nname=x\n# comment\nname=y\nabout=5 %\n[general]\ncategory=a\x0bb\n";
    let document = read_default(text.as_bytes()).unwrap();
    let notes: Vec<_> =
        document.notes.iter().map(|note| (note.kind, note.line, note.key.as_deref())).collect();
    assert_eq!(
        notes,
        [
            (NoteKind::OddLineBreak, Some(7), None),
            (NoteKind::DuplicateKey, Some(4), Some("name")),
            (NoteKind::DuplicateSection, Some(6), None),
            (NoteKind::BarePercent, Some(5), Some("about")),
        ]
    );
    assert_eq!(document.line_of("category"), Some(7));
    let fault = read_default(b"[general]\nname=x\nhello\n=y\nname=z\n").unwrap_err();
    let notes: Vec<_> = fault.notes.iter().map(|note| (note.kind, note.line)).collect();
    assert_eq!(
        notes,
        [(NoteKind::BadLine, Some(3)), (NoteKind::BadLine, Some(4)), (NoteKind::DuplicateKey, Some(5))]
    );
    assert_eq!(fault.to_string(), "metadata.txt, line 3: `hello` has neither `=` nor `:` (and 1 more)");
    assert_eq!(read_default(b"").unwrap_err().to_string(), "metadata.txt: there is no [general] section");
    let fault = read_default(b"[general]\nname=x\nabout=gr\xf6sse\n").unwrap();
    assert_eq!((fault.notes[0].kind, fault.notes[0].line), (NoteKind::NotUtf8, Some(3)));
}

#[test]
fn a_file_has_a_length() {
    let limits = PackageLimits { metadata_bytes_max: 20, ..PackageLimits::default() };
    assert!(read(b"[general]\nname=12345", &limits).is_ok());
    let fault = read(b"[general]\nname=123456", &limits).unwrap_err();
    assert_eq!(fault.notes[0].kind, NoteKind::TooLarge);
}

#[test]
fn hostile_files_take_no_more_than_their_share() {
    let max = PackageLimits::default().metadata_bytes_max;
    let fill = |head: String, line: &str| {
        let lines = (max - head.len()) / line.len();
        head + &line.repeat(lines)
    };
    let numbered: String = (0..max / 14).map(|i| format!("k{i:06}=%%\n")).collect::<Vec<_>>().concat();
    for text in [
        fill(String::new(), "x\n"),
        fill("[general]\n".to_owned(), "x\n"),
        fill("[general]\n".to_owned(), "=\n"),
        fill("[general]\n".to_owned(), "a=\n"),
        fill("[general]\nabout=\n".to_owned(), "\n"),
        fill("[general]\n".to_owned(), "[general]\n"),
        fill(format!("[{}]\n", "s".repeat(max / 2)), "a=\n"),
        fill(format!("[general]\n{}=\n", "k".repeat(max / 2)), " a\n"),
        fill("[general]\nabout=".to_owned(), "\x0bx\n "),
        fill("[general]\na=%(b)s\nb=".to_owned(), "%(a)s"),
        format!("[DEFAULT]\n{numbered}[general]\n"),
        fill("[general]\n".to_owned(), "["),
    ] {
        if let Ok(document) = read_default(text.as_bytes()) {
            assert!(document.notes.len() <= 201);
            let length: usize = document.general.iter().map(|(key, value)| key.len() + value.len()).sum();
            assert!(length <= max);
        }
    }
}

/// A value as Python's `write()` and hand both can bring it into a file: trimmed lines, the last not blank.
fn value() -> impl Strategy<Value = String> {
    let line = "[^\\s\\x1c-\\x1f#;]([^\\r\\n\\x1c-\\x1f]{0,30}[^\\s\\x1c-\\x1f])?";
    (prop::option::of(line), prop::collection::vec(prop_oneof![Just(String::new()), line], 0..4), line)
        .prop_map(|(first, middle, last)| match first {
            None => String::new(),
            Some(first) if middle.is_empty() => first,
            Some(first) => [vec![first], middle, vec![last]].concat().join("\n"),
        })
}

proptest! {
    #[test]
    fn what_python_writes_is_read_back(
        pairs in prop::collection::btree_map("[a-zA-Z\"'\\\\.ä-ö][a-zA-Z0-9 \\[\\]\"'\\\\%#;ß]{0,12}[a-zA-Z\"'\\\\\\]]", value(), 0..8),
        crlf in any::<bool>(),
        separator in prop_oneof![Just("="), Just(" = "), Just(": "), Just("\t:")],
    ) {
        let mut text = String::from("[general]\n");
        for (key, value) in &pairs {
            // Python writes the lines of a value after the first with a tab.
            text.push_str(&format!("{key}{separator}{}\n", value.replace('\n', "\n\t")));
        }
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let document = read_default(text.as_bytes()).unwrap();
        let read: BTreeMap<String, String> = document.general.into_iter().collect();
        prop_assert_eq!(read, pairs);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_default(&bytes);
    }

    #[test]
    fn any_lines_are_read_or_refused(lines in prop::collection::vec("[ \\t]{0,2}[\\[\\]=:;#%()a-bs\\\\\"'\\x1c\\r]{0,6}", 0..12)) {
        let text = format!("[general]\n{}", lines.join("\n"));
        if let Ok(document) = read_default(text.as_bytes()) {
            for (key, value) in &document.general {
                prop_assert_eq!(document.get(key), Some(value.as_str()));
            }
        }
    }
}

//! Golden events: what was once stored can be read for ever.
//!
//! `tests/golden` holds one file per kind and schema version, `<Kind>.<schema>.json`, and further ones with a word
//! before `.json` where one payload cannot show every shape. A file has the stream's name and, on a line of its own,
//! the exact bytes of the payload. Files are never changed: `UPDATE=1 cargo test -p cairn-domain` writes missing
//! ones only.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the answer")]

mod examples;
mod file;
mod people;
mod plugins;
mod privacy;

use cairn_domain::event::{Event, EventMeta, Stream};
use examples::examples;
use file::{Golden, all, path, update};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The files that this program writes when they are missing.
fn written_today() -> Vec<Golden> {
    examples().into_iter().map(|example| Golden::of(&example.stream, &example.event, example.shape)).collect()
}

/// Writes what is missing, once before any file is read, if it was asked for.
static MISSING_WRITTEN: LazyLock<()> = LazyLock::new(|| {
    for golden in written_today().iter().filter(|golden| update() && !path(&golden.name()).exists()) {
        std::fs::write(path(&golden.name()), golden.text()).unwrap();
    }
});

#[test]
fn every_kind_and_schema_has_its_file() {
    let files: BTreeSet<(String, u16)> =
        all().into_iter().map(|golden| (golden.kind, golden.schema)).collect();
    for (kind, today) in Event::KINDS {
        for schema in 1..=*today {
            let there = files.contains(&(String::from(*kind), schema));
            assert!(there, "no golden file of {kind} schema {schema}: UPDATE=1 cargo test, and commit it");
        }
    }
    for (kind, schema) in files {
        let known = Event::KINDS.iter().any(|(of, today)| *of == kind && (1..=*today).contains(&schema));
        assert!(known, "{kind} schema {schema} has a golden file and no place in Event::KINDS");
    }
}

#[test]
fn what_was_stored_is_read_and_would_be_stored_the_same_today() {
    for golden in all() {
        let (name, kind) = (golden.name(), golden.kind.as_str());
        let event = Event::decode(kind, golden.schema, golden.payload.as_bytes()).expect(&name);
        assert_eq!(event.kind(), kind, "{name}");
        assert_eq!(Stream::parse(&golden.stream).expect(&name).to_string(), golden.stream, "{name}");
        if golden.schema == event.schema() {
            let again = String::from_utf8(event.encode()).unwrap();
            assert_eq!(
                again, golden.payload,
                "{name}: the bytes of a stored kind changed; they need a new schema version"
            );
        }
    }
}

#[test]
fn the_files_are_what_they_say() {
    for golden in written_today() {
        let stored = Golden::read(&golden.name());
        assert_eq!(stored.stream, golden.stream, "{}", golden.name());
        assert_eq!(stored.payload, golden.payload, "{}", golden.name());
    }
}

/// A field that no file fills could change its shape unnoticed.
#[test]
fn every_field_is_filled_somewhere() {
    for (kind, schema) in Event::KINDS {
        let plain = Golden::read(&format!("{kind}.{schema}.json"));
        let value: serde_json::Value = serde_json::from_str(&plain.payload).unwrap();
        assert_filled(kind, &value);
    }
}

fn assert_filled(at: &str, value: &serde_json::Value) {
    match value {
        serde_json::Value::Null => panic!("{at} is null"),
        serde_json::Value::Bool(truth) => assert!(truth, "{at} is false, as a missing one would be read"),
        serde_json::Value::Number(number) => assert_ne!(number.as_u64(), Some(0), "{at} is 0"),
        serde_json::Value::String(text) => assert!(!text.is_empty(), "{at} is empty"),
        serde_json::Value::Array(items) => {
            assert!(!items.is_empty(), "{at} is empty");
            for item in items {
                assert_filled(at, item);
            }
        }
        serde_json::Value::Object(fields) => {
            for (field, value) in fields {
                assert_filled(&format!("{at}.{field}"), value);
            }
        }
    }
}

#[test]
fn metadata_is_golden_too() {
    let expected = [
        r#"{"actor":{"as":"anonymous"},"command":"00000000-0000-4000-8000-0000000000c0"}"#,
        r#"{"actor":{"as":"account","account":"00000000-0000-4000-8000-00000000000a"},"command":"00000000-0000-4000-8000-0000000000c0"}"#,
        r#"{"actor":{"as":"token","token":"00000000-0000-4000-8000-000000000070","account":"00000000-0000-4000-8000-00000000000a"},"command":"00000000-0000-4000-8000-0000000000c0"}"#,
        r#"{"actor":{"as":"operator"},"command":"00000000-0000-4000-8000-0000000000c0"}"#,
    ];
    for (actor, stored) in examples::actors().into_iter().zip(expected) {
        let meta = EventMeta { actor, command: examples::COMMAND };
        assert_eq!(serde_json::to_string(&meta).unwrap(), stored);
        assert_eq!(serde_json::from_str::<EventMeta>(stored).unwrap(), meta);
    }
}

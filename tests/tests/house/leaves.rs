//! The leaf hash of each golden event, as a transparency log over the registry would have it. Lines are only ever added.

use crate::tree::top;
use cairn_store::{Recorded, from_us, leaf_hash, registry_leaf};
use std::collections::BTreeMap;
use std::fmt::Write;
use uuid::Uuid;

/// Where the hashes are.
pub(crate) const PATH: &str = "domain/tests/golden/leaves.txt";

/// What stands in every leaf beside the golden stream, kind, schema and payload.
const POSITION: u64 = 7;
const RECORDED_AT_US: i64 = 1_763_640_000_000_123;
const EVENT_ID: Uuid = Uuid::from_u128(0x0193_493f_4a7b_7c3d_8e21_5f6a_7b8c_9d0e);
const VERSION: u32 = 3;
const METADATA: &[u8] = br#"{"actor":{"as":"operator"},"command":"00000000-0000-4000-8000-0000000000c0"}"#;

/// What the file says: the hashes that it holds already, and those of new golden events.
pub(crate) fn page() -> String {
    let mut known = known();
    for (name, hash) in made() {
        let before = known.entry(name.clone()).or_insert_with(|| hash.clone());
        assert_eq!(*before, hash, "the leaf of {name} changed; leaves never do");
    }
    known.iter().fold(String::new(), |mut page, (name, hash)| {
        writeln!(page, "{hash}  {name}").expect("a string takes everything");
        page
    })
}

fn known() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(top().join(PATH)).unwrap_or_default();
    let lines = text.lines().map(|line| line.split_once("  ").expect("a line is a hash and a name"));
    lines.map(|(hash, name)| (name.to_owned(), hash.to_owned())).collect()
}

fn made() -> BTreeMap<String, String> {
    let folder = std::fs::read_dir(top().join("domain/tests/golden")).unwrap();
    let paths = folder.map(|entry| entry.unwrap().path());
    let golden = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    golden
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            (name.to_owned(), hash(name, &std::fs::read_to_string(&path).unwrap()))
        })
        .collect()
}

/// The payload is the fourth line of a golden file, byte for byte.
fn hash(name: &str, text: &str) -> String {
    let mut words = name.split('.');
    let golden: serde_json::Value = serde_json::from_str(text).unwrap();
    let event = Recorded {
        position: POSITION,
        recorded_at: from_us(RECORDED_AT_US).unwrap(),
        event_id: EVENT_ID,
        stream: golden["stream"].as_str().unwrap().into(),
        version: VERSION,
        kind: words.next().unwrap().into(),
        schema: words.next().unwrap().parse().unwrap(),
        payload: text.lines().nth(3).unwrap().into(),
        metadata: METADATA.into(),
    };
    leaf_hash(&registry_leaf(&event)).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a string takes everything");
        hex
    })
}

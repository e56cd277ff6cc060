//! A golden file: the stream's name and the exact bytes of a payload, and all of it JSON.

use cairn_domain::event::{Event, Stream};
use std::path::PathBuf;
use std::sync::LazyLock;

/// What stands before the payload's line, around the stream's name; and after it.
const BEFORE: (&str, &str) = ("{\n\"stream\": \"", "\",\n\"payload\":\n");
const AFTER: &str = "\n}\n";

/// One golden event.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Golden {
    pub(crate) kind: String,
    pub(crate) schema: u16,
    /// The word for a further shape of the same kind and schema.
    pub(crate) shape: Option<String>,
    pub(crate) stream: String,
    pub(crate) payload: String,
}

impl Golden {
    pub(crate) fn of(stream: &Stream, event: &Event, shape: Option<&str>) -> Self {
        Self {
            kind: event.kind().into(),
            schema: event.schema(),
            shape: shape.map(Into::into),
            stream: stream.to_string(),
            payload: String::from_utf8(event.encode()).expect("JSON is UTF-8"),
        }
    }

    pub(crate) fn name(&self) -> String {
        let shape = self.shape.as_ref().map(|shape| format!(".{shape}")).unwrap_or_default();
        format!("{}.{}{shape}.json", self.kind, self.schema)
    }

    pub(crate) fn text(&self) -> String {
        format!("{}{}{}{}{AFTER}", BEFORE.0, self.stream, BEFORE.1, self.payload)
    }

    pub(crate) fn read(name: &str) -> Self {
        LazyLock::force(&crate::MISSING_WRITTEN);
        let text = std::fs::read_to_string(path(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        Self::parse(name, &text).unwrap_or_else(|| panic!("{name} is not in the shape of a golden file"))
    }

    fn parse(name: &str, text: &str) -> Option<Self> {
        let mut words = name.strip_suffix(".json")?.splitn(3, '.');
        let (kind, schema, shape) = (words.next()?, words.next()?.parse().ok()?, words.next());
        let (stream, rest) = text.strip_prefix(BEFORE.0)?.split_once(BEFORE.1)?;
        let payload = rest.strip_suffix(AFTER)?;
        let (kind, shape) = (kind.into(), shape.map(Into::into));
        Some(Self { kind, schema, shape, stream: stream.into(), payload: payload.into() })
    }
}

/// Every golden file there is, by name.
pub(crate) fn all() -> Vec<Golden> {
    LazyLock::force(&crate::MISSING_WRITTEN);
    let folder = std::fs::read_dir(path("")).expect("the folder of golden events is there");
    let paths = folder.map(|file| file.expect("it can be listed").path());
    let golden = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let mut names: Vec<String> =
        golden.map(|path| path.file_name().expect("it is a file").to_string_lossy().into_owned()).collect();
    names.sort();
    names.iter().map(|name| Golden::read(name)).collect()
}

pub(crate) fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "golden", name].iter().collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the switch to write generated files is for people who run the tests"
)]
pub(crate) fn update() -> bool {
    std::env::var_os("UPDATE").is_some()
}

#[test]
fn a_golden_file_is_json_and_reads_back() {
    for golden in all() {
        assert_eq!(Golden::parse(&golden.name(), &golden.text()).as_ref(), Some(&golden));
        let value: serde_json::Value = serde_json::from_str(&golden.text()).unwrap();
        assert_eq!(value["stream"], golden.stream);
        assert_eq!(value["payload"], serde_json::from_str::<serde_json::Value>(&golden.payload).unwrap());
    }
}

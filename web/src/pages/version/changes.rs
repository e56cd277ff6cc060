//! What differs from the version before, as the page shows it.

use crate::documents::version_page::VersionPagePluginVersionChanges as Told;
use crate::frame::Frame;
use crate::text::{Bytes, Count};

/// The most files of a sort that are named.
const FILES_SHOWN: usize = 40;

/// The longest text that is shown of a value, in characters.
const VALUE_CHARS_MAX: usize = 400;

/// What differs from another version.
#[derive(Debug, Clone)]
pub(super) struct Changes {
    pub(super) base: String,
    pub(super) href: String,
    pub(super) values: Vec<Value>,
    pub(super) files: Vec<Files>,
}

/// Something that has another value now.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) name: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

/// Files of one sort: those that came, went or changed.
#[derive(Debug, Clone)]
pub(super) struct Files {
    pub(super) heading: String,
    pub(super) named: Vec<(String, String)>,
    /// How many more there are.
    pub(super) more: u64,
}

impl Changes {
    pub(super) fn of(frame: &Frame, package: &str, told: Told) -> Self {
        let mut values = Vec::new();
        let mut put = |name: &str, before: String, after: String| {
            values.push(Value { name: name.to_owned(), before: Some(before), after: Some(after) });
        };
        if let Some(change) = told.qgis_min {
            put("First QGIS version", change.before, change.after);
        }
        if let Some(change) = told.qgis_max {
            put("Last QGIS version", change.before, change.after);
        }
        if told.experimental_changed {
            put("Channel", "the other".to_owned(), "this one".to_owned());
        }
        let sizes = [told.size_bytes_before, told.size_bytes].map(|size| Bytes(size).to_string());
        if sizes[0] != sizes[1] {
            let [before, after] = sizes;
            put("Size of the zip", before, after);
        }
        let metadata = told.metadata.into_iter().filter(|change| !told_elsewhere(&change.key));
        values.extend(metadata.map(|change| Value {
            name: change.key,
            before: change.before.as_deref().map(short),
            after: change.after.as_deref().map(short),
        }));
        let files = told.files;
        let plain = |path: String, size: u64| (path, Bytes(size).to_string());
        let sorts = [
            sort("added", files.added_count, files.added.into_iter().map(|it| plain(it.path, it.size_bytes))),
            sort(
                "removed",
                files.removed_count,
                files.removed.into_iter().map(|it| plain(it.path, it.size_bytes)),
            ),
            sort(
                "changed",
                files.changed_count,
                files.changed.into_iter().map(|it| {
                    let sizes = if it.size_bytes == it.size_bytes_before {
                        Bytes(it.size_bytes).to_string()
                    } else {
                        format!("{} → {}", Bytes(it.size_bytes_before), Bytes(it.size_bytes))
                    };
                    (it.path, sizes)
                }),
            ),
        ];
        Self {
            href: frame.version(package, &told.base.number),
            base: told.base.number,
            values,
            files: sorts.into_iter().filter(|files| !files.named.is_empty()).collect(),
        }
    }

    /// Whether both have the same in them.
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.files.is_empty()
    }
}

fn sort(what: &str, count: u64, files: impl Iterator<Item = (String, String)>) -> Files {
    let named: Vec<(String, String)> = files.take(FILES_SHOWN).collect();
    let heading = format!("{} {what}", Count(count).of("file"));
    Files { heading, more: count.saturating_sub(named.len() as u64), named }
}

/// Keys whose values stand at the head of the page, or in lines of their own here.
fn told_elsewhere(key: &str) -> bool {
    ["version", "changelog", "qgisminimumversion", "qgismaximumversion"]
        .contains(&key.to_ascii_lowercase().as_str())
}

/// The beginning of a long text.
pub(super) fn short(text: &str) -> String {
    match text.char_indices().nth(VALUE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_past_those_that_are_named_are_counted() {
        let files = |n: usize| (0..n).map(|n| (format!("f{n}"), "1 B".to_owned()));
        let all = sort("added", FILES_SHOWN as u64, files(FILES_SHOWN));
        assert_eq!((all.named.len(), all.more), (FILES_SHOWN, 0));
        let more = sort("added", FILES_SHOWN as u64 + 1, files(FILES_SHOWN + 1));
        assert_eq!((more.named.len(), more.more), (FILES_SHOWN, 1));
        assert_eq!(sort("changed", 1, files(1)).heading, "1 file changed");
    }

    #[test]
    fn a_long_value_is_cut() {
        assert_eq!(short(&"ä".repeat(VALUE_CHARS_MAX)).chars().count(), VALUE_CHARS_MAX);
        assert_eq!(short(&"ä".repeat(VALUE_CHARS_MAX + 1)).chars().count(), VALUE_CHARS_MAX + 1);
        assert!(short(&"ä".repeat(VALUE_CHARS_MAX + 1)).ends_with('…'));
    }
}

//! The line rules of Python's `configparser`, which QGIS and every tool of plugin authors read metadata.txt with.
//!
//! rust-ini has other rules (58 % of real files come out the same), so the lines are read here and rust-ini gets a
//! canonical text; see `metadata.rs`. The rules are those of `RawConfigParser(strict=False)` with `optionxform = str`:
//! `=` and `:` separate, `#` and `;` begin comments on lines of their own only, deeper indentation continues a value,
//! blank lines inside a value belong to it, a later key or section of the same name adds to or replaces the earlier.

use std::collections::HashMap;

use super::notes::{NoteKind, Notes};

/// One key of a section with its value joined from its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) key: String,
    pub(super) value: String,
    /// The line of the key, from 1; of the last one where the key is repeated, as that one's value counts.
    pub(super) line: u32,
}

/// A section in the order of first appearance of its keys.
#[derive(Debug, Default)]
pub(super) struct Section {
    pub(super) items: Vec<Item>,
    index: HashMap<String, usize>,
    /// Keys in lower case with their line, as QGIS's own strict reader counts them.
    seen: HashMap<String, u32>,
}

/// What the lines say. `[DEFAULT]` comes first; it is not a section of its own, its keys stand in every other one.
#[derive(Debug)]
pub(super) struct Sections {
    list: Vec<Section>,
    index: HashMap<String, usize>,
}

const DEFAULTS: usize = 0;

impl Sections {
    pub(super) fn defaults(&self) -> &Section {
        &self.list[DEFAULTS]
    }

    pub(super) fn get(&self, name: &str) -> Option<&Section> {
        self.index.get(name).filter(|at| **at != DEFAULTS).map(|at| &self.list[*at])
    }

    fn new() -> Self {
        Self { list: vec![Section::default()], index: HashMap::from([("DEFAULT".to_owned(), DEFAULTS)]) }
    }
}

impl Section {
    /// Begins a value, over an earlier one of the same key; tells where the item is.
    fn set(&mut self, key: &str, value: &str, line: u32) -> usize {
        if let Some(&at) = self.index.get(key) {
            self.items[at] = Item { key: key.to_owned(), value: value.to_owned(), line };
            return at;
        }
        self.index.insert(key.to_owned(), self.items.len());
        self.items.push(Item { key: key.to_owned(), value: value.to_owned(), line });
        self.items.len() - 1
    }
}

/// Where the reader stands between two lines. Names are kept as places: copying a long one for each line would let a small
/// file fill the memory.
#[derive(Default)]
struct Cursor {
    section: Option<usize>,
    /// The item that a deeper line continues; none right after a section header.
    item: Option<usize>,
    indent: usize,
}

/// Reads `text`; every rule that is broken is a note with its line, and what can be read is read.
pub(super) fn read(text: &str, notes: &mut Notes) -> Sections {
    let mut sections = Sections::new();
    let mut cursor = Cursor::default();
    for (index, line) in text.split('\n').enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        read_line(line, number, &mut cursor, &mut sections, notes);
    }
    for item in sections.list.iter_mut().flat_map(|section| &mut section.items) {
        item.value.truncate(trim_end(&item.value).len());
    }
    sections
}

fn read_line(line: &str, number: u32, cursor: &mut Cursor, sections: &mut Sections, notes: &mut Notes) {
    let content = trim(line);
    if content.starts_with(['#', ';']) {
        return;
    }
    let indent = line.chars().take_while(|c| is_space(*c)).count();
    if let (Some(section), Some(item)) = (cursor.section, cursor.item)
        && (content.is_empty() || indent > cursor.indent)
    {
        let value = &mut sections.list[section].items[item].value;
        value.push('\n');
        value.push_str(content);
        return;
    }
    if content.is_empty() {
        return;
    }
    cursor.indent = indent;
    if let Some(name) = header(content) {
        open_section(name, number, cursor, sections, notes);
    } else if let Some(section) = cursor.section {
        read_option(content, number, cursor, &mut sections.list[section], notes);
    } else {
        notes.add_once(NoteKind::NoSection, number, content);
    }
}

/// The name in a header: all from the first bracket to the *last* closing one, whatever follows it.
fn header(content: &str) -> Option<&str> {
    let rest = content.strip_prefix('[')?;
    rest.rfind(']').filter(|end| *end > 0).map(|end| &rest[..end])
}

fn open_section(name: &str, number: u32, cursor: &mut Cursor, sections: &mut Sections, notes: &mut Notes) {
    let at = match sections.index.get(name) {
        Some(&DEFAULTS) => DEFAULTS,
        Some(&at) => {
            let text = format!("the section [{}] stands there twice", short(name));
            notes.add(NoteKind::DuplicateSection, number, None, text);
            at
        }
        None => {
            sections.index.insert(name.to_owned(), sections.list.len());
            sections.list.push(Section::default());
            sections.list.len() - 1
        }
    };
    *cursor = Cursor { section: Some(at), item: None, indent: cursor.indent };
}

fn read_option(content: &str, number: u32, cursor: &mut Cursor, section: &mut Section, notes: &mut Notes) {
    let Some((key, value)) = content.split_once(['=', ':']) else {
        let text = format!("`{}` has neither `=` nor `:`", short(content));
        return notes.add(NoteKind::BadLine, number, None, text);
    };
    let (key, value) = (trim_end(key), trim(value));
    if key.is_empty() {
        let text = format!("`{}` has no key before `=` or `:`", short(content));
        notes.add(NoteKind::BadLine, number, None, text);
        // Python goes on with the empty key, and no later line continues it.
        cursor.item = None;
        return;
    }
    cursor.item = Some(section.set(key, value, number));
    if let Some(first) = section.seen.insert(key.to_lowercase(), number) {
        let text = format!("the key `{}` was already given in line {first}", short(key));
        notes.add(NoteKind::DuplicateKey, number, Some(key), text);
    }
}

/// Python's idea of white space: Unicode's, and the four separators U+001C to U+001F.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// `str.strip()`.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

fn trim_end(text: &str) -> &str {
    text.trim_end_matches(is_space)
}

/// The beginning of a line or name, for a message.
pub(super) fn short(text: &str) -> String {
    const CHARS: usize = 60;
    let mut cut: String =
        text.chars().take(CHARS).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(CHARS).is_some() {
        cut.push('…');
    }
    cut
}

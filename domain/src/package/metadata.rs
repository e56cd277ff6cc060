//! metadata.txt as Python's `configparser` reads it with `strict=False`, no interpolation and keys as written.

use std::collections::HashMap;

use super::interpolation;
use super::limits::PackageLimits;
use super::notes::{MetadataFault, Note, NoteKind, Notes};
use super::python_lines::{self, Item, Sections, is_space, short};

/// What the `[general]` section says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Keys as written with their values, those of `[DEFAULT]` first, then in the order of the file. Lines of a value are
    /// joined by `\n`; each is trimmed, and the last is not blank.
    pub general: Vec<(String, String)>,
    /// What QGIS's own, stricter reader would stumble over, and what was guessed.
    pub notes: Vec<Note>,
    lines: Vec<u32>,
}

impl Document {
    /// The value of `key`, upper and lower case told apart; `name[it]` is a key like any other.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.position(key).map(|at| self.general[at].1.as_str())
    }

    /// The line that `key` stands in, from 1.
    pub fn line_of(&self, key: &str) -> Option<u32> {
        self.position(key).map(|at| self.lines[at])
    }

    fn position(&self, key: &str) -> Option<usize> {
        self.general.iter().position(|(name, _)| name == key)
    }
}

/// Reads the bytes of a metadata.txt; at most `limits.metadata_bytes_max` of them.
///
/// UTF-8, with or without a byte order mark; UTF-16 where a byte order mark says so; else Latin-1, in which every file can be
/// read. Only what Python refuses as well is a fault: text before the first section, a line that is no option, no
/// `[general]`. All else is read and noted.
pub fn read(bytes: &[u8], limits: &PackageLimits) -> Result<Document, MetadataFault> {
    let mut notes = Notes::default();
    if bytes.len() > limits.metadata_bytes_max {
        let text = format!("{} bytes; {} are allowed", bytes.len(), limits.metadata_bytes_max);
        notes.add_whole(NoteKind::TooLarge, text);
        return Err(MetadataFault { notes: notes.list });
    }
    let text = decode(bytes, &mut notes);
    note_odd_line_breaks(&text, &mut notes);
    let sections = python_lines::read(&text, &mut notes);
    let Some(items) = general(&sections) else {
        if !notes.is_fatal() {
            notes.add_whole(NoteKind::NoGeneral, "there is no [general] section".to_owned());
        }
        return Err(MetadataFault { notes: notes.list });
    };
    if notes.is_fatal() {
        return Err(MetadataFault { notes: notes.list });
    }
    let lines: Vec<u32> = items.iter().map(|item| item.line).collect();
    let general = through_ini(&items);
    for at in interpolation::refused(&general) {
        let key = &general[at].0;
        let text = format!("QGIS cannot show `{}`: a `%` in its value is not doubled", short(key));
        notes.add(NoteKind::BarePercent, lines[at], Some(key), text);
    }
    Ok(Document { general, notes: notes.list, lines })
}

fn decode(bytes: &[u8], notes: &mut Notes) -> String {
    if let Some(text) = utf16(bytes) {
        notes.add_whole(NoteKind::ByteOrderMark, "the file begins with a byte order mark".to_owned());
        notes.add_whole(NoteKind::NotUtf8, "the file is UTF-16".to_owned());
        return text;
    }
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if body.len() < bytes.len() {
        notes.add_whole(NoteKind::ByteOrderMark, "the file begins with a byte order mark".to_owned());
    }
    match std::str::from_utf8(body) {
        Ok(text) => text.to_owned(),
        Err(fault) => {
            let line = body[..fault.valid_up_to()].split(|byte| *byte == b'\n').count();
            let text = "the bytes are not UTF-8; they were read as Latin-1".to_owned();
            notes.add(NoteKind::NotUtf8, u32::try_from(line).unwrap_or(u32::MAX), None, text);
            body.iter().map(|byte| char::from(*byte)).collect()
        }
    }
}

/// The text of well-formed UTF-16 that begins with a byte order mark.
fn utf16(bytes: &[u8]) -> Option<String> {
    let unit = match bytes.get(..2)? {
        b"\xff\xfe" => u16::from_le_bytes,
        b"\xfe\xff" => u16::from_be_bytes,
        _ => return None,
    };
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    let text: String =
        char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect::<Result<_, _>>().ok()?;
    Some(text.trim_start_matches('\u{feff}').to_owned())
}

/// QGIS opens the file through `codecs`, which ends lines at all of `str.splitlines()`; the site and most tools do not.
fn note_odd_line_breaks(text: &str, notes: &mut Notes) {
    for (index, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let odd = |c: char| {
            matches!(c, '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
        };
        // At the end of a line it is trimmed by either reader.
        if let Some(found) = line.trim_end_matches(is_space).chars().find(|c| odd(*c)) {
            let text = format!("U+{:04X} ends a line for QGIS and not for other readers", u32::from(found));
            notes.add(NoteKind::OddLineBreak, u32::try_from(index + 1).unwrap_or(u32::MAX), None, text);
        }
    }
}

/// The items of `[general]` with `[DEFAULT]` merged in as `items()` does: the defaults' keys first.
fn general(sections: &Sections) -> Option<Vec<Item>> {
    let section = sections.get("general")?;
    let mut merged = sections.defaults().items.clone();
    let defaults: HashMap<String, usize> =
        merged.iter().enumerate().map(|(at, item)| (item.key.clone(), at)).collect();
    for item in &section.items {
        match defaults.get(&item.key) {
            Some(&at) => merged[at] = item.clone(),
            None => merged.push(item.clone()),
        }
    }
    Some(merged)
}

/// Hands the items to rust-ini as canonical text, one quoted and escaped line a key, and takes back its section.
fn through_ini(items: &[Item]) -> Vec<(String, String)> {
    use std::fmt::Write as _;
    let mut canonical = String::from("[general]\n");
    for item in items {
        writeln!(canonical, "{}=\"{}\"", escape(&item.key, true), escape(&item.value, false))
            .expect("writing to a string cannot fail");
    }
    let options = ini::ParseOption { enabled_quote: true, enabled_escape: true, ..Default::default() };
    let read =
        ini::Ini::load_from_str_opt(&canonical, options).expect("canonical text is always well formed");
    let section = read.section(Some("general")).expect("the canonical text opens [general]");
    section.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// What rust-ini would take for syntax, escaped; in keys also what separates, comments or opens a section.
fn escape(text: &str, key: bool) -> String {
    let mut escaped = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            '"' if !key => escaped.push_str("\\\""),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '=' if key => escaped.push_str("\\x003d"),
            ':' if key => escaped.push_str("\\x003a"),
            '[' if key => escaped.push_str("\\x005b"),
            ']' if key => escaped.push_str("\\x005d"),
            ';' if key => escaped.push_str("\\x003b"),
            '#' if key => escaped.push_str("\\x0023"),
            _ => escaped.push(c),
        }
    }
    escaped
}

//! What a reader of metadata.txt noticed, with the line, for inspection to make findings of.

use std::fmt;

/// The kinds of things worth telling about a metadata.txt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoteKind {
    /// More bytes than the limit; nothing was read.
    TooLarge,
    /// Text before the first `[section]`; Python's MissingSectionHeaderError.
    NoSection,
    /// A line that is neither key, continuation, comment nor header; Python's ParsingError.
    BadLine,
    /// There is no `[general]` section.
    NoGeneral,
    /// A key given twice in a section, letters compared without case as QGIS does; the last one counts here.
    DuplicateKey,
    /// A section opened twice; the two are one here.
    DuplicateSection,
    /// A value that QGIS cannot show, for a `%` that is neither `%%` nor `%(key)s` of a known key.
    BarePercent,
    /// The file begins with a byte order mark.
    ByteOrderMark,
    /// The bytes are not UTF-8; they were read as Latin-1, or as UTF-16 where a byte order mark says so.
    NotUtf8,
    /// A character that QGIS takes for the end of a line and Python's text files do not.
    OddLineBreak,
}

impl NoteKind {
    /// Whether the file cannot be read at all with such a note.
    pub fn is_fatal(self) -> bool {
        matches!(self, Self::TooLarge | Self::NoSection | Self::BadLine | Self::NoGeneral)
    }
}

/// One thing noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// Where, from 1; none where it concerns the whole file.
    pub line: Option<u32>,
    /// The key it concerns, as written.
    pub key: Option<String>,
    /// A sentence without its place.
    pub text: String,
}

/// Notes in the order they were made, at most [`NOTES_MAX`] and the first fatal one.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) list: Vec<Note>,
    fatal: bool,
}

/// A file of a quarter megabyte can break a hundred thousand lines; nobody reads that many notes.
const NOTES_MAX: usize = 200;

impl Notes {
    pub(super) fn add(&mut self, kind: NoteKind, line: u32, key: Option<&str>, text: String) {
        self.push(Note { kind, line: Some(line), key: key.map(str::to_owned), text });
    }

    pub(super) fn add_whole(&mut self, kind: NoteKind, text: String) {
        self.push(Note { kind, line: None, key: None, text });
    }

    /// Only the first of its kind: the lines after it are wrong for the same reason.
    pub(super) fn add_once(&mut self, kind: NoteKind, line: u32, content: &str) {
        if !self.list.iter().any(|note| note.kind == kind) {
            let text = format!("`{}` stands before the first [section]", super::python_lines::short(content));
            self.add(kind, line, None, text);
        }
    }

    pub(super) fn is_fatal(&self) -> bool {
        self.fatal
    }

    fn push(&mut self, note: Note) {
        let first_fatal = note.kind.is_fatal() && !self.fatal;
        self.fatal |= note.kind.is_fatal();
        if first_fatal || self.list.len() < NOTES_MAX {
            self.list.push(note);
        }
    }
}

/// A metadata.txt that cannot be read; at least one note is fatal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetadataFault {
    /// All that was noticed before giving up.
    pub notes: Vec<Note>,
}

impl fmt::Display for MetadataFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fatal = self.notes.iter().filter(|note| note.kind.is_fatal());
        let Some(first) = fatal.next() else { return f.write_str("metadata.txt cannot be read") };
        match first.line {
            Some(line) => write!(f, "metadata.txt, line {line}: {}", first.text)?,
            None => write!(f, "metadata.txt: {}", first.text)?,
        }
        match fatal.count() {
            0 => Ok(()),
            more => write!(f, " (and {more} more)"),
        }
    }
}

impl std::error::Error for MetadataFault {}

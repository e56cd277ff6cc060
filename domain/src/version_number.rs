//! The number of one version of a plugin: the author's text, ordered as QGIS orders it and never as text.

mod lookup;
mod order;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use lookup::find;

/// The longest version text, in characters; the site behind plugins.qgis.org keeps 32 as well.
pub const VERSION_CHARS_MAX: usize = 32;

/// The words authors put before the number, longest first; QGIS cuts them too before it compares.
const PREFIXES: [&str; 6] = ["version", "revision", "ver", "rev", "v", "r"];

/// A version number as its author wrote it.
///
/// The text is 1 to 32 characters of `A-Z a-z 0-9 . _ + -` with at least one letter or digit, so it is one segment of a
/// URL and one part of a file name. QGIS decides on an upgrade by comparing this text with the installed one, therefore
/// it is never rewritten.
///
/// Order and equality follow PEP 440 as QGIS 3.44 does, with `trunk` of older QGIS between release candidate and release:
/// numbers count as numbers of any size, `1.0 == 1.0.0`, `1.01 == 1.1`, `v1.2 == 1.2`, letters count without case. So two
/// equal versions may have different texts; compare [`VersionNumber::as_str`] where the text matters. What PEP 440
/// cannot read is below everything it can, in natural order.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VersionNumber {
    text: Box<str>,
    key: Box<[u8]>,
}

/// Why a text is no version number, in a sentence for its author.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersionFault {
    /// Nothing but blanks, or only dots and dashes.
    #[error("the version is empty; write a number such as 1.0.0")]
    Empty,
    /// Longer than [`VERSION_CHARS_MAX`].
    #[error(
        "the version has {chars} characters and may have {VERSION_CHARS_MAX}; write a number such as 1.0.0"
    )]
    TooLong {
        /// How many characters were given.
        chars: usize,
    },
    /// A character that cannot stand in a download address.
    #[error(
        "the version contains {character:?}; use letters, digits, '.', '_', '+' and '-' only, such as 1.0.0-beta"
    )]
    Character {
        /// The first such character.
        character: char,
    },
}

impl VersionNumber {
    /// The author's text, without a leading `version ` word.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Bytes whose byte-by-byte order is the order of version numbers, and which are equal for equal versions only.
    ///
    /// Made for a BYTEA or BLOB column; at most a few bytes more than twice the text. Stored keys are compared with new ones, so the form never changes.
    pub fn sort_key(&self) -> Vec<u8> {
        self.key.to_vec()
    }
}

impl FromStr for VersionNumber {
    type Err = VersionFault;

    /// Reads what stands in `metadata.txt` after trimming; `version 1.9.1`, as many authors write, is `1.9.1`.
    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let text = without_leading_word(given.trim());
        let chars = text.chars().count();
        if chars > VERSION_CHARS_MAX {
            return Err(VersionFault::TooLong { chars });
        }
        if let Some(character) = text.chars().find(|c| !c.is_ascii_alphanumeric() && !"._+-".contains(*c)) {
            return Err(VersionFault::Character { character });
        }
        if !text.contains(|c: char| c.is_ascii_alphanumeric()) {
            return Err(VersionFault::Empty);
        }
        Ok(Self { text: text.into(), key: order::sort_key(text).into() })
    }
}

/// Cuts `version ` and its short forms when a number follows after a blank; other blanks stay and are refused.
fn without_leading_word(text: &str) -> &str {
    let Some((word, rest)) = text.split_once(char::is_whitespace) else { return text };
    let word = word.strip_suffix(['.', ':']).unwrap_or(word);
    let rest = rest.trim_start();
    let known = PREFIXES.iter().any(|prefix| prefix.eq_ignore_ascii_case(word));
    if known && rest.starts_with(|c: char| c.is_ascii_digit()) { rest } else { text }
}

impl PartialEq for VersionNumber {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for VersionNumber {}

impl PartialOrd for VersionNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for VersionNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl Hash for VersionNumber {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl fmt::Display for VersionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for VersionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VersionNumber({})", self.text)
    }
}

impl TryFrom<String> for VersionNumber {
    type Error = VersionFault;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<VersionNumber> for String {
    fn from(version: VersionNumber) -> Self {
        version.text.into()
    }
}

#[cfg(test)]
mod tests;

//! Places in a list of plugins.

use std::fmt;
use std::str::FromStr;

/// Where a page ended, or any plugin's place in a list. Shown as a text that is given back for the next page.
/// It holds for the order it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub(super) place: i64,
    pub(super) place_name: Vec<u8>,
    pub(super) plugin_id: i64,
}

/// A text that is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no cursor; give back one that came with a list, unchanged")]
pub struct BadCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.", self.plugin_id, self.place)?;
        self.place_name.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(BadCursor);
        let (plugin_id, place, name) = (part()?, part()?, part()?);
        let number = |text: &str| text.parse().map_err(|_| BadCursor);
        if !name.len().is_multiple_of(2) || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(BadCursor);
        }
        let byte = |at: usize| u8::from_str_radix(&name[at..at + 2], 16).map_err(|_| BadCursor);
        Ok(Self {
            plugin_id: number(plugin_id)?,
            place: number(place)?,
            place_name: (0..name.len()).step_by(2).map(byte).collect::<Result<_, _>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back() {
        let cursor = Cursor { place: -5, place_name: "épée".into(), plugin_id: 7 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for bad in ["", "7", "7.1", "7.1.x", "7.1.abc", "a.1.ab", "7.b.ab", "7.1.é9"] {
            assert_eq!(bad.parse::<Cursor>(), Err(BadCursor), "{bad}");
        }
    }
}

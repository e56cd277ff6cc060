//! Texts as Python's `repr` writes them. Faults have carried that form on this wire since the site was written in Python.

use std::fmt::Write;

/// `repr(text)`: single quotes unless the text has some and no double ones, and escapes for all that does not print.
pub(super) fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            _ if character == quote => out.extend(['\\', quote]),
            _ if prints(character) => out.push(character),
            _ => escape(&mut out, u32::from(character)),
        }
    }
    out.push(quote);
    out
}

fn escape(out: &mut String, code: u32) {
    let written = match code {
        0..=0xFF => write!(out, "\\x{code:02x}"),
        0x100..=0xFFFF => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
    written.expect("a String takes every write");
}

/// Whether Python prints the character itself. Rust's own debug form escapes the same Unicode categories, save that
/// it also escapes a combining mark in first place, hence the letter before it.
fn prints(character: char) -> bool {
    if character.is_ascii() {
        return (' '..='~').contains(&character);
    }
    let mut probe = [b'a', 0, 0, 0, 0];
    let length = character.encode_utf8(&mut probe[1..]).len();
    let probe = std::str::from_utf8(&probe[..=length]).expect("a letter and one encoded character");
    probe.escape_debug().nth(1) == Some(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_escapes_follow_python() {
        for (text, shown) in [
            ("", "''"),
            ("plain", "'plain'"),
            ("it's", "\"it's\""),
            ("it's \"so\"", "'it\\'s \"so\"'"),
            ("say \"so\"", "'say \"so\"'"),
            ("a\\b\n\r\t", "'a\\\\b\\n\\r\\t'"),
            ("\u{0}\u{1b}\u{7f}\u{a0}", "'\\x00\\x1b\\x7f\\xa0'"),
            ("Zürich 🗺 e\u{301}", "'Zürich 🗺 e\u{301}'"),
            ("\u{301}", "'\u{301}'"),
            ("\u{200b}\u{2028}\u{feff}\u{e0001}", "'\\u200b\\u2028\\ufeff\\U000e0001'"),
        ] {
            assert_eq!(repr(text), shown);
        }
    }
}

//! The values of metadata.txt, cleaned and held to their lengths, with a finding for each change.

use super::codes::FindingCode as Code;
use super::finding::{Findings, Place};
use super::metadata::Document;
use super::profile::Profile;
use super::python_lines::{short, trim};

/// Reads keys of a document; each key is to be read once, as its findings are told then.
pub(super) struct Values<'a> {
    pub(super) document: &'a Document,
    pub(super) profile: &'a Profile,
    /// The name of metadata.txt in the zip, for places.
    pub(super) entry: &'a str,
    pub(super) findings: &'a mut Findings,
}

impl Values<'_> {
    /// Where a key stands, or metadata.txt as a whole where it does not.
    pub(super) fn place(&self, key: &str) -> Place {
        let line = self.document.line_of(key);
        Place { line, key: Some(short(key)), ..Place::entry(self.entry) }
    }

    /// Tells which required keys are missing or empty, and which other keys mean nothing any more.
    pub(super) fn judge_keys(&mut self) {
        let (document, profile) = (self.document, self.profile);
        for key in profile.required() {
            match document.get(key) {
                None => {
                    let other = document.general.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
                    let message = match other {
                        Some((written, _)) => format!("the required key `{key}` is written `{written}`"),
                        None => format!("the required key `{key}` is missing"),
                    };
                    self.findings.add(Code::KeyMissing, self.place(key), message);
                }
                Some(value) if clean(value).is_empty() => {
                    let message = format!("the required key `{key}` has no value");
                    self.findings.add(Code::KeyEmpty, self.place(key), message);
                }
                Some(_) => {}
            }
        }
        for key in profile.deprecated_keys.iter().filter(|key| document.get(key).is_some()) {
            self.findings.add(
                Code::KeyDeprecated,
                self.place(key),
                format!("the key `{key}` is no longer used"),
            );
        }
    }

    /// The trimmed value as QGIS shows it, without characters that XML forbids; none where nothing is left.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let value = &as_shown(self.document.get(key)?);
        if value.chars().any(is_xml_forbidden) {
            let message = format!("control characters were left out of `{key}`");
            self.findings.add(Code::ControlCharacters, self.place(key), message);
        }
        Some(clean(value)).filter(|text| !text.is_empty())
    }

    /// A text that may be cut: at most so many characters and bytes, told when it was longer.
    pub(super) fn cut_text(&mut self, key: &str, chars_max: usize, bytes_max: usize) -> Option<String> {
        let mut text = self.text(key)?;
        let by_chars = text.char_indices().nth(chars_max).map_or(text.len(), |(at, _)| at);
        let end = text.floor_char_boundary(by_chars.min(bytes_max));
        if end < text.len() {
            let message = format!("`{key}` has {} bytes; the first {end} were kept", text.len());
            self.findings.add(Code::TextTruncated, self.place(key), message);
            text.truncate(end);
            text.truncate(text.trim_end().len());
        }
        Some(text)
    }

    /// A text that loses its meaning when it is cut.
    pub(super) fn whole_text(&mut self, key: &str, bytes_max: usize) -> Option<String> {
        let text = self.text(key)?;
        if text.len() > bytes_max {
            let message = format!("`{key}` has {} bytes; {bytes_max} are allowed", text.len());
            self.findings.add(Code::ValueTooLong, self.place(key), message);
            return None;
        }
        Some(text)
    }

    /// True for `true`, `yes` and `1` in any case; all else is false, as the site behind plugins.qgis.org reads it.
    pub(super) fn boolean(&mut self, key: &str) -> bool {
        let Some(text) = self.text(key) else { return false };
        match text.to_lowercase().as_str() {
            "true" | "yes" | "1" => true,
            "false" | "no" | "0" => false,
            _ => {
                let message = format!("`{key}` is `{}`, which was taken as no", short(&text));
                self.findings.add(Code::BooleanUnclear, self.place(key), message);
                false
            }
        }
    }
}

/// QGIS and the present site read metadata.txt with interpolation, so authors write `%%` for `%`. A value with a `%` of another
/// kind stays as it is.
fn as_shown(value: &str) -> String {
    let pairs_only = !value.replace("%%", "").contains('%');
    if pairs_only { value.replace("%%", "%") } else { value.to_owned() }
}

fn clean(value: &str) -> String {
    let kept: String = value.chars().filter(|c| !is_xml_forbidden(*c)).collect();
    trim(&kept).to_owned()
}

/// What XML 1.0 §2.2 excludes; one such character makes strict readers refuse a whole feed.
fn is_xml_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubled_percent_sign_is_shown_as_qgis_shows_it() {
        assert_eq!(as_shown("100 %% of a%%b"), "100 % of a%b");
        assert_eq!(as_shown("%%%%"), "%%");
        assert_eq!(as_shown("100 %"), "100 %");
        assert_eq!(as_shown("%(name)s and %%"), "%(name)s and %%");
    }
}

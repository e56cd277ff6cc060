//! Under which licence a plugin is: an SPDX expression where that can be told, else the words of its author.
//!
//! [`License::called`] understands what people write in metadata.txt, [`License::of_file`] what is in a licence file, and
//! [`License::of_header`] what stands at the head of a source file.
//!
//! The text of a GNU licence does not tell whether later versions of it may be chosen as well: every copy of it has the words "or
//! any later version" at its end, as advice to authors. So a bare `GPL-2.0` says that it is this version and nothing more, as the SPDX
//! list did before it had `GPL-2.0-only` and `GPL-2.0-or-later`. Those two are said only where metadata, a notice ahead of the text
//! or the head of the source says so.

mod spdx;
mod texts;
mod words;

pub use crate::names::License;

/// How much of a licence file is looked at, in bytes: nearly twice the longest text that is known, that of GPL-3.0.
pub const LICENSE_FILE_BYTES_MAX: usize = 65_536;

/// How much of the head of a source file is looked at, in bytes.
pub const HEADER_BYTES_MAX: usize = 8_192;

/// What announces an SPDX expression in a file.
const TAG: &str = "SPDX-License-Identifier:";

impl License {
    /// The licence that these words of an author name: `GPLv3+` is `GPL-3.0-or-later`. Words that name none are left as they are;
    /// none where they do not fit on a line.
    pub fn called(words: &str) -> Option<Self> {
        let one_line = words.split_whitespace().collect::<Vec<_>>().join(" ");
        Self::recognized(&one_line).or_else(|| one_line.parse().ok())
    }

    /// The licence that these words name, as an SPDX expression.
    fn recognized(words: &str) -> Option<Self> {
        spdx::expression(words).or_else(|| words::license(words))?.parse().ok()
    }

    /// The licence whose text, notice or name is in a licence file of these bytes.
    pub fn of_file(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(LICENSE_FILE_BYTES_MAX)]);
        tagged(&text).or_else(|| {
            let plain = words::plain(&text);
            match texts::find(&plain) {
                Some((at, id)) => {
                    let known: Self = id.parse().ok()?;
                    Some(known.made_precise(Self::of_notice(&plain[..at])))
                }
                None => Self::of_notice(&plain),
            }
        })
    }

    /// The licence that the head of a source file tells: by its SPDX line, or by the notice that GNU advises to put there.
    pub fn of_header(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(HEADER_BYTES_MAX)]);
        tagged(&text).or_else(|| {
            // In code a short word may mean anything.
            let plain = words::plain(&text);
            let notice = plain.find(" gnu ").map(|at| around(&plain, at))?;
            Self::of_notice(notice)
        })
    }

    fn of_notice(plain: &str) -> Option<Self> {
        words::license_in(plain)?.parse().ok()
    }

    /// This, or what `other` says if that is the same with `-only` or `-or-later`.
    #[must_use]
    pub fn made_precise(self, other: Option<Self>) -> Self {
        let precise = other.filter(|other| {
            let rest = other.as_str().strip_prefix(self.as_str());
            rest.is_some_and(|rest| ["-only", "-or-later"].contains(&rest))
        });
        precise.unwrap_or(self)
    }

    /// Whether it is an SPDX expression, and not just words.
    pub fn is_known(&self) -> bool {
        spdx::expression(self.as_str()).is_some()
    }

    /// The name in full, where it is one licence of the SPDX list.
    pub fn full_name(&self) -> Option<&'static str> {
        spdx::full_name(self.as_str())
    }

    /// Where its text can be read, where it is one licence of the SPDX list.
    pub fn address(&self) -> Option<String> {
        self.full_name().map(|_| format!("https://spdx.org/licenses/{self}.html"))
    }
}

/// How far from the word `gnu` a notice goes, in bytes.
const NOTICE_REACH: usize = 600;

/// The words around a place.
fn around(plain: &str, at: usize) -> &str {
    let from = plain.floor_char_boundary(at.saturating_sub(NOTICE_REACH));
    let to = plain.ceil_char_boundary((at + NOTICE_REACH).min(plain.len()));
    &plain[from..to]
}

/// What an SPDX line in the first lines of a file says.
fn tagged(text: &str) -> Option<License> {
    let line = text.lines().take(40).find_map(|line| Some(line.split_once(TAG)?.1))?;
    let said = line.trim().trim_end_matches("*/").trim_end_matches("-->").trim();
    spdx::expression(said)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GPL_2: &str = include_str!("../../LICENSE");

    fn of_file(text: &str) -> Option<String> {
        License::of_file(text.as_bytes()).map(String::from)
    }

    fn of_header(text: &str) -> Option<String> {
        License::of_header(text.as_bytes()).map(String::from)
    }

    #[test]
    fn words_that_name_no_licence_stay_as_they_are() {
        assert_eq!(License::called(" Ask\n me ").unwrap().as_str(), "Ask me");
        assert!(!License::called("Ask me").unwrap().is_known());
        assert!(License::called("GPL").is_some_and(|it| !it.is_known()));
        assert_eq!(License::called("  "), None);
        assert_eq!(License::called(&"Ask me. ".repeat(20)), None);
    }

    #[test]
    fn a_text_alone_does_not_tell_of_later_versions() {
        assert!(GPL_2.contains("any later version"));
        assert_eq!(of_file(GPL_2).as_deref(), Some("GPL-2.0"));
    }

    #[test]
    fn a_notice_ahead_of_the_text_does() {
        let notice = "This plugin is free software under the GNU General Public License, either version 2 of the License, or \
                      (at your option) any later version.";
        assert_eq!(of_file(&format!("{notice}\n\n{GPL_2}")).as_deref(), Some("GPL-2.0-or-later"));
        assert_eq!(of_file(notice).as_deref(), Some("GPL-2.0-or-later"));
        let other = "This plugin may be used under GPL version 3 or later.";
        assert_eq!(of_file(&format!("{other}\n\n{GPL_2}")).as_deref(), Some("GPL-2.0"), "the text counts");
    }

    #[test]
    fn an_spdx_line_counts_wherever_it_is_put() {
        assert_eq!(
            of_file("Copyright Ann\nSPDX-License-Identifier: mit OR gpl-2.0+\n").as_deref(),
            Some("MIT OR GPL-2.0-or-later")
        );
        assert_eq!(of_header("# SPDX-License-Identifier: EUPL-1.2\n").as_deref(), Some("EUPL-1.2"));
        assert_eq!(of_header("/* SPDX-License-Identifier: ISC */").as_deref(), Some("ISC"));
        assert_eq!(of_header("# SPDX-License-Identifier: mine\n"), None);
    }

    #[test]
    fn the_head_of_a_source_tells_by_the_notice_of_gnu_only() {
        let header = " *   This program is free software; you can redistribute it and/or modify  *\n \
                       *   it under the terms of the GNU General Public License as published by  *\n \
                       *   the Free Software Foundation; either version 2 of the License, or     *\n \
                       *   (at your option) any later version.                                   *\n";
        assert_eq!(of_header(header).as_deref(), Some("GPL-2.0-or-later"));
        assert_eq!(of_header("# Zeichnet mit QGIS; die MIT License steht anderswo"), None);
    }

    #[test]
    fn what_is_more_precise_is_taken_of_the_same_version_only() {
        let license = |text: &str| text.parse::<License>().unwrap();
        let precise = |other: &str| String::from(license("GPL-3.0").made_precise(Some(license(other))));
        assert_eq!(precise("GPL-3.0-or-later"), "GPL-3.0-or-later");
        assert_eq!(precise("GPL-3.0-only"), "GPL-3.0-only");
        for other in ["GPL-2.0-or-later", "GPL-3.0", "LGPL-3.0-or-later", "GPL-3.0-with-GCC-exception", "MIT"]
        {
            assert_eq!(precise(other), "GPL-3.0", "{other}");
        }
    }

    #[test]
    fn a_licence_of_the_list_has_a_name_and_an_address() {
        let name = |text: &str| text.parse::<License>().unwrap().full_name();
        assert_eq!(name("MIT"), Some("MIT License"));
        assert_eq!(name("GPL-2.0-or-later"), Some("GNU General Public License v2.0 or later"));
        assert_eq!(name("GPL-2.0"), Some("GNU General Public License v2.0"), "whether only, nobody said");
        assert_eq!(name("MIT OR ISC"), None);
        assert_eq!(name("Ask me"), None);
        let gpl: License = "GPL-2.0".parse().unwrap();
        assert_eq!(gpl.address().unwrap(), "https://spdx.org/licenses/GPL-2.0.html");
        let words: License = "Ask me".parse().unwrap();
        assert_eq!(words.address(), None);
    }
}

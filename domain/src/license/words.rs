//! What people call licences: `GPLv3+`, `GNU General Public License, version 2 or later`, `MIT License`, `3-clause BSD`.

/// The words of a text in lower case with one blank between and around them, numbers apart from letters, `+` a word of its own and
/// `licence` as Americans write it: ` gplv 3 + ` for `GPLv3+`.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 2);
    let mut before = Sort::Gap;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let inside_number = before == Sort::Digit && rest.peek().is_some_and(char::is_ascii_digit);
        let sort = match c {
            c if c.is_ascii_digit() => Sort::Digit,
            '.' if inside_number => Sort::Digit,
            c if c.is_alphanumeric() => Sort::Letter,
            '+' => Sort::Plus,
            _ => Sort::Gap,
        };
        if sort != Sort::Gap && (sort != before || sort == Sort::Plus) {
            plain.push(' ');
        }
        if sort != Sort::Gap {
            plain.extend(c.to_lowercase());
        }
        before = sort;
    }
    plain.push(' ');
    plain.replace("licence", "license")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Letter,
    Digit,
    Plus,
    Gap,
}

/// The licence that these words name, by its SPDX name; none where they name several or leave open which version.
pub(super) fn license(text: &str) -> Option<String> {
    license_in(&plain(text))
}

/// The longest notice, in bytes of plain words. That of GNU has 700; the terms of a licence that nobody knows here are longer, and name others
/// that they are or are not like.
pub(super) const NOTICE_BYTES_MAX: usize = 3_000;

/// The same of words that are plain already; none where they are too many for a notice.
pub(super) fn license_in(plain: &str) -> Option<String> {
    if plain.len() > NOTICE_BYTES_MAX {
        return None;
    }
    let notice = Notice(plain);
    let named = [
        notice.gnu(),
        notice.bsd(),
        notice.creative_commons(),
        notice.numbered(
            "Apache",
            &["2.0", "1.1"],
            &["apache license", "license apache"],
            &["apache", "apache v"],
        ),
        notice.numbered("MPL", &["2.0", "1.1"], &["mozilla public license", "mpl", "mplv"], &[]),
        notice.numbered(
            "EUPL",
            &["1.2", "1.1", "1.0"],
            &["european union public license", "eupl", "euplv"],
            &[],
        ),
        notice.numbered("CECILL", &["2.1", "2.0"], &["cecill"], &[]),
        notice.unnumbered("MIT", &["mit license", "license mit", "expat license"], &["mit", "expat"]),
        notice.unnumbered("ISC", &["isc license", "license isc"], &["isc"]),
        notice.unnumbered("Unlicense", &["unlicense"], &[]),
        notice.unnumbered("WTFPL", &["wtfpl"], &[]),
    ];
    let mut named = named.into_iter().flatten();
    let only = named.next().filter(|_| named.next().is_none())?;
    // A family without its version says too little.
    only.id
}

/// A family of licences that is named, and which of them if that is told.
struct Named {
    id: Option<String>,
}

/// Words as [`plain`] has them.
#[derive(Clone, Copy)]
struct Notice<'w>(&'w str);

/// Ahead of the number of a version.
const BEFORE_NUMBERS: [&str; 17] = [
    "v", "version", "ver", "license", "gpl", "gplv", "lgpl", "lgplv", "agpl", "agplv", "mpl", "mplv", "eupl",
    "euplv", "apache", "cecill", "cc",
];

/// Behind the number of a version, where later ones will do.
const LATER: [&str; 9] = [
    "or later",
    "any later",
    "or newer",
    "any newer",
    "or higher",
    "or above",
    "or greater",
    "and later",
    "later version",
];

impl Notice<'_> {
    fn has(self, words: &str) -> bool {
        self.0.contains(&format!(" {words} "))
    }

    fn is(self, words: &str) -> bool {
        self.0.trim() == words
    }

    /// The first number of a version that is one of `known`, with whether a `+` follows.
    fn version(self, known: &[&'static str]) -> Option<(&'static str, bool)> {
        let words: Vec<&str> = self.0.split_whitespace().collect();
        words.windows(2).enumerate().find_map(|(at, pair)| {
            let whole = format!("{}.0", pair[1]);
            let version = known.iter().find(|known| **known == pair[1] || **known == whole)?;
            let led = BEFORE_NUMBERS.contains(&pair[0]);
            led.then(|| (*version, words.get(at + 2) == Some(&"+")))
        })
    }

    fn gnu(self) -> Option<Named> {
        let (family, known): (_, &[&'static str]) =
            if ["affero", "agpl", "agplv"].iter().any(|it| self.has(it)) {
                ("AGPL", &["3.0"])
            } else if [
                "lesser general public license",
                "library general public license",
                "lesser gpl",
                "lgpl",
                "lgplv",
            ]
            .iter()
            .any(|it| self.has(it))
            {
                ("LGPL", &["2.0", "2.1", "3.0"])
            } else if ["general public license", "gnu public license", "gpl", "gplv"]
                .iter()
                .any(|it| self.has(it))
            {
                ("GPL", &["1.0", "2.0", "3.0"])
            } else {
                return None;
            };
        let id = self.version(known).map(|(version, plus)| {
            let later = plus || LATER.iter().any(|it| self.has(it));
            let only = self.has("only");
            let suffix = if later {
                "-or-later"
            } else if only {
                "-only"
            } else {
                ""
            };
            format!("{family}-{version}{suffix}")
        });
        Some(Named { id })
    }

    fn bsd(self) -> Option<Named> {
        let has = |words: &[&str]| words.iter().any(|it| self.has(it));
        if !has(&["bsd"]) {
            return None;
        }
        let three = has(&["3 clause", "three clause", "bsd 3", "new bsd", "modified bsd", "revised bsd"]);
        let two = has(&["2 clause", "two clause", "bsd 2", "simplified bsd", "freebsd"]);
        let id = match (two, three) {
            (true, false) => Some("BSD-2-Clause".to_owned()),
            (false, true) => Some("BSD-3-Clause".to_owned()),
            _ => None,
        };
        Some(Named { id })
    }

    /// CC0, and those of the others that software may reasonably be under.
    fn creative_commons(self) -> Option<Named> {
        let has = |words: &[&str]| words.iter().any(|it| self.has(it));
        if has(&["cc 0", "creative commons zero"]) {
            return Some(Named { id: Some("CC0-1.0".to_owned()) });
        }
        if !has(&["cc by", "creative commons"]) {
            return None;
        }
        let told = has(&["cc by", "attribution"]) && !has(&["nc", "nd", "noncommercial", "noderivatives"]);
        let alike = if has(&["sa", "sharealike", "share alike"]) { "-SA" } else { "" };
        let version = ["4.0", "3.0"].into_iter().find(|version| self.has(version));
        let id = version.filter(|_| told).map(|version| format!("CC-BY{alike}-{version}"));
        Some(Named { id })
    }

    /// A licence of which there are versions: named by some words anywhere, or by others at the beginning.
    fn numbered(
        self,
        family: &str,
        known: &[&'static str],
        anywhere: &[&str],
        first: &[&str],
    ) -> Option<Named> {
        let begins = |words: &&str| self.0.starts_with(&format!(" {words} "));
        if !anywhere.iter().any(|words| self.has(words)) && !first.iter().any(begins) {
            return None;
        }
        let id = self.version(known).map(|(version, _)| format!("{family}-{version}"));
        Some(Named { id })
    }

    /// A licence of which there is one: named by some words anywhere, or by others alone.
    fn unnumbered(self, id: &str, anywhere: &[&str], alone: &[&str]) -> Option<Named> {
        let named = anywhere.iter().any(|words| self.has(words)) || alone.iter().any(|words| self.is(words));
        named.then(|| Named { id: Some(id.to_owned()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_plain() {
        assert_eq!(plain("GPLv3+"), " gplv 3 + ");
        assert_eq!(plain("The LICENCE,\r\n (v. 2.1)."), " the license v 2.1 ");
        assert_eq!(plain("\u{feff}Île\u{a0}3.x"), " île 3 x ");
        assert_eq!(plain(""), " ");
    }

    #[test]
    fn what_people_write_is_understood() {
        for (written, expected) in [
            ("GPLv3", "GPL-3.0"),
            ("GPL v3", "GPL-3.0"),
            ("GPL3", "GPL-3.0"),
            ("GNU GPL 3.0", "GPL-3.0"),
            ("GPL-3", "GPL-3.0"),
            ("GPLv2+", "GPL-2.0-or-later"),
            ("GPLv2 or later", "GPL-2.0-or-later"),
            ("GPL (version 3 or any later version)", "GPL-3.0-or-later"),
            ("GPL version 2 only", "GPL-2.0-only"),
            ("GNU General Public License v2.0", "GPL-2.0"),
            ("GNU General Public Licence, Version 3", "GPL-3.0"),
            ("GNU Public License 3", "GPL-3.0"),
            ("LGPLv2.1", "LGPL-2.1"),
            ("GNU Lesser General Public License v3 or later", "LGPL-3.0-or-later"),
            ("AGPLv3", "AGPL-3.0"),
            ("GNU Affero General Public License v3.0", "AGPL-3.0"),
            ("MIT License", "MIT"),
            ("The MIT licence", "MIT"),
            ("Apache 2.0", "Apache-2.0"),
            ("Apache License, Version 2.0", "Apache-2.0"),
            ("BSD 3-Clause", "BSD-3-Clause"),
            ("3-clause BSD license", "BSD-3-Clause"),
            ("New BSD", "BSD-3-Clause"),
            ("Simplified BSD License", "BSD-2-Clause"),
            ("MPL 2.0", "MPL-2.0"),
            ("Mozilla Public License Version 2.0", "MPL-2.0"),
            ("EUPL v1.2", "EUPL-1.2"),
            ("European Union Public Licence 1.2", "EUPL-1.2"),
            ("CC0", "CC0-1.0"),
            ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
            ("Creative Commons Attribution 4.0 International", "CC-BY-4.0"),
            ("CeCILL v2.1", "CECILL-2.1"),
            ("The Unlicense", "Unlicense"),
            ("ISC License", "ISC"),
        ] {
            assert_eq!(license(written).as_deref(), Some(expected), "{written}");
        }
    }

    #[test]
    fn what_leaves_it_open_is_not_guessed() {
        for written in [
            "",
            "GPL",
            "LGPL",
            "BSD",
            "Apache",
            "GPL 2020",
            "GPLv4",
            "MIT License or GPLv3",
            "CC BY-NC 4.0",
            "Creative Commons",
            "free for all",
            "mit freundlichen Grüßen",
            "public domain",
        ] {
            assert_eq!(license(written), None, "{written}");
        }
    }

    #[test]
    fn a_year_is_no_version() {
        let notice = "Copyright (C) 2 March 2019 Ann. Licensed under the terms of the GNU GPL, version 3.";
        assert_eq!(license(notice).as_deref(), Some("GPL-3.0"));
    }
}

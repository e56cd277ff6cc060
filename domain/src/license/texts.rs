//! Licences by what only their texts say.

use super::words::NOTICE_BYTES_MAX;

/// A licence, each phrase of which is nowhere but in its text.
struct Text {
    id: &'static str,
    /// Any of these.
    phrases: &'static [&'static str],
    /// And all of these, anywhere.
    with: &'static [&'static str],
    /// And none of these.
    without: &'static [&'static str],
}

const fn text(id: &'static str, phrases: &'static [&'static str]) -> Text {
    Text { id, phrases, with: &[], without: &[] }
}

const MIT: &[&str] =
    &["permission is hereby granted free of charge to any person obtaining a copy of this software and"];
const MIT_NOTICE: &str = "this permission notice shall be included in all copies";
const BSD: &[&str] =
    &["redistribution and use in source and binary forms with or without modification are permitted"];
const BSD_NAMES: &str = "endorse or promote products";
const BSD_ADVERTISING: &str = "all advertising materials mentioning features";
const BSD_BINARY: &str = "redistributions in binary form must reproduce";
const ISC: &[&str] = &[
    "permission to use copy modify and or distribute this software for any purpose with or without fee is hereby granted",
    "permission to use copy modify and distribute this software for any purpose with or without fee is hereby granted",
];
const ISC_NOTICE: &str =
    "provided that the above copyright notice and this permission notice appear in all copies";

/// In words as [`super::words::plain`] has them.
const TEXTS: &[Text] = &[
    text("GPL-1.0", &["gnu general public license version 1 february 1989"]),
    text("GPL-2.0", &["gnu general public license version 2 june 1991"]),
    text("GPL-3.0", &["gnu general public license version 3 29 june 2007"]),
    text("LGPL-2.0", &["gnu library general public license version 2 june 1991"]),
    text("LGPL-2.1", &["gnu lesser general public license version 2.1 february 1999"]),
    text("LGPL-3.0", &["gnu lesser general public license version 3 29 june 2007"]),
    text("AGPL-3.0", &["gnu affero general public license version 3 19 november 2007"]),
    Text { id: "MIT", phrases: MIT, with: &[MIT_NOTICE], without: &[BSD_NAMES, "for good not evil"] },
    Text {
        id: "MIT-0",
        phrases: MIT,
        with: &["the software is provided as is"],
        without: &[
            "shall be included in all copies",
            "subject to the following conditions",
            "appear in all copies",
        ],
    },
    Text { id: "BSD-2-Clause", phrases: BSD, with: &[BSD_BINARY], without: &[BSD_NAMES, BSD_ADVERTISING] },
    Text { id: "BSD-3-Clause", phrases: BSD, with: &[BSD_BINARY, BSD_NAMES], without: &[BSD_ADVERTISING] },
    Text { id: "BSD-4-Clause", phrases: BSD, with: &[BSD_BINARY, BSD_NAMES, BSD_ADVERTISING], without: &[] },
    Text { id: "ISC", phrases: ISC, with: &[ISC_NOTICE], without: &[] },
    Text { id: "0BSD", phrases: ISC, with: &[], without: &["hereby granted provided that"] },
    text("Apache-2.0", &["apache license version 2.0 january 2004"]),
    text("MPL-1.1", &["mozilla public license version 1.1 1 definitions"]),
    text("MPL-2.0", &["mozilla public license version 2.0 1 definitions"]),
    text("EUPL-1.1", &["european union public license v 1.1 eupl"]),
    text("EUPL-1.2", &["european union public license v 1.2 eupl"]),
    text("CECILL-2.0", &["cecill free software license agreement notice"]),
    text("CECILL-2.1", &["cecill free software license agreement version 2.1"]),
    text("CC0-1.0", &["cc 0 1.0 universal", "creative commons legal code cc 0 1.0"]),
    text("CC-BY-4.0", &["attribution 4.0 international creative commons corporation"]),
    text("CC-BY-SA-4.0", &["attribution sharealike 4.0 international creative commons corporation"]),
    text("Unlicense", &["this is free and unencumbered software released into the public domain"]),
    text("BSL-1.0", &["boost software license version 1.0 august 17 th 2003"]),
    text("WTFPL", &["do what the fuck you want to public license version 2 december 2004"]),
    Text {
        id: "Zlib",
        phrases: &[
            "this software is provided as is without any express or implied warranty in no event will the authors",
        ],
        with: &["altered source versions must be plainly marked as such"],
        without: &[],
    },
];

/// The licence whose text begins first, and where. What comes behind it is of libraries that a plugin brings along, but for LGPL-3.0, which
/// builds upon the text of GPL-3.0. A text behind many other words may be of a library as well.
pub(super) fn find(plain: &str) -> Option<(usize, &'static str)> {
    let found = TEXTS.iter().filter_map(|text| Some((text.begins(plain)?, text.id)));
    let (at, id) = found.min_by_key(|(at, _)| *at).filter(|(at, _)| *at <= NOTICE_BYTES_MAX)?;
    let mut lesser = TEXTS.iter().filter(|text| id == "GPL-3.0" && text.id == "LGPL-3.0");
    let built_upon = lesser.find_map(|text| Some((text.begins(plain)?, text.id)));
    Some(built_upon.unwrap_or((at, id)))
}

impl Text {
    fn begins(&self, plain: &str) -> Option<usize> {
        let at = self.phrases.iter().filter_map(|phrase| plain.find(phrase)).min()?;
        let has = |phrase: &&str| plain.contains(*phrase);
        (self.with.iter().all(has) && !self.without.iter().any(has)).then_some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::plain;
    use super::*;

    /// The beginning of each text as it is found in the wild, up to what tells it from others.
    macro_rules! texts {
        ($($id:literal),+ $(,)?) => { [$(($id, include_str!(concat!("texts/", $id, ".txt")))),+] };
    }

    fn found(text: &str) -> Option<&'static str> {
        find(&plain(text)).map(|(_, id)| id)
    }

    #[test]
    fn real_texts_are_known() {
        let texts = texts![
            "GPL-2.0",
            "GPL-3.0",
            "LGPL-2.1",
            "LGPL-3.0",
            "AGPL-3.0",
            "MIT",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "ISC",
            "Apache-2.0",
            "MPL-2.0",
            "EUPL-1.2",
            "CECILL-2.1",
            "CC0-1.0",
            "CC-BY-SA-4.0",
            "Unlicense",
            "Zlib",
        ];
        for (id, text) in texts {
            assert_eq!(found(text), Some(id));
            let windows = text.replace('\n', "\r\n").to_uppercase();
            assert_eq!(found(&windows), Some(id), "in capitals");
            assert_eq!(
                found(&format!("\u{feff}# License\n\nCopyright (c) 2024 Ann\n\n> {text}")),
                Some(id),
                "below a title"
            );
        }
    }

    #[test]
    fn the_text_that_comes_first_counts() {
        let [gpl, lgpl, mit] = [
            include_str!("texts/GPL-3.0.txt"),
            include_str!("texts/LGPL-3.0.txt"),
            include_str!("texts/MIT.txt"),
        ];
        assert_eq!(found(&format!("{gpl}\n{mit}")), Some("GPL-3.0"));
        assert_eq!(found(&format!("{mit}\n{gpl}")), Some("MIT"));
        assert_eq!(
            found(&format!("{gpl}\n{lgpl}")),
            Some("LGPL-3.0"),
            "LGPL-3.0 is more permissions to GPL-3.0"
        );
        let terms = "You may look at this plugin but not use it. ".repeat(100);
        assert_eq!(found(&format!("{terms}\n{mit}")), None);
    }

    #[test]
    fn what_only_looks_like_a_known_text_is_not() {
        assert_eq!(found("All rights reserved."), None);
        assert_eq!(found("Version 3 of the GNU General Public License applies"), None);
        let evil = include_str!("texts/MIT.txt")
            .replace("THE SOFTWARE IS", "It shall be used for Good, not Evil. THE SOFTWARE IS");
        assert_eq!(found(&evil), None);
    }
}

//! What the feed should tell of a file: the author's texts as Python reads them, trimmed, and as much shorter or
//! poorer as the inspection has said.

use crate::case::Case;
use cairn_domain::package::{
    ABOUT_BYTES_MAX, AUTHOR_CHARS_MAX, CATEGORY_CHARS_MAX, CHANGELOG_BYTES_MAX, DESCRIPTION_BYTES_MAX,
    DESCRIPTION_CHARS_MAX, FindingCode as Code, TAGS_MAX,
};
use cairn_tests::feed::Entry;
use std::collections::BTreeMap;

/// Element or attribute of the feed, key of metadata.txt, and what it is cut to in characters and bytes.
const TEXTS: [(&str, &str, usize, usize); 8] = [
    ("name", "name", usize::MAX, usize::MAX),
    ("description", "description", DESCRIPTION_CHARS_MAX, DESCRIPTION_BYTES_MAX),
    ("about", "about", usize::MAX, ABOUT_BYTES_MAX),
    ("author_name", "author", AUTHOR_CHARS_MAX, usize::MAX),
    ("category", "category", CATEGORY_CHARS_MAX, usize::MAX),
    ("changelog", "changelog", usize::MAX, CHANGELOG_BYTES_MAX),
    ("plugin_dependencies", "plugin_dependencies", usize::MAX, usize::MAX),
    ("external_dependencies", "external_deps", usize::MAX, usize::MAX),
];

const LINKS: [&str; 3] = ["homepage", "tracker", "repository"];
const FLAGS: [&str; 3] = ["experimental", "deprecated", "server"];

/// Compares an entry with its file; counts the author's own texts of each key that came back.
pub(crate) fn compare(case: &Case, entry: &Entry, base: &str, texts: &mut BTreeMap<&'static str, usize>) {
    let mut seen = |key: &'static str, got: &str, expected: &str| {
        assert_eq!(got, expected, "{}: {key}", case.file);
        let own_words = !text(case, key).is_empty() && !FLAGS.contains(&key);
        *texts.entry(key).or_default() += usize::from(own_words && !expected.is_empty());
    };
    for (element, key, chars_max, bytes_max) in TEXTS {
        let whole = text(case, key);
        let cut = cut(&whole, chars_max, bytes_max);
        assert_eq!(
            cut != whole,
            case.told(Code::TextTruncated, key),
            "{}: {key} is told to be cut",
            case.file
        );
        // Without an author line the uploader is named.
        let nameless = element == "author_name" && cut.is_empty();
        seen(key, &entry[element], if nameless { "ann" } else { &cut });
    }
    for key in LINKS {
        let page = format!("{base}/plugins/{}/", case.package);
        let dropped = case.told(Code::LinkDropped, key);
        let expected = if dropped { String::new() } else { text(case, key) };
        if key == "homepage" && expected.is_empty() {
            assert_eq!(entry[key], page, "{}", case.file);
        } else {
            seen(key, &entry[key], &expected);
        }
    }
    for key in FLAGS {
        let holds = matches!(text(case, key).to_lowercase().as_str(), "true" | "yes" | "1");
        seen(key, &entry[key], if holds { "True" } else { "False" });
    }
    let tags = tags(case);
    seen("tags", &entry["tags"], &tags);
    let version = text(case, "version");
    let last = version.split_whitespace().next_back().expect("a package without version is refused");
    seen("version", &entry["version"], last);
    let minimum = &case.inspection.package.as_ref().expect("it was taken").compat;
    seen("qgisMinimumVersion", &entry["qgis_minimum_version"], &minimum.min().to_string());
}

/// The author's text, trimmed, with `%%` as the percent sign that QGIS shows, and without what XML cannot hold;
/// empty where the key is missing.
fn text(case: &Case, key: &str) -> String {
    let python = case.python.as_ref().expect("what Python cannot read is refused");
    let written = python.get(key).and_then(|value| value.as_str()).unwrap_or_default();
    let only_doubled = written.split("%%").all(|part| !part.contains('%'));
    let whole = if only_doubled { written.replace("%%", "%") } else { written.to_owned() };
    let kept: String = whole.chars().filter(|c| !forbidden_in_xml(*c)).collect();
    if kept != whole {
        assert!(case.told(Code::ControlCharacters, key), "{}: {key} is told to be poorer", case.file);
    }
    kept.trim().to_owned()
}

/// XML 1.0 §2.2.
fn forbidden_in_xml(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

fn cut(text: &str, chars_max: usize, bytes_max: usize) -> String {
    let mut kept = String::new();
    for c in text.chars().take(chars_max) {
        if kept.len() + c.len_utf8() > bytes_max {
            break;
        }
        kept.push(c);
    }
    if kept.len() < text.len() { kept.trim_end().to_owned() } else { kept }
}

/// Lower case, each once, as many as a plugin may have.
fn tags(case: &Case) -> String {
    let text = text(case, "tags");
    let mut kept: Vec<String> = Vec::new();
    let mut dropped = false;
    for word in text.split(',').map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()) {
        if kept.contains(&word) {
            continue;
        }
        if kept.len() < TAGS_MAX && word.chars().count() <= 64 {
            kept.push(word);
        } else {
            dropped = true;
        }
    }
    assert_eq!(dropped, case.told(Code::TagsDropped, "tags"), "{}: {text}", case.file);
    kept.join(",")
}

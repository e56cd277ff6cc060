//! The words that plugins are found by, made in one way for what is stored and for what is asked, on both engines.

use cairn_domain::names::plain_words;
use std::collections::BTreeSet;

/// The most characters of a word that count.
const WORD_CHARS_MAX: usize = 40;

/// The most words of a text that are kept, and that are looked at.
const WORDS_MAX: usize = 1_500;

/// The most parts of a name that are also kept together with those behind them.
const PARTS_MAX: usize = 12;

/// The words of a plugin by how much they say of it, each word only where it says most; one blank between two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) names: String,
    pub(crate) tags: String,
    pub(crate) texts: String,
    pub(crate) abouts: String,
}

impl Words {
    /// Of a plugin's name, package name, tags, line and long text.
    pub(crate) fn of(name: &str, package: &str, tags: &[String], line: &str, about: &str) -> Self {
        let mut seen = BTreeSet::new();
        let mut kept = |words: Vec<String>| {
            let new = words.into_iter().take(WORDS_MAX).filter(|word| seen.insert(word.clone()));
            new.collect::<Vec<_>>().join(" ")
        };
        let names = kept([of_name(name), of_name(package)].concat());
        let tags = kept(tags.iter().flat_map(|tag| of_name(tag)).collect());
        Self { names, tags, texts: kept(of_text(line)), abouts: kept(of_text(about)) }
    }
}

/// The words of a text, folded, in its order.
pub(crate) fn of_text(text: &str) -> Vec<String> {
    plain_words(text).take(WORDS_MAX).map(|word| folded(&word)).collect()
}

/// A name as it is typed by who does not care for blanks: its letters and digits, folded.
pub(crate) fn key(name: &str) -> String {
    plain_words(name).map(|word| word.to_lowercase()).collect()
}

/// The words of a name and the parts of its words, `Quick` and `Map` of `QuickMap`; and each part together with all behind it,
/// so that `quickmap`, `mapservices` and `quick map` all find `QuickMapServices`.
fn of_name(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut parts: Vec<String> = Vec::new();
    for word in plain_words(name) {
        words.push(folded(&word));
        parts.extend(parts_of(&word));
    }
    let joined = (0..parts.len().min(PARTS_MAX)).map(|from| parts[from..].concat());
    words
        .extend(joined.map(|word| word.chars().take(WORD_CHARS_MAX).collect::<String>()).collect::<Vec<_>>());
    words.extend(parts);
    words
}

/// A word cut where its letters change from small to great and where digits begin or end: `QGISTools2` is `qgis tools 2`.
fn parts_of(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut parts = Vec::new();
    let mut from = 0;
    for at in 1..letters.len() {
        let (before, here) = (letters[at - 1], letters[at]);
        let next_is_small = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let rises =
            here.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && next_is_small));
        if rises || before.is_numeric() != here.is_numeric() {
            parts.push(folded(&letters[from..at].iter().collect::<String>()));
            from = at;
        }
    }
    parts.push(folded(&letters[from..].iter().collect::<String>()));
    parts
}

fn folded(word: &str) -> String {
    word.to_lowercase().chars().take(WORD_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(name: &str) -> Vec<String> {
        let words: BTreeSet<String> = of_name(name).into_iter().collect();
        words.into_iter().collect()
    }

    #[test]
    fn a_name_is_found_whole_in_parts_and_from_any_part_on() {
        assert_eq!(
            names("QuickMapServices"),
            ["map", "mapservices", "quick", "quickmapservices", "services"]
        );
        assert_eq!(
            names("Quick Map services"),
            ["map", "mapservices", "quick", "quickmapservices", "services"]
        );
        assert_eq!(names("quick_map_services"), names("Quick Map services"));
        assert_eq!(names("qgis2web"), ["2", "2web", "qgis", "qgis2web", "web"]);
        assert_eq!(names("QGISTools"), ["qgis", "qgistools", "tools"]);
    }

    #[test]
    fn words_have_no_accents_and_no_case() {
        assert_eq!(
            of_text("Éléments de l’Île, STRASSE Straße: Łódź"),
            ["elements", "de", "l", "ile", "strasse", "strasse", "lodz"]
        );
        assert_eq!(key("Cafe\u{301} — Øst 2"), "cafeost2");
        assert_eq!(of_text("地图tool"), ["地", "图", "tool"]);
        assert_eq!(of_text(" ,;- "), [""; 0]);
    }

    #[test]
    fn a_word_is_kept_where_it_says_most() {
        let words =
            Words::of("Raster Tool", "raster_tool", &["raster".into(), "dem".into()], "A dem tool", "A b");
        assert_eq!(words.names, "raster tool rastertool");
        assert_eq!((words.tags.as_str(), words.texts.as_str(), words.abouts.as_str()), ("dem", "a", "b"));
    }

    #[test]
    fn no_text_makes_endless_words() {
        let long = "x".repeat(1_000);
        assert_eq!(of_text(&long), ["x".repeat(WORD_CHARS_MAX)]);
        assert!(names(&long).iter().all(|word| word.chars().count() <= WORD_CHARS_MAX));
        let many = "ab ".repeat(10_000);
        assert_eq!(of_text(&many).len(), WORDS_MAX);
        let name: String = (0..128).map(|at| if at % 2 == 0 { 'A' } else { 'b' }).collect();
        assert!(of_name(&name).len() < 100, "{}", of_name(&name).len());
    }
}

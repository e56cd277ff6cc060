//! Finds plugins by words, the same ones on both engines: the program makes the words, an index of the engine's finds who has them
//! (FTS5 in SQLite, `tsvector` in PostgreSQL), and how well they fit is defined here.
//!
//! A plugin fits by tiers: 0, the whole text is its name or package name; 1, they begin with it; 2, they have every word; 3, they and its
//! tags do; 4, it has every word anywhere, also in its author line. A word is found where another begins with it. If nobody has all words, those fit
//! whose names look like them. In a tier, whoever was downloaded more often comes first.

mod authors;
pub(crate) mod grams;
mod mistyped;
pub(crate) mod words;

pub(crate) use authors::fill_author_words;

use crate::Read;
use cairn_store::{Engine, Result};
use std::collections::BTreeSet;
use words::{key, of_text};

/// The most words of a search that count.
const SEARCH_WORDS_MAX: usize = 8;

/// The most characters of a search that are looked at.
const SEARCH_CHARS_MAX: usize = 200;

/// The tier of plugins that have every word somewhere.
const ANYWHERE: i64 = 4;

/// Words that say nothing of a plugin; they count only in a search that has no others.
const EMPTY_WORDS: [&str; 12] =
    ["a", "an", "and", "for", "from", "in", "of", "on", "or", "the", "to", "with"];

/// What somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Search {
    words: Vec<String>,
    /// The whole text, as names are compared with it.
    pub(crate) key: String,
    /// Whether all that is known of plugins is searched, or their names only.
    pub(crate) anywhere: bool,
    /// Plugins that the index of words does not find, and their tiers.
    others: Vec<(i64, i64)>,
}

impl Search {
    /// Of a text; none if it has no words.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let text: String = text.chars().take(SEARCH_CHARS_MAX).collect();
        let mut seen = BTreeSet::new();
        let all: Vec<String> = of_text(&text).into_iter().filter(|word| seen.insert(word.clone())).collect();
        let telling = |word: &&String| !EMPTY_WORDS.contains(&word.as_str());
        let mut words: Vec<String> = all.iter().filter(telling).cloned().collect();
        if words.is_empty() {
            words = all;
        }
        words.truncate(SEARCH_WORDS_MAX);
        (!words.is_empty()).then(|| Self { words, key: key(&text), anywhere: true, others: Vec::new() })
    }

    /// The same in names and package names only, where also a single letter finds all that begin with it.
    pub(crate) fn in_names_only(mut self) -> Self {
        self.anywhere = false;
        self
    }

    /// With the plugins that have some of the words in their author lines and the others anywhere.
    pub(crate) async fn with_authors(mut self, read: &mut Read) -> Result<Self> {
        self.others = authors::found(read, &self).await?.into_iter().map(|id| (id, ANYWHERE)).collect();
        Ok(self)
    }

    /// Instead of those that have the words, those whose names look like them.
    pub(crate) async fn mistyped(mut self, read: &mut Read) -> Result<Self> {
        self.others = mistyped::found(read, &self.words, &self.key)
            .await?
            .into_iter()
            .map(|(id, likeness)| (id, ANYWHERE + 1 + 1_000 - likeness))
            .collect();
        self.words.clear();
        Ok(self)
    }

    /// Whether the index of words is asked.
    pub(crate) fn has_words(&self) -> bool {
        !self.words.is_empty()
    }

    /// The words as an engine wants them for names.
    pub(crate) fn in_names(&self, engine: Engine) -> String {
        match engine {
            Engine::Sqlite => format!("{{names}} : ({})", self.asked(engine, "")),
            Engine::Postgres => self.asked(engine, "A"),
        }
    }

    /// For names and tags.
    pub(crate) fn in_tags(&self, engine: Engine) -> String {
        match engine {
            Engine::Sqlite => format!("{{names tags}} : ({})", self.asked(engine, "")),
            Engine::Postgres => self.asked(engine, "AB"),
        }
    }

    /// For all that is known.
    pub(crate) fn anywhere(&self, engine: Engine) -> String {
        self.asked(engine, "")
    }

    fn asked(&self, engine: Engine, weights: &str) -> String {
        asked(engine, &self.words, weights, !self.anywhere)
    }

    /// Plugins and tiers, to bind as one value.
    pub(crate) fn other_finds(&self) -> String {
        serde_json::to_string(&self.others).expect("numbers are JSON")
    }
}

/// Words as an engine wants them. A single letter or digit is found by itself only, unless `letters_begin_words`: nearly every
/// plugin has some word that begins with it.
fn asked(engine: Engine, words: &[String], weights: &str, letters_begin_words: bool) -> String {
    let begins = |word: &str| letters_begin_words || word.chars().nth(1).is_some();
    let one = |word: &String| match (engine, begins(word)) {
        (Engine::Sqlite, true) => format!("\"{word}\" *"),
        (Engine::Sqlite, false) => format!("\"{word}\""),
        (Engine::Postgres, true) => format!("'{word}':*{weights}"),
        (Engine::Postgres, false) => format!("'{word}':{weights}"),
    };
    let and = match engine {
        Engine::Sqlite => " AND ",
        Engine::Postgres => " & ",
    };
    words.iter().map(one).collect::<Vec<_>>().join(and)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        Search::of(text).unwrap().words
    }

    #[test]
    fn a_search_is_for_its_telling_words() {
        assert_eq!(words(" Raster  100%_done! raster"), ["raster", "100", "done"]);
        assert_eq!(words("a plugin for the web"), ["plugin", "web"]);
        assert_eq!(words("the for"), ["the", "for"]);
        assert_eq!(Search::of(" *\"' "), None);
        assert_eq!(words("a1 b2 c3 d4 e5 f6 g7 h8 i9").len(), SEARCH_WORDS_MAX);
        assert_eq!(Search::of("Quick-Map").unwrap().key, "quickmap");
    }

    #[test]
    fn each_engine_is_asked_for_the_same() {
        let search = Search::of("Raster 3").unwrap();
        assert_eq!(search.in_names(Engine::Sqlite), "{names} : (\"raster\" * AND \"3\")");
        assert_eq!(search.in_tags(Engine::Postgres), "'raster':*AB & '3':AB");
        assert_eq!(search.anywhere(Engine::Postgres), "'raster':* & '3':");
        assert_eq!(search.in_names_only().in_names(Engine::Postgres), "'raster':*A & '3':*A");
    }
}

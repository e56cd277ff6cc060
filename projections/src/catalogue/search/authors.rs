//! Plugins by the author lines of their newest packages. The lines and their words are the vault's, so that they are erased with it,
//! and are only looked at when somebody asks.

use super::{Search, asked};
use crate::catalogue::entry::PLUGINS_OF_GENERATION;
use crate::columns::unsigned;
use crate::{Name, Read};
use cairn_domain::names::{author_key, author_words};
use cairn_store::vault::{self, AuthorWords};
use cairn_store::{Db, Result, engine_sql, on, sqlx};
use std::collections::{BTreeMap, BTreeSet};

/// Letters from which on a word of an author line is found by its beginning.
const BEGINNING_MIN: usize = 3;

/// The most plugins that one word finds through author lines.
const FOUND_MAX: i64 = 2_000;

/// How many different parts of the words may be in author lines while the others are elsewhere.
const PARTS_MAX: usize = 4;

/// Greater than any byte of UTF-8.
const BEHIND_ALL: u8 = 0xff;

/// Author lines that are given their words in one transaction.
const FILLED_AT_A_TIME: u32 = 500;

/// The plugins that have some of the words in their author lines and the others anywhere.
pub(super) async fn found(read: &mut Read, search: &Search) -> Result<Vec<i64>> {
    let mut by_plugin: BTreeMap<i64, BTreeSet<usize>> = BTreeMap::new();
    for (at, word) in search.words.iter().enumerate() {
        for id in plugins_of(read, word).await? {
            by_plugin.entry(id).or_default().insert(at);
        }
    }
    let mut by_words: BTreeMap<BTreeSet<usize>, Vec<i64>> = BTreeMap::new();
    for (id, words) in by_plugin {
        by_words.entry(words).or_default().push(id);
    }
    // The more words an author line has, the sooner it counts.
    let mut groups: Vec<(BTreeSet<usize>, Vec<i64>)> = by_words.into_iter().collect();
    groups.sort_by_key(|(words, _)| search.words.len() - words.len());
    let mut found = Vec::new();
    for (words, ids) in groups.into_iter().take(PARTS_MAX) {
        let others = search.words.iter().enumerate().filter(|(at, _)| !words.contains(at));
        let others: Vec<String> = others.map(|(_, word)| word.clone()).collect();
        found.extend(if others.is_empty() { ids } else { among(read, &others, &ids).await? });
    }
    Ok(found)
}

/// Plugins with a word in their author lines.
async fn plugins_of(read: &mut Read, word: &str) -> Result<Vec<i64>> {
    let generation = read.generation(Name::Catalogue);
    let from = word.as_bytes().to_vec();
    let mut to = from.clone();
    if word.chars().count() >= BEGINNING_MIN {
        to.push(BEHIND_ALL);
    }
    let rows: Vec<(i64,)> =
        on!(read.tx, |c| sqlx::query_as(include_str!("../sql/plugins_of_author_word.sql"))
            .bind(generation)
            .bind(&from)
            .bind(&to)
            .bind(FOUND_MAX)
            .fetch_all(&mut *c)
            .await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Those of these plugins that have all words anywhere.
async fn among(read: &mut Read, words: &[String], ids: &[i64]) -> Result<Vec<i64>> {
    let first = read.generation(Name::Catalogue) * PLUGINS_OF_GENERATION;
    let words = asked(read.engine(), words, "", false);
    let rows: Vec<i64> = ids.iter().map(|id| first + id).collect();
    let rows = serde_json::to_string(&rows).expect("numbers are JSON");
    let sql = engine_sql!(read, "../sql/words_among");
    let found: Vec<(i64,)> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(&words).bind(&rows).fetch_all(&mut *c).await)?;
    found.into_iter().map(|(row,)| unsigned(row - first).map(|_| row - first)).collect()
}

/// Gives words to the author lines that a program wrote which knew of none.
pub(crate) async fn fill_author_words(db: &Db) -> Result<()> {
    loop {
        let authors = vault::authors_without_words(&mut db.read().await?, FILLED_AT_A_TIME).await?;
        if authors.is_empty() {
            return Ok(());
        }
        let mut tx = db.begin().await?;
        for author in authors {
            let found_by =
                AuthorWords { key: author_key(&author.author), words: author_words(&author.author) };
            vault::fill_author_words(&mut tx, &author.sha256, &found_by).await?;
        }
        tx.commit().await?;
    }
}

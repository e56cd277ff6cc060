//! Names that look like words that nobody has.

use super::grams::{grams, likeness};
use crate::{Name, Read};
use cairn_store::{Result, engine_sql, on, rows, sqlx};
use std::collections::BTreeSet;

/// The most plugins that are looked at: those that share most grams.
const LOOKED_AT_MAX: i64 = 200;

/// The most plugins that fit.
const FOUND_MAX: usize = 50;

/// What part of the grams of the words a name must have to be looked at, in hundredths: one wrong letter spoils three grams.
const SHARED_MIN: usize = 30;

/// How alike a name must be, in thousandths.
const LIKENESS_MIN: i64 = 650;

/// How much less alike two words are of which one goes on, in thousandths.
const GOES_ON: i64 = 50;

/// The most words of a name that are compared.
const WORDS_MAX: usize = 40;

rows! {
    struct Row {
        plugin_id: i64,
        name_key: String,
        package_key: String,
        names: String,
    }
}

/// The plugins whose names look like these words, and how much, in thousandths.
pub(super) async fn found(read: &mut Read, words: &[String], key: &str) -> Result<Vec<(i64, i64)>> {
    let wanted: BTreeSet<i64> = words.iter().flat_map(|word| grams(word)).collect();
    let least = (wanted.len() * SHARED_MIN).div_ceil(100).max(2);
    let generation = read.generation(Name::Catalogue);
    let wanted = serde_json::to_string(&wanted).expect("numbers are JSON");
    let sql = engine_sql!(read, "../sql/names_alike");
    let rows: Vec<Row> = on!(read.tx, |c| sqlx::query_as(sql)
        .bind(generation)
        .bind(&wanted)
        .bind(i64::try_from(least).unwrap_or(i64::MAX))
        .bind(LOOKED_AT_MAX)
        .fetch_all(&mut *c)
        .await)?;
    let mut found: Vec<(i64, i64)> =
        rows.iter().map(|row| (row.plugin_id, likeness_of(words, key, row))).collect();
    found.retain(|(_, likeness)| *likeness >= LIKENESS_MIN);
    found.sort_unstable_by_key(|(id, likeness)| (-likeness, *id));
    found.truncate(FOUND_MAX);
    Ok(found)
}

/// Of the name as a whole, or of its words one by one.
fn likeness_of(words: &[String], key: &str, row: &Row) -> i64 {
    let whole = likeness(key, &row.name_key).max(likeness(key, &row.package_key));
    let each: Vec<i64> = words.iter().map(|word| best(word, &row.names)).collect();
    let least = each.iter().copied().min().unwrap_or_default();
    let count = i64::try_from(each.len()).unwrap_or(i64::MAX).max(1);
    if least < LIKENESS_MIN { whole } else { whole.max(each.iter().sum::<i64>() / count - 1) }
}

fn best(word: &str, names: &str) -> i64 {
    names.split(' ').take(WORDS_MAX).map(|name| alike(word, name)).max().unwrap_or_default()
}

/// Also with the beginning of a longer one, since words are looked for before they are written to the end.
fn alike(word: &str, name: &str) -> i64 {
    let letters = word.chars().count();
    let whole = likeness(word, name);
    if letters < 4 {
        return whole;
    }
    let beginnings = (letters - 1..=letters + 1).map(|n| name.chars().take(n).collect::<String>());
    let begun = beginnings.map(|beginning| likeness(word, &beginning)).max().unwrap_or_default();
    whole.max(begun - GOES_ON)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike_names(text: &str, names: &str) -> i64 {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        let key: String = names.split(' ').collect();
        let row = Row { plugin_id: 1, package_key: key.clone(), name_key: key, names: names.to_owned() };
        likeness_of(&words, &text.replace(' ', ""), &row)
    }

    #[test]
    fn slips_in_any_word_are_forgiven_and_other_words_are_not() {
        for (text, names) in [
            ("qick map", "quick map services quickmapservices"),
            ("quikmap", "quick map services quickmapservices"),
            ("rastr calculater", "raster calculator"),
            ("openlayer", "openlayers plugin"),
        ] {
            assert!(alike_names(text, names) >= LIKENESS_MIN, "{text}");
        }
        assert!(alike_names("rastr beer", "raster calculator") < LIKENESS_MIN);
        assert!(alike_names("xyz", "quick map services") < LIKENESS_MIN);
    }
}

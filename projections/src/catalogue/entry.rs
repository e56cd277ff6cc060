//! What a plugin is listed, filtered, ordered and found by, made of its rows: nothing here is loaded to fold further.

use super::search::grams::grams_of_names;
use super::search::words::{Words, key};
use super::state::{Plugin, PluginRow, VersionRow};
use crate::columns::{list_of_ids, parsed, unsigned};
use cairn_domain::qgis_version::QgisVersion;
use cairn_store::{Bulk, Result, Tx, Value, engine_sql, on, sqlx};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// What a row of `catalogue_search` is numbered by: generations times this, plus the plugin.
pub(super) const PLUGINS_OF_GENERATION: i64 = 1 << 40;

/// Rows for each of these tables.
#[derive(Debug, Default)]
pub(super) struct EntryRows {
    generation: i64,
    entries: Vec<Vec<Value>>,
    ranges: Vec<Vec<Value>>,
    searches: Vec<Vec<Value>>,
    trigrams: Vec<Vec<Value>>,
    /// By how many listed plugins more or less have a tag.
    tags: BTreeMap<String, i64>,
    /// Plugins whose old ranges go before the new ones come.
    ranges_of: Vec<u64>,
    /// Plugins whose old trigrams go before the new ones come.
    trigrams_of: Vec<u64>,
}

/// A statement for many rows from the file beside this one.
macro_rules! bulk {
    ($name:ident, $file:literal) => {
        static $name: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!($file)));
    };
}
bulk!(PUT_ENTRY, "sql/put_entry.sql");
bulk!(PUT_RANGE, "sql/put_range.sql");
bulk!(PUT_SEARCH, "sql/put_search.sql");
bulk!(PUT_TRIGRAM, "sql/put_trigram.sql");
bulk!(ADD_TAG_COUNT, "sql/add_tag_count.sql");

impl PluginRow {
    /// Whether lists and feeds have it.
    pub(super) fn is_listed(&self) -> bool {
        self.marked_until_us.is_none() && self.approved_stable + self.approved_experimental > 0
    }
}

impl EntryRows {
    pub(super) fn new(generation: i64) -> Self {
        Self { generation, ..Self::default() }
    }

    /// Takes in a plugin that changed.
    pub(super) fn push(&mut self, plugin: &Plugin) -> Result<()> {
        self.count_tags(plugin);
        let versions_changed =
            !plugin.deleted.is_empty() || plugin.versions.values().any(|version| version.changed);
        if versions_changed {
            self.push_ranges(plugin)?;
        }
        // A plugin gets its name, line and tags together.
        if plugin.tags.is_some() || !plugin.stored {
            self.push_words(plugin)?;
        }
        self.entries.push(entry_row(self.generation, plugin));
        Ok(())
    }

    fn count_tags(&mut self, plugin: &Plugin) {
        let distinct = |listed: bool, tags: &[String]| {
            let tags = tags.iter().filter(|_| listed);
            tags.cloned().collect::<BTreeSet<String>>()
        };
        let before = distinct(plugin.listed_before, &plugin.tags_before);
        let after = distinct(plugin.row.is_listed(), plugin.tags.as_deref().unwrap_or(&plugin.tags_before));
        for (tags, n) in [(before.difference(&after), -1), (after.difference(&before), 1)] {
            for tag in tags {
                *self.tags.entry(tag.clone()).or_default() += n;
            }
        }
    }

    fn push_ranges(&mut self, plugin: &Plugin) -> Result<()> {
        let (generation, plugin_id) = (self.generation, plugin.row.plugin_id);
        if plugin.stored {
            self.ranges_of.push(unsigned(plugin_id)?);
        }
        let offered = plugin.versions.values().map(|version| &version.row).filter(|row| row.is_offered());
        let ranges = offered.map(|row| {
            let (from, to): (QgisVersion, QgisVersion) = (parsed(&row.qgis_min)?, parsed(&row.qgis_max)?);
            Ok((row.experimental, qgis_column(from.lowest()), qgis_column(to.highest())))
        });
        let ranges = ranges.collect::<Result<BTreeSet<(bool, i64, i64)>>>()?;
        self.ranges.extend(ranges.into_iter().map(|(experimental, from, to)| {
            vec![generation.into(), plugin_id.into(), experimental.into(), from.into(), to.into()]
        }));
        Ok(())
    }

    fn push_words(&mut self, plugin: &Plugin) -> Result<()> {
        let (generation, row) = (self.generation, &plugin.row);
        let tags = plugin.tags.as_deref().unwrap_or_default();
        let about = row.about.as_deref().unwrap_or_default();
        let words = Words::of(&row.name, &row.package, tags, &row.description, about);
        self.searches.push(vec![
            (generation * PLUGINS_OF_GENERATION + row.plugin_id).into(),
            generation.into(),
            row.plugin_id.into(),
            words.names.into(),
            words.tags.into(),
            words.texts.into(),
            words.abouts.into(),
        ]);
        if plugin.name_before.as_ref() == Some(&row.name) {
            return Ok(());
        }
        if plugin.stored {
            self.trigrams_of.push(unsigned(row.plugin_id)?);
        }
        let grams = grams_of_names(&[&row.name, &row.package]).into_iter();
        self.trigrams.extend(grams.map(|gram| vec![generation.into(), gram.into(), row.plugin_id.into()]));
        Ok(())
    }

    /// Writes them all.
    pub(super) async fn write(self, tx: &mut Tx) -> Result<()> {
        let generation = self.generation;
        delete(tx, generation, engine_sql!(tx, "sql/delete_ranges"), &self.ranges_of).await?;
        delete(tx, generation, engine_sql!(tx, "sql/delete_trigrams"), &self.trigrams_of).await?;
        PUT_ENTRY.rows(tx, &self.entries).await?;
        PUT_RANGE.rows(tx, &self.ranges).await?;
        PUT_SEARCH.rows(tx, &self.searches).await?;
        PUT_TRIGRAM.rows(tx, &self.trigrams).await?;
        let counted = self.tags.into_iter().filter(|(_, n)| *n != 0);
        let counted: Vec<Vec<Value>> =
            counted.map(|(tag, n)| vec![generation.into(), tag.into_bytes().into(), n.into()]).collect();
        if !counted.is_empty() {
            ADD_TAG_COUNT.rows(tx, &counted).await?;
            let sql = include_str!("sql/delete_unused_tags.sql");
            on!(tx, |c| sqlx::query(sql).bind(generation).execute(&mut *c).await.map(drop))?;
        }
        Ok(())
    }
}

/// 3.40.5 as it stands in the column: 3040005. Parts of what a feed is asked for go up to 999.
pub(super) fn qgis_column<N: Into<u16>>((major, minor, patch): (N, N, N)) -> i64 {
    let part = |part: N| i64::from(part.into().min(999));
    (part(major) * 1_000 + part(minor)) * 1_000 + part(patch)
}

async fn delete(tx: &mut Tx, generation: i64, sql: &'static str, ids: &[u64]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = list_of_ids(ids);
    on!(tx, |c| sqlx::query(sql).bind(generation).bind(&ids).execute(&mut *c).await.map(drop))
}

fn entry_row(generation: i64, plugin: &Plugin) -> Vec<Value> {
    let row = &plugin.row;
    vec![
        generation.into(),
        row.plugin_id.into(),
        row.package_key.as_str().into(),
        key(&row.name).into(),
        key(&row.package).into(),
        row.name_order.as_slice().into(),
        row.is_listed().into(),
        (row.waiting > 0 && row.marked_until_us.is_none()).into(),
        row.marked_until_us.is_some().into(),
        (row.approved_stable > 0).into(),
        (row.approved_experimental > 0).into(),
        row.server.into(),
        row.has_processing_provider.into(),
        row.featured.into(),
        (row.deprecated || row.deprecated_by_owner).into(),
        row.creator_trusted.into(),
        row.created_at_us.into(),
        row.updated_at_us.into(),
        row.votes.into(),
        rating(row.votes, row.score).into(),
        liked(row.votes, row.score).into(),
        newest(plugin).map(|version| version.sha256.clone()).into(),
        row.license.clone().map(String::into_bytes).into(),
    ]
}

/// The newest of the versions that feeds may offer.
fn newest(plugin: &Plugin) -> Option<&VersionRow> {
    let offered = plugin.versions.values().map(|version| &version.row).filter(|row| row.is_offered());
    offered.max_by(|a, b| (&a.version_order, a.version_id).cmp(&(&b.version_order, b.version_id)))
}

/// The average vote as if five people more had voted 3: one vote of 5 is not better than a hundred of 4.
fn rating(votes: i64, score: i64) -> i64 {
    let (votes, score) = numbers(votes, score);
    millionths(votes / (votes + 5.0) * (score / (votes + 0.001)) + 5.0 / (votes + 5.0) * 3.0)
}

/// 1 without votes, and up to 2 ⅔ where all voted 5.
fn liked(votes: i64, score: i64) -> i64 {
    let (votes, score) = numbers(votes, score);
    millionths(1.0 + score / (votes + 0.01) / 3.0)
}

#[expect(clippy::cast_precision_loss, reason = "votes stay far below 2^52")]
fn numbers(votes: i64, score: i64) -> (f64, f64) {
    (votes as f64, score as f64)
}

/// Whole numbers are the same and compare the same on both engines and in cursors.
#[expect(clippy::cast_possible_truncation, reason = "a rating is below 6")]
fn millionths(number: f64) -> i64 {
    (number * 1_000_000.0).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_votes_say_little() {
        assert_eq!(rating(0, 0), 3_000_000);
        assert!(rating(1, 5) < rating(100, 400) && rating(100, 400) < rating(100, 500));
        assert!(rating(1, 1) > rating(100, 100));
        assert_eq!(liked(0, 0), 1_000_000);
        assert!((2_660_000..2_666_667).contains(&liked(1_000, 5_000)));
    }

    #[test]
    fn qgis_versions_are_ordered_by_number() {
        assert_eq!(qgis_column((3_u16, 40, 5)), 3_040_005);
        assert_eq!(qgis_column((u16::MAX, u16::MAX, u16::MAX)), 999_999_999);
        assert!(qgis_column((3_u8, 99, 99)) < qgis_column((4_u16, 0, 0)));
    }
}

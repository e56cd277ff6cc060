//! What feeds are made of, and which plugins changed since a feed was made.

use super::plugin::{Plugin, grouped, plugins_by_ids, tags_of};
use super::state::VersionRow;
use super::version::Version;
use crate::columns::{list_of_ids, signed, unsigned};
use crate::feed::chunk::Counts;
use crate::{Name, Read};
use cairn_store::{Position, Result, engine_sql, on, rows, sqlx};
use std::collections::HashMap;
use uuid::Uuid;

/// A plugin with the versions that feeds may offer.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedPlugin {
    /// The plugin.
    pub plugin: Plugin,
    /// Its tags, in the author's order.
    pub tags: Vec<String>,
    /// Those that are public and not yanked.
    pub versions: Vec<FeedVersion>,
}

/// A public version with what the vault knows of the people behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedVersion {
    /// The version.
    pub version: Version,
    /// What is new.
    pub changelog: Option<String>,
    /// The author line of its metadata; none once it is forgotten.
    pub author: Option<String>,
    /// The address line of its metadata; none once it is forgotten.
    pub email: Option<String>,
    /// The name of the account that uploaded it; none once the person is forgotten.
    pub uploaded_by_name: Option<String>,
}

rows! {
    struct Row {
        version_id: i64,
        plugin_id: i64,
        version: String,
        version_order: Vec<u8>,
        sha256: String,
        size_bytes: i64,
        experimental: bool,
        qgis_min: String,
        qgis_max: String,
        uploaded_by: Option<Uuid>,
        by_token: bool,
        uploaded_at_us: i64,
        replaced_at_us: Option<i64>,
        approved: bool,
        approved_at_us: Option<i64>,
        yanked_reason: Option<String>,
        refused_reason: Option<String>,
        review_asked: bool,
        pinned: bool,
        license: Option<String>,
        changelog: Option<String>,
        author: Option<String>,
        email: Option<String>,
        uploaded_by_name: Option<String>,
    }
}

/// The plugins that an event at `seen` or later changed, where `seen` is how much of the log was read before;
/// by id.
pub async fn feed_rows_changed_since(read: &mut Read, seen: Position) -> Result<Vec<u64>> {
    let (generation, seen) = (read.generation(Name::Catalogue), signed(seen));
    let rows: Vec<(i64,)> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/changed_since.sql"))
        .bind(generation)
        .bind(seen)
        .fetch_all(&mut *c)
        .await)?;
    let mut ids = rows.into_iter().map(|(id,)| unsigned(id)).collect::<Result<Vec<u64>>>()?;
    ids.sort_unstable();
    Ok(ids)
}

/// Up to `limit` plugins of any state after one, by id; 0 is before all.
pub async fn plugin_ids(read: &mut Read, after: u64, limit: u32) -> Result<Vec<u64>> {
    let (generation, after) = (read.generation(Name::Catalogue), signed(after));
    let rows: Vec<(i64,)> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/plugin_ids.sql"))
        .bind(generation)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(|(id,)| unsigned(id)).collect()
}

/// Everything a feed says of these plugins, by id. Ask for some hundreds at a time: all their texts come.
pub async fn feed_plugins(read: &mut Read, plugin_ids: &[u64]) -> Result<Vec<FeedPlugin>> {
    let plugins = plugins_by_ids(read, plugin_ids).await?;
    let mut tags = tags_of(read, plugin_ids).await?;
    let generation = read.generation(Name::Catalogue);
    let (ids, sql) = (list_of_ids(plugin_ids), engine_sql!(read, "sql/feed_versions"));
    let rows: Vec<Row> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
    let versions = rows
        .into_iter()
        .map(|row| Ok((row.plugin_id, FeedVersion::try_from(row)?)))
        .collect::<Result<Vec<_>>>()?;
    let mut versions = grouped(versions.into_iter())?;
    for of_plugin in versions.values_mut() {
        of_plugin.sort_unstable_by_key(|it: &FeedVersion| it.version.id);
    }
    let of = |plugin: Plugin| FeedPlugin {
        tags: tags.remove(&plugin.id).unwrap_or_default(),
        versions: versions.remove(&plugin.id).unwrap_or_default(),
        plugin,
    };
    Ok(plugins.into_iter().map(of).collect())
}

/// Downloads and votes of all plugins.
pub async fn plugin_counts(read: &mut Read) -> Result<HashMap<u64, Counts>> {
    let (catalogue, downloads) = (read.generation(Name::Catalogue), read.generation(Name::Downloads));
    let rows: Vec<(i64, i64, i64, i64)> =
        on!(read.tx, |c| sqlx::query_as(include_str!("sql/plugin_counts.sql"))
            .bind(catalogue)
            .bind(downloads)
            .fetch_all(&mut *c)
            .await)?;
    rows.into_iter()
        .map(|(plugin_id, votes, score, n)| {
            let counts = Counts {
                downloads: unsigned(n)?,
                rating_votes: unsigned(votes)?,
                rating_score: unsigned(score)?,
            };
            Ok((unsigned(plugin_id)?, counts))
        })
        .collect()
}

impl TryFrom<Row> for FeedVersion {
    type Error = cairn_store::StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let version = Version::try_from(VersionRow {
            version_id: row.version_id,
            plugin_id: row.plugin_id,
            version: row.version,
            version_order: row.version_order,
            sha256: row.sha256,
            size_bytes: row.size_bytes,
            experimental: row.experimental,
            qgis_min: row.qgis_min,
            qgis_max: row.qgis_max,
            uploaded_by: row.uploaded_by,
            by_token: row.by_token,
            uploaded_at_us: row.uploaded_at_us,
            replaced_at_us: row.replaced_at_us,
            approved: row.approved,
            approved_at_us: row.approved_at_us,
            yanked_reason: row.yanked_reason,
            refused_reason: row.refused_reason,
            review_asked: row.review_asked,
            pinned: row.pinned,
            license: row.license,
        })?;
        Ok(Self {
            version,
            changelog: row.changelog,
            author: row.author,
            email: row.email,
            uploaded_by_name: row.uploaded_by_name,
        })
    }
}

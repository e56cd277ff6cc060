//! Writes what a page changed.

use super::entry::EntryRows;
use super::state::{Plugin, PluginRow, ReplacedRow, State, Texts, VersionRow};
use crate::columns::{list_of_ids, list_of_uuids, unsigned};
use cairn_store::{Bulk, Result, Tx, Value, engine_sql, on, sqlx};
use std::sync::LazyLock;
use uuid::Uuid;

/// Rows for each table, made before the transaction begins: on SQLite it keeps every other writer out.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    generation: i64,
    plugins: Vec<Vec<Value>>,
    versions: Vec<Vec<Value>>,
    texts: Vec<Vec<Value>>,
    uploads: Vec<Vec<Value>>,
    replaced: Vec<Vec<Value>>,
    owners: Vec<Vec<Value>>,
    tags: Vec<Vec<Value>>,
    votes: Vec<Vec<Value>>,
    trusted: Vec<Vec<Value>>,
    entries: EntryRows,
    /// Plugins whose old owners go before the new ones come.
    owners_of: Vec<u64>,
    /// Plugins whose old tags go before the new ones come.
    tags_of: Vec<u64>,
    deleted: Vec<u64>,
    distrusted: Vec<Uuid>,
}

/// A statement for many rows from the file beside this one.
macro_rules! bulk {
    ($name:ident, $file:literal) => {
        static $name: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!($file)));
    };
}
bulk!(PUT_PLUGIN, "sql/put_plugin.sql");
bulk!(PUT_VERSION, "sql/put_version.sql");
bulk!(PUT_TEXT, "sql/put_version_text.sql");
bulk!(PUT_UPLOAD, "sql/put_upload.sql");
bulk!(PUT_REPLACED, "sql/put_replaced.sql");
bulk!(PUT_OWNER, "sql/put_owner.sql");
bulk!(PUT_TAG, "sql/put_tag.sql");
bulk!(PUT_VOTE, "sql/put_vote.sql");
bulk!(PUT_TRUSTED, "sql/put_trusted.sql");

impl Rows {
    /// The rows that this state changed. In the order of ids, which is the order of the tables.
    pub(super) fn of(generation: i64, state: State) -> Result<Self> {
        let mut rows = Self { generation, entries: EntryRows::new(generation), ..Self::default() };
        for account in state.trust_changed {
            if state.trusted.contains(&account) {
                rows.trusted.push(vec![generation.into(), account.into()]);
            } else {
                rows.distrusted.push(account);
            }
        }
        let mut plugins: Vec<Plugin> = state.plugins.into_values().filter(|plugin| plugin.changed).collect();
        plugins.sort_unstable_by_key(|plugin| plugin.row.plugin_id);
        plugins.into_iter().try_for_each(|plugin| rows.push(plugin))?;
        rows.versions.sort_unstable_by_key(|row| id_of(row));
        rows.texts.sort_unstable_by_key(|row| id_of(row));
        rows.uploads.sort_unstable_by_key(|row| id_of(row));
        rows.replaced.sort_unstable_by_key(|row| id_of(row));
        Ok(rows)
    }

    fn push(&mut self, plugin: Plugin) -> Result<()> {
        let (generation, plugin_id) = (self.generation, plugin.row.plugin_id);
        self.entries.push(&plugin)?;
        if plugin.owners_changed {
            if plugin.stored {
                self.owners_of.push(unsigned(plugin_id)?);
            }
            let owners = plugin.owners.iter();
            self.owners
                .extend(owners.map(|owner| vec![generation.into(), plugin_id.into(), (*owner).into()]));
        }
        if let Some(tags) = plugin.tags {
            if plugin.stored {
                self.tags_of.push(unsigned(plugin_id)?);
            }
            let row = |(place, tag): (i64, String)| {
                vec![generation.into(), plugin_id.into(), place.into(), tag.into()]
            };
            self.tags.extend((0..).zip(tags).map(row));
        }
        let cast = plugin.votes.into_iter().filter(|(_, (_, cast))| *cast);
        self.votes.extend(cast.map(|(voter, (score, _))| {
            vec![generation.into(), plugin_id.into(), voter.into(), score.into()]
        }));
        let uploaded = plugin.uploaded.iter();
        self.uploads.extend(uploaded.map(|id| vec![generation.into(), (*id).into(), plugin_id.into()]));
        self.replaced.extend(plugin.replaced.into_iter().map(|row| replaced_row(generation, row)));
        for id in plugin.deleted {
            self.deleted.push(unsigned(id)?);
        }
        for version in plugin.versions.into_values().filter(|version| version.changed) {
            if let Some(texts) = version.texts {
                self.texts.push(text_row(generation, version.row.version_id, texts));
            }
            self.versions.push(version_row(generation, version.row));
        }
        self.plugins.push(plugin_row(generation, plugin.row));
        Ok(())
    }

    /// Writes them all.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<()> {
        let generation = self.generation;
        delete(tx, generation, engine_sql!(tx, "sql/delete_versions"), &self.deleted).await?;
        delete(tx, generation, engine_sql!(tx, "sql/delete_version_texts"), &self.deleted).await?;
        delete(tx, generation, engine_sql!(tx, "sql/delete_owners"), &self.owners_of).await?;
        delete(tx, generation, engine_sql!(tx, "sql/delete_tags"), &self.tags_of).await?;
        if !self.distrusted.is_empty() {
            let accounts = list_of_uuids(&self.distrusted);
            let sql = engine_sql!(tx, "sql/delete_trusted");
            on!(tx, |c| sqlx::query(sql).bind(generation).bind(&accounts).execute(&mut *c).await.map(drop))?;
        }
        PUT_TRUSTED.rows(tx, &self.trusted).await?;
        PUT_PLUGIN.rows(tx, &self.plugins).await?;
        PUT_VERSION.rows(tx, &self.versions).await?;
        PUT_TEXT.rows(tx, &self.texts).await?;
        PUT_UPLOAD.rows(tx, &self.uploads).await?;
        PUT_REPLACED.rows(tx, &self.replaced).await?;
        PUT_OWNER.rows(tx, &self.owners).await?;
        PUT_TAG.rows(tx, &self.tags).await?;
        PUT_VOTE.rows(tx, &self.votes).await?;
        self.entries.write(tx).await
    }
}

async fn delete(tx: &mut Tx, generation: i64, sql: &'static str, ids: &[u64]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = list_of_ids(ids);
    on!(tx, |c| sqlx::query(sql).bind(generation).bind(&ids).execute(&mut *c).await.map(drop))
}

fn id_of(row: &[Value]) -> i64 {
    match row.get(1) {
        Some(Value::Int(Some(id))) => *id,
        _ => unreachable!("the id follows the generation"),
    }
}

fn plugin_row(generation: i64, row: PluginRow) -> Vec<Value> {
    vec![
        generation.into(),
        row.plugin_id.into(),
        row.package.into(),
        row.package_key.into(),
        row.name.into(),
        row.name_order.into(),
        row.search_text.into(),
        row.description.into(),
        row.about.into(),
        row.homepage.into(),
        row.tracker.into(),
        row.repository.into(),
        row.category.into(),
        row.plugin_dependencies.into(),
        row.external_dependencies.into(),
        row.server.into(),
        row.deprecated.into(),
        row.has_processing_provider.into(),
        row.icon_sha256.into(),
        row.icon_extension.into(),
        row.creator_id.into(),
        row.creator_trusted.into(),
        row.created_at_us.into(),
        row.updated_at_us.into(),
        row.approved_stable.into(),
        row.approved_experimental.into(),
        row.waiting.into(),
        row.votes.into(),
        row.score.into(),
        row.changed_at.into(),
        row.deprecated_by_owner.into(),
        row.successor.into(),
        row.deprecated_reason.into(),
        row.featured.into(),
        row.maintainer_id.into(),
        row.renaming_allowed.into(),
        row.marked_until_us.into(),
        row.marked_reason.into(),
        row.tombstone.into(),
        row.previous_names.into(),
        row.yanked.into(),
        row.license.into(),
    ]
}

fn version_row(generation: i64, row: VersionRow) -> Vec<Value> {
    vec![
        generation.into(),
        row.version_id.into(),
        row.plugin_id.into(),
        row.version.into(),
        row.version_order.into(),
        row.sha256.into(),
        row.size_bytes.into(),
        row.experimental.into(),
        row.qgis_min.into(),
        row.qgis_max.into(),
        row.uploaded_by.into(),
        row.by_token.into(),
        row.uploaded_at_us.into(),
        row.replaced_at_us.into(),
        row.approved.into(),
        row.approved_at_us.into(),
        row.yanked_reason.into(),
        row.refused_reason.into(),
        row.review_asked.into(),
        row.pinned.into(),
        row.license.into(),
    ]
}

fn replaced_row(generation: i64, row: ReplacedRow) -> Vec<Value> {
    vec![
        generation.into(),
        row.replaced_at.into(),
        row.version_id.into(),
        row.plugin_id.into(),
        row.version.into(),
        row.sha256.into(),
        row.size_bytes.into(),
        row.replaced_at_us.into(),
    ]
}

fn text_row(generation: i64, version_id: i64, texts: Texts) -> Vec<Value> {
    let json = |told: serde_json::Result<String>| told.expect("details have string keys and no numbers");
    vec![
        generation.into(),
        version_id.into(),
        texts.changelog.into(),
        json(serde_json::to_string(&texts.warnings)).into(),
        json(serde_json::to_string(&texts.details)).into(),
    ]
}

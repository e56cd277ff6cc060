//! Questions about single plugins.

use super::state::PluginRow;
use crate::columns::{list_of_ids, list_of_texts, parsed, unsigned};
use crate::{Name, Read};
use cairn_domain::ids::AccountId;
use cairn_domain::names::{License, PackageName, PluginName, fold};
use cairn_domain::plugin::{Deletion, IconFile};
use cairn_store::{Position, Result, StoreError, engine_sql, from_us, on, sqlx};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// A plugin as visitors see it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the metadata or of the creator")]
pub struct Plugin {
    /// Its number in feeds and answers: position of its registration + 1.
    pub id: u64,
    /// The folder name, as first written.
    pub package: PackageName,
    /// The name people see.
    pub name: PluginName,
    /// One or two sentences.
    pub description: String,
    /// The longer text.
    pub about: Option<String>,
    /// Home page.
    pub homepage: Option<String>,
    /// Where to report defects.
    pub tracker: Option<String>,
    /// Where the source is.
    pub repository: Option<String>,
    /// QGIS's menu category.
    pub category: Option<String>,
    /// Other plugins it needs, as QGIS reads them.
    pub plugin_dependencies: Option<String>,
    /// What it needs from outside QGIS.
    pub external_dependencies: Option<String>,
    /// It has a QGIS Server part.
    pub server: bool,
    /// Its metadata, its owner or staff advise against using it.
    pub deprecated: bool,
    /// What its owner or staff say about that, if they do.
    pub deprecation: Option<Deprecation>,
    /// Staff recommend it.
    pub featured: bool,
    /// Whom visitors should write to.
    pub maintainer: Option<AccountId>,
    /// Its name may change with the metadata of its next versions.
    pub renaming_allowed: bool,
    /// The names it had before, the oldest first.
    pub previous_names: Vec<PreviousName>,
    /// It is hidden or gone.
    pub deletion: Option<Deletion>,
    /// Why it is hidden, in the words of whoever decided.
    pub deletion_reason: Option<String>,
    /// It adds Processing algorithms.
    pub has_processing_provider: bool,
    /// The licence of the newest version on offer; while there is none, of the newest public one, or of the newest. None where
    /// it is not known.
    pub license: Option<License>,
    /// Its picture.
    pub icon: Option<IconFile>,
    /// Who registered it, or was given it after it was gone.
    pub creator: AccountId,
    /// Whether staff trust that account.
    pub creator_trusted: bool,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When the newest of the versions that feeds may offer was uploaded; while there is none, the newest of all.
    pub updated_at: DateTime<Utc>,
    /// How many approved versions are stable, without yanked ones.
    pub approved_stable: u64,
    /// How many approved versions are experimental, without yanked ones.
    pub approved_experimental: u64,
    /// How many approved versions are yanked.
    pub yanked: u64,
    /// How many versions somebody should look at: those that wait for approval and were not refused, had it withdrawn, or
    /// are public and were asked to be looked at again.
    pub waiting: u64,
    /// How many people voted.
    pub votes: u64,
    /// The sum of their votes, each 1 to 5.
    pub score: u64,
    /// Where the last event is that changed anything of this plugin or its versions.
    pub changed_at: Position,
}

/// What owners or staff say when they advise against using a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deprecation {
    /// What to use instead.
    pub successor: Option<PackageName>,
    /// Why.
    pub reason: Option<String>,
}

/// A name that a plugin had. It stays the plugin's own for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviousName {
    /// The name.
    pub name: PluginName,
    /// When another one took its place.
    pub until: DateTime<Utc>,
}

/// A [`PreviousName`] as its column holds it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PreviousNameJson {
    pub(super) name: String,
    pub(super) until_us: i64,
}

impl Plugin {
    /// Whether lists and feeds have it: it is not deleted and has a public version that is not yanked.
    pub fn is_listed(&self) -> bool {
        self.deletion.is_none() && self.approved_stable + self.approved_experimental > 0
    }

    /// Whether visitors see its page: it is not deleted and has a public version, if only a yanked one.
    pub fn is_public(&self) -> bool {
        self.is_listed() || (self.deletion.is_none() && self.yanked > 0)
    }
}

/// The plugin with exactly this package name.
pub async fn plugin_by_package(read: &mut Read, package: &PackageName) -> Result<Option<Plugin>> {
    Ok(plugin_like(read, package).await?.filter(|plugin| plugin.package == *package))
}

/// The plugin with this package name, however it is capitalised.
pub async fn plugin_like(read: &mut Read, package: &PackageName) -> Result<Option<Plugin>> {
    let (generation, key) = (read.generation(Name::Catalogue), package.folded());
    let row: Option<PluginRow> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/plugin_by_key.sql"))
        .bind(generation)
        .bind(&key)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(Plugin::try_from).transpose()
}

/// The plugin that has this plugin name now, however it is capitalised.
pub async fn plugin_by_name(read: &mut Read, name: &str) -> Result<Option<Plugin>> {
    let (generation, name) = (read.generation(Name::Catalogue), fold(name).into_bytes());
    let row: Option<PluginRow> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/plugin_by_name.sql"))
        .bind(generation)
        .bind(&name)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(Plugin::try_from).transpose()
}

/// Everybody who registered a plugin, each once.
pub async fn creators(read: &mut Read) -> Result<Vec<AccountId>> {
    let generation = read.generation(Name::Catalogue);
    let rows: Vec<(Uuid,)> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/creators.sql"))
        .bind(generation)
        .fetch_all(&mut *c)
        .await)?;
    Ok(rows.into_iter().map(|(account,)| AccountId(account)).collect())
}

/// The plugin with this number.
pub async fn plugin_by_id(read: &mut Read, plugin_id: u64) -> Result<Option<Plugin>> {
    Ok(plugins_by_ids(read, &[plugin_id]).await?.pop())
}

/// The plugins with these numbers, by number; numbers that none has are left out.
pub async fn plugins_by_ids(read: &mut Read, plugin_ids: &[u64]) -> Result<Vec<Plugin>> {
    let generation = read.generation(Name::Catalogue);
    let (ids, sql) = (list_of_ids(plugin_ids), engine_sql!(read, "sql/plugins_by_ids"));
    let rows: Vec<PluginRow> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
    rows.into_iter().map(Plugin::try_from).collect()
}

/// The plugins with these folded package names, by number; names that none has are left out.
pub async fn plugins_called(read: &mut Read, package_keys: &[&str]) -> Result<Vec<Plugin>> {
    let generation = read.generation(Name::Catalogue);
    let (keys, sql) = (list_of_texts(package_keys), engine_sql!(read, "sql/plugin_ids_by_keys"));
    let rows: Vec<(i64,)> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&keys).fetch_all(&mut *c).await)?;
    let ids: Result<Vec<u64>> = rows.into_iter().map(|(id,)| unsigned(id)).collect();
    plugins_by_ids(read, &ids?).await
}

/// All plugins that an account owns itself or is in a team that does, by name.
pub async fn plugins_owned_by(read: &mut Read, account: AccountId) -> Result<Vec<Plugin>> {
    let (generation, people) = (read.generation(Name::Catalogue), read.generation(Name::People));
    let rows: Vec<PluginRow> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/plugins_owned_by.sql"))
        .bind(generation)
        .bind(account.0)
        .bind(people)
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(Plugin::try_from).collect()
}

/// The tags of each of these plugins, in their authors' order; plugins without any are left out.
pub async fn tags_of(read: &mut Read, plugin_ids: &[u64]) -> Result<HashMap<u64, Vec<String>>> {
    let generation = read.generation(Name::Catalogue);
    let (ids, sql) = (list_of_ids(plugin_ids), engine_sql!(read, "sql/tags_of"));
    let rows: Vec<(i64, String)> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
    grouped(rows.into_iter())
}

/// By plugin, each in the given order.
pub(super) fn grouped<T>(rows: impl Iterator<Item = (i64, T)>) -> Result<HashMap<u64, Vec<T>>> {
    let mut groups: HashMap<u64, Vec<T>> = HashMap::new();
    for (plugin_id, value) in rows {
        groups.entry(unsigned(plugin_id)?).or_default().push(value);
    }
    Ok(groups)
}

fn previous_names(told: &str) -> Result<Vec<PreviousName>> {
    let damaged = |fault: serde_json::Error| StoreError::Damaged(format!("previous names: {fault}"));
    let names: Vec<PreviousNameJson> = serde_json::from_str(told).map_err(damaged)?;
    let name =
        |it: PreviousNameJson| Ok(PreviousName { name: parsed(&it.name)?, until: from_us(it.until_us)? });
    names.into_iter().map(name).collect()
}

impl TryFrom<PluginRow> for Plugin {
    type Error = StoreError;

    fn try_from(row: PluginRow) -> Result<Self> {
        let icon = match (row.icon_sha256, row.icon_extension) {
            (Some(sha256), Some(extension)) => Some(IconFile { sha256: parsed(&sha256)?, extension }),
            _ => None,
        };
        let deletion = match (row.tombstone, row.marked_until_us) {
            (true, _) => Some(Deletion::Tombstone),
            (false, until) => until.map(from_us).transpose()?.map(|until| Deletion::Marked { until }),
        };
        let successor = row.successor.as_deref().map(parsed).transpose()?;
        let reason = row.deprecated_reason;
        Ok(Self {
            deprecation: row.deprecated_by_owner.then_some(Deprecation { successor, reason }),
            featured: row.featured,
            maintainer: row.maintainer_id.map(AccountId),
            renaming_allowed: row.renaming_allowed,
            previous_names: previous_names(row.previous_names.as_deref().unwrap_or("[]"))?,
            deletion,
            deletion_reason: row.marked_reason,
            yanked: unsigned(row.yanked)?,
            id: unsigned(row.plugin_id)?,
            package: parsed(&row.package)?,
            name: parsed(&row.name)?,
            description: row.description,
            about: row.about,
            homepage: row.homepage,
            tracker: row.tracker,
            repository: row.repository,
            category: row.category,
            plugin_dependencies: row.plugin_dependencies,
            external_dependencies: row.external_dependencies,
            server: row.server,
            deprecated: row.deprecated || row.deprecated_by_owner,
            has_processing_provider: row.has_processing_provider,
            license: row.license.as_deref().map(parsed).transpose()?,
            icon,
            creator: AccountId(row.creator_id),
            creator_trusted: row.creator_trusted,
            created_at: from_us(row.created_at_us)?,
            updated_at: from_us(row.updated_at_us)?,
            approved_stable: unsigned(row.approved_stable)?,
            approved_experimental: unsigned(row.approved_experimental)?,
            waiting: unsigned(row.waiting)?,
            votes: unsigned(row.votes)?,
            score: unsigned(row.score)?,
            changed_at: unsigned(row.changed_at)?,
        })
    }
}

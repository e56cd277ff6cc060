//! Questions about single plugins.

use super::state::PluginRow;
use crate::columns::{list_of_ids, parsed, unsigned};
use crate::{Name, Read};
use cairn_domain::ids::AccountId;
use cairn_domain::names::{PackageName, PluginName, fold};
use cairn_domain::plugin::IconFile;
use cairn_store::{Position, Result, StoreError, engine_sql, from_us, on, sqlx};
use chrono::{DateTime, Utc};
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
    /// Its author advises against using it.
    pub deprecated: bool,
    /// It adds Processing algorithms.
    pub has_processing_provider: bool,
    /// Its picture.
    pub icon: Option<IconFile>,
    /// Who registered it.
    pub creator: AccountId,
    /// Whether staff trust whoever registered it.
    pub creator_trusted: bool,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When the newest of its approved versions was uploaded; while none is approved, the newest of all.
    pub updated_at: DateTime<Utc>,
    /// How many approved versions are stable.
    pub approved_stable: u64,
    /// How many approved versions are experimental.
    pub approved_experimental: u64,
    /// How many versions wait for approval, or had it withdrawn.
    pub waiting: u64,
    /// How many people voted.
    pub votes: u64,
    /// The sum of their votes, each 1 to 5.
    pub score: u64,
    /// Where the last event is that changed anything of this plugin or its versions.
    pub changed_at: Position,
}

impl Plugin {
    /// Whether any version is public.
    pub fn is_listed(&self) -> bool {
        self.approved_stable + self.approved_experimental > 0
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

/// All plugins that an account owns, by name.
pub async fn plugins_owned_by(read: &mut Read, account: AccountId) -> Result<Vec<Plugin>> {
    let generation = read.generation(Name::Catalogue);
    let rows: Vec<PluginRow> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/plugins_owned_by.sql"))
        .bind(generation)
        .bind(account.0)
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(Plugin::try_from).collect()
}

/// Who owns each of these plugins, by account.
pub async fn owners_of(read: &mut Read, plugin_ids: &[u64]) -> Result<HashMap<u64, Vec<AccountId>>> {
    let generation = read.generation(Name::Catalogue);
    let (ids, sql) = (list_of_ids(plugin_ids), engine_sql!(read, "sql/owners_of"));
    let rows: Vec<(i64, Uuid)> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
    grouped(rows.into_iter().map(|(plugin_id, account)| (plugin_id, AccountId(account))))
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

impl TryFrom<PluginRow> for Plugin {
    type Error = StoreError;

    fn try_from(row: PluginRow) -> Result<Self> {
        let icon = match (row.icon_sha256, row.icon_extension) {
            (Some(sha256), Some(extension)) => Some(IconFile { sha256: parsed(&sha256)?, extension }),
            _ => None,
        };
        Ok(Self {
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
            deprecated: row.deprecated,
            has_processing_provider: row.has_processing_provider,
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

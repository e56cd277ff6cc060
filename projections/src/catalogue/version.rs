//! Questions about versions.

use super::plugin::{Plugin, grouped, plugin_by_package};
use super::state::{ReplacedRow, VersionRow};
use crate::columns::{list_of_ids, parsed, unsigned};
use crate::{Name, Read};
use cairn_domain::ids::AccountId;
use cairn_domain::names::{License, PackageName, Sha256};
use cairn_domain::plugin::{Channel, PluginDetails};
use cairn_domain::qgis_version::CompatRange;
use cairn_domain::version_number::{self, VersionNumber};
use cairn_store::{Result, StoreError, engine_sql, from_us, on, sqlx};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// A version of a plugin; deleted ones are nowhere here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the metadata or a state of its own")]
pub struct Version {
    /// Its number in answers and in the downloads log: position of its upload + 1.
    pub id: u64,
    /// The plugin's number.
    pub plugin_id: u64,
    /// The version number, as its author wrote it.
    pub number: VersionNumber,
    /// Digest of the zip; also its address in the package store.
    pub sha256: Sha256,
    /// Size of the zip.
    pub size_bytes: u64,
    /// Its author calls it experimental.
    pub experimental: bool,
    /// The QGIS versions it is for.
    pub qgis: CompatRange,
    /// Who uploaded the present file; none if the operator did.
    pub uploaded_by: Option<AccountId>,
    /// Whether that was by a plugin token.
    pub by_token: bool,
    /// When the version was uploaded first.
    pub uploaded_at: DateTime<Utc>,
    /// When its file was replaced, before it was ever approved.
    pub replaced_at: Option<DateTime<Utc>>,
    /// Whether it is public.
    pub approved: bool,
    /// Since when it is public.
    pub approved_at: Option<DateTime<Utc>>,
    /// Why it is not offered any more, shown to everybody; none while it is not yanked.
    pub yanked: Option<String>,
    /// Why somebody who may approve said no to this very file; none while nobody did.
    pub refused: Option<String>,
    /// It is public and somebody should look at it again.
    pub review_asked: bool,
    /// Feeds offer it as the newest of its channel while they may offer it at all.
    pub pinned: bool,
    /// Its licence; none where it is not known, as of all that were uploaded before it was looked for.
    pub license: Option<License>,
}

/// A file that a version had before another one took its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacedFile {
    /// The version's number in answers.
    pub version_id: u64,
    /// The version number that it had with this file.
    pub number: VersionNumber,
    /// Digest of the zip; also its address in the package store.
    pub sha256: Sha256,
    /// Size of the zip.
    pub size_bytes: u64,
    /// When another file took its place.
    pub replaced_at: DateTime<Utc>,
}

impl Version {
    /// Whether feeds may offer it.
    pub fn is_offered(&self) -> bool {
        self.approved && self.yanked.is_none()
    }
}

/// What a plugin offers in a channel, whatever the QGIS version: the pinned version, or else the newest. The versions come
/// newest first.
pub fn offered(versions: &[Version], channel: Channel) -> Option<&Version> {
    let experimental = channel == Channel::Experimental;
    let in_channel =
        || versions.iter().filter(|version| version.is_offered() && version.experimental == experimental);
    in_channel().find(|version| version.pinned).or_else(|| in_channel().next())
}

/// The long texts of a version.
#[derive(Debug, Clone, PartialEq)]
pub struct VersionTexts {
    /// What is new.
    pub changelog: Option<String>,
    /// Codes of the findings that were warnings.
    pub warnings: Vec<String>,
    /// What its metadata says of the plugin.
    pub details: PluginDetails,
}

/// The versions of each of these plugins, the newest first; public and waiting ones.
pub async fn versions_of(read: &mut Read, plugin_ids: &[u64]) -> Result<HashMap<u64, Vec<Version>>> {
    let generation = read.generation(Name::Catalogue);
    let (ids, sql) = (list_of_ids(plugin_ids), engine_sql!(read, "sql/versions_of"));
    let rows: Vec<VersionRow> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
    let versions: Vec<Version> = rows.into_iter().map(Version::try_from).collect::<Result<_>>()?;
    let rows = versions.into_iter().map(|version| (crate::columns::signed(version.plugin_id), version));
    let mut groups = grouped(rows)?;
    for versions in groups.values_mut() {
        versions.sort_by(|a, b| b.number.cmp(&a.number).then(b.id.cmp(&a.id)));
    }
    Ok(groups)
}

/// The version that a caller asks for in any of the forms that real clients write, with its plugin, whose
/// package name must be exact. It may wait for approval.
pub async fn version(
    read: &mut Read,
    package: &PackageName,
    asked: &str,
) -> Result<Option<(Plugin, Version)>> {
    let Some(plugin) = plugin_by_package(read, package).await? else { return Ok(None) };
    let versions = versions_of(read, &[plugin.id]).await?.remove(&plugin.id).unwrap_or_default();
    let found = version_number::find(asked, versions.iter().map(|version| &version.number)).cloned();
    Ok(found
        .and_then(|number| versions.into_iter().find(|version| version.number == number))
        .map(|it| (plugin, it)))
}

/// The version with this number in answers.
pub async fn version_by_id(read: &mut Read, version_id: u64) -> Result<Option<Version>> {
    Ok(versions_by_ids(read, &[version_id]).await?.pop())
}

/// The versions with these numbers in answers, in their order; numbers that none has are left out.
pub async fn versions_by_ids(read: &mut Read, version_ids: &[u64]) -> Result<Vec<Version>> {
    let generation = read.generation(Name::Catalogue);
    let (ids, sql) = (list_of_ids(version_ids), engine_sql!(read, "sql/versions_by_ids"));
    let rows: Vec<VersionRow> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
    rows.into_iter().map(Version::try_from).collect()
}

/// The long texts of these versions, by their numbers in answers.
pub async fn texts_of(read: &mut Read, version_ids: &[u64]) -> Result<HashMap<u64, VersionTexts>> {
    let generation = read.generation(Name::Catalogue);
    let (ids, sql) = (list_of_ids(version_ids), engine_sql!(read, "sql/texts_of"));
    let rows: Vec<(i64, Option<String>, String, String)> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
    let damaged = |fault: serde_json::Error| StoreError::Damaged(format!("the texts of a version: {fault}"));
    rows.into_iter()
        .map(|(id, changelog, warnings, details)| {
            let warnings = serde_json::from_str(&warnings).map_err(damaged)?;
            let details = serde_json::from_str(&details).map_err(damaged)?;
            Ok((unsigned(id)?, VersionTexts { changelog, warnings, details }))
        })
        .collect()
}

/// The files that versions of these plugins had before, by plugin, those that were replaced first coming first.
pub async fn replaced_files_of(
    read: &mut Read,
    plugin_ids: &[u64],
) -> Result<HashMap<u64, Vec<ReplacedFile>>> {
    let generation = read.generation(Name::Catalogue);
    let (ids, sql) = (list_of_ids(plugin_ids), engine_sql!(read, "sql/replaced_of"));
    let rows: Vec<ReplacedRow> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
    let file = |row: ReplacedRow| {
        let file = ReplacedFile {
            version_id: unsigned(row.version_id)?,
            number: parsed(&row.version)?,
            sha256: parsed(&row.sha256)?,
            size_bytes: unsigned(row.size_bytes)?,
            replaced_at: from_us(row.replaced_at_us)?,
        };
        Ok((row.plugin_id, file))
    };
    grouped(rows.into_iter().map(file).collect::<Result<Vec<_>>>()?.into_iter())
}

impl TryFrom<VersionRow> for Version {
    type Error = StoreError;

    fn try_from(row: VersionRow) -> Result<Self> {
        let qgis = CompatRange::new(parsed(&row.qgis_min)?, Some(parsed(&row.qgis_max)?))
            .map_err(|fault| StoreError::Damaged(fault.to_string()))?;
        Ok(Self {
            id: unsigned(row.version_id)?,
            plugin_id: unsigned(row.plugin_id)?,
            number: parsed(&row.version)?,
            sha256: parsed(&row.sha256)?,
            size_bytes: unsigned(row.size_bytes)?,
            experimental: row.experimental,
            qgis,
            uploaded_by: row.uploaded_by.map(AccountId),
            by_token: row.by_token,
            uploaded_at: from_us(row.uploaded_at_us)?,
            replaced_at: row.replaced_at_us.map(from_us).transpose()?,
            approved: row.approved,
            approved_at: row.approved_at_us.map(from_us).transpose()?,
            yanked: row.yanked_reason,
            refused: row.refused_reason,
            review_asked: row.review_asked,
            pinned: row.pinned,
            license: row.license.as_deref().map(parsed).transpose()?,
        })
    }
}

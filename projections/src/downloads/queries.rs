//! Questions about the downloads of versions and plugins.

use super::calendar::{Parts, day, day_column, month_column};
use crate::columns::{list_of_ids, parsed, signed, unsigned};
use crate::{Name, Read};
use cairn_domain::download::QgisRelease;
use cairn_domain::version_number::VersionNumber;
use cairn_store::{Result, StoreError, engine_sql, on, sqlx};
use chrono::NaiveDate;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

/// As many days as `recent` counts, and as `recent_days_of_plugins` reads.
const RECENT_DAYS: usize = 30;

/// Downloads of a day in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByDay {
    /// The day.
    pub day: NaiveDate,
    /// How many.
    pub n: u64,
}

/// Downloads by a QGIS version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByQgis {
    /// The version; none where clients did not say it.
    pub qgis: Option<QgisRelease>,
    /// How many.
    pub n: u64,
}

/// Downloads from a country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByCountry {
    /// ISO 3166, two upper-case letters; none where it is not known.
    pub country: Option<String>,
    /// How many.
    pub n: u64,
}

/// Downloads of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByVersion {
    /// Its number in answers.
    pub version_id: u64,
    /// Its version number; none once it is deleted.
    pub version: Option<VersionNumber>,
    /// How many.
    pub n: u64,
}

/// How often each of these versions was downloaded; those that never were are left out.
pub async fn downloads_of_versions(read: &mut Read, version_ids: &[u64]) -> Result<HashMap<u64, u64>> {
    let generation = read.generation(Name::Downloads);
    let (ids, sql) = (list_of_ids(version_ids), engine_sql!(read, "sql/of_versions"));
    let rows: Vec<(i64, i64)> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
    rows.into_iter().map(|(id, n)| Ok((unsigned(id)?, unsigned(n)?))).collect()
}

/// How often any version of each of these plugins was downloaded, deleted versions too; plugins that never
/// were are left out.
pub async fn downloads_of_plugins(read: &mut Read, plugin_ids: &[u64]) -> Result<HashMap<u64, u64>> {
    let rows = of_plugins(read, plugin_ids).await?;
    rows.into_iter().map(|(id, n, _)| Ok((unsigned(id)?, unsigned(n)?))).collect()
}

/// The same in the 30 days that end with the newest day on which anything was downloaded.
pub async fn recent_downloads_of_plugins(read: &mut Read, plugin_ids: &[u64]) -> Result<HashMap<u64, u64>> {
    let rows = of_plugins(read, plugin_ids).await?;
    rows.into_iter().map(|(id, _, recent)| Ok((unsigned(id)?, unsigned(recent)?))).collect()
}

/// The days that end with the newest one on which anything was downloaded, the earliest first: how often each of these plugins
/// was downloaded on each. Plugins that were not are left out.
pub async fn recent_days_of_plugins(
    read: &mut Read,
    plugin_ids: &[u64],
) -> Result<HashMap<u64, Arc<[u64; RECENT_DAYS]>>> {
    let generation = read.generation(Name::Downloads);
    let (ids, sql) = (list_of_ids(plugin_ids), engine_sql!(read, "sql/recent_days_of_plugins"));
    let rows: Vec<(i64, i64, i64)> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
    let mut found: HashMap<u64, [u64; RECENT_DAYS]> = HashMap::new();
    for (id, ago, n) in rows {
        let days = found.entry(unsigned(id)?).or_insert([0; RECENT_DAYS]);
        let at = usize::try_from(ago).ok().and_then(|ago| (RECENT_DAYS - 1).checked_sub(ago));
        let at = at.ok_or_else(|| StoreError::Damaged("a day after the newest".into()))?;
        days[at] = unsigned(n)?;
    }
    Ok(found.into_iter().map(|(id, days)| (id, Arc::new(days))).collect())
}

async fn of_plugins(read: &mut Read, plugin_ids: &[u64]) -> Result<Vec<(i64, i64, i64)>> {
    let generation = read.generation(Name::Downloads);
    let (ids, sql) = (list_of_ids(plugin_ids), engine_sql!(read, "sql/of_plugins"));
    on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)
}

/// The downloads of a plugin on each day from `first` to `last`, by day; days without any are left out.
pub async fn days_of_plugin(
    read: &mut Read,
    plugin_id: u64,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<ByDay>> {
    let generation = read.generation(Name::Downloads);
    let rows: Vec<(i64, i64)> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/days_of_plugin.sql"))
        .bind(generation)
        .bind(signed(plugin_id))
        .bind(day_column(first))
        .bind(day_column(last))
        .fetch_all(&mut *c)
        .await)?;
    by_day(rows)
}

/// The downloads of a plugin by QGIS version, the oldest first, unknown ones before all: in the whole months from that of `first`
/// to that of `last`.
pub async fn qgis_of_plugin(
    read: &mut Read,
    plugin_id: u64,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<ByQgis>> {
    let generation = read.generation(Name::Downloads);
    let rows: Vec<(i64, i64)> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/qgis_of_plugin.sql"))
        .bind(generation)
        .bind(signed(plugin_id))
        .bind(month_column(first))
        .bind(month_column(last))
        .fetch_all(&mut *c)
        .await)?;
    by_qgis(rows)
}

/// The downloads of a plugin by country, most first: in the whole months from that of `first` to that of `last`.
pub async fn countries_of_plugin(
    read: &mut Read,
    plugin_id: u64,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<ByCountry>> {
    let generation = read.generation(Name::Downloads);
    let rows: Vec<(String, i64)> =
        on!(read.tx, |c| sqlx::query_as(include_str!("sql/countries_of_plugin.sql"))
            .bind(generation)
            .bind(signed(plugin_id))
            .bind(month_column(first))
            .bind(month_column(last))
            .fetch_all(&mut *c)
            .await)?;
    by_country(rows)
}

/// The downloads of a plugin by version on the days from `first` to `last`, most first, deleted versions too.
pub async fn versions_of_plugin(
    read: &mut Read,
    plugin_id: u64,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<ByVersion>> {
    let parts = Parts::of(first, last);
    let (catalogue, downloads) = (read.generation(Name::Catalogue), read.generation(Name::Downloads));
    let mut rows: Vec<(i64, Option<String>, i64)> =
        on!(read.tx, |c| sqlx::query_as(include_str!("sql/versions_of_plugin.sql"))
            .bind(catalogue)
            .bind(downloads)
            .bind(signed(plugin_id))
            .bind(parts.before.0)
            .bind(parts.before.1)
            .bind(parts.months.0)
            .bind(parts.months.1)
            .bind(parts.after.0)
            .bind(parts.after.1)
            .fetch_all(&mut *c)
            .await)?;
    rows.retain(|(_, _, n)| *n > 0);
    rows.sort_unstable_by_key(|(id, _, n)| (Reverse(*n), *id));
    let by_version = |(id, version, n): (i64, Option<String>, i64)| {
        let version = version.as_deref().map(parsed).transpose()?;
        Ok(ByVersion { version_id: unsigned(id)?, version, n: unsigned(n)? })
    };
    rows.into_iter().map(by_version).collect()
}

/// Rows of day and number, made words of.
pub(super) fn by_day(mut rows: Vec<(i64, i64)>) -> Result<Vec<ByDay>> {
    rows.sort_unstable();
    rows.into_iter().map(|(column, n)| Ok(ByDay { day: day(column)?, n: unsigned(n)? })).collect()
}

/// The same for QGIS versions.
pub(super) fn by_qgis(mut rows: Vec<(i64, i64)>) -> Result<Vec<ByQgis>> {
    rows.sort_unstable();
    rows.into_iter().map(|(column, n)| Ok(ByQgis { qgis: release(column)?, n: unsigned(n)? })).collect()
}

/// The same for countries.
pub(super) fn by_country(mut rows: Vec<(String, i64)>) -> Result<Vec<ByCountry>> {
    rows.sort_unstable_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
    let by_country = |(country, n): (String, i64)| {
        let country = Some(country).filter(|country| country != "--");
        Ok(ByCountry { country, n: unsigned(n)? })
    };
    rows.into_iter().map(by_country).collect()
}

/// 3040 is QGIS 3.40; -1 is none.
fn release(column: i64) -> Result<Option<QgisRelease>> {
    let damaged = |_| StoreError::Damaged(format!("{column} is no QGIS version"));
    if column < 0 {
        return Ok(None);
    }
    let (major, minor) = (column / 1000, column % 1000);
    Ok(Some(QgisRelease {
        major: major.try_into().map_err(damaged)?,
        minor: minor.try_into().map_err(damaged)?,
    }))
}

//! Questions about downloads.

use crate::columns::{list_of_ids, signed, unsigned};
use crate::{Name, Read};
use cairn_domain::download::QgisRelease;
use cairn_store::{Result, StoreError, engine_sql, on, sqlx};
use chrono::NaiveDate;
use std::collections::HashMap;

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

/// How often each of these versions was downloaded; those that never were are left out.
pub async fn downloads_of_versions(read: &mut Read, version_ids: &[u64]) -> Result<HashMap<u64, u64>> {
    let generation = read.generation(Name::Downloads);
    let (ids, sql) = (list_of_ids(version_ids), engine_sql!(read, "sql/of_versions"));
    let rows: Vec<(i64, i64)> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
    counts(rows)
}

/// How often any version of each of these plugins was downloaded, deleted versions too; plugins that never
/// were are left out.
pub async fn downloads_of_plugins(read: &mut Read, plugin_ids: &[u64]) -> Result<HashMap<u64, u64>> {
    let (catalogue, downloads) = (read.generation(Name::Catalogue), read.generation(Name::Downloads));
    let (ids, sql) = (list_of_ids(plugin_ids), engine_sql!(read, "sql/of_plugins"));
    let rows: Vec<(i64, i64)> = on!(read.tx, |c| sqlx::query_as(sql)
        .bind(catalogue)
        .bind(downloads)
        .bind(&ids)
        .fetch_all(&mut *c)
        .await)?;
    counts(rows)
}

/// The downloads of a plugin on each day from `first` to `last`, by day; days without any are left out.
pub async fn days_of_plugin(
    read: &mut Read,
    plugin_id: u64,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<ByDay>> {
    let (catalogue, downloads) = (read.generation(Name::Catalogue), read.generation(Name::Downloads));
    let days = |day: NaiveDate| i64::from(day.to_epoch_days());
    let mut rows: Vec<(i64, i64)> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/days_of_plugin.sql"))
        .bind(catalogue)
        .bind(downloads)
        .bind(signed(plugin_id))
        .bind(days(first))
        .bind(days(last) + 1)
        .fetch_all(&mut *c)
        .await)?;
    rows.sort_unstable();
    let by_day = |(day, n): (i64, i64)| {
        let day = i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days);
        let day = day.ok_or_else(|| StoreError::Damaged("a day beyond the calendar".into()))?;
        Ok(ByDay { day, n: unsigned(n)? })
    };
    rows.into_iter().map(by_day).collect()
}

/// The downloads of a plugin by QGIS version, the oldest first, unknown ones before all.
pub async fn qgis_of_plugin(read: &mut Read, plugin_id: u64) -> Result<Vec<ByQgis>> {
    let (catalogue, downloads) = (read.generation(Name::Catalogue), read.generation(Name::Downloads));
    let mut rows: Vec<(i64, i64)> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/qgis_of_plugin.sql"))
        .bind(catalogue)
        .bind(downloads)
        .bind(signed(plugin_id))
        .fetch_all(&mut *c)
        .await)?;
    rows.sort_unstable();
    rows.into_iter().map(|(column, n)| Ok(ByQgis { qgis: release(column)?, n: unsigned(n)? })).collect()
}

/// The downloads of a plugin by country, most first.
pub async fn countries_of_plugin(read: &mut Read, plugin_id: u64) -> Result<Vec<ByCountry>> {
    let (catalogue, downloads) = (read.generation(Name::Catalogue), read.generation(Name::Downloads));
    let mut rows: Vec<(String, i64)> =
        on!(read.tx, |c| sqlx::query_as(include_str!("sql/countries_of_plugin.sql"))
            .bind(catalogue)
            .bind(downloads)
            .bind(signed(plugin_id))
            .fetch_all(&mut *c)
            .await)?;
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

fn counts(rows: Vec<(i64, i64)>) -> Result<HashMap<u64, u64>> {
    rows.into_iter().map(|(id, n)| Ok((unsigned(id)?, unsigned(n)?))).collect()
}

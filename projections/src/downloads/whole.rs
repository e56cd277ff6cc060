//! Questions about the downloads of all plugins together.

use super::calendar::{Parts, day_column};
use super::queries::{ByCountry, ByDay, ByQgis, by_country, by_day, by_qgis};
use crate::columns::{list_of_ids, unsigned};
use crate::{Name, Read};
use cairn_store::{Result, engine_sql, on, sqlx};
use chrono::NaiveDate;
use std::cmp::Reverse;

/// Plugins that are looked at together for the most downloaded ones.
const CANDIDATES: usize = 300;

/// Plugins whose versions are looked at for the most downloaded ones, at most.
const PLUGINS_OF_TOP_VERSIONS: u32 = 2_000;

/// How often anything was downloaded.
pub async fn all_downloads(read: &mut Read) -> Result<u64> {
    let generation = read.generation(Name::Downloads);
    let (n,): (i64,) = on!(read.tx, |c| sqlx::query_as(include_str!("sql/all_downloads.sql"))
        .bind(generation)
        .fetch_one(&mut *c)
        .await)?;
    unsigned(n)
}

/// The downloads on each day from `first` to `last`, by day; days without any are left out.
pub async fn days_of_all(read: &mut Read, first: NaiveDate, last: NaiveDate) -> Result<Vec<ByDay>> {
    let generation = read.generation(Name::Downloads);
    let rows: Vec<(i64, i64)> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/days_of_all.sql"))
        .bind(generation)
        .bind(day_column(first))
        .bind(day_column(last))
        .fetch_all(&mut *c)
        .await)?;
    by_day(rows)
}

/// The downloads on the days from `first` to `last` by QGIS version, the oldest first, unknown ones before all.
pub async fn qgis_of_all(read: &mut Read, first: NaiveDate, last: NaiveDate) -> Result<Vec<ByQgis>> {
    let generation = read.generation(Name::Downloads);
    let rows: Vec<(i64, i64)> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/qgis_of_all.sql"))
        .bind(generation)
        .bind(day_column(first))
        .bind(day_column(last))
        .fetch_all(&mut *c)
        .await)?;
    by_qgis(rows)
}

/// The downloads on the days from `first` to `last` by country, most first.
pub async fn countries_of_all(read: &mut Read, first: NaiveDate, last: NaiveDate) -> Result<Vec<ByCountry>> {
    let parts = Parts::of(first, last);
    let generation = read.generation(Name::Downloads);
    let rows: Vec<(String, i64)> =
        on!(read.tx, |c| sqlx::query_as(include_str!("sql/countries_of_all.sql"))
            .bind(generation)
            .bind(parts.before.0)
            .bind(parts.before.1)
            .bind(parts.months.0)
            .bind(parts.months.1)
            .bind(parts.after.0)
            .bind(parts.after.1)
            .fetch_all(&mut *c)
            .await)?;
    by_country(rows)
}

/// The plugins that visitors see which were downloaded most on the days from `first` to `last`, and how often; the older one
/// first where two are equal.
///
/// No plugin has more downloads in a time than altogether. So the plugins are looked at from the most downloaded one on, until
/// those that follow have fewer altogether than the last that would be told: a few hundred, where a few plugins have most downloads.
pub async fn top_plugins(
    read: &mut Read,
    first: NaiveDate,
    last: NaiveDate,
    limit: u32,
) -> Result<Vec<(u64, u64)>> {
    let parts = Parts::of(first, last);
    let mut top: Vec<(i64, i64)> = Vec::new();
    let mut behind = (i64::MAX, i64::MAX);
    loop {
        let candidates = most_downloaded(read, behind).await?;
        let ids: Vec<u64> = candidates.iter().map(|(id, _)| unsigned(*id)).collect::<Result<_>>()?;
        top.extend(sums(read, &parts, &ids).await?.into_iter().filter(|(_, n)| *n > 0));
        top.sort_unstable_by_key(|(id, n)| (Reverse(*n), *id));
        top.truncate(limit as usize);
        let Some((id, all)) = candidates.last().filter(|_| candidates.len() == CANDIDATES) else { break };
        let least = top.get((limit as usize).saturating_sub(1)).map(|(_, n)| *n);
        if least.is_some_and(|least| least > *all) {
            break;
        }
        behind = (*all, *id);
    }
    top.into_iter().map(|(id, n)| Ok((unsigned(id)?, unsigned(n)?))).collect()
}

/// The public versions that were downloaded most on the days from `first` to `last`, and how often; the older one first where two
/// are equal. They are those of the 2,000 plugins that were downloaded most in that time.
///
/// No version has more downloads in a time than its plugin. So the versions of a few plugins are looked at, and those of more only
/// while a plugin that was left out might have a version that belongs there.
pub async fn top_versions(
    read: &mut Read,
    first: NaiveDate,
    last: NaiveDate,
    limit: u32,
) -> Result<Vec<(u64, u64)>> {
    let parts = Parts::of(first, last);
    let mut plugins = limit.saturating_mul(4).min(PLUGINS_OF_TOP_VERSIONS);
    loop {
        let of_plugins = top_plugins(read, first, last, plugins).await?;
        let ids: Vec<u64> = of_plugins.iter().map(|(id, _)| *id).collect();
        let top = versions(read, &parts, &ids, limit).await?;
        let all = of_plugins.len() < plugins as usize || plugins == PLUGINS_OF_TOP_VERSIONS;
        let least = top.last().filter(|_| top.len() == limit as usize).map(|(_, n)| *n);
        let beyond = of_plugins.last().map_or(0, |(_, n)| *n);
        if all || least.is_some_and(|least| least > beyond) {
            return Ok(top);
        }
        plugins = plugins.saturating_mul(4).min(PLUGINS_OF_TOP_VERSIONS);
    }
}

/// The public versions of these plugins with the most downloads in a time.
async fn versions(read: &mut Read, parts: &Parts, plugins: &[u64], limit: u32) -> Result<Vec<(u64, u64)>> {
    let (catalogue, downloads) = (read.generation(Name::Catalogue), read.generation(Name::Downloads));
    let (plugins, sql) = (list_of_ids(plugins), engine_sql!(read, "sql/top_versions"));
    let rows: Vec<(i64, i64)> = on!(read.tx, |c| sqlx::query_as(sql)
        .bind(catalogue)
        .bind(downloads)
        .bind(parts.before.0)
        .bind(parts.before.1)
        .bind(parts.months.0)
        .bind(parts.months.1)
        .bind(parts.after.0)
        .bind(parts.after.1)
        .bind(&plugins)
        .bind(i64::from(limit))
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(|(id, n)| Ok((unsigned(id)?, unsigned(n)?))).collect()
}

/// The plugins with the most downloads altogether, behind that number and plugin.
async fn most_downloaded(read: &mut Read, (n, id): (i64, i64)) -> Result<Vec<(i64, i64)>> {
    let (catalogue, downloads) = (read.generation(Name::Catalogue), read.generation(Name::Downloads));
    on!(read.tx, |c| sqlx::query_as(include_str!("sql/most_downloaded.sql"))
        .bind(catalogue)
        .bind(downloads)
        .bind(n)
        .bind(id)
        .bind(i64::try_from(CANDIDATES).expect("a few hundred"))
        .fetch_all(&mut *c)
        .await)
}

/// How often each of these plugins was downloaded in a time.
async fn sums(read: &mut Read, parts: &Parts, ids: &[u64]) -> Result<Vec<(i64, i64)>> {
    let generation = read.generation(Name::Downloads);
    let (ids, sql) = (list_of_ids(ids), engine_sql!(read, "sql/sums_of_plugins"));
    on!(read.tx, |c| sqlx::query_as(sql)
        .bind(generation)
        .bind(parts.before.0)
        .bind(parts.before.1)
        .bind(parts.months.0)
        .bind(parts.months.1)
        .bind(parts.after.0)
        .bind(parts.after.1)
        .bind(&ids)
        .fetch_all(&mut *c)
        .await)
}

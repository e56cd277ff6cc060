//! Questions about who owns plugins, and what an account has published.

use super::plugin::grouped;
use crate::columns::{list_of_ids, list_of_uuids, parsed};
use crate::{Name, Read};
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::version_number::VersionNumber;
use cairn_store::{Result, engine_sql, on, sqlx};
use std::collections::HashMap;
use uuid::Uuid;

/// Which accounts own each of these plugins themselves, by account.
pub async fn owners_of(read: &mut Read, plugin_ids: &[u64]) -> Result<HashMap<u64, Vec<AccountId>>> {
    let generation = read.generation(Name::Catalogue);
    let (ids, sql) = (list_of_ids(plugin_ids), engine_sql!(read, "sql/owners_of"));
    let rows: Vec<(i64, Uuid)> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
    grouped(rows.into_iter().map(|(plugin_id, account)| (plugin_id, AccountId(account))))
}

/// Which accounts own each of these plugins, themselves or as members of a team that does, by account.
pub async fn all_owners_of(read: &mut Read, plugin_ids: &[u64]) -> Result<HashMap<u64, Vec<AccountId>>> {
    let (generation, people) = (read.generation(Name::Catalogue), read.generation(Name::People));
    let (ids, sql) = (list_of_ids(plugin_ids), engine_sql!(read, "sql/all_owners_of"));
    let rows: Vec<(i64, Uuid)> = on!(read.tx, |c| sqlx::query_as(sql)
        .bind(generation)
        .bind(&ids)
        .bind(people)
        .fetch_all(&mut *c)
        .await)?;
    grouped(rows.into_iter().map(|(plugin_id, account)| (plugin_id, AccountId(account))))
}

/// Which of these accounts own a plugin that visitors see, not counting teams, by account.
pub async fn public_owners(read: &mut Read, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
    let generation = read.generation(Name::Catalogue);
    let ids = list_of_uuids(&accounts.iter().map(|id| id.0).collect::<Vec<_>>());
    let sql = engine_sql!(read, "sql/public_owners");
    let rows: Vec<(Uuid,)> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
    Ok(rows.into_iter().map(|(account,)| AccountId(account)).collect())
}

/// Which accounts own the plugin of this package name themselves, by account; none if there is no such plugin.
pub async fn owners_of_package(read: &mut Read, package: &PackageName) -> Result<Vec<AccountId>> {
    let Some(plugin) = super::plugin_like(read, package).await? else { return Ok(Vec::new()) };
    Ok(owners_of(read, &[plugin.id]).await?.remove(&plugin.id).unwrap_or_default())
}

/// The public versions that an account uploaded, in the order of their upload, up to `limit`.
pub async fn published_by(
    read: &mut Read,
    account: AccountId,
    limit: usize,
) -> Result<Vec<(PackageName, VersionNumber)>> {
    let generation = read.generation(Name::Catalogue);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<(String, String)> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/published_by.sql"))
        .bind(generation)
        .bind(account.0)
        .bind(limit)
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(|(package, version)| Ok((parsed(&package)?, parsed(&version)?))).collect()
}

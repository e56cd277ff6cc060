//! The versions that somebody should look at.

use super::state::VersionRow;
use super::version::Version;
use crate::columns::{signed, unsigned};
use crate::{Name, Read};
use cairn_domain::ids::AccountId;
use cairn_store::{Result, on, sqlx};

/// Up to `limit` versions that wait, behind the one with the number `from`, the oldest first; or ahead of it, the newest first, when
/// `backward`. Those of an owner's plugins only, or of all.
///
/// A version waits while it is neither public nor refused, and also when it is public and somebody asked to look at it again. Those
/// of plugins that are hidden or gone do not.
pub async fn waiting(
    read: &mut Read,
    owner: Option<AccountId>,
    from: Option<u64>,
    backward: bool,
    limit: u32,
) -> Result<Vec<Version>> {
    let (catalogue, people) = (read.generation(Name::Catalogue), read.generation(Name::People));
    let (sql, edge) = if backward {
        (include_str!("sql/waiting_newest.sql"), i64::MAX)
    } else {
        (include_str!("sql/waiting_oldest.sql"), 0)
    };
    let rows: Vec<VersionRow> = on!(read.tx, |c| sqlx::query_as(sql)
        .bind(catalogue)
        .bind(owner.map(|owner| owner.0))
        .bind(people)
        .bind(from.map_or(edge, signed))
        .bind(i64::from(limit))
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(Version::try_from).collect()
}

/// How many wait.
pub async fn waiting_total(read: &mut Read, owner: Option<AccountId>) -> Result<u64> {
    let (catalogue, people) = (read.generation(Name::Catalogue), read.generation(Name::People));
    let (n,): (i64,) = on!(read.tx, |c| sqlx::query_as(include_str!("sql/waiting_total.sql"))
        .bind(catalogue)
        .bind(owner.map(|owner| owner.0))
        .bind(people)
        .fetch_one(&mut *c)
        .await)?;
    unsigned(n)
}

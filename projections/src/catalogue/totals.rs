//! How much there is of everything that visitors see.

use crate::columns::unsigned;
use crate::{Name, Read};
use cairn_store::{Result, on, sqlx, to_us};
use chrono::{DateTime, Utc};

/// What visitors see, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Plugins that lists have.
    pub plugins: u64,
    /// Their public versions, yanked ones too.
    pub versions: u64,
    /// The accounts that registered them.
    pub authors: u64,
    /// Those of the plugins whose newest version on offer was uploaded since then.
    pub active: u64,
}

/// Counts all that visitors see now.
pub async fn totals(read: &mut Read, active_since: DateTime<Utc>) -> Result<Totals> {
    let generation = read.generation(Name::Catalogue);
    let (plugins, versions, authors, active): (i64, i64, i64, i64) =
        on!(read.tx, |c| sqlx::query_as(include_str!("sql/totals.sql"))
            .bind(generation)
            .bind(to_us(active_since))
            .fetch_one(&mut *c)
            .await)?;
    Ok(Totals {
        plugins: unsigned(plugins)?,
        versions: unsigned(versions)?,
        authors: unsigned(authors)?,
        active: unsigned(active)?,
    })
}

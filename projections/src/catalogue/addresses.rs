//! Where every plugin is that visitors see, for those who read a whole site.

use crate::columns::{parsed, signed, unsigned};
use crate::{Name, Read};
use cairn_domain::names::PackageName;
use cairn_store::{Result, from_us, on, sqlx};
use chrono::{DateTime, Utc};

/// The most addresses of one page.
pub const ADDRESSES_PER_PAGE_MAX: u32 = 50_000;

/// A plugin that visitors see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Its number.
    pub plugin_id: u64,
    /// The key in addresses.
    pub package: PackageName,
    /// When the newest version that feeds may offer was uploaded.
    pub updated_at: DateTime<Utc>,
}

/// The plugins behind `after` in the order of registration.
pub async fn addresses(read: &mut Read, after: u64, first: u32) -> Result<Vec<Address>> {
    let generation = read.generation(Name::Catalogue);
    let first = i64::from(first.min(ADDRESSES_PER_PAGE_MAX));
    let rows: Vec<(i64, String, i64)> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/addresses.sql"))
        .bind(generation)
        .bind(signed(after))
        .bind(first)
        .fetch_all(&mut *c)
        .await)?;
    let address = |(id, package, at): (i64, String, i64)| {
        Ok(Address { plugin_id: unsigned(id)?, package: parsed(&package)?, updated_at: from_us(at)? })
    };
    rows.into_iter().map(address).collect()
}

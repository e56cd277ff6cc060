//! Keys that a database makes for itself, one for each purpose.

use crate::time::to_us;
use crate::{Result, Session, StoreError, Tx, on};
use chrono::{DateTime, Utc};

/// Bytes of a key.
pub const SECRET_KEY_BYTES: usize = 32;

/// The key for a purpose, if it was made.
pub async fn find_secret_key(
    session: &mut impl Session,
    purpose: &str,
) -> Result<Option<[u8; SECRET_KEY_BYTES]>> {
    let row: Option<(Vec<u8>,)> = on!(session, |c| sqlx::query_as(include_str!("../../sql/secret_key.sql"))
        .bind(purpose)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(|(bytes,)| bytes.try_into().map_err(|_| StoreError::Damaged(format!("the key for {purpose}"))))
        .transpose()
}

/// The key for a purpose: the one that is there, or else `fresh`, which then is. Whoever was first, all get the same.
pub async fn secret_key(
    tx: &mut Tx,
    purpose: &str,
    fresh: [u8; SECRET_KEY_BYTES],
    now: DateTime<Utc>,
) -> Result<[u8; SECRET_KEY_BYTES]> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/put_secret_key.sql"))
        .bind(purpose)
        .bind(fresh.to_vec())
        .bind(to_us(now))
        .execute(&mut *c)
        .await
        .map(drop))?;
    let key = find_secret_key(tx, purpose).await?;
    key.ok_or_else(|| StoreError::Damaged(format!("the key for {purpose} is gone")))
}

//! Packages that somebody looks at before they publish them: whose they are and until when. What an author may not want to
//! publish after all is in no event; the bytes are in [`Blobs`](crate::Blobs), under the id.

use crate::time::{from_us, to_us, unsigned};
use crate::{Result, Session, StoreError, Tx, on, rows};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A package that waits for its author's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagedRow {
    /// Names it, in the address of its page too.
    pub staged_id: Uuid,
    /// Whose it is; nobody else may look at it or publish it.
    pub account_id: Uuid,
    /// The digest of its bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// How many they are.
    pub size_bytes: u64,
    /// The plugin it is for, if its author said so.
    pub into_package: Option<String>,
    /// The version of that plugin whose file it shall be.
    pub replaces: Option<String>,
    /// When it is forgotten.
    pub until: DateTime<Utc>,
}

/// Adds one; a second of the same id is an error.
pub async fn put_staged(tx: &mut Tx, row: &StagedRow) -> Result<()> {
    let size = i64::try_from(row.size_bytes).unwrap_or(i64::MAX);
    on!(tx, |c| sqlx::query(include_str!("../../sql/put_staged.sql"))
        .bind(row.staged_id)
        .bind(row.account_id)
        .bind(&row.sha256)
        .bind(size)
        .bind(&row.into_package)
        .bind(&row.replaces)
        .bind(to_us(row.until))
        .execute(&mut *c)
        .await
        .map(drop))
}

/// The one of this id, also when its time is over.
pub async fn staged_by_id(session: &mut impl Session, staged_id: Uuid) -> Result<Option<StagedRow>> {
    let row: Option<Row> = on!(session, |c| sqlx::query_as(include_str!("../../sql/staged_by_id.sql"))
        .bind(staged_id)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(StagedRow::try_from).transpose()
}

/// Those of an account, the newest first, up to `limit`.
pub async fn staged_of(session: &mut impl Session, account_id: Uuid, limit: u32) -> Result<Vec<StagedRow>> {
    let rows: Vec<Row> = on!(session, |c| sqlx::query_as(include_str!("../../sql/staged_of_account.sql"))
        .bind(account_id)
        .bind(i64::from(limit))
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(StagedRow::try_from).collect()
}

/// Those whose time is over at `now`, the oldest first, up to `limit`.
pub async fn staged_until(
    session: &mut impl Session,
    now: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<StagedRow>> {
    let rows: Vec<Row> = on!(session, |c| sqlx::query_as(include_str!("../../sql/staged_until.sql"))
        .bind(to_us(now))
        .bind(i64::from(limit))
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(StagedRow::try_from).collect()
}

/// Forgets one; its bytes must be gone before, or nobody would find them any more.
pub async fn delete_staged(tx: &mut Tx, staged_id: Uuid) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/delete_staged.sql"))
        .bind(staged_id)
        .execute(&mut *c)
        .await
        .map(drop))
}

rows! {
    struct Row {
        staged_id: Uuid,
        account_id: Uuid,
        sha256: String,
        size_bytes: i64,
        into_package: Option<String>,
        replaces: Option<String>,
        until_us: i64,
    }
}

impl TryFrom<Row> for StagedRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            staged_id: row.staged_id,
            account_id: row.account_id,
            sha256: row.sha256,
            size_bytes: unsigned(row.size_bytes)?,
            into_package: row.into_package,
            replaces: row.replaces,
            until: from_us(row.until_us)?,
        })
    }
}

//! How often signing in failed, by a digest of the name or the address it was tried with.

use crate::time::{from_us, to_us, unsigned};
use crate::{Result, Session, Tx, on};
use chrono::{DateTime, Utc};

/// Failures in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// How many.
    pub failures: u64,
    /// When the last one was.
    pub failed_at: DateTime<Utc>,
}

/// The failures of a subject, if there were any.
pub async fn attempts(session: &mut impl Session, subject: &[u8; 32]) -> Result<Option<Attempts>> {
    let row: Option<(i64, i64)> = on!(session, |c| sqlx::query_as(include_str!("../../sql/attempt.sql"))
        .bind(subject.to_vec())
        .fetch_optional(&mut *c)
        .await)?;
    row.map(|(failures, at)| Ok(Attempts { failures: unsigned(failures)?, failed_at: from_us(at)? }))
        .transpose()
}

/// Counts a failure at `now`; one from `forgotten_before` or earlier is not counted on from.
pub async fn count_attempt(
    tx: &mut Tx,
    subject: &[u8; 32],
    now: DateTime<Utc>,
    forgotten_before: DateTime<Utc>,
) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/count_attempt.sql"))
        .bind(subject.to_vec())
        .bind(to_us(now))
        .bind(to_us(forgotten_before))
        .execute(&mut *c)
        .await
        .map(drop))
}

/// Forgets the failures of a subject.
pub async fn forget_attempts(tx: &mut Tx, subject: &[u8; 32]) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/forget_attempt.sql"))
        .bind(subject.to_vec())
        .execute(&mut *c)
        .await
        .map(drop))
}

/// Forgets all failures from `before` or earlier and answers how many subjects had some.
pub async fn forget_attempts_before(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/forget_attempts_before.sql"))
        .bind(to_us(before))
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected()))
}

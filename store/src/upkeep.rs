//! What waits in the database to be done, and how large it is: for those who look after it.

use crate::time::{from_us, to_us, unsigned};
use crate::{Result, Session, engine_sql, on};
use chrono::{DateTime, Utc};

/// Letters that wait to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letters {
    /// How many.
    pub count: u64,
    /// When what the oldest of them tells of happened.
    pub oldest_at: Option<DateTime<Utc>>,
}

/// Packages that wait for their authors' word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StagedPackages {
    /// How many.
    pub count: u64,
    /// Their bytes together.
    pub bytes: u64,
}

/// The letters that wait.
pub async fn letters_waiting(session: &mut impl Session) -> Result<Letters> {
    let (count, oldest_at_us): (i64, Option<i64>) =
        on!(session, |c| sqlx::query_as(include_str!("../sql/letters_waiting.sql"))
            .fetch_one(&mut *c)
            .await)?;
    Ok(Letters { count: unsigned(count)?, oldest_at: oldest_at_us.map(from_us).transpose()? })
}

/// The packages that wait at `now`; those whose time is over are left out.
pub async fn staged_waiting(session: &mut impl Session, now: DateTime<Utc>) -> Result<StagedPackages> {
    let (count, bytes): (i64, i64) =
        on!(session, |c| sqlx::query_as(include_str!("../sql/staged_waiting.sql"))
            .bind(to_us(now))
            .fetch_one(&mut *c)
            .await)?;
    Ok(StagedPackages { count: unsigned(count)?, bytes: unsigned(bytes)? })
}

/// How many bytes the database takes, without what is not in its file yet.
pub async fn database_bytes(session: &mut impl Session) -> Result<u64> {
    let sql = engine_sql!(session, "../sql/database_bytes");
    let (bytes,): (i64,) = on!(session, |c| sqlx::query_as(sql).fetch_one(&mut *c).await)?;
    unsigned(bytes)
}

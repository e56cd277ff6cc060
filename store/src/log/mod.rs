//! The registry log, and what both logs share.

pub(crate) mod event;
pub(crate) mod head;
pub(crate) mod outcome;
pub(crate) mod registry;
pub(crate) mod registry_tx;

use crate::{Engine, Result, StoreError, Tx, on};
use std::fmt;
use std::str::FromStr;

/// A place in a log: 0, 1, 2 … without holes, in the order of commits. As a cursor it is the next place to
/// read.
pub type Position = u64;

/// Which of the two logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Log {
    /// Accounts, plugins, versions, ownership, moderation, settings.
    Registry,
    /// Batches of downloads.
    Downloads,
}

impl Log {
    /// `registry` or `downloads`, in tables, metrics and channels.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Downloads => "downloads",
        }
    }

    /// The number of its row in `log_lock`, and of its leaves.
    pub(crate) fn id(self) -> u8 {
        match self {
            Self::Registry => 1,
            Self::Downloads => 2,
        }
    }

    /// The channel that PostgreSQL sends its hints on.
    pub(crate) fn channel(self) -> &'static str {
        match self {
            Self::Registry => "cairn_registry",
            Self::Downloads => "cairn_downloads",
        }
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Log {
    type Err = StoreError;

    fn from_str(name: &str) -> Result<Self> {
        [Self::Registry, Self::Downloads]
            .into_iter()
            .find(|log| log.name() == name)
            .ok_or_else(|| StoreError::Damaged(format!("{name:?} is no log")))
    }
}

/// Makes this transaction the only one that appends to the log, until it ends.
///
/// On PostgreSQL a statement of its own, because the snapshot of a statement is older than the lock it waits
/// for: what the former holder committed is seen by the next statement, not by this. On SQLite `begin
/// immediate` did it already.
pub(crate) async fn lock(tx: &mut Tx, log: Log) -> Result<()> {
    if tx.engine() == Engine::Sqlite {
        return Ok(());
    }
    let id = i16::from(log.id());
    let _locked: (i16,) = on!(tx, |c| sqlx::query_as(include_str!("../../sql/lock_log.postgres.sql"))
        .bind(id)
        .fetch_one(&mut *c)
        .await)?;
    Ok(())
}

/// Asserts that rows come one by one from `next` on, and answers the position after the last.
pub(crate) fn assert_contiguous(
    log: Log,
    mut next: Position,
    found: impl Iterator<Item = Position>,
) -> Result<Position> {
    for found in found {
        if found != next {
            return Err(StoreError::Hole { log, expected: next, found });
        }
        next += 1;
    }
    Ok(next)
}

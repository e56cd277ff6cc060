//! A row of the table of checkpoints.

use crate::time::{from_us, unsigned};
use crate::{Log, Position, Result, StoreError, rows};
use chrono::{DateTime, Utc};
use std::str::FromStr;

/// What a projection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Catching up beside the live generation; nobody asks it yet.
    Building,
    /// Answering questions; at most one generation of a name is.
    Live,
    /// Stopped at an event it could not take. If it was live, it still answers with what it has.
    Halted,
    /// Replaced by another generation.
    Retired,
}

impl Status {
    /// As in the table: `building`, `live`, `halted`, `retired`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Building => "building",
            Self::Live => "live",
            Self::Halted => "halted",
            Self::Retired => "retired",
        }
    }
}

impl FromStr for Status {
    type Err = StoreError;

    fn from_str(name: &str) -> Result<Self> {
        [Self::Building, Self::Live, Self::Halted, Self::Retired]
            .into_iter()
            .find(|status| status.name() == name)
            .ok_or_else(|| StoreError::Damaged(format!("{name:?} is no status of a subscription")))
    }
}

/// A generation of a projection and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The projection.
    pub name: String,
    /// Its generation.
    pub generation: u32,
    /// The log it reads.
    pub log: Log,
    /// The next position to read, which is how many it has read.
    pub next_position: Position,
    /// What it is doing.
    pub status: Status,
    /// What it was doing before it halted, and does again when resumed.
    pub resumes_as: Option<Status>,
    /// The position it halted at.
    pub halted_position: Option<Position>,
    /// Who holds the lease, or held it last.
    pub lease_owner: Option<String>,
    /// Until when the lease holds.
    pub lease_until: DateTime<Utc>,
    /// Failures since the last checkpoint.
    pub attempts: u32,
    /// The last failure since the last checkpoint.
    pub last_error: Option<String>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

rows! {
    pub(super) struct Row {
        name: String,
        generation: i32,
        log: String,
        next_position: i64,
        status: String,
        resumes_as: Option<String>,
        halted_position: Option<i64>,
        lease_owner: Option<String>,
        lease_until_us: i64,
        attempts: i32,
        last_error: Option<String>,
        updated_at_us: i64,
    }
}

impl TryFrom<Row> for Subscription {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let damaged = |_| StoreError::Damaged(format!("subscription {} counts below zero", row.name));
        Ok(Self {
            generation: row.generation.try_into().map_err(damaged)?,
            attempts: row.attempts.try_into().map_err(damaged)?,
            name: row.name,
            log: row.log.parse()?,
            next_position: unsigned(row.next_position)?,
            status: row.status.parse()?,
            resumes_as: row.resumes_as.map(|status| status.parse()).transpose()?,
            halted_position: row.halted_position.map(unsigned).transpose()?,
            lease_owner: row.lease_owner,
            lease_until: from_us(row.lease_until_us)?,
            last_error: row.last_error,
            updated_at: from_us(row.updated_at_us)?,
        })
    }
}

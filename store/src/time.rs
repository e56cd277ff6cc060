//! Times in tables: whole microseconds since 1970, the same number and the same order on both engines.

use crate::{Result, StoreError};
use chrono::{DateTime, Utc};

/// The number that stands in a `…_us` column for this time; anything below a microsecond is cut.
pub fn to_us(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// The time that a `…_us` column holds. A number beyond chrono's years (±262,000) is [`StoreError::Damaged`].
pub fn from_us(us: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_micros(us)
        .ok_or_else(|| StoreError::Damaged(format!("{us} is no time in microseconds")))
}

/// A count or position from a table, which the checks of the schema keep from being negative.
pub(crate) fn unsigned(n: i64) -> Result<u64> {
    u64::try_from(n).map_err(|_| StoreError::Damaged(format!("{n} where a count belongs")))
}

/// A count or position for a table.
pub(crate) fn signed(n: u64) -> Result<i64> {
    i64::try_from(n).map_err(|_| StoreError::Damaged(format!("{n} is beyond 2^63")))
}

//! Between the columns of tables and the words of the domain.

use cairn_store::{Result, StoreError};
use std::fmt::Write as _;
use std::str::FromStr;
use uuid::Uuid;

/// A number that is never negative.
pub(crate) fn unsigned(n: i64) -> Result<u64> {
    u64::try_from(n).map_err(|_| StoreError::Damaged(format!("{n} where a count belongs")))
}

/// A position, id or count as a column holds it.
pub(crate) fn signed(n: u64) -> i64 {
    i64::try_from(n).expect("the log refuses positions beyond 2^63")
}

/// A word of the domain that was written from one.
pub(crate) fn parsed<T: FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| StoreError::Damaged(format!("{text:?} in a read model cannot be read")))
}

/// Bytes as digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut digits, byte| {
        write!(digits, "{byte:02x}").expect("a String takes all");
        digits
    })
}

/// A list of numbers to bind as one value.
pub(crate) fn list_of_ids(ids: &[u64]) -> String {
    serde_json::to_string(ids).expect("numbers are JSON")
}

/// A list of UUIDs to bind as one value, in plain digits as SQLite's `unhex` wants them.
pub(crate) fn list_of_uuids(ids: &[Uuid]) -> String {
    let digits: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
    serde_json::to_string(&digits).expect("texts are JSON")
}

/// A list of texts to bind as one value.
pub(crate) fn list_of_texts(texts: &[&str]) -> String {
    serde_json::to_string(texts).expect("texts are JSON")
}

//! Tables of read models, as far as all are treated alike: their digest, and how generations of them are
//! thrown away.
//!
//! The digest of a table is over all its rows of one generation in the order of their keys; the generation
//! itself is left out. So two generations, or two databases on different engines, that tell the same have the
//! same digest.

use cairn_store::{Db, Result, Tx, Value, on, sqlx};
use futures_util::TryStreamExt as _;
use sha2::{Digest, Sha256};
use sqlx::{Error, Row as _};

/// Rows that are read at a time for a digest; twice as many where one key has more.
const DIGEST_ROWS: i64 = 2_000;

/// Rows that are thrown away in one transaction, so that no appender waits for long.
const PURGE_ROWS: i64 = 2_000;

/// What a column holds; any may be null.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    Int,
    Text,
    Bytes,
    Bool,
    Uuid,
}

/// One table.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// Its rows without the generation, by the first column.
    pub(crate) rows: &'static str,
    /// Deletes some rows of a generation.
    pub(crate) purge: &'static str,
    /// Whether `rows` takes a first key and a limit; otherwise it answers all.
    pub(crate) paged: bool,
    /// The columns of `rows`.
    pub(crate) columns: &'static [Column],
}

impl Table {
    /// Adds the table's name and rows to a digest.
    pub(crate) async fn digest(&self, tx: &mut Tx, generation: i64, hash: &mut Sha256) -> Result<()> {
        put(hash, self.name.as_bytes());
        if !self.paged {
            let rows = self.all(tx, generation).await?;
            digest_rows(rows, hash);
            return Ok(());
        }
        let (mut from, mut limit) = (i64::MIN, DIGEST_ROWS);
        loop {
            let mut rows = self.page(tx, generation, from, limit).await?;
            let full = i64::try_from(rows.len()) == Ok(limit);
            if full {
                // The last key may have more rows; they are read again with it.
                let last = key(rows.last().expect("a full page has rows"));
                rows.retain(|row| key(row) != last);
                if rows.is_empty() {
                    limit *= 2;
                    continue;
                }
                from = last;
            }
            digest_rows(rows, hash);
            if !full {
                return Ok(());
            }
            limit = DIGEST_ROWS;
        }
    }

    /// Throws a generation away, some rows at a time.
    pub(crate) async fn purge(&self, db: &Db, generation: i64) -> Result<()> {
        loop {
            let mut tx = db.begin().await?;
            let gone = on!(tx, |c| sqlx::query(self.purge)
                .bind(generation)
                .bind(PURGE_ROWS)
                .execute(&mut *c)
                .await
                .map(|done| done.rows_affected()))?;
            tx.commit().await?;
            if gone == 0 {
                return Ok(());
            }
        }
    }

    async fn all(&self, tx: &mut Tx, generation: i64) -> Result<Vec<Vec<Value>>> {
        on!(tx, |c| sqlx::query(self.rows)
            .bind(generation)
            .fetch(&mut *c)
            .and_then(async |row| values!(row, self.columns))
            .try_collect()
            .await)
    }

    async fn page(&self, tx: &mut Tx, generation: i64, from: i64, limit: i64) -> Result<Vec<Vec<Value>>> {
        on!(tx, |c| sqlx::query(self.rows)
            .bind(generation)
            .bind(from)
            .bind(limit)
            .fetch(&mut *c)
            .and_then(async |row| values!(row, self.columns))
            .try_collect()
            .await)
    }
}

/// The values of a row of either engine.
macro_rules! values {
    ($row:expr, $columns:expr) => {{
        let mut values = Vec::with_capacity($columns.len());
        for (at, column) in $columns.iter().enumerate() {
            values.push(match column {
                Column::Int => Value::Int($row.try_get(at)?),
                Column::Text => Value::Text($row.try_get(at)?),
                Column::Bytes => Value::Bytes($row.try_get(at)?),
                Column::Bool => Value::Bool($row.try_get(at)?),
                Column::Uuid => Value::Uuid($row.try_get(at)?),
            });
        }
        Ok::<_, Error>(values)
    }};
}
use values;

/// Hashes rows that come by their first column. Those with the same one are put into an order of ours: text
/// in the rest of a key sorts differently from server to server.
fn digest_rows(rows: Vec<Vec<Value>>, hash: &mut Sha256) {
    let mut group: Vec<Vec<u8>> = Vec::new();
    let mut of: Option<Value> = None;
    for row in rows {
        if of.as_ref() != row.first() {
            flush(&mut group, hash);
            of = row.first().cloned();
        }
        group.push(canonical(&row));
    }
    flush(&mut group, hash);
}

fn flush(group: &mut Vec<Vec<u8>>, hash: &mut Sha256) {
    group.sort_unstable();
    group.drain(..).for_each(|row| put(hash, &row));
}

fn key(row: &[Value]) -> i64 {
    match row.first() {
        Some(Value::Int(Some(key))) => *key,
        _ => unreachable!("tables that are read in pages begin with a number"),
    }
}

/// Each value as one byte for null or not, its length, its bytes.
fn canonical(row: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for value in row {
        let told: Option<Vec<u8>> = match value {
            Value::Int(value) => value.map(|n| n.to_be_bytes().to_vec()),
            Value::Text(value) => value.as_ref().map(|text| text.as_bytes().to_vec()),
            Value::Bytes(value) => value.clone(),
            Value::Bool(value) => value.map(|truth| vec![u8::from(truth)]),
            Value::Uuid(value) => value.map(|id| id.as_bytes().to_vec()),
            Value::Float(value) => value.map(|n| n.to_be_bytes().to_vec()),
        };
        match told {
            None => bytes.push(0),
            Some(told) => {
                bytes.push(1);
                bytes.extend((told.len() as u64).to_be_bytes());
                bytes.extend(told);
            }
        }
    }
    bytes
}

fn put(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

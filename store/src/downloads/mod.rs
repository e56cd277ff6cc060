//! The downloads log: one row = a batch of downloads, packed by the domain.
//!
//! It lies in the same database as the registry log, also on SQLite: one file to back up, and a read model
//! that joins both moves with its checkpoint in one transaction. The price there is that a batch and a
//! registry event wait for each other's commit (one fsync, some milliseconds), which group commit keeps to a
//! few batches in a second. On PostgreSQL each log has a lock of its own and neither waits. The table is a
//! plain one, not partitioned: a row is a batch, so a thousand million downloads are a few million rows.

pub(crate) mod appender;

use crate::log::event::within;
use crate::log::head::Head;
use crate::log::{assert_contiguous, lock};
use crate::time::{from_us, signed, to_us, unsigned};
use crate::{Clock, Db, Log, Position, Result, StoreError, Tx, on};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// The most bytes of a batch's body.
pub const BATCH_BODY_BYTES_MAX: usize = 60_000;

/// A batch to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBatch {
    /// Who writes: a fresh id for each start of an appender.
    pub writer_id: Uuid,
    /// The writer's own count, from 1 without holes: the same number again is the same batch again.
    pub writer_seq: u64,
    /// When the first download of the batch was asked for.
    pub first_at: DateTime<Utc>,
    /// When the last one was.
    pub last_at: DateTime<Utc>,
    /// How many downloads it holds, at least 1.
    pub n: u32,
    /// The version of the body's shape; at most 32,767.
    pub format: u16,
    /// The downloads, at most [`BATCH_BODY_BYTES_MAX`].
    pub body: Vec<u8>,
}

/// A batch that is in the log for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedBatch {
    /// Its place in the log.
    pub position: Position,
    /// When it was appended; never before the batch ahead of it.
    pub recorded_at: DateTime<Utc>,
    /// Who wrote it.
    pub writer_id: Uuid,
    /// The writer's own count.
    pub writer_seq: u64,
    /// When its first download was asked for.
    pub first_at: DateTime<Utc>,
    /// When its last one was.
    pub last_at: DateTime<Utc>,
    /// How many downloads it holds.
    pub n: u32,
    /// The version of the body's shape.
    pub format: u16,
    /// The downloads.
    pub body: Vec<u8>,
}

/// Where a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Its place in the log.
    pub position: Position,
    /// Whether it was there already.
    pub duplicate: bool,
}

/// The log of downloads. Clones share the connections and the head.
#[derive(Clone, Debug)]
pub struct Downloads {
    db: Db,
    clock: Arc<dyn Clock>,
    head: Head,
}

/// The columns of `download_batch` in the order of the questions.
type Row = (i64, i64, Uuid, i64, i64, i64, i32, i16, Vec<u8>);

impl Downloads {
    /// The downloads log of a database.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock, head: Head::new(Log::Downloads) }
    }

    /// Appends a batch in a transaction of its own. The last number of a writer again answers where that
    /// batch is; a number that is not the next is [`StoreError::WriterGap`]. After any other error it is open
    /// whether the batch was stored: send it again under the same number.
    pub async fn append(&self, batch: &NewBatch) -> Result<Appended> {
        within("body", batch.body.len(), BATCH_BODY_BYTES_MAX)?;
        if batch.n == 0 {
            return Err(StoreError::EmptyAppend);
        }
        let mut tx = self.db.begin().await?;
        lock(&mut tx, Log::Downloads).await?;
        if let Some(position) = insert(&mut tx, self.clock.now(), batch).await? {
            tx.commit().await?;
            self.head.committed(position + 1);
            return Ok(Appended { position, duplicate: false });
        }
        let last = last_of_writer(&mut tx, batch.writer_id).await?;
        tx.rollback().await?;
        match last {
            Some((seq, position)) if seq == batch.writer_seq => Ok(Appended { position, duplicate: true }),
            _ => Err(StoreError::WriterGap {
                writer_id: batch.writer_id,
                sent: batch.writer_seq,
                last: last.map_or(0, |(seq, _)| seq),
            }),
        }
    }

    /// Up to `limit` batches from `from` on, in order. Fewer mean that the end was reached. Asserts that none
    /// is missing.
    pub async fn read(&self, from: Position, limit: u32) -> Result<Vec<RecordedBatch>> {
        let (from_row, limit) = (signed(from)?, i64::from(limit));
        let mut conn = self.db.read().await?;
        let rows: Vec<Row> = on!(conn, |c| sqlx::query_as(include_str!("../../sql/batches_from.sql"))
            .bind(from_row)
            .bind(limit)
            .fetch_all(&mut *c)
            .await)?;
        let batches: Vec<RecordedBatch> =
            rows.into_iter().map(RecordedBatch::try_from).collect::<Result<_>>()?;
        assert_contiguous(Log::Downloads, from, batches.iter().map(|batch| batch.position))?;
        Ok(batches)
    }

    /// How many batches there are, which is the next position to be written.
    pub async fn head(&self) -> Result<Position> {
        self.head.ask(&self.db).await
    }

    /// Tells when the head moves, as [`Registry::watch`](crate::Registry::watch) does.
    pub fn watch(&self) -> watch::Receiver<Position> {
        self.head.watch()
    }

    /// Follows the log until cancelled, as [`Registry::follow`](crate::Registry::follow) does.
    pub fn follow(&self, tracker: &TaskTracker, cancel: CancellationToken) {
        self.head.follow(&self.db, tracker, cancel);
    }
}

/// Writes the batch if it is its writer's next, and answers where. A statement of its own after the lock, so
/// that it sees what the former holder committed.
async fn insert(tx: &mut Tx, now: DateTime<Utc>, batch: &NewBatch) -> Result<Option<Position>> {
    let seq = signed(batch.writer_seq)?;
    let row: Option<(i64,)> = on!(tx, |c| sqlx::query_as(include_str!("../../sql/insert_batch.sql"))
        .bind(to_us(now))
        .bind(batch.writer_id)
        .bind(seq)
        .bind(to_us(batch.first_at))
        .bind(to_us(batch.last_at))
        .bind(i64::from(batch.n))
        .bind(i32::from(batch.format))
        .bind(&batch.body)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(|(position,)| unsigned(position)).transpose()
}

/// The last number of a writer, and where that batch is.
async fn last_of_writer(tx: &mut Tx, writer_id: Uuid) -> Result<Option<(u64, Position)>> {
    let row: Option<(i64, i64)> =
        on!(tx, |c| sqlx::query_as(include_str!("../../sql/last_batch_of_writer.sql"))
            .bind(writer_id)
            .fetch_optional(&mut *c)
            .await)?;
    row.map(|(seq, position)| Ok((unsigned(seq)?, unsigned(position)?))).transpose()
}

impl TryFrom<Row> for RecordedBatch {
    type Error = StoreError;

    fn try_from((position, at, writer_id, seq, first, last, n, format, body): Row) -> Result<Self> {
        let damaged =
            |_| StoreError::Damaged(format!("download batch {position} has a negative count or format"));
        Ok(Self {
            position: unsigned(position)?,
            recorded_at: from_us(at)?,
            writer_id,
            writer_seq: unsigned(seq)?,
            first_at: from_us(first)?,
            last_at: from_us(last)?,
            n: n.try_into().map_err(damaged)?,
            format: format.try_into().map_err(damaged)?,
            body,
        })
    }
}

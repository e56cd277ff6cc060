//! Appending to the registry log: lock, load, decide, append, commit.

use super::event::{Expected, NewEvent, Recorded, Row};
use super::registry::Registry;
use super::{Log, Position, lock, outcome};
use crate::time::{from_us, signed, to_us, unsigned};
use crate::{Bulk, Outcome, Result, Session, StoreError, Tx, Value, on};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::LazyLock;
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

static INSERT: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("../../sql/insert_event.sql")));

/// A transaction that holds the registry log's lock. Dropped without [`RegistryTx::commit`], it leaves
/// nothing behind.
#[derive(Debug)]
pub struct RegistryTx {
    registry: Registry,
    tx: Tx,
    now: DateTime<Utc>,
    next: Position,
    /// Versions of the streams looked at. They hold until the end, for nobody else can append.
    versions: HashMap<String, u32>,
    /// Given to the next in this process when all else is done.
    _turn: OwnedMutexGuard<()>,
}

impl RegistryTx {
    pub(super) async fn begin(registry: &Registry, turn: OwnedMutexGuard<()>) -> Result<Self> {
        let mut tx = registry.db.begin().await?;
        lock(&mut tx, Log::Registry).await?;
        let last: Option<(i64, i64)> = on!(tx, |c| sqlx::query_as(include_str!("../../sql/last_event.sql"))
            .fetch_optional(&mut *c)
            .await)?;
        let clock = registry.clock.now();
        let (next, now) = match last {
            None => (0, clock),
            Some((position, at)) => (unsigned(position)? + 1, from_us(at)?.max(clock)),
        };
        Ok(Self { registry: registry.clone(), tx, now, next, versions: HashMap::new(), _turn: turn })
    }

    /// The time that events of this transaction carry: the clock's, but never before the last event's.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Where the next event goes.
    pub fn next_position(&self) -> Position {
        self.next
    }

    /// The transaction, for writing to the vault together with the events.
    pub fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// All events of a stream, in order.
    pub async fn load(&mut self, stream: &str) -> Result<Vec<Recorded>> {
        let events = events_of_stream(&mut self.tx, stream, 0).await?;
        self.versions.insert(stream.into(), events.last().map_or(0, |event| event.version));
        Ok(events)
    }

    /// Appends events to their streams and answers the position of the last.
    ///
    /// Nothing, too large a part and a stale version are refused before anything is written, and the
    /// transaction stays good. An event id that is in the log already ([`StoreError::DuplicateEvent`]) fails
    /// the transaction: it can only be rolled back.
    pub async fn append(&mut self, events: Vec<NewEvent>) -> Result<Position> {
        if events.is_empty() {
            return Err(StoreError::EmptyAppend);
        }
        for event in &events {
            event.check()?;
            let actual = self.version(&event.stream).await?;
            if let Expected::Version(expected) = event.expected
                && expected != actual
            {
                return Err(StoreError::StaleVersion { stream: event.stream.clone(), actual });
            }
        }
        let ids: Vec<Uuid> = events.iter().map(|event| event.id).collect();
        let rows = events.into_iter().map(|event| self.row(event)).collect::<Result<Vec<_>>>()?;
        match INSERT.rows(&mut self.tx, &rows).await {
            Ok(_) => Ok(self.next - 1),
            // Under the lock neither position nor (stream, version) can be taken, so it is the event id.
            Err(error) if error.is_unique_violation() => Err(self.duplicate(&ids).await?.unwrap_or(error)),
            Err(error) => Err(error),
        }
    }

    /// What a command answered, if it was carried out before.
    pub async fn outcome(&mut self, command_id: Uuid) -> Result<Option<Outcome>> {
        outcome::find(&mut self.tx, command_id).await
    }

    /// Keeps what a command answers, to be committed with its events.
    pub async fn keep_outcome(&mut self, outcome: &Outcome) -> Result<()> {
        outcome::keep(&mut self.tx, outcome, self.now).await
    }

    /// Commits, tells those who watch, and answers the log's head as this transaction leaves it: who has read
    /// up to there has seen it.
    pub async fn commit(self) -> Result<Position> {
        self.tx.commit().await?;
        self.registry.head.committed(self.next);
        Ok(self.next)
    }

    /// Takes everything back.
    pub async fn rollback(self) -> Result<()> {
        self.tx.rollback().await
    }

    async fn version(&mut self, stream: &str) -> Result<u32> {
        if let Some(&version) = self.versions.get(stream) {
            return Ok(version);
        }
        let row: Option<(i32,)> =
            on!(self.tx, |c| sqlx::query_as(include_str!("../../sql/version_of_stream.sql"))
                .bind(stream)
                .fetch_optional(&mut *c)
                .await)?;
        let version = u32::try_from(row.map_or(0, |(version,)| version))
            .map_err(|_| StoreError::Damaged(format!("stream {stream} has a negative version")))?;
        self.versions.insert(stream.into(), version);
        Ok(version)
    }

    /// The row of the next event, counting position and version on.
    fn row(&mut self, event: NewEvent) -> Result<Vec<Value>> {
        let version = self.versions.entry(event.stream.clone()).or_default();
        *version += 1;
        let row = vec![
            signed(self.next)?.into(),
            to_us(self.now).into(),
            event.id.into(),
            event.stream.into(),
            (*version).into(),
            event.kind.into(),
            event.schema.into(),
            event.payload.into(),
            event.metadata.into(),
        ];
        self.next += 1;
        Ok(row)
    }

    /// Which of the ids is in the log, asked beside this transaction because PostgreSQL answers nothing more
    /// in it. None if an id is twice among the new ones.
    async fn duplicate(&self, ids: &[Uuid]) -> Result<Option<StoreError>> {
        let mut conn = self.registry.db.read().await?;
        for &event_id in ids {
            let row: Option<(i64,)> =
                on!(conn, |c| sqlx::query_as(include_str!("../../sql/position_of_event.sql"))
                    .bind(event_id)
                    .fetch_optional(&mut *c)
                    .await)?;
            if let Some((position,)) = row {
                return Ok(Some(StoreError::DuplicateEvent { event_id, position: unsigned(position)? }));
            }
        }
        Ok(None)
    }
}

pub(super) async fn events_of_stream(
    session: &mut impl Session,
    stream: &str,
    after_version: u32,
) -> Result<Vec<Recorded>> {
    let after = i64::from(after_version);
    let rows: Vec<Row> = on!(session, |c| sqlx::query_as(include_str!("../../sql/events_of_stream.sql"))
        .bind(stream)
        .bind(after)
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(Recorded::try_from).collect()
}

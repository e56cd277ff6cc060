//! The registry log: who may append, and how it is read.

use super::event::{Recorded, Row};
use super::head::Head;
use super::registry_tx::RegistryTx;
use super::{Log, Position, assert_contiguous, outcome};
use crate::time::signed;
use crate::{Clock, Db, Outcome, Result, StoreError, engine_sql, on};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// The log of everything but downloads. Clones share the connections and the head.
#[derive(Clone, Debug)]
pub struct Registry {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) head: Head,
    /// Held by the one who appends: those who wait in this process stand here, and not each with a connection
    /// in hand.
    turn: Arc<Mutex<()>>,
}

/// How long a task waits until it may append.
const TURN_TIMEOUT: Duration = Duration::from_secs(30);

impl Registry {
    /// The registry log of a database.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock, head: Head::new(Log::Registry), turn: Arc::default() }
    }

    /// The database it is in.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Begins to append: takes the log's lock first, so that whatever is loaded then is the last word until
    /// the commit. Waits for other appenders: at most 30 s for those of this process, and 5 s for those of
    /// others. Never ask twice in one task.
    pub async fn begin(&self) -> Result<RegistryTx> {
        let turn = timeout(TURN_TIMEOUT, Arc::clone(&self.turn).lock_owned())
            .await
            .map_err(|_| StoreError::Unavailable(sqlx::Error::PoolTimedOut))?;
        RegistryTx::begin(self, turn).await
    }

    /// Up to `limit` events from `from` on, in order. Fewer mean that the end was reached. Asserts that none
    /// is missing.
    pub async fn read(&self, from: Position, limit: u32) -> Result<Vec<Recorded>> {
        let (from_row, limit) = (signed(from)?, i64::from(limit));
        let mut conn = self.db.read().await?;
        let rows: Vec<Row> = on!(conn, |c| sqlx::query_as(include_str!("../../sql/events_from.sql"))
            .bind(from_row)
            .bind(limit)
            .fetch_all(&mut *c)
            .await)?;
        let events: Vec<Recorded> = rows.into_iter().map(Recorded::try_from).collect::<Result<_>>()?;
        assert_contiguous(Log::Registry, from, events.iter().map(|event| event.position))?;
        Ok(events)
    }

    /// Up to `limit` events ahead of `before`, the newest first. Fewer mean that the beginning was reached. Asserts that none is
    /// missing.
    pub async fn read_back(&self, before: Position, limit: u32) -> Result<Vec<Recorded>> {
        let (before_row, limit) = (signed(before)?, i64::from(limit));
        let mut conn = self.db.read().await?;
        let rows: Vec<Row> = on!(conn, |c| sqlx::query_as(include_str!("../../sql/events_before.sql"))
            .bind(before_row)
            .bind(limit)
            .fetch_all(&mut *c)
            .await)?;
        let events: Vec<Recorded> = rows.into_iter().map(Recorded::try_from).collect::<Result<_>>()?;
        if let Some(oldest) = events.last() {
            let positions = events.iter().rev().map(|event| event.position);
            assert_contiguous(Log::Registry, oldest.position, positions)?;
        }
        Ok(events)
    }

    /// The event with this id.
    pub async fn find(&self, event_id: Uuid) -> Result<Option<Recorded>> {
        let mut conn = self.db.read().await?;
        let row: Option<Row> = on!(conn, |c| sqlx::query_as(include_str!("../../sql/event_by_id.sql"))
            .bind(event_id)
            .fetch_optional(&mut *c)
            .await)?;
        row.map(Recorded::try_from).transpose()
    }

    /// The events at these positions, in their order; positions beyond the end are left out. Ask for a page of them at a time.
    pub async fn read_at(&self, positions: &[Position]) -> Result<Vec<Recorded>> {
        let list = serde_json::to_string(positions).expect("numbers are JSON");
        let mut conn = self.db.read().await?;
        let sql = engine_sql!(conn, "../../sql/events_at");
        let rows: Vec<Row> = on!(conn, |c| sqlx::query_as(sql).bind(&list).fetch_all(&mut *c).await)?;
        let found: Vec<Recorded> = rows.into_iter().map(Recorded::try_from).collect::<Result<_>>()?;
        let mut found: HashMap<Position, Recorded> =
            found.into_iter().map(|event| (event.position, event)).collect();
        Ok(positions.iter().filter_map(|position| found.remove(position)).collect())
    }

    /// All events of a stream after a version, in order; 0 for all.
    pub async fn read_stream(&self, stream: &str, after_version: u32) -> Result<Vec<Recorded>> {
        super::registry_tx::events_of_stream(&mut self.db.read().await?, stream, after_version).await
    }

    /// How many events there are, which is the next position to be written.
    pub async fn head(&self) -> Result<Position> {
        self.head.ask(&self.db).await
    }

    /// Tells when the head moves. It knows of this process's commits at once, and of others' while
    /// [`Registry::follow`] runs; before either it says 0.
    pub fn watch(&self) -> watch::Receiver<Position> {
        self.head.watch()
    }

    /// Follows the log until cancelled: hears of other processes' commits (by notification on PostgreSQL
    /// within milliseconds, by asking each 250 ms otherwise) and tells other processes of ours.
    pub fn follow(&self, tracker: &TaskTracker, cancel: CancellationToken) {
        self.head.follow(&self.db, tracker, cancel);
    }

    /// What a command answered, if it was carried out before. Without the lock, so it may be outdated by the
    /// time it is used: [`RegistryTx::outcome`] has the last word.
    pub async fn outcome(&self, command_id: Uuid) -> Result<Option<Outcome>> {
        outcome::find(&mut self.db.read().await?, command_id).await
    }
}

//! The registry log: who may append, and how it is read.

use super::event::{Recorded, Row};
use super::head::Head;
use super::registry_tx::RegistryTx;
use super::{Log, Position, assert_contiguous, outcome};
use crate::time::signed;
use crate::{Clock, Db, Outcome, Result, StoreError, on};
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

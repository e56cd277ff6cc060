//! Takes one generation of a projection forward, page by page, and decides what to do when that fails.

use crate::fact::Fault;
use crate::model::Logs;
use crate::{Name, metric};
use cairn_store::{Clock, Db, Ids, Lease, Position, StoreError, Subscriptions};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The most rows of a log that one transaction takes in. A page of registry events is some ten megabytes of
/// texts.
pub const ROWS_PER_PAGE_MAX: u32 = 10_000;

/// Rows of a log after which a database that plans by statistics makes new ones, when the end of the log is reached; to these
/// comes a tenth of all rows, as PostgreSQL's own housekeeping has it. That comes a minute later: until then, after a rebuild or
/// an import, it would read whole tables for a page.
const ROWS_TO_ANALYZE: u64 = 200;

/// How often a single event is tried before the projection halts at it.
const ATTEMPTS_MAX: u32 = 3;

/// The first pause after a failure that may pass; it doubles up to [`PAUSE_MAX`].
const PAUSE_FIRST: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// What all runners share.
#[derive(Debug, Clone)]
pub(crate) struct Tools {
    pub(crate) db: Db,
    pub(crate) logs: Logs,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<Ids>,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) rows_per_page: u32,
}

/// What came of one turn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Turn {
    /// A page was taken in.
    Moved {
        /// The next position to be read.
        to: Position,
        /// When the last event of the page happened.
        last_at: Option<DateTime<Utc>>,
    },
    /// There is nothing to read yet.
    CaughtUp,
    /// Another worker has the lease, or the generation is halted or retired.
    NotOurs,
    /// Something failed; try again after the pause, with a smaller page if that helps.
    Later(Duration),
    /// An event cannot be taken in, and never will be: the projection stands still before it.
    Halted(Position, String),
}

/// One generation of a projection, worked on by one task.
#[derive(Debug)]
pub(crate) struct Runner {
    tools: Tools,
    name: Name,
    generation: u32,
    /// Different for each runner, also within a process: the lease is the runner's.
    owner: String,
    lease: Option<Lease>,
    /// Rows of the next page: halved when a page fails, doubled when one succeeds, so that a poison event is
    /// soon alone.
    limit: u32,
    /// Failures in a row that may pass.
    failures: u32,
    /// How often the event that is alone on its page failed.
    attempts: u32,
    /// Rows of the log that were taken in since the planner last learnt of them.
    unanalyzed: u64,
}

impl Runner {
    pub(crate) fn new(tools: Tools, name: Name, generation: u32) -> Self {
        let owner = tools.ids.v4().to_string();
        let limit = tools.rows_per_page;
        Self { tools, name, generation, owner, lease: None, limit, failures: 0, attempts: 0, unanalyzed: 0 }
    }

    /// Takes in the next page, if there is one and nobody else does.
    pub(crate) async fn turn(&mut self) -> Turn {
        let lease = match self.leased().await {
            Ok(Some(lease)) => lease,
            Ok(None) => return Turn::NotOurs,
            Err(error) => return self.pause(&error.to_string()),
        };
        match self.page(&lease).await {
            Ok(Turn::Moved { to, last_at }) => {
                (self.failures, self.attempts) = (0, 0);
                self.limit = self.limit.saturating_mul(2).min(self.tools.rows_per_page);
                Turn::Moved { to, last_at }
            }
            Ok(turn) => turn,
            Err(Fault::Store(StoreError::CheckpointMoved { .. })) => {
                self.lease = None;
                Turn::NotOurs
            }
            Err(Fault::Store(error)) if error.is_transient() => self.transient(&lease, &error).await,
            Err(fault) => self.deterministic(&lease, &fault).await,
        }
    }

    /// Lets another worker go on at once.
    pub(crate) async fn release(&mut self) {
        if let Some(lease) = self.lease.take()
            && let Err(error) = self.tools.subscriptions.release(&lease).await
        {
            tracing::debug!(projection = %self.name, error = %error, "the lease was not released; it runs out");
        }
    }

    async fn leased(&mut self) -> Result<Option<Lease>, StoreError> {
        if self.lease.is_none() {
            let name = self.name.as_str();
            self.lease = self.tools.subscriptions.take_lease(name, self.generation, &self.owner).await?;
        }
        Ok(self.lease.clone())
    }

    /// Reads and folds outside of the transaction, because on SQLite that keeps all other writers out. What
    /// is read then still holds when it is written: only the holder of the lease writes these rows, and if
    /// that is no longer this one, nothing is committed.
    async fn page(&mut self, lease: &Lease) -> Result<Turn, Fault> {
        let started = Instant::now();
        let tools = &self.tools;
        let page = tools.logs.page(self.name.log(), lease.next_position, self.limit).await?;
        if page.len() == 0 {
            return Ok(Turn::CaughtUp);
        }
        let rows = self.name.fold(&tools.db, self.generation, &page).await?;
        let mut tx = tools.db.begin_long().await?;
        rows.write(&mut tx).await?;
        let to = lease.next_position + page.len() as u64;
        self.unanalyzed += page.len() as u64;
        let end = page.len() < self.limit as usize;
        if end && self.unanalyzed >= ROWS_TO_ANALYZE + to / 10 {
            self.name.analyze(&mut tx).await?;
            self.unanalyzed = 0;
        }
        let advanced = tools.subscriptions.advance(&mut tx, lease, to).await?;
        // Whether a failed commit happened is open: without the lease the next turn asks where the checkpoint
        // is.
        self.lease = None;
        tx.commit().await?;
        self.lease = Some(advanced);
        metric::page(self.name, page.events(), started.elapsed());
        Ok(Turn::Moved { to, last_at: page.last_at() })
    }

    async fn transient(&mut self, lease: &Lease, error: &StoreError) -> Turn {
        // It may be a statement that took too long.
        self.limit = (self.limit / 2).max(1);
        let text = chain(error);
        // The database may well be away, so that this fails too; then the log line has to do.
        let _ = self.tools.subscriptions.failed(lease, &text).await;
        self.lease = None;
        self.pause(&text)
    }

    /// Halves the page until the event that fails is alone, tries that a few times, and halts.
    async fn deterministic(&mut self, lease: &Lease, fault: &Fault) -> Turn {
        let from = lease.next_position;
        let text = chain(fault);
        if self.limit > 1 {
            self.limit = match fault {
                // The page that is read next ends before the event that fails, or is that event.
                Fault::Event { position, .. } if *position > from => {
                    u32::try_from(position - from).unwrap_or(self.limit / 2).min(self.limit - 1)
                }
                Fault::Event { .. } => 1,
                Fault::Store(_) => self.limit / 2,
            };
            return Turn::Later(Duration::ZERO);
        }
        self.attempts += 1;
        if self.attempts < ATTEMPTS_MAX {
            let _ = self.tools.subscriptions.failed(lease, &text).await;
            return Turn::Later(PAUSE_FIRST);
        }
        self.lease = None;
        self.attempts = 0;
        match self.tools.subscriptions.halt(lease, from, &text).await {
            Ok(()) => {
                tracing::error!(
                    projection = %self.name,
                    generation = self.generation,
                    position = from,
                    error = %text,
                    "{} halted at position {from}",
                    self.name
                );
                Turn::Halted(from, text)
            }
            Err(StoreError::CheckpointMoved { .. }) => Turn::NotOurs,
            Err(error) => self.pause(&error.to_string()),
        }
    }

    /// The pause before the next attempt, a little different for each worker, so that they do not come all at
    /// once.
    fn pause(&mut self, error: &str) -> Turn {
        let doubled = PAUSE_FIRST.saturating_mul(2_u32.saturating_pow(self.failures.min(16))).min(PAUSE_MAX);
        self.failures += 1;
        let [jitter] = self.tools.ids.bytes();
        let pause = doubled.mul_f64(0.75 + f64::from(jitter) / 512.0);
        tracing::warn!(projection = %self.name, error, attempt = self.failures, "{} will try again", self.name);
        Turn::Later(pause)
    }
}

/// An error with its causes, for those who look at the subscription.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

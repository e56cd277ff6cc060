//! Follows the registry log: page by page, each once. What a page leads to and how far was read are written in one
//! transaction, by compare-and-set of the checkpoint, as for projections.

use cairn_commands::Fault;
use cairn_store::{Clock, Db, Ids, Lease, Log, Recorded, Registry, StoreError, Subscriptions, Tx};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// The most events that one transaction takes in.
const EVENTS_PER_PAGE_MAX: u32 = 500;

/// How long a follower waits at most before it looks again: what it was not told of is found by asking, and a lease of a node
/// that ended is taken over when it has run out.
const POLL: Duration = Duration::from_secs(2);

/// The pause after a failure; it doubles up to [`PAUSE_MAX`].
const PAUSE_FIRST: Duration = Duration::from_millis(250);
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// The only generation there is: what reactors write is not rebuilt.
const GENERATION: u32 = 0;

/// What is done about events. Two things are: letters, and the deletions that come due.
pub(crate) trait Reaction: Send + Sync + 'static {
    /// Names the checkpoint.
    const NAME: &'static str;

    /// What a page leads to.
    type Rows: Send;

    /// Works out what a page leads to. Outside of any transaction: what is read here still holds when it is written, since only
    /// the holder of the lease writes.
    fn react(&self, page: &[Recorded]) -> impl Future<Output = Result<Self::Rows, Fault>> + Send;

    /// Writes it.
    fn write(&self, tx: &mut Tx, rows: Self::Rows) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Called when it is written for good.
    fn written(&self) {}
}

/// What all followers share.
#[derive(Debug, Clone)]
pub(crate) struct Tools {
    pub(crate) db: Db,
    pub(crate) registry: Registry,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) ids: Arc<Ids>,
}

/// What came of one turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// A page was taken in; there may be more.
    Moved,
    /// There is nothing to read.
    CaughtUp,
    /// Another node reads.
    NotOurs,
}

/// One reaction at work.
#[derive(Debug)]
pub(crate) struct Follower<R> {
    tools: Tools,
    reaction: R,
    owner: String,
    lease: Option<Lease>,
    known: bool,
}

impl<R: Reaction> Follower<R> {
    pub(crate) fn new(tools: Tools, reaction: R) -> Self {
        let owner = tools.ids.v4().to_string();
        Self { tools, reaction, owner, lease: None, known: false }
    }

    /// Works until dropped. Every failure is told and tried again: nothing else stands still for it.
    pub(crate) async fn run(&mut self) {
        let mut grown: watch::Receiver<u64> = self.tools.registry.watch();
        let mut failures: u32 = 0;
        loop {
            match self.turn().await {
                Ok(Turn::Moved) => failures = 0,
                Ok(Turn::CaughtUp | Turn::NotOurs) => {
                    failures = 0;
                    tokio::select! {
                        // The log's head cannot go away while the follower holds the log.
                        _ = grown.changed() => {}
                        () = sleep(POLL) => {}
                    }
                }
                Err(error) => {
                    let pause =
                        PAUSE_FIRST.saturating_mul(2_u32.saturating_pow(failures.min(16))).min(PAUSE_MAX);
                    failures += 1;
                    tracing::warn!(reactor = R::NAME, error = %chain(&error), attempt = failures, "{} will try again", R::NAME);
                    sleep(pause).await;
                }
            }
        }
    }

    /// Lets another node go on at once.
    pub(crate) async fn release(&mut self) {
        if let Some(lease) = self.lease.take()
            && let Err(error) = self.tools.subscriptions.release(&lease).await
        {
            tracing::debug!(reactor = R::NAME, error = %error, "the lease was not released; it runs out");
        }
    }

    /// Takes in the next page, if there is one and nobody else does.
    pub(crate) async fn turn(&mut self) -> Result<Turn, Fault> {
        let Tools { db, registry, subscriptions, .. } = &self.tools;
        if !self.known {
            subscriptions.ensure(R::NAME, GENERATION, Log::Registry).await?;
            self.known = true;
        }
        let lease = match self.lease.take() {
            Some(lease) => lease,
            None => match subscriptions.take_lease(R::NAME, GENERATION, &self.owner).await? {
                Some(lease) => lease,
                None => return Ok(Turn::NotOurs),
            },
        };
        let page = registry.read(lease.next_position, EVENTS_PER_PAGE_MAX).await?;
        if page.is_empty() {
            self.lease = Some(lease);
            return Ok(Turn::CaughtUp);
        }
        let rows = self.reaction.react(&page).await?;
        let mut tx = db.begin().await?;
        self.reaction.write(&mut tx, rows).await?;
        let to = lease.next_position + page.len() as u64;
        let advanced = match subscriptions.advance(&mut tx, &lease, to).await {
            Ok(advanced) => advanced,
            Err(StoreError::CheckpointMoved { .. }) => {
                tx.rollback().await?;
                return Ok(Turn::NotOurs);
            }
            Err(error) => return Err(error.into()),
        };
        tx.commit().await?;
        self.lease = Some(advanced);
        self.reaction.written();
        Ok(Turn::Moved)
    }
}

/// An error with its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

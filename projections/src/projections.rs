//! All projections of a repository: read them, wait for them, run them, rebuild them.

use crate::model::Logs;
use crate::runner::{ROWS_PER_PAGE_MAX, Runner, Tools, Turn};
use crate::worker::{Worker, seconds_since};
use crate::{Name, Read, catalogue, generation};
use cairn_domain::names::Sha256;
use cairn_store::{Clock, Db, Downloads, Ids, Position, Registry, StoreError, Subscription, Subscriptions};
use sha2::Digest as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a reader usually waits for a read model to catch up before it is told that it is behind.
pub const WAIT_MAX: Duration = Duration::from_secs(2);

/// How often the checkpoint is asked for while somebody waits: workers of other processes cannot tell.
const ASK: Duration = Duration::from_millis(25);

/// How long a rebuild waits while another process works on the same generation.
const OTHERS_WORK: Duration = Duration::from_millis(100);

/// The read models of a database. Clones share everything.
#[derive(Debug, Clone)]
pub struct Projections {
    tools: Tools,
    progress: Arc<[watch::Sender<Position>; Name::ALL.len()]>,
}

/// A read model has not read what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the read model has read {have} of the log and {want} was asked for; try again in a moment")]
pub struct Behind {
    /// How much it has read.
    pub have: Position,
    /// How much was asked for.
    pub want: Position,
}

/// Why a projection could not be brought to the end of its log.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// An event cannot be taken in.
    #[error("{name} halted at position {position}: {error}")]
    Halted {
        /// The projection.
        name: Name,
        /// The event.
        position: Position,
        /// What is wrong with it.
        error: String,
    },
    /// Another process retired the generation that was being built.
    #[error("another rebuild of {name} came between")]
    Retired {
        /// The projection.
        name: Name,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How a generation of a projection is doing.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// The projection.
    pub name: Name,
    /// The generation.
    pub generation: u32,
    /// Whether queries are answered from it; otherwise it is being built.
    pub live: bool,
    /// The next position it reads.
    pub next_position: Position,
    /// How long its log is.
    pub head: Position,
    /// How long the next event that it has to read has been in the log; 0 if there is none.
    pub lag_seconds: f64,
    /// Where it stands still, and why.
    pub halted: Option<(Position, String)>,
}

impl Projections {
    /// The read models of a registry log's database, and sees to it that there is a generation of each to be
    /// built and asked. They are built by [`Projections::spawn_workers`] here or in another process, or by
    /// [`Projections::catch_up`].
    pub async fn new(
        registry: Registry,
        downloads: Downloads,
        clock: Arc<dyn Clock>,
        ids: Arc<Ids>,
    ) -> cairn_store::Result<Self> {
        let db = registry.db().clone();
        let subscriptions = Subscriptions::new(db.clone(), clock.clone());
        let logs = Logs { registry, downloads };
        let tools = Tools { db, logs, clock, ids, subscriptions, rows_per_page: ROWS_PER_PAGE_MAX };
        for name in Name::ALL {
            generation::prepare(&tools, name).await?;
        }
        catalogue::fill_author_words(&tools.db).await?;
        Ok(Self { tools, progress: Arc::new(std::array::from_fn(|_| watch::Sender::new(0))) })
    }

    /// The same with smaller pages: 1 to [`ROWS_PER_PAGE_MAX`] rows of the log in one transaction.
    #[must_use]
    pub fn with_rows_per_page(mut self, rows: u32) -> Self {
        self.tools.rows_per_page = rows.clamp(1, ROWS_PER_PAGE_MAX);
        self
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.tools.db
    }

    /// Begins to read: one state of all read models, for as long as it is held.
    pub async fn read(&self) -> cairn_store::Result<Read> {
        Read::begin(&self.tools.db).await
    }

    /// The generation that queries are answered from; 0 before there is one.
    pub async fn live_generation(&self, name: Name) -> cairn_store::Result<u32> {
        Ok(self.read().await?.live(name).generation)
    }

    /// Tells when the workers of this process take a live generation forward. Says 0 until they do, and for
    /// ever if other processes do the work.
    pub fn watch(&self, name: Name) -> watch::Receiver<Position> {
        self.progress[name as usize].subscribe()
    }

    /// Runs all projections until cancelled, each in a task of its own: one that halts does not stop the
    /// others.
    #[expect(clippy::needless_pass_by_value, reason = "a token is given to whatever starts tasks")]
    pub fn spawn_workers(&self, tracker: &TaskTracker, cancel: CancellationToken) {
        for name in Name::ALL {
            let mut worker = Worker::new(self.tools.clone(), name, self.progress[name as usize].clone());
            let cancel = cancel.clone();
            tracker.spawn(async move {
                cancel.run_until_cancelled(worker.run()).await;
                worker.stop().await;
            });
        }
    }

    /// Brings all read models to where the logs end now, in this task. Waits for workers elsewhere that are
    /// at it.
    pub async fn catch_up(&self) -> Result<(), Stopped> {
        for name in Name::ALL {
            generation::prepare(&self.tools, name).await?;
            let head = self.tools.logs.head(name.log()).await?;
            for subscription in generation::in_use(&self.tools, name).await? {
                if generation::answers(&subscription) {
                    self.bring(name, subscription.generation, head, |_, _| {}).await?;
                } else {
                    self.put_live(name, subscription.generation, &mut |_, _| {}).await?;
                }
            }
            generation::purge_retired(&self.tools, name).await?;
        }
        Ok(())
    }

    /// Builds a read model anew beside the live one, puts it in its place and throws the old one away. The
    /// old one answers until then. `progress` hears how much of the log is read and how long the log is.
    /// Workers elsewhere may help.
    pub async fn rebuild(
        &self,
        name: Name,
        mut progress: impl FnMut(Position, Position),
    ) -> Result<(), Stopped> {
        generation::prepare(&self.tools, name).await?;
        let new = generation::add(&self.tools, name).await?;
        self.put_live(name, new, &mut progress).await?;
        generation::purge_retired(&self.tools, name).await?;
        Ok(())
    }

    /// Lets a projection that halted go on, after what stopped it was mended: all its halted generations.
    pub async fn resume(&self, name: Name) -> cairn_store::Result<()> {
        for subscription in generation::in_use(&self.tools, name).await? {
            if subscription.halted_position.is_some() {
                self.tools.subscriptions.resume(name.as_str(), subscription.generation).await?;
            }
        }
        Ok(())
    }

    /// Waits until the live generations of all projections of the registry log have read `position` events,
    /// at most `timeout` long. A write answers with such a position. Works whoever runs the projections.
    pub async fn wait_for(&self, position: Position, timeout: Duration) -> Result<(), Behind> {
        self.wait(&[Name::Catalogue, Name::People], position, timeout).await
    }

    /// The same for one projection and a position of its log.
    pub async fn wait_for_one(
        &self,
        name: Name,
        position: Position,
        timeout: Duration,
    ) -> Result<(), Behind> {
        self.wait(&[name], position, timeout).await
    }

    async fn wait(&self, names: &[Name], position: Position, timeout: Duration) -> Result<(), Behind> {
        let until = Instant::now() + timeout;
        let mut have = 0;
        loop {
            // An answer that cannot be had counts as behind: the caller's own query will tell why.
            if let Ok(subscriptions) = self.tools.subscriptions.list().await {
                have = names.iter().map(|name| live_position(&subscriptions, *name)).min().unwrap_or(0);
            }
            if have >= position {
                return Ok(());
            }
            let now = Instant::now();
            if now >= until {
                return Err(Behind { have, want: position });
            }
            let mut told = self.watch(names[0]);
            tokio::select! {
                _ = told.changed() => {}
                () = sleep(ASK.min(until - now)) => {}
            }
        }
    }

    /// How all generations in use are doing, by name.
    pub async fn status(&self) -> cairn_store::Result<Vec<Status>> {
        let mut statuses = Vec::new();
        for name in Name::ALL {
            let head = self.tools.logs.head(name.log()).await?;
            for subscription in generation::in_use(&self.tools, name).await? {
                statuses.push(self.status_of(name, subscription, head).await?);
            }
        }
        Ok(statuses)
    }

    /// A digest of each read model, by name: SHA-256 over all rows of the live generation in the order of
    /// their keys. The same history gives the same digest on every database, whenever and in whatever pages
    /// it was taken in.
    pub async fn digests(&self) -> cairn_store::Result<Vec<(Name, Sha256)>> {
        let mut digests = Vec::new();
        let mut read = self.read().await?;
        for name in Name::ALL {
            let generation = read.generation(name);
            let mut hash = sha2::Sha256::new();
            for table in name.tables() {
                table.digest(read.tx(), generation, &mut hash).await?;
            }
            digests.push((name, Sha256::from(<[u8; 32]>::from(hash.finalize()))));
        }
        Ok(digests)
    }

    /// Builds a generation until it can take the place of the live one.
    async fn put_live(
        &self,
        name: Name,
        generation: u32,
        progress: &mut impl FnMut(Position, Position),
    ) -> Result<(), Stopped> {
        loop {
            let head = self.tools.logs.head(name.log()).await?;
            self.bring(name, generation, head, &mut *progress).await?;
            if generation::go_live(&self.tools, name, generation).await? {
                return Ok(());
            }
            // Either the live one has read on meanwhile, or a worker elsewhere has switched already.
            let in_use = generation::in_use(&self.tools, name).await?;
            if in_use.iter().any(|it| it.generation == generation && generation::answers(it)) {
                return Ok(());
            }
        }
    }

    /// Takes a generation to `head`, itself or by waiting for whoever has the lease.
    async fn bring(
        &self,
        name: Name,
        generation: u32,
        head: Position,
        mut progress: impl FnMut(Position, Position),
    ) -> Result<(), Stopped> {
        let mut runner = Runner::new(self.tools.clone(), name, generation);
        let outcome = loop {
            let in_use = generation::in_use(&self.tools, name).await?;
            let Some(now) = in_use.into_iter().find(|subscription| subscription.generation == generation)
            else {
                break Err(Stopped::Retired { name });
            };
            progress(now.next_position.min(head), head);
            if let Some(position) = now.halted_position {
                break Err(Stopped::Halted { name, position, error: now.last_error.unwrap_or_default() });
            }
            if now.next_position >= head {
                break Ok(());
            }
            match runner.turn().await {
                Turn::Moved { .. } | Turn::Halted(..) => {}
                Turn::Later(pause) => sleep(pause).await,
                Turn::CaughtUp | Turn::NotOurs => sleep(OTHERS_WORK).await,
            }
        };
        runner.release().await;
        outcome
    }

    async fn status_of(&self, name: Name, it: Subscription, head: Position) -> cairn_store::Result<Status> {
        let waiting_since = if it.next_position < head {
            self.tools.logs.page(name.log(), it.next_position, 1).await?.last_at()
        } else {
            None
        };
        Ok(Status {
            name,
            generation: it.generation,
            live: generation::answers(&it),
            next_position: it.next_position,
            head,
            lag_seconds: seconds_since(&*self.tools.clock, waiting_since),
            halted: it.halted_position.map(|position| (position, it.last_error.unwrap_or_default())),
        })
    }
}

fn live_position(subscriptions: &[Subscription], name: Name) -> Position {
    let live = subscriptions.iter().find(|it| it.name == name.as_str() && generation::answers(it));
    live.map_or(0, |it| it.next_position)
}

//! Keeps the feeds in memory up with the catalogue.

use super::body::FeedBody;
use super::compose::{FeedKey, FeedLimits, FeedSet, KeptFeeds};
use super::entry::entries;
use crate::catalogue::{feed_plugins, feed_rows_changed_since, plugin_counts, plugin_ids};
use crate::{Behind, Live, Name, Projections, Read};
use cairn_store::{Position, Result};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long the follower sleeps at most: workers of other processes cannot wake it.
const POLL: Duration = Duration::from_millis(250);

/// Plugins that are read and rendered at a time, with all their public versions.
const PLUGINS_PER_READ: usize = 200;

/// How feeds are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSettings {
    /// What every address in a feed begins with, such as `https://plugins.example.org`.
    pub base_url: String,
    /// How often download and vote numbers are brought up to date. In between feeds stay the same bytes, so
    /// that clients get 304.
    pub counts_every: Duration,
    /// Put authors' addresses into feeds.
    pub author_email: bool,
}

/// All feeds, kept up with the catalogue by a task. Clones share them.
#[derive(Debug, Clone)]
pub struct Feeds {
    set: Arc<FeedSet>,
    position: watch::Sender<Position>,
    tracker: TaskTracker,
}

impl Feeds {
    /// Reads all that is public, and follows the catalogue until cancelled. When this returns, feeds show
    /// what was in the read models.
    pub async fn start(
        projections: &Projections,
        settings: FeedSettings,
        tracker: &TaskTracker,
        cancel: CancellationToken,
    ) -> Result<Self> {
        let feeds = Self {
            set: Arc::new(FeedSet::new(FeedLimits::default())),
            position: watch::Sender::new(0),
            tracker: tracker.clone(),
        };
        let mut follower = Follower {
            feeds: feeds.clone(),
            projections: projections.clone(),
            counted_at: Instant::now(),
            settings,
            seen: None,
            known: BTreeSet::new(),
            refreshing: None,
        };
        follower.look().await?;
        follower.count().await?;
        tracker.spawn(async move {
            cancel.run_until_cancelled(follower.run()).await;
        });
        Ok(feeds)
    }

    /// The feed as it is now; it never changes. Kept ones are answered at once, others are composed on a
    /// thread where that may take its time.
    pub async fn body(&self, key: &FeedKey) -> Arc<FeedBody> {
        if let Some(body) = self.set.ready(key) {
            return body;
        }
        let (set, key) = (self.set.clone(), key.clone());
        let composing = self.tracker.spawn_blocking(move || set.body(&key));
        composing.await.expect("composing a feed does not panic, and nobody cancels it")
    }

    /// What this process keeps of them.
    pub fn holds(&self) -> KeptFeeds {
        self.set.holds()
    }

    /// How much of the registry log the feeds show.
    pub fn position(&self) -> Position {
        *self.position.borrow()
    }

    /// Waits until the feeds show the registry log up to `position`, at most `timeout_max` long.
    pub async fn wait_for(&self, position: Position, timeout_max: Duration) -> Result<(), Behind> {
        let mut told = self.position.subscribe();
        let arrived = timeout(timeout_max, told.wait_for(|have| *have >= position)).await;
        match arrived {
            Ok(Ok(_)) => Ok(()),
            _ => Err(Behind { have: self.position(), want: position }),
        }
    }
}

/// The task behind [`Feeds`].
struct Follower {
    feeds: Feeds,
    projections: Projections,
    settings: FeedSettings,
    /// The generation of the catalogue that the feeds show, and up to where.
    seen: Option<Live>,
    /// Plugins that were given to the feeds, for when a generation lacks one.
    known: BTreeSet<u64>,
    refreshing: Option<JoinHandle<()>>,
    counted_at: Instant,
}

impl Follower {
    async fn run(&mut self) {
        let mut moved = self.projections.watch(Name::Catalogue);
        loop {
            tokio::select! {
                _ = moved.changed() => {}
                () = sleep(POLL) => {}
                () = sleep_until(self.counted_at + self.settings.counts_every) => {
                    // The beat goes on whether or not it could be counted.
                    self.counted_at = Instant::now();
                    if let Err(error) = self.count().await {
                        tracing::warn!(error = %error, "downloads and votes in feeds could not be brought up to date");
                    }
                }
            }
            if let Err(error) = self.look().await {
                tracing::warn!(error = %error, "the feeds could not look at the catalogue, trying again");
                sleep(POLL).await;
            }
        }
    }

    /// Takes in what changed since the last look: what those plugins say, or everything if another generation
    /// is live.
    async fn look(&mut self) -> Result<()> {
        let mut read = self.projections.read().await?;
        let live = read.live(Name::Catalogue);
        match self.seen {
            Some(seen) if seen == live => return Ok(()),
            Some(seen) if seen.generation == live.generation => {
                let changed = feed_rows_changed_since(&mut read, seen.next_position).await?;
                for ids in changed.chunks(PLUGINS_PER_READ) {
                    self.show(&mut read, ids).await?;
                }
            }
            _ => self.show_all(&mut read).await?,
        }
        drop(read);
        self.seen = Some(live);
        self.feeds.position.send_replace(live.next_position);
        // The next readers then find the feeds ready; those who come first compose what they ask for
        // themselves.
        if self.refreshing.as_ref().is_none_or(JoinHandle::is_finished) {
            let set = self.feeds.set.clone();
            self.refreshing = Some(self.feeds.tracker.spawn_blocking(move || set.refresh()));
        }
        Ok(())
    }

    async fn show_all(&mut self, read: &mut Read) -> Result<()> {
        let mut gone = std::mem::take(&mut self.known);
        let (mut last, limit) = (0, u32::try_from(PLUGINS_PER_READ).expect("some hundreds"));
        loop {
            let ids = plugin_ids(read, last, limit).await?;
            let Some(&end) = ids.last() else { break };
            last = end;
            for id in &ids {
                gone.remove(id);
            }
            self.show(read, &ids).await?;
        }
        for plugin_id in gone {
            self.feeds.set.apply(plugin_id, None);
        }
        Ok(())
    }

    /// Gives these plugins to the feeds as they are now.
    async fn show(&mut self, read: &mut Read, ids: &[u64]) -> Result<()> {
        let plugins = feed_plugins(read, ids).await?;
        self.known.extend(ids);
        let (set, settings) = (self.feeds.set.clone(), self.settings.clone());
        let rendering = self.feeds.tracker.spawn_blocking(move || {
            for plugin in plugins {
                let plugin_id = plugin.plugin.id;
                set.apply(plugin_id, entries(plugin, &settings.base_url, settings.author_email));
            }
        });
        rendering.await.expect("rendering does not panic");
        Ok(())
    }

    async fn count(&mut self) -> Result<()> {
        let counts = plugin_counts(&mut self.projections.read().await?).await?;
        self.feeds.set.set_counts(&counts);
        Ok(())
    }
}

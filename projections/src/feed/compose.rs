//! All feeds in memory: kept while nothing changes, mended bucket by bucket when something does.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use cairn_domain::qgis_version::FeedVersion;

use super::body::{FeedBody, feed_key};
use super::catalogue::Catalogue;
use super::chunk::{Chunk, Counts, Part, content_key};
use super::select::{Filter, PluginEntries};
use super::shared::Shared;

/// Which feed is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FeedKey {
    /// For which QGIS.
    pub version: FeedVersion,
    /// Without experimental versions.
    pub stable_only: bool,
    /// All versions of this package instead of the newest of every plugin.
    pub package_name: Option<String>,
}

impl FeedKey {
    fn filter(&self) -> Filter {
        Filter { version: self.version, stable_only: self.stable_only }
    }
}

/// Bounds on what requests from outside can make the feeds hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedLimits {
    /// How many feeds are kept; beyond that the one asked for longest ago goes. At least 1 is kept.
    pub feeds_max: usize,
}

impl Default for FeedLimits {
    /// Room for every QGIS since 3.0 with and without experimental versions.
    fn default() -> Self {
        Self { feeds_max: 96 }
    }
}

/// What is kept of feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptFeeds {
    /// How many feeds.
    pub feeds: u64,
    /// The bytes that are ready to be sent, or to be put together.
    pub bytes: u64,
}

/// The feeds of all QGIS versions, made from the approved versions of all plugins.
///
/// Safe to share among threads. [`FeedSet::apply`] and [`FeedSet::set_counts`] only note the change, under a lock that nobody
/// holds for long. A feed is composed when asked for, by one thread at a time; those who ask for the same feed wait for it, those who ask
/// for another one do not. When `apply` has returned, every later [`FeedSet::body`] has the change in it.
///
/// After a change to one plugin, a feed costs a look at each bucket's revision, one chunk of at most 32 plugins to deflate, and a copy of the rest.
/// Feeds that list the same versions of a bucket's plugins share the chunk, and equal feeds share the body.
#[derive(Debug)]
pub struct FeedSet {
    limits: FeedLimits,
    catalogue: RwLock<Catalogue>,
    /// The revision of the catalogue, to be read without its lock.
    revision: AtomicU64,
    feeds: RwLock<HashMap<FeedKey, Arc<Feed>>>,
    /// Counts requests, to know which feed was asked for longest ago.
    ticks: AtomicU64,
    chunks: Shared<Chunk>,
    bodies: Shared<FeedBody>,
}

#[derive(Debug, Default)]
struct Feed {
    last_tick: AtomicU64,
    current: RwLock<Option<Composed>>,
    /// Held while composing.
    buckets: Mutex<BTreeMap<u64, Kept>>,
}

/// A body and the revision of the catalogue that it shows.
#[derive(Debug)]
struct Composed {
    revision: u64,
    body: Arc<FeedBody>,
}

/// What a feed has of a bucket. A bucket of which it lists nothing has no chunk.
#[derive(Debug, Default)]
struct Kept {
    revision: u64,
    chunk: Option<Arc<Chunk>>,
}

impl FeedSet {
    /// Feeds without any plugin.
    pub fn new(limits: FeedLimits) -> Self {
        Self {
            limits,
            catalogue: RwLock::default(),
            revision: AtomicU64::new(0),
            feeds: RwLock::default(),
            ticks: AtomicU64::new(0),
            chunks: Shared::new(),
            bodies: Shared::new(),
        }
    }

    /// Replaces the approved versions of a plugin, or takes it out of all feeds.
    pub fn apply(&self, plugin_id: u64, entries: Option<PluginEntries>) {
        self.change(|catalogue| catalogue.put(plugin_id, entries));
    }

    /// Replaces the download and vote counts of the named plugins, also of those that have no approved version yet; the
    /// others keep theirs. Every plugin whose counts differ costs its bucket a new chunk, so this is for a slow beat.
    pub fn set_counts(&self, counts: &HashMap<u64, Counts>) {
        self.change(|catalogue| catalogue.count(counts));
    }

    /// The feed if it is kept and current: a look-up that waits for nobody's composing, fit for async code.
    pub fn ready(&self, key: &FeedKey) -> Option<Arc<FeedBody>> {
        let feed = read(&self.feeds).get(key).cloned()?;
        self.touch(&feed);
        feed.current_at(self.revision.load(Ordering::Acquire))
    }

    /// The feed as it is now. Composes it if need be, the first time for about 0.4 s at 30,000 plugins: call it where blocking is allowed.
    ///
    /// The feed of one package is small and its name comes from outside, so it is composed each time and not kept.
    pub fn body(&self, key: &FeedKey) -> Arc<FeedBody> {
        match &key.package_name {
            Some(package_name) => self.package_body(package_name, key.filter()),
            None => self.compose(&self.feed(key), key.filter()),
        }
    }

    /// Brings every kept feed up to date, so that the next readers find it ready. Blocks like [`FeedSet::body`].
    pub fn refresh(&self) {
        let feeds: Vec<_> =
            read(&self.feeds).iter().map(|(key, feed)| (key.filter(), feed.clone())).collect();
        for (filter, feed) in feeds {
            self.compose(&feed, filter);
        }
    }

    /// How many feeds are kept, and how many bytes they take: what feeds share counts once.
    pub fn holds(&self) -> KeptFeeds {
        KeptFeeds {
            feeds: read(&self.feeds).len() as u64,
            bytes: self.chunks.sum(Chunk::kept_bytes) + self.bodies.sum(FeedBody::kept_bytes),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Catalogue)) {
        let mut catalogue = self.catalogue.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut catalogue);
        self.revision.store(catalogue.revision(), Ordering::Release);
    }

    fn touch(&self, feed: &Feed) {
        feed.last_tick.store(self.ticks.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    /// The kept feed of this key, made room for if it is new.
    fn feed(&self, key: &FeedKey) -> Arc<Feed> {
        let known = read(&self.feeds).get(key).cloned();
        let feed = known.unwrap_or_else(|| {
            let mut feeds = self.feeds.write().unwrap_or_else(PoisonError::into_inner);
            while !feeds.contains_key(key) && feeds.len() >= self.limits.feeds_max.max(1) {
                let oldest = feeds.iter().min_by_key(|(_, feed)| feed.last_tick.load(Ordering::Relaxed));
                let oldest = oldest.map(|(key, _)| key.clone()).expect("at least one feed is kept");
                feeds.remove(&oldest);
            }
            let feed = feeds.entry(key.clone()).or_default().clone();
            self.touch(&feed);
            feed
        });
        self.touch(&feed);
        feed
    }

    fn compose(&self, feed: &Feed, filter: Filter) -> Arc<FeedBody> {
        if let Some(body) = feed.current_at(self.revision.load(Ordering::Acquire)) {
            return body;
        }
        // A bucket is kept with its revision in one go, so what a panic leaves behind is whole.
        let mut kept = feed.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(body) = feed.current_at(self.revision.load(Ordering::Acquire)) {
            return body;
        }
        let catalogue = read(&self.catalogue).clone();
        for (number, bucket) in catalogue.buckets() {
            let kept = kept.entry(number).or_default();
            if kept.revision != bucket.revision {
                *kept = Kept { revision: bucket.revision, chunk: self.chunk(bucket.parts(filter)) };
            }
        }
        let body = self.shared_body(kept.values().filter_map(|kept| kept.chunk.clone()).collect());
        let composed = Composed { revision: catalogue.revision(), body: body.clone() };
        *feed.current.write().unwrap_or_else(PoisonError::into_inner) = Some(composed);
        body
    }

    fn package_body(&self, package_name: &str, filter: Filter) -> Arc<FeedBody> {
        let parts = read(&self.catalogue).parts_of_package(package_name, filter);
        self.shared_body(self.chunk(parts).into_iter().collect())
    }

    fn chunk(&self, parts: Vec<Part>) -> Option<Arc<Chunk>> {
        if parts.is_empty() {
            return None;
        }
        Some(self.chunks.get_or_make(content_key(&parts), || Chunk::new(parts)))
    }

    fn shared_body(&self, chunks: Vec<Arc<Chunk>>) -> Arc<FeedBody> {
        self.bodies.get_or_make(feed_key(&chunks), || FeedBody::new(chunks))
    }
}

#[cfg(test)]
impl FeedSet {
    pub(super) fn living_chunks(&self) -> usize {
        self.chunks.living()
    }

    pub(super) fn remembered_chunks(&self) -> usize {
        self.chunks.remembered()
    }
}

impl Feed {
    fn current_at(&self, revision: u64) -> Option<Arc<FeedBody>> {
        let current = read(&self.current);
        current
            .as_ref()
            .filter(|composed| composed.revision >= revision)
            .map(|composed| composed.body.clone())
    }
}

/// Each value behind these locks is replaced or changed in one step that does not panic half way, so a poisoned lock still guards a whole one.
fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

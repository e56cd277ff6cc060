//! What `latest`, `stable` and `ltr` mean in the addresses of feeds: what the log says, or the settings as long as it says nothing.

use cairn_domain::event::{Event, SiteEvent, Stream};
use cairn_domain::qgis_version::FeedVersion;
use cairn_domain::site::QgisReleases;
use cairn_store::{Recorded, Registry, Result};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The least time between two looks at the log.
const QUIET: Duration = Duration::from_millis(100);

/// The labels as they are now. Clones share them.
#[derive(Debug, Clone)]
pub struct QgisLabels(watch::Receiver<Arc<BTreeMap<String, FeedVersion>>>);

impl QgisLabels {
    /// The labels of this log. They follow it until cancelled, as fast as the process hears of events.
    pub async fn follow(
        registry: &Registry,
        configured: BTreeMap<String, FeedVersion>,
        tracker: &TaskTracker,
        cancel: CancellationToken,
    ) -> Result<Self> {
        let mut follower = Follower { registry: registry.clone(), configured, version: 0, told: None };
        follower.look().await?;
        let (sender, receiver) = watch::channel(Arc::new(follower.labels()));
        tracker.spawn(cancel.run_until_cancelled_owned(follower.run(sender)));
        Ok(Self(receiver))
    }

    /// What each label means now.
    pub fn now(&self) -> Arc<BTreeMap<String, FeedVersion>> {
        Arc::clone(&self.0.borrow())
    }
}

#[derive(Debug)]
struct Follower {
    registry: Registry,
    configured: BTreeMap<String, FeedVersion>,
    /// How much of the site's history was read.
    version: u32,
    told: Option<QgisReleases>,
}

impl Follower {
    async fn run(mut self, sender: watch::Sender<Arc<BTreeMap<String, FeedVersion>>>) {
        let mut grown = self.registry.watch();
        // The log's head cannot go away while this holds the log.
        while grown.changed().await.is_ok() {
            match self.look().await {
                Ok(false) => {}
                Ok(true) => {
                    let labels = self.labels();
                    tracing::info!("feeds mean other QGIS versions by their labels now");
                    sender.send_replace(Arc::new(labels));
                }
                Err(error) => {
                    tracing::warn!(error = %error, "QGIS versions cannot be read, trying again");
                    grown.mark_changed();
                }
            }
            sleep(QUIET).await;
        }
    }

    /// Reads what is new; answers whether that changes the labels.
    async fn look(&mut self) -> Result<bool> {
        let events = self.registry.read_stream(&Stream::Site.to_string(), self.version).await?;
        self.version = events.last().map_or(self.version, |last| last.version);
        let last = events.iter().filter_map(releases).next_back();
        let changes = last.is_some() && last != self.told;
        self.told = last.or(self.told.take());
        Ok(changes)
    }

    fn labels(&self) -> BTreeMap<String, FeedVersion> {
        let mut labels = self.configured.clone();
        if let Some(QgisReleases { latest, stable, ltr }) = &self.told {
            for (label, version) in [("latest", latest), ("stable", stable), ("ltr", ltr)] {
                // The command that wrote it has read it as a version.
                labels.extend(version.parse().ok().map(|version| (label.to_owned(), version)));
            }
        }
        labels
    }
}

/// What an event says of QGIS versions. One that only a newer program can read says nothing here.
fn releases(recorded: &Recorded) -> Option<QgisReleases> {
    match Event::decode(&recorded.kind, recorded.schema, &recorded.payload) {
        Ok(Event::Site(SiteEvent::QgisReleasesSet(set))) => Some(set.releases),
        _ => None,
    }
}

//! Another process hears of commits.

use super::race::batch;
use super::{downloads, events, registry};
use cairn_store::{Db, Downloads, Registry, SystemClock, both};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Far more than the 250 ms of the poll, on a machine under load.
const SOON: Duration = Duration::from_secs(10);

both!(a_follower_on_other_connections_hears_of_commits, |t| {
    let other = Db::open(t.url()).await.unwrap();
    let theirs = Registry::new(other.clone(), Arc::new(SystemClock));
    let their_downloads = Downloads::new(other.clone(), Arc::new(SystemClock));
    let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
    let (ours, our_downloads) = (registry(&t), downloads(&t));
    theirs.follow(&tracker, cancel.clone());
    their_downloads.follow(&tracker, cancel.clone());
    ours.follow(&tracker, cancel.clone());
    let (mut heads, mut download_heads) = (theirs.watch(), their_downloads.watch());

    for round in 1..=3 {
        let mut tx = ours.begin().await.unwrap();
        tx.append(events(2)).await.unwrap();
        tx.commit().await.unwrap();
        timeout(SOON, heads.wait_for(|head| *head == round * 2)).await.unwrap().unwrap();
        our_downloads.append(&batch(1)).await.unwrap();
        timeout(SOON, download_heads.wait_for(|head| *head == round)).await.unwrap().unwrap();
    }
    cancel.cancel();
    tracker.close();
    timeout(SOON, tracker.wait()).await.expect("the followers end when cancelled");
    timeout(SOON, other.close()).await.expect("nothing keeps the connections open");
});

both!(a_watch_sees_own_commits_at_once, |t| {
    let registry = registry(&t);
    let mut heads = registry.watch();
    let mut tx = registry.begin().await.unwrap();
    tx.append(events(3)).await.unwrap();
    assert!(!heads.has_changed().unwrap());
    tx.commit().await.unwrap();
    assert_eq!(*heads.borrow_and_update(), 3);
    registry.begin().await.unwrap().commit().await.unwrap();
    assert!(!heads.has_changed().unwrap());
});

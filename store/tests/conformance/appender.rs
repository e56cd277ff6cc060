//! Group commit from outside: who is answered, what is in the log then, and who is turned away.

use super::{downloads, noon};
use cairn_store::testing::{self, TestDb};
use cairn_store::{
    AppenderLimits, BATCH_BODY_BYTES_MAX, DownloadAppender, DownloadId, Downloads, Dropped, EncodedBatch,
    Engine, Ids, both,
};
use sqlx::{Connection, PgConnection};
use std::collections::HashSet;
use tokio::task::JoinSet;
use tokio::time::{Duration, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// An item is its number in four bytes, followed by padding.
fn encode_with_padding(items: &[u32], padding: usize) -> EncodedBatch {
    let body =
        items.iter().flat_map(|item| [item.to_be_bytes().to_vec(), vec![0; padding]].concat()).collect();
    EncodedBatch { first_at: noon(), last_at: noon(), format: 1, body }
}

struct Running {
    appender: DownloadAppender<u32>,
    downloads: Downloads,
    tracker: TaskTracker,
    cancel: CancellationToken,
}

fn start(t: &TestDb, padding: usize, limits: AppenderLimits) -> Running {
    let (downloads, tracker, cancel) = (downloads(t), TaskTracker::new(), CancellationToken::new());
    let encode = move |items: &[u32]| encode_with_padding(items, padding);
    let appender =
        DownloadAppender::spawn(downloads.clone(), Ids::random(), encode, &tracker, cancel.clone(), limits);
    Running { appender, downloads, tracker, cancel }
}

impl Running {
    async fn stop(&self) {
        self.cancel.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }

    /// The item that the log holds under an id.
    async fn item(&self, id: DownloadId, padding: usize) -> u32 {
        let batch = self.downloads.read(id.position, 1).await.unwrap().remove(0);
        let at = id.index as usize * (4 + padding);
        u32::from_be_bytes(batch.body[at..at + 4].try_into().unwrap())
    }
}

both!(two_hundred_and_fifty_six_waiters_are_answered_by_few_commits, |t| {
    let running = start(&t, 0, AppenderLimits::default());
    let mut waiters = JoinSet::new();
    for waiter in 0..256 {
        let appender = running.appender.clone();
        waiters.spawn(async move {
            let mut ids = Vec::new();
            for round in 0..4 {
                let item = waiter * 4 + round;
                ids.push((item, appender.record(item).unwrap().stored().await.unwrap()));
            }
            ids
        });
    }
    let ids: Vec<(u32, DownloadId)> = waiters.join_all().await.into_iter().flatten().collect();
    let distinct: HashSet<(u64, u32)> = ids.iter().map(|(_, id)| (id.position, id.index)).collect();
    assert_eq!(distinct.len(), 1024);
    for (item, id) in ids.iter().step_by(37) {
        assert_eq!(running.item(*id, 0).await, *item);
    }
    let batches = running.downloads.read(0, 10_000).await.unwrap();
    assert_eq!(batches.iter().map(|batch| batch.n).sum::<u32>(), 1024);
    assert!(batches.len() <= 128, "{} commits for 1,024 downloads are no group commit", batches.len());
    assert!((1..).zip(&batches).all(|(seq, batch)| batch.writer_seq == seq));
    running.stop().await;
});

both!(a_stop_writes_what_waits_and_takes_nothing_more, |t| {
    let running = start(&t, 0, AppenderLimits { batch_max: 10, ..AppenderLimits::default() });
    let receipts: Vec<_> = (0..500).map(|item| running.appender.record(item).unwrap()).collect();
    running.stop().await;
    for receipt in receipts {
        receipt.stored().await.unwrap();
    }
    assert_eq!(running.appender.record(500).unwrap_err(), Dropped);
    let batches = running.downloads.read(0, 10_000).await.unwrap();
    assert_eq!(batches.iter().map(|batch| batch.n).sum::<u32>(), 500);
    assert!(batches.iter().all(|batch| batch.n <= 10));
});

both!(a_body_that_gets_too_long_is_halved, |t| {
    let padding = 996;
    let running = start(&t, padding, AppenderLimits::default());
    let receipts: Vec<_> = (0..150).map(|item| running.appender.record(item).unwrap()).collect();
    for (item, receipt) in (0..).zip(receipts) {
        let id = receipt.stored().await.unwrap();
        assert_eq!(running.item(id, padding).await, item);
    }
    let batches = running.downloads.read(0, 10_000).await.unwrap();
    assert!(batches.len() >= 3 && batches.iter().all(|batch| batch.body.len() <= BATCH_BODY_BYTES_MAX));
    running.stop().await;
});

both!(a_full_queue_drops_instead_of_waiting, |t| {
    // While the write lock is held by another transaction nothing leaves the queue.
    let running = start(&t, 0, AppenderLimits { queue_max: 20, batch_max: 5, ..AppenderLimits::default() });
    let mut other = t.db.begin().await.unwrap();
    if t.db.engine() == Engine::Postgres {
        let sql = "lock table download_batch in exclusive mode";
        cairn_store::on!(other, |c| sqlx::query(sql).execute(&mut *c).await.map(drop)).unwrap();
    }
    let recorded: Vec<_> = (0..200).map(|item| running.appender.record(item)).collect();
    let kept = recorded.iter().filter(|receipt| receipt.is_ok()).count();
    assert!((20..=30).contains(&kept), "{kept} of 200 were kept");
    other.rollback().await.unwrap();
    for receipt in recorded.into_iter().flatten() {
        receipt.stored().await.unwrap();
    }
    running.stop().await;
    let batches = running.downloads.read(0, 10_000).await.unwrap();
    assert_eq!(batches.iter().map(|batch| batch.n as usize).sum::<usize>(), kept);
});

both!(a_database_that_refuses_for_good_answers_dropped_and_a_new_writer_begins, |t| {
    let limits = AppenderLimits { attempts_max: 2, ..AppenderLimits::default() };
    let running = start(&t, BATCH_BODY_BYTES_MAX, limits);
    // One item alone is longer than a body may be, and cannot be halved.
    assert_eq!(running.appender.record(1).unwrap().stored().await, Err(Dropped));
    assert_eq!(running.downloads.head().await.unwrap(), 0);
    running.stop().await;
});

/// Each connection is cut again and again, also in the middle of commits whose answer is then lost.
#[test]
fn connections_that_break_lose_nothing_and_double_nothing() {
    testing::run(Engine::Postgres, |t| async move {
        let running =
            start(&t, 0, AppenderLimits { batch_max: 7, attempts_max: 50, ..AppenderLimits::default() });
        let done = CancellationToken::new();
        let cutting = JoinSet::from_iter([cut_connections(t.url().to_owned(), done.clone())]);
        let mut stored = 0;
        for round in 0..20 {
            let receipts: Vec<_> =
                (0..20).map(|i| running.appender.record(round * 20 + i).unwrap()).collect();
            for receipt in receipts {
                receipt.stored().await.unwrap();
                stored += 1;
            }
        }
        done.cancel();
        let cuts: u64 = cutting.join_all().await.into_iter().sum();
        assert!(cuts > 3, "only {cuts} connections were cut");
        running.stop().await;
        let batches = running.downloads.read(0, 10_000).await.unwrap();
        let items: Vec<u32> = batches
            .iter()
            .flat_map(|batch| batch.body.chunks_exact(4))
            .map(|item| u32::from_be_bytes(item.try_into().unwrap()))
            .collect();
        assert!(items.iter().copied().eq(0..stored), "{} items for {stored} receipts", items.len());
    });
}

/// Ends all other sessions of the database each 40 ms; answers how many it ended.
async fn cut_connections(url: String, done: CancellationToken) -> u64 {
    let mut admin = PgConnection::connect(&url).await.unwrap();
    let sql = "select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()";
    let mut cuts = 0;
    while !done.is_cancelled() {
        let (cut,): (i64,) = sqlx::query_as(sql).fetch_one(&mut admin).await.unwrap();
        cuts += cut.unsigned_abs();
        sleep(Duration::from_millis(40)).await;
    }
    cuts
}

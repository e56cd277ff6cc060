//! Downloads a second that 256 waiting clients get recorded, each asking for the next when the last one is durable.
//!
//! References, by the bare driver on one connection, each statement a commit: INSERTs of as many single rows as the appender
//! put into a batch on average (what a log without batches would write), and INSERTs of such batches, packed beforehand.

use crate::Size;
use crate::bare::Bare;
use crate::downloads::{encoded, zipf};
use crate::figures::{Figures, per_second, say};
use cairn_domain::download::Download;
use cairn_projections::testing::new_batch;
use cairn_store::testing::TestDb;
use cairn_store::{AppenderLimits, DownloadAppender, Downloads, Engine, Ids, SystemClock};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Who wait at the same time.
const CLIENTS: usize = 256;

/// What one round of the appender came to.
struct Round {
    per_second: f64,
    waits: Vec<Duration>,
    /// Downloads in a batch, on average.
    batch: usize,
}

pub(crate) fn measure(engine: Engine, size: Size) {
    cairn_store::testing::run(engine, move |t| async move { run(&t, size).await });
}

async fn run(t: &TestDb, size: Size) {
    let length = size.of(Duration::from_secs(5), Duration::from_millis(200));
    let items: Arc<[Download]> = zipf(1, 100_000, &(1..=20_000).collect::<Vec<u64>>()).into();
    let mut bare = Bare::open(t).await;
    say(&format!("{}: {CLIENTS} clients, {} rounds of {length:?} each", bare.version().await, size.rounds));
    let [mut ours, mut rows, mut batches] = [const { Vec::new() }; 3];
    let mut position = 0;
    for _ in 0..size.rounds {
        let round = appender(t, &items, length).await;
        let waits = Figures::of_times(&round.waits);
        let (p50, p99) = (waits.quantile(0.5), waits.quantile(0.99));
        say(&format!(
            "  {:.0} downloads/s, waits p50 {p50:.2} ms, p99 {p99:.2} ms; {} in a batch",
            round.per_second, round.batch
        ));
        ours.push(round.per_second);
        rows.push(single_rows(&mut bare, &items, round.batch, length).await);
        batches.push(batch_rows(&mut bare, &items, round.batch, length, &mut position).await);
    }
    say(&format!("  Cairn                        {} downloads/s", Figures::of(ours.clone())));
    say(&format!("  multi-row INSERT, bare       {} downloads/s", Figures::of(rows.clone())));
    say(&format!("  INSERT of packed batch, bare {} downloads/s", Figures::of(batches.clone())));
    say(&format!("  ratio to multi-row INSERT    {:.2} (target ≥ 0.7)", Figures::ratios(&ours, &rows)));
    say(&format!("  ratio to packed batch        {:.2}", Figures::ratios(&ours, &batches)));
}

async fn appender(t: &TestDb, items: &Arc<[Download]>, length: Duration) -> Round {
    let log = Downloads::new(t.db.clone(), Arc::new(SystemClock));
    let before = log.head().await.expect("the log answers");
    let (writing, cancel, clients) = (TaskTracker::new(), CancellationToken::new(), TaskTracker::new());
    let limits = AppenderLimits::default();
    let appender =
        DownloadAppender::spawn(log.clone(), Ids::random(), encoded, &writing, cancel.clone(), limits);
    let started = Instant::now();
    let until = started + length;
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|client| clients.spawn(client_until(until, appender.clone(), Arc::clone(items), client)))
        .collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await.expect("a client does not panic"));
    }
    let took = started.elapsed();
    cancel.cancel();
    writing.close();
    writing.wait().await;
    let batches = log.head().await.expect("the log answers") - before;
    let batch = waits.len() / usize::try_from(batches).expect("some thousands").max(1);
    Round { per_second: per_second(waits.len(), took), waits, batch: batch.max(1) }
}

/// Records one download after the other and answers how long each one waited.
async fn client_until(
    until: Instant,
    appender: DownloadAppender<Download>,
    items: Arc<[Download]>,
    client: usize,
) -> Vec<Duration> {
    let mut waits = Vec::new();
    for item in items.iter().cycle().skip(client * 389) {
        let asked = Instant::now();
        if asked >= until {
            break;
        }
        let receipt = appender.record(*item).expect("the queue is longer than there are clients");
        receipt.stored().await.expect("the database takes it");
        waits.push(asked.elapsed());
    }
    waits
}

async fn single_rows(bare: &mut Bare, items: &[Download], batch: usize, length: Duration) -> f64 {
    let (started, mut n) = (Instant::now(), 0);
    for chunk in items.chunks_exact(batch).cycle() {
        if started.elapsed() >= length {
            break;
        }
        bare.insert_downloads(chunk).await;
        n += chunk.len();
    }
    per_second(n, started.elapsed())
}

async fn batch_rows(
    bare: &mut Bare,
    items: &[Download],
    batch: usize,
    length: Duration,
    position: &mut i64,
) -> f64 {
    let packed: Vec<_> =
        items.chunks_exact(batch).map(|chunk| new_batch(uuid::Uuid::nil(), 1, chunk)).collect();
    let (started, mut n) = (Instant::now(), 0);
    for batch in packed.iter().cycle() {
        if started.elapsed() >= length {
            break;
        }
        bare.insert_batch(*position, batch).await;
        *position += 1;
        n += batch.n as usize;
    }
    per_second(n, started.elapsed())
}

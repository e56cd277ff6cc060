//! Events a second that the read models take in when they are built anew from both logs.
//!
//! References, with the same driver and pages of the same size: reading the same rows by their keys and decoding each column;
//! reading them so and unpacking what is in them (a batch into its downloads, an event from its JSON); and reading the same
//! events where each download is a row, as in a log without batches.

use crate::Size;
use crate::bare::Bare;
use crate::catalogue::Catalogue;
use crate::downloads::zipf;
use crate::figures::{Figures, per_second, say};
use cairn_domain::{Event, download};
use cairn_projections::testing::{append, append_downloads, version_ids};
use cairn_projections::{Name, Projections, ROWS_PER_PAGE_MAX};
use cairn_store::testing::TestDb;
use cairn_store::{Downloads, Engine, Ids, Position, Registry, SystemClock, on, sqlx};
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Rows of the downloads log that a projection reads at a time.
const BATCHES_PER_READ: usize = 256;

const DOWNLOADS_PER_BATCH: usize = 1000;

const REFERENCES: [&str; 3] =
    ["bare read of the rows", "bare read, rows unpacked", "bare read, a row for each"];

type EventRow = (i64, i64, Uuid, String, i32, String, i16, Vec<u8>, Vec<u8>);
type BatchRow = (i64, i64, Uuid, i64, i64, i64, i32, i16, Vec<u8>);

/// Whether rows are only read or also unpacked.
#[derive(Clone, Copy, PartialEq)]
enum Depth {
    Rows,
    Unpacked,
}

/// The logs, filled.
struct Logs {
    projections: Projections,
    events: usize,
    downloads: usize,
}

pub(crate) fn measure(engine: Engine, size: Size) {
    cairn_store::testing::run(engine, move |t| async move { run(&t, size).await });
}

async fn run(t: &TestDb, size: Size) {
    let (logs, mut bare) = fill(t, size).await;
    let n = logs.events + logs.downloads;
    say(&format!("{}: {} registry events, {} downloads", bare.version().await, logs.events, logs.downloads));
    logs.projections.catch_up().await.expect("the history is good");
    let mut times = [const { Vec::new() }; Name::ALL.len()];
    let mut references = REFERENCES.map(|name| (name, Vec::new()));
    let mut ours = Vec::new();
    for _ in 0..size.rounds {
        let [rows, unpacked] = [read_both(t, Depth::Rows).await, read_both(t, Depth::Unpacked).await];
        let single = (rows.0, read_single(&mut bare, logs.downloads).await);
        for ((name, rates), (registry, downloads)) in references.iter_mut().zip([rows, unpacked, single]) {
            say(&format!("    {name}: registry {registry:.0?}, downloads {downloads:.0?}"));
            rates.push(per_second(n, registry + downloads));
        }
        let mut all = Duration::ZERO;
        for (name, times) in Name::ALL.into_iter().zip(&mut times) {
            let took = rebuilt(&logs.projections, name).await;
            times.push(took);
            all += took;
        }
        ours.push(per_second(n, all));
    }
    for (name, times) in Name::ALL.into_iter().zip(&times) {
        let n = if name == Name::Downloads { logs.downloads } else { logs.events };
        let rates = Figures::of(times.iter().map(|took| per_second(n, *took)).collect());
        say(&format!("  {:9} {rates} events/s, {:.0} ms", name.as_str(), Figures::of_times(times)));
    }
    say(&format!("  both logs {} events/s", Figures::of(ours.clone())));
    for (name, rates) in references {
        let ratios = Figures::ratios(&ours, &rates);
        say(&format!("  {name}: {} events/s, ratio {ratios:.3} (target ≥ 0.3)", Figures::of(rates)));
    }
}

async fn fill(t: &TestDb, size: Size) -> (Logs, Bare) {
    let clock = Arc::new(SystemClock);
    let registry = Registry::new(t.db.clone(), clock.clone());
    let downloads = Downloads::new(t.db.clone(), clock.clone());
    let mut history = Catalogue::of(size.of(3_000, 50)).history(8);
    history.truncate(size.of(50_000, 1_000));
    append(&registry, &history).await.expect("the history is good");
    let items = zipf(2, size.of(1_000_000, 5_000), &version_ids(0, &history));
    append_downloads(&downloads, &items, DOWNLOADS_PER_BATCH).await.expect("the batches are good");
    let ids = Arc::new(Ids::random());
    let projections = Projections::new(registry, downloads, clock, ids).await.expect("the read models open");
    let mut bare = Bare::open(t).await;
    for chunk in items.chunks(DOWNLOADS_PER_BATCH) {
        bare.insert_downloads(chunk).await;
    }
    (Logs { projections, events: history.len(), downloads: items.len() }, bare)
}

/// How long it takes until a new generation holds the whole log; that the old one is thrown away then is not counted.
async fn rebuilt(projections: &Projections, name: Name) -> Duration {
    let started = Instant::now();
    let mut took = Duration::ZERO;
    let progress = |have: Position, head: Position| {
        if have == head {
            took = started.elapsed();
        }
    };
    projections.rebuild(name, progress).await.expect("the history is good");
    took
}

async fn read_single(bare: &mut Bare, downloads: usize) -> Duration {
    let started = Instant::now();
    assert_eq!(bare.read_downloads(ROWS_PER_PAGE_MAX.into()).await, downloads);
    started.elapsed()
}

async fn read_both(t: &TestDb, depth: Depth) -> (Duration, Duration) {
    let started = Instant::now();
    read_events(t, depth).await;
    let registry = started.elapsed();
    let started = Instant::now();
    read_batches(t, depth).await;
    (registry, started.elapsed())
}

async fn read_events(t: &TestDb, depth: Depth) {
    const SQL: &str = "select position, recorded_at_us, event_id, stream, version, kind, schema_version, payload, metadata \
                       from event where position >= $1 order by position limit $2";
    let mut conn = t.db.read().await.expect("there is a connection");
    let mut from = 0_i64;
    loop {
        let limit = i64::from(ROWS_PER_PAGE_MAX);
        let page: Vec<EventRow> =
            on!(conn, |c| sqlx::query_as(SQL).bind(from).bind(limit).fetch_all(&mut *c).await).expect("rows");
        let Some(last) = page.last() else { return };
        from = last.0 + 1;
        if depth == Depth::Unpacked {
            for (.., kind, schema, payload, _) in &page {
                Event::decode(kind, schema.cast_unsigned(), payload).expect("it was just written");
            }
        }
    }
}

async fn read_batches(t: &TestDb, depth: Depth) {
    const SQL: &str = "select position, recorded_at_us, writer_id, writer_seq, first_at_us, last_at_us, n, format, body \
                       from download_batch where position >= $1 order by position limit $2";
    let mut conn = t.db.read().await.expect("there is a connection");
    let mut from = 0_i64;
    loop {
        let limit = i64::try_from(BATCHES_PER_READ).expect("some hundreds");
        let page: Vec<BatchRow> =
            on!(conn, |c| sqlx::query_as(SQL).bind(from).bind(limit).fetch_all(&mut *c).await).expect("rows");
        let Some(last) = page.last() else { return };
        from = last.0 + 1;
        if depth == Depth::Unpacked {
            for (_, _, _, _, first_at_us, _, _, format, body) in &page {
                download::decode((*format).into(), first_at_us / 1000, body).expect("it was just written");
            }
        }
    }
}

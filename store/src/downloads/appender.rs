//! Group commit: many downloads arrive one by one, one task writes them batch by batch, one commit answers
//! all who wait.

use super::{BATCH_BODY_BYTES_MAX, Downloads, NewBatch};
use crate::{Clock, Ids, Position, StoreError};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long the first retry waits; each further one twice as long, up to [`RETRY_LONGEST`].
const RETRY_FIRST: Duration = Duration::from_millis(50);

/// The longest pause between two attempts.
const RETRY_LONGEST: Duration = Duration::from_secs(2);

/// How big and how slow batches may get.
#[derive(Clone, Copy, Debug)]
pub struct AppenderLimits {
    /// Downloads that may wait for their batch; one more is dropped.
    pub queue_max: usize,
    /// Downloads in a batch.
    pub batch_max: usize,
    /// How long a batch waits to become as big as the one before it. A batch that is as big, in particular
    /// the single download on a quiet day, waits for nothing.
    pub linger_max: Duration,
    /// How often a batch is tried before it is dropped. The pauses double from 50 ms to 2 s, so 12 attempts
    /// last 13 s beside what the attempts take themselves.
    pub attempts_max: u32,
}

impl Default for AppenderLimits {
    fn default() -> Self {
        Self { queue_max: 50_000, batch_max: 1_000, linger_max: Duration::from_millis(5), attempts_max: 9 }
    }
}

/// A batch as the domain packs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedBatch {
    /// When the first download was asked for.
    pub first_at: DateTime<Utc>,
    /// When the last one was.
    pub last_at: DateTime<Utc>,
    /// The version of the body's shape.
    pub format: u16,
    /// The downloads; when it comes out above [`BATCH_BODY_BYTES_MAX`], the batch is halved and packed again.
    pub body: Vec<u8>,
}

/// Which download of the log: replaying its batch yields it as the `index`-th, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DownloadId {
    /// The batch.
    pub position: Position,
    /// Its place in the batch.
    pub index: u32,
}

/// The download is not in the log, or nobody can say: the queue was full, the program is stopping, or the
/// database refused for too long. It was counted in `cairn_downloads_dropped_total`; serve the file anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the download was not recorded")]
pub struct Dropped;

/// Records downloads. Clones share the queue.
#[derive(Debug)]
pub struct DownloadAppender<T> {
    queue: mpsc::Sender<Waiting<T>>,
}

impl<T> Clone for DownloadAppender<T> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

/// The promise that a download gets recorded.
#[derive(Debug)]
pub struct Receipt(oneshot::Receiver<Result<DownloadId, Dropped>>);

impl Receipt {
    /// Waits until the download is durable. Dropping the receipt does not take the download back.
    pub async fn stored(self) -> Result<DownloadId, Dropped> {
        self.0.await.unwrap_or(Err(Dropped))
    }
}

#[derive(Debug)]
struct Waiting<T> {
    item: T,
    answer: oneshot::Sender<Result<DownloadId, Dropped>>,
}

impl<T: Send + Sync + 'static> DownloadAppender<T> {
    /// Starts the task that writes; one for each process. When `cancel` fires it takes nothing more, writes
    /// what waits, and ends; wait for the tracker before the database is closed.
    pub fn spawn<E>(
        downloads: Downloads,
        ids: Ids,
        encode: E,
        tracker: &TaskTracker,
        cancel: CancellationToken,
        limits: AppenderLimits,
    ) -> Self
    where
        E: Fn(&[T]) -> EncodedBatch + Send + Sync + 'static,
    {
        let (queue, waiting) = mpsc::channel(limits.queue_max);
        let writer = Writer::new(downloads, ids, encode, limits);
        tracker.spawn(writer.run(waiting, cancel));
        Self { queue }
    }

    /// Puts a download in the queue, without waiting. The receipt tells when it is durable; start sending the
    /// file meanwhile.
    pub fn record(&self, item: T) -> Result<Receipt, Dropped> {
        let (answer, receipt) = oneshot::channel();
        self.queue.try_send(Waiting { item, answer }).map_err(|_| {
            dropped(1);
            Dropped
        })?;
        Ok(Receipt(receipt))
    }
}

/// The task behind the queue.
struct Writer<E> {
    downloads: Downloads,
    clock: Arc<dyn Clock>,
    ids: Ids,
    encode: E,
    limits: AppenderLimits,
    /// Who we are to the log, and the number of our next batch.
    id: uuid::Uuid,
    seq: u64,
}

impl<E> Writer<E> {
    fn new(downloads: Downloads, ids: Ids, encode: E, limits: AppenderLimits) -> Self {
        let clock = Arc::clone(&downloads.clock);
        let id = ids.v7(clock.now());
        Self { downloads, clock, ids, encode, limits, id, seq: 1 }
    }

    async fn run<T>(mut self, mut queue: mpsc::Receiver<Waiting<T>>, cancel: CancellationToken)
    where
        E: Fn(&[T]) -> EncodedBatch + Send + Sync + 'static,
        T: Send + Sync + 'static,
    {
        let mut last = 1;
        loop {
            let mut batch = Vec::with_capacity(last);
            tokio::select! {
                biased;
                () = cancel.cancelled(), if !queue.is_closed() => { queue.close(); continue }
                taken = queue.recv_many(&mut batch, self.limits.batch_max) => if taken == 0 { return },
            }
            if !queue.is_closed() {
                self.linger(&mut queue, &mut batch, last).await;
            }
            last = batch.len();
            self.write(batch).await;
        }
    }

    /// Waits a moment for the batch to become as big as the last one: those who were answered by one commit
    /// come back together.
    async fn linger<T>(
        &self,
        queue: &mut mpsc::Receiver<Waiting<T>>,
        batch: &mut Vec<Waiting<T>>,
        last: usize,
    ) {
        let until = Instant::now() + self.limits.linger_max;
        while batch.len() < last {
            let room = self.limits.batch_max - batch.len();
            match timeout_at(until, queue.recv_many(batch, room)).await {
                Ok(taken) if taken > 0 => {}
                _ => return,
            }
        }
    }

    /// Packs and writes, in halves if the body gets too long, and answers all who wait.
    async fn write<T>(&mut self, batch: Vec<Waiting<T>>)
    where
        E: Fn(&[T]) -> EncodedBatch,
    {
        let (items, answers): (Vec<T>, Vec<_>) =
            batch.into_iter().map(|waiting| (waiting.item, waiting.answer)).unzip();
        let mut answers = answers.into_iter();
        let mut parts = vec![items.as_slice()];
        while let Some(part) = parts.pop() {
            let encoded = (self.encode)(part);
            if encoded.body.len() > BATCH_BODY_BYTES_MAX && part.len() > 1 {
                let (first, second) = part.split_at(part.len() / 2);
                parts.extend([second, first]);
                continue;
            }
            let stored = self.store(encoded, part.len()).await;
            for (index, answer) in (0..).zip(answers.by_ref().take(part.len())) {
                // Whoever does not wait any more has closed its end.
                let _ = answer.send(stored.map(|position| DownloadId { position, index }));
            }
        }
    }

    /// Writes one batch, trying again with the same number as long as the database is away: a commit whose
    /// answer was lost is then recognised. A batch that cannot be written is dropped, and a new writer
    /// begins, since the old one's count is unsure.
    async fn store(&mut self, encoded: EncodedBatch, items: usize) -> Result<Position, Dropped> {
        let n = u32::try_from(items).expect("a batch has some thousands of items");
        let EncodedBatch { first_at, last_at, format, body } = encoded;
        let batch = NewBatch { writer_id: self.id, writer_seq: self.seq, first_at, last_at, n, format, body };
        let mut pause = RETRY_FIRST;
        for attempt in 1..=self.limits.attempts_max {
            match self.downloads.append(&batch).await {
                Ok(appended) => {
                    self.seq += 1;
                    metrics::counter!("cairn_downloads_recorded_total").increment(u64::from(n));
                    metrics::histogram!("cairn_download_batch_items").record(f64::from(n));
                    return Ok(appended.position);
                }
                Err(error) if error.is_transient() && attempt < self.limits.attempts_max => {
                    tracing::warn!(error = %error, attempt, items, "downloads could not be recorded, trying again");
                    sleep(pause).await;
                    pause = RETRY_LONGEST.min(pause * 2);
                }
                Err(error) => {
                    log_drop(&error, items);
                    break;
                }
            }
        }
        dropped(u64::from(n));
        self.id = self.ids.v7(self.clock.now());
        self.seq = 1;
        Err(Dropped)
    }
}

fn log_drop(error: &StoreError, items: usize) {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::error!(error = %error, cause, items, "downloads were dropped, the files were served");
}

fn dropped(n: u64) {
    metrics::counter!("cairn_downloads_dropped_total").increment(n);
}

#[cfg(test)]
mod tests {
    use super::*;
    use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Counts what is dropped, and nothing else.
    #[derive(Default)]
    struct DropsOnly(Arc<AtomicU64>);

    impl Recorder for DropsOnly {
        fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
            if key.name() == "cairn_downloads_dropped_total" {
                Counter::from_arc(Arc::clone(&self.0))
            } else {
                Counter::noop()
            }
        }
        fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
            Gauge::noop()
        }
        fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
            Histogram::noop()
        }
    }

    #[test]
    fn what_finds_the_queue_full_is_counted() {
        let drops = DropsOnly::default();
        let (queue, _kept_open) = mpsc::channel(2);
        let appender = DownloadAppender { queue };
        let recorded: Vec<bool> = metrics::with_local_recorder(&drops, || {
            (0..5).map(|item| appender.record(item).is_ok()).collect()
        });
        assert_eq!(recorded, [true, true, false, false, false]);
        assert_eq!(drops.0.load(Ordering::SeqCst), 3);
    }
}

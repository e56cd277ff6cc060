//! Eight writers and a reader on one log, and what the reader must never see.

use cairn_store::{Downloads, Ids, NewBatch, Registry};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::JoinSet;
use tokio::time::{Duration, sleep};

const WRITERS: usize = 8;

/// A way to append one row, and to read rows from a position on.
pub(crate) trait Scheme: Send + Sync + 'static {
    /// Appends, or takes it back at the last moment; answers the position if it was committed.
    fn append(&self, take_back: bool) -> impl Future<Output = Result<Option<u64>, String>> + Send;
    /// Position and time of the rows from a position on.
    fn read(&self, from: u64) -> impl Future<Output = Result<Vec<(u64, DateTime<Utc>)>, String>> + Send;
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// Positions of acknowledged appends.
    pub(crate) acknowledged: BTreeSet<u64>,
    /// Acknowledged appends that the reader, going on from what it saw last, never saw.
    pub(crate) missed: Vec<u64>,
    /// Appends that failed.
    pub(crate) refused: Vec<String>,
    /// Whatever else was wrong: a row that was not the next, a time that stepped back.
    pub(crate) faults: Vec<String>,
}

/// Lets eight writers append `each` rows, every tenth taken back if `take_back`, while a reader follows.
pub(crate) async fn race<S: Scheme>(scheme: S, each: usize, take_back: bool) -> Verdict {
    let scheme = Arc::new(scheme);
    let done = Arc::new(AtomicBool::new(false));
    let reader = {
        let (scheme, done) = (Arc::clone(&scheme), Arc::clone(&done));
        let mut reading = JoinSet::new();
        reading.spawn(async move { follow(&*scheme, &done).await });
        reading
    };
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let scheme = Arc::clone(&scheme);
        writers.spawn(async move {
            let mut results = Vec::new();
            for i in 0..each {
                results.push(scheme.append(take_back && (writer + i) % 10 == 0).await);
            }
            results
        });
    }
    let mut verdict = Verdict::default();
    for result in writers.join_all().await.into_iter().flatten() {
        match result {
            Ok(Some(position)) => {
                if !verdict.acknowledged.insert(position) {
                    verdict.faults.push(format!("{position} was given twice"));
                }
            }
            Ok(None) => {}
            Err(error) => verdict.refused.push(error),
        }
    }
    done.store(true, Ordering::SeqCst);
    let (seen, faults) = reader.join_all().await.remove(0);
    verdict.missed = verdict.acknowledged.difference(&seen).copied().collect();
    verdict.faults.extend(faults);
    verdict
}

/// Reads on from the last row seen until the writers are done and nothing more comes.
async fn follow<S: Scheme>(scheme: &S, done: &AtomicBool) -> (BTreeSet<u64>, Vec<String>) {
    let (mut next, mut last_at) = (0, DateTime::<Utc>::MIN_UTC);
    let (mut seen, mut faults) = (BTreeSet::new(), Vec::new());
    loop {
        let last_look = done.load(Ordering::SeqCst);
        let rows = match scheme.read(next).await {
            Ok(rows) => rows,
            Err(error) => {
                faults.push(error);
                return (seen, faults);
            }
        };
        for &(position, at) in &rows {
            if position != next {
                faults.push(format!("{position} came where {next} was due"));
            }
            if at < last_at {
                faults.push(format!("time stepped back at {position}"));
            }
            seen.insert(position);
            (next, last_at) = (position + 1, at);
        }
        if rows.is_empty() {
            if last_look {
                return (seen, faults);
            }
            sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Scheme for Registry {
    async fn append(&self, take_back: bool) -> Result<Option<u64>, String> {
        let append = async {
            let mut tx = self.begin().await?;
            let position = tx.append(vec![super::event("plugin/lasso", cairn_store::Expected::Any)]).await?;
            if take_back {
                return Ok(None);
            }
            assert_eq!(tx.commit().await?, position + 1);
            Ok(Some(position))
        };
        append.await.map_err(|error: cairn_store::StoreError| format!("{error:?}"))
    }

    async fn read(&self, from: u64) -> Result<Vec<(u64, DateTime<Utc>)>, String> {
        let rows = Registry::read(self, from, 7).await.map_err(|error| format!("{error:?}"))?;
        Ok(rows.into_iter().map(|row| (row.position, row.recorded_at)).collect())
    }
}

impl Scheme for Downloads {
    async fn append(&self, take_back: bool) -> Result<Option<u64>, String> {
        if take_back {
            // What a writer that died between its numbers would send: refused under the lock, and rolled
            // back.
            let refused = Downloads::append(self, &batch(5)).await;
            return refused.map(|_| Some(u64::MAX)).or(Ok(None));
        }
        let appended = Downloads::append(self, &batch(1)).await.map_err(|error| format!("{error:?}"))?;
        Ok(Some(appended.position))
    }

    async fn read(&self, from: u64) -> Result<Vec<(u64, DateTime<Utc>)>, String> {
        let rows = Downloads::read(self, from, 7).await.map_err(|error| format!("{error:?}"))?;
        Ok(rows.into_iter().map(|row| (row.position, row.recorded_at)).collect())
    }
}

/// A batch of a new writer.
pub(crate) fn batch(writer_seq: u64) -> NewBatch {
    let at = super::noon();
    let (writer_id, body) = (Ids::random().v4(), vec![7; 40]);
    NewBatch { writer_id, writer_seq, first_at: at, last_at: at, n: 3, format: 1, body }
}

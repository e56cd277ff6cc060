//! How many statements a piece of work sends to the database, counted for whoever asks: a request that sends one for each row
//! of a list is a fault that only grows with the list.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::task_local;

task_local! {
    static COUNTED: Arc<AtomicU64>;
}

/// Does `work` and counts its statements: those of its own task, not of tasks that it spawns. Work within counted work is
/// counted in both.
pub async fn counted<T>(work: impl Future<Output = T>) -> (T, u64) {
    let counter = Arc::new(AtomicU64::new(0));
    let outcome = COUNTED.scope(Arc::clone(&counter), work).await;
    let statements = counter.load(Ordering::Relaxed);
    // Whoever counts around this learns of it too.
    let _ = COUNTED.try_with(|outer| outer.fetch_add(statements, Ordering::Relaxed));
    (outcome, statements)
}

/// One more statement is sent.
pub(crate) fn one_more() {
    // Where nobody counts there is nothing to add to.
    let _ = COUNTED.try_with(|counter| counter.fetch_add(1, Ordering::Relaxed));
}

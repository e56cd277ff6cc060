//! Runs a request together with its loaders, in one task.
//!
//! A loader collects the keys that many fields ask for and asks the database once. It should ask when no field can go on
//! without it: not sooner, or there are several questions; not later, or everybody waits for a timer. So a loader's work is
//! taken up only when the request itself stands still, and nothing of it outlives the request.

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Where loaders put their work.
#[derive(Debug, Clone)]
pub(crate) struct Later(UnboundedSender<BoxFuture<'static, ()>>);

/// The work that loaders have put there.
#[derive(Debug)]
pub(crate) struct Work(UnboundedReceiver<BoxFuture<'static, ()>>);

/// Both ends.
pub(crate) fn later() -> (Later, Work) {
    let (sender, receiver) = unbounded_channel();
    (Later(sender), Work(receiver))
}

impl Later {
    /// Puts work there. After the request has ended, nobody waits for it and it is dropped.
    pub(crate) fn put(&self, work: BoxFuture<'static, ()>) {
        drop(self.0.send(work));
    }
}

impl Work {
    /// Runs `request` to its end; work of loaders goes on whenever it stands still. What nobody waits for then is dropped.
    pub(crate) async fn beside<T>(&mut self, request: impl Future<Output = T>) -> T {
        let mut request = pin!(request);
        let mut running = FuturesUnordered::new();
        poll_fn(|context| {
            let again = Arc::new(Again { asked: AtomicBool::new(false), task: context.waker().clone() });
            let waker = Waker::from(Arc::clone(&again));
            loop {
                again.asked.store(false, Ordering::Relaxed);
                if let Poll::Ready(outcome) = request.as_mut().poll(&mut Context::from_waker(&waker)) {
                    return Poll::Ready(outcome);
                }
                // A long list is not polled to its end at once: it asks to be polled again, and its other half may want the same
                // of a loader. Only who does not ask for that stands still.
                if !again.asked.load(Ordering::Relaxed) {
                    while let Ok(work) = self.0.try_recv() {
                        running.push(work);
                    }
                }
                let mut went_on = false;
                while let Poll::Ready(Some(())) = running.poll_next_unpin(context) {
                    went_on = true;
                }
                if !went_on {
                    return Poll::Pending;
                }
            }
        })
        .await
    }
}

/// Wakes the task, and remembers that it was asked to.
struct Again {
    asked: AtomicBool,
    task: Waker,
}

impl Wake for Again {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.asked.store(true, Ordering::Relaxed);
        self.task.wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::async_trait::async_trait;
    use async_graphql::dataloader::{DataLoader, Loader};
    use futures_util::future::join_all;
    use std::collections::HashMap;
    use std::sync::Mutex;
    use std::time::Duration;

    #[derive(Default)]
    struct Squares {
        asked: Mutex<Vec<usize>>,
    }

    #[async_trait]
    impl Loader<u32> for Squares {
        type Value = u32;
        type Error = ();

        async fn load(&self, keys: &[u32]) -> Result<HashMap<u32, u32>, ()> {
            self.asked.lock().unwrap().push(keys.len());
            tokio::task::yield_now().await;
            Ok(keys.iter().map(|key| (*key, key * key)).collect())
        }
    }

    #[tokio::test]
    async fn each_level_of_a_request_is_one_question() {
        let (later, mut work) = later();
        let loader = DataLoader::new(Squares::default(), move |work| later.put(work)).delay(Duration::ZERO);
        let loader = &loader;
        let request = join_all((1..=50).map(|key| async move {
            let square = loader.load_one(key).await.unwrap().unwrap();
            loader.load_one(square).await.unwrap().unwrap()
        }));
        let answers = work.beside(request).await;
        assert_eq!(answers[49], 2500 * 2500);
        assert_eq!(*loader.loader().asked.lock().unwrap(), [50, 50]);
    }

    /// Lists of more than thirty are polled in parts by the futures crate, and each part that yields asks to be polled again.
    #[tokio::test]
    async fn a_long_list_that_yields_is_one_question() {
        let (later, mut work) = later();
        let loader = DataLoader::new(Squares::default(), move |work| later.put(work)).delay(Duration::ZERO);
        let loader = &loader;
        let request = join_all((1..=500).map(|key| async move {
            let mut yields = key % 7;
            poll_fn(|context| {
                if yields == 0 {
                    return Poll::Ready(());
                }
                yields -= 1;
                context.waker().wake_by_ref();
                Poll::Pending
            })
            .await;
            loader.load_one(key).await.unwrap().unwrap()
        }));
        assert_eq!(work.beside(request).await[499], 500 * 500);
        assert_eq!(*loader.loader().asked.lock().unwrap(), [500]);
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_ends_with_the_request() {
        let (later, mut work) = later();
        later.put(Box::pin(std::future::pending()));
        assert_eq!(work.beside(async { 1 }).await, 1);
        later.put(Box::pin(std::future::pending()));
    }
}

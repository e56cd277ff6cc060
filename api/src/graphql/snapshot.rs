//! The read models as one request sees them.

use crate::App;
use crate::problem::Problem;
use crate::request_id::RequestId;
use cairn_projections::{Name, Read};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

/// One connection for a whole request: its questions see one state, and a request that waits for a second connection while
/// it holds a first, which is how a pool runs dry, cannot be.
#[derive(Debug)]
pub(crate) struct Snapshot {
    app: App,
    request: RequestId,
    read: Mutex<Option<Read>>,
}

impl Snapshot {
    /// Nothing is read until somebody asks.
    pub(crate) fn new(app: App, request: RequestId) -> Self {
        Self { app, request, read: Mutex::new(None) }
    }

    /// The state, for one question at a time; fixed when the first is asked.
    pub(crate) async fn read(&self) -> Result<MappedMutexGuard<'_, Read>, Problem> {
        let mut slot = self.read.lock().await;
        if slot.is_none() {
            // Boxed, as every resolver has it on its stack.
            let begun = Box::pin(self.app.projections.read()).await;
            *slot = Some(begun.map_err(|fault| Problem::store(fault, &self.request))?);
        }
        Ok(MutexGuard::map(slot, |slot| slot.as_mut().expect("begun three lines above")))
    }

    /// Waits until the state holds the registry log up to `position`, as long as any read waits; then looks anew if what
    /// was looked at before is older.
    pub(crate) async fn at_least(&self, position: u64) -> Result<(), Problem> {
        let mut slot = self.read.lock().await;
        let holds = |read: &Read| {
            [Name::Catalogue, Name::People].iter().all(|name| read.live(*name).next_position >= position)
        };
        if slot.as_ref().is_some_and(holds) {
            return Ok(());
        }
        *slot = None;
        Box::pin(crate::at_least(&self.app, position)).await
    }

    /// Gives the connection back. Later questions see a state that is no older.
    pub(crate) async fn release(&self) {
        *self.read.lock().await = None;
    }

    /// Does something that takes a connection of its own. Later questions see a state that is no older.
    pub(crate) async fn aside<T>(&self, deed: impl Future<Output = T>) -> T {
        let mut slot = self.read.lock().await;
        *slot = None;
        deed.await
    }
}

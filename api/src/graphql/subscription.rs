//! What is told as it happens: the log from any place on, first what is in it, then what comes, without a hole between.

use super::asked::{Viewer, asker};
use super::limits::STATEMENT;
use super::object::EventObject;
use super::query::Kinds;
use super::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, Subscription};
use cairn_domain::event::Stream as LogStream;
use cairn_domain::names::PackageName;
use cairn_store::{Recorded, Registry, StoreError};
use futures_util::stream::{Stream, try_unfold};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::watch;

/// Rows of the log that are read at once.
const ROWS_PER_READ: u32 = 200;

/// The least time between two looks at the log of one subscription: commits that come close together are read together.
const QUIET: Duration = Duration::from_millis(20);

/// Everything that is told as it happens.
#[derive(Debug, Default)]
pub struct Subscription;

#[Subscription]
impl Subscription {
    /// What happens, in the order of the log: first everything from `after` on that is in the log already, then each event as soon as
    /// it is. Nothing is left out and nothing comes twice: to go on after an interruption give the position of the last event that
    /// arrived, plus 1. Over WebSocket, by the protocol graphql-transport-ws.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn events(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "How many events of the log to pass over, such as the position that a deed answered with; if left out, only what happens from now on is told."
        )]
        after: Option<Position>,
        #[graphql(desc = "Only these kinds, such as `VersionApproved`.")] kinds: Option<Vec<String>>,
        #[graphql(desc = "Only what happens to this plugin and its votes, by its package name.")]
        plugin: Option<String>,
    ) -> Result<impl Stream<Item = Result<EventObject, Problem>>, Problem> {
        let asker = asker(context);
        let kinds = Kinds::of(kinds)?;
        let plugin: Option<PackageName> = plugin.map(|package| package.parse()).transpose()?;
        let viewer = asker.viewer().await?;
        let registry = asker.app.commands.registry().clone();
        // Watched before anything is read: whatever is appended afterwards wakes the subscription.
        let heads = registry.watch();
        let next = match after {
            Some(after) => after.0,
            None => registry.head().await.map_err(|fault| asker.store_fault(fault))?,
        };
        let streams = plugin.map(|plugin| {
            [LogStream::plugin(&plugin), LogStream::votes(&plugin)].map(|stream| stream.to_string())
        });
        let request = asker.request().clone();
        let following = Following { registry, heads, next, read: VecDeque::new(), kinds, streams, viewer };
        let told = try_unfold(following, |mut following| async move {
            Ok(following.next().await?.map(|event| (event, following)))
        });
        Ok(futures_util::TryStreamExt::map_err(told, move |fault| Problem::store(fault, &request)))
    }
}

/// One reader of the log, at its place.
struct Following {
    registry: Registry,
    heads: watch::Receiver<u64>,
    next: u64,
    read: VecDeque<Recorded>,
    kinds: Kinds,
    /// The only streams that are told of.
    streams: Option<[String; 2]>,
    viewer: Viewer,
}

impl Following {
    /// The next event that is to be told; none when the program ends.
    async fn next(&mut self) -> Result<Option<EventObject>, StoreError> {
        loop {
            while let Some(recorded) = self.read.pop_front() {
                let streams = self.streams.as_ref();
                let told = streams.is_none_or(|streams| streams.contains(&recorded.stream));
                if told
                    && self.kinds.has(&recorded.kind)
                    && let Some(event) = EventObject::of(recorded, self.viewer)
                {
                    return Ok(Some(event));
                }
            }
            let rows = self.registry.read(self.next, ROWS_PER_READ).await?;
            if rows.is_empty() {
                let next = self.next;
                if self.heads.wait_for(|head| *head > next).await.is_err() {
                    return Ok(None);
                }
                tokio::time::sleep(QUIET).await;
                continue;
            }
            self.next += rows.len() as u64;
            self.read.extend(rows);
        }
    }
}

//! One task for each projection: takes pages in as the log grows, builds new generations beside the live one,
//! switches.

use crate::runner::{Runner, Tools, Turn};
use crate::{Name, generation, metric};
use cairn_store::{Clock, Position, Result, Status, Subscription};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// How long the worker sleeps at most: what it was not told of is found by asking.
const POLL: Duration = Duration::from_millis(250);

/// The task of one projection.
#[derive(Debug)]
pub(crate) struct Worker {
    tools: Tools,
    name: Name,
    progress: watch::Sender<Position>,
    runners: BTreeMap<u32, Paced>,
}

/// A runner, and when it may try again.
#[derive(Debug)]
struct Paced {
    runner: Runner,
    not_before: Instant,
    /// When the last event that was taken in happened.
    last_at: Option<DateTime<Utc>>,
}

impl Worker {
    pub(crate) fn new(tools: Tools, name: Name, progress: watch::Sender<Position>) -> Self {
        Self { tools, name, progress, runners: BTreeMap::new() }
    }

    /// Works until dropped. Every failure is told and tried again.
    pub(crate) async fn run(&mut self) {
        let mut grown = self.tools.logs.watch(self.name.log());
        let mut prepared = false;
        loop {
            let more = match self.round(&mut prepared).await {
                Ok(more) => more,
                Err(error) => {
                    let name = self.name;
                    tracing::warn!(projection = %name, error = %error, "{name} cannot look for work, trying again");
                    sleep(POLL).await;
                    false
                }
            };
            if !more {
                tokio::select! {
                    // The log's head cannot go away while the worker holds the log.
                    _ = grown.changed() => {}
                    () = sleep(POLL) => {}
                }
            }
        }
    }

    /// Lets other workers go on at once.
    pub(crate) async fn stop(mut self) {
        for paced in self.runners.values_mut() {
            paced.runner.release().await;
        }
    }

    /// One turn of each generation; answers whether any may have more to do at once.
    async fn round(&mut self, prepared: &mut bool) -> Result<bool> {
        if !*prepared {
            generation::prepare(&self.tools, self.name).await?;
            generation::purge_retired(&self.tools, self.name).await?;
            *prepared = true;
        }
        let head = self.tools.logs.head(self.name.log()).await?;
        let in_use = generation::in_use(&self.tools, self.name).await?;
        self.runners.retain(|known, _| in_use.iter().any(|subscription| subscription.generation == *known));
        let mut more = false;
        // A new generation takes the live one's place when it has read as much: nobody is shown an older
        // state than before.
        let mut enough = head;
        for subscription in &in_use {
            let next = self.work(subscription, head, &mut more).await;
            if generation::answers(subscription) {
                enough = enough.max(next);
                self.tell(subscription, next, head);
            } else if subscription.status == Status::Building && next >= enough {
                // What was live is thrown away in the next round.
                *prepared = !generation::go_live(&self.tools, self.name, subscription.generation).await?;
                more = true;
            }
        }
        Ok(more)
    }

    /// Takes in a page if one is there and it is time; answers the next position.
    async fn work(&mut self, subscription: &Subscription, head: Position, more: &mut bool) -> Position {
        let next = subscription.next_position;
        if subscription.status == Status::Halted || next >= head {
            return next;
        }
        let (tools, name, generation) = (&self.tools, self.name, subscription.generation);
        let paced = self.runners.entry(generation).or_insert_with(|| Paced {
            runner: Runner::new(tools.clone(), name, generation),
            not_before: Instant::now(),
            last_at: None,
        });
        if paced.not_before > Instant::now() {
            return next;
        }
        match paced.runner.turn().await {
            Turn::Moved { to, last_at } => {
                paced.last_at = last_at;
                *more |= to < head;
                to
            }
            Turn::Later(pause) => {
                paced.not_before = Instant::now() + pause;
                *more |= pause.is_zero();
                next
            }
            Turn::CaughtUp | Turn::NotOurs | Turn::Halted(..) => next,
        }
    }

    fn tell(&self, subscription: &Subscription, next: Position, head: Position) {
        self.progress.send_if_modified(|known| {
            let moves = next > *known;
            *known = next.max(*known);
            moves
        });
        let last_at = self.runners.get(&subscription.generation).and_then(|paced| paced.last_at);
        let behind = head.saturating_sub(next);
        metric::lag(
            self.name,
            behind,
            if behind > 0 { seconds_since(&*self.tools.clock, last_at) } else { 0.0 },
        );
        metric::halted(self.name, subscription.status == Status::Halted);
    }
}

/// How long ago; 0 if that is not known or in the future.
pub(crate) fn seconds_since(clock: &dyn Clock, at: Option<DateTime<Utc>>) -> f64 {
    at.map_or(0.0, |at| (clock.now() - at).as_seconds_f64().max(0.0))
}

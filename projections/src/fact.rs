//! Events of the registry log as the folds take them.

use cairn_domain::Event;
use cairn_domain::event::EventMeta;
use cairn_store::{Position, Recorded, StoreError, to_us};
use uuid::Uuid;

/// Events that are read without a pause, some milliseconds: requests are answered by the same threads.
const EVENTS_AT_A_TIME: usize = 256;

/// Why a page could not be taken into a read model.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An event that cannot be read, or that cannot have happened after those before it.
    #[error("{reason}")]
    Event {
        /// Where it is.
        position: Position,
        /// What is wrong with it.
        reason: String,
    },
}

impl Fault {
    /// An event that contradicts those before it.
    pub(crate) fn contradiction(position: Position, reason: impl Into<String>) -> Self {
        Self::Event { position, reason: reason.into() }
    }
}

/// One event, read.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    pub(crate) position: Position,
    pub(crate) at_us: i64,
    pub(crate) actor: Option<Uuid>,
    pub(crate) by_token: bool,
    pub(crate) token: Option<Uuid>,
    pub(crate) event: Event,
}

/// Reads the events of the kinds that a fold wants. An event of a kind that nobody knows is a fault also
/// where it would not be wanted: a newer program wrote it, and this one cannot tell what it changes.
pub(crate) async fn facts(page: &[Recorded], wanted: fn(&str) -> bool) -> Result<Vec<Fact>, Fault> {
    let mut facts = Vec::with_capacity(page.len());
    for (at, recorded) in page.iter().enumerate() {
        if at % EVENTS_AT_A_TIME == 0 {
            tokio::task::yield_now().await;
        }
        let known = Event::KINDS.iter().any(|(kind, _)| *kind == recorded.kind);
        if known && !wanted(&recorded.kind) {
            continue;
        }
        facts.push(fact(recorded).map_err(|reason| Fault::Event { position: recorded.position, reason })?);
    }
    Ok(facts)
}

fn fact(recorded: &Recorded) -> Result<Fact, String> {
    let event = Event::decode(&recorded.kind, recorded.schema, &recorded.payload)
        .map_err(|fault| fault.to_string())?;
    let meta: EventMeta = serde_json::from_slice(&recorded.metadata)
        .map_err(|fault| format!("the metadata of {} cannot be read: {fault}", recorded.kind))?;
    Ok(Fact {
        position: recorded.position,
        at_us: to_us(recorded.recorded_at),
        actor: meta.actor.account().map(|account| account.0),
        by_token: meta.actor.token().is_some(),
        token: meta.actor.token().map(|token| token.0),
        event,
    })
}

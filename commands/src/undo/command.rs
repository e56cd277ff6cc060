//! The command that undoes: a plan made anew under the log's lock, from histories that are complete.

use super::plan::{Asked, Past, Plan, Undone, Who, plan};
use crate::{Command, Fact};
use cairn_domain::event::Stream;
use cairn_domain::{Known, Moment, Refusal};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;

/// The most events that undo one actor's deeds at once.
pub const UNDO_EVENTS_MAX: usize = 5_000;

/// Makes things what they were before an actor's deeds since a time, where nobody else decided about them later. For staff;
/// who is staff and the policy are restored for admins only.
#[derive(Debug, Clone, Serialize)]
pub struct UndoActor {
    /// Whose deeds.
    pub who: Who,
    /// From when on.
    pub since: DateTime<Utc>,
    /// The whole histories of everything that the actor touched since, in the order of the log, as the door has read them. If one
    /// of them has gone on meanwhile, nothing is done. Not part of the fingerprint, like all that follows.
    #[serde(skip)]
    pub past: Vec<Past>,
    /// All streams of these histories, also those without events.
    #[serde(skip)]
    pub streams: Vec<Stream>,
    /// When the door looked.
    #[serde(skip)]
    pub looked_at: DateTime<Utc>,
    /// Whether whoever asks was an admin then.
    #[serde(skip)]
    pub admin: bool,
}

impl UndoActor {
    pub(super) fn plan(&self) -> Plan {
        let (who, since) = (self.who, self.since);
        plan(&self.past, Asked { who, since, now: self.looked_at, admin: self.admin })
    }

    /// Refuses histories that have gone on since the door looked.
    fn must_be_whole(&self, known: &Known) -> Result<(), Refusal> {
        let ends: BTreeMap<&Stream, u64> = self.past.iter().map(|one| (&one.stream, one.position)).collect();
        let whole = self.streams.iter().all(|stream| known.end_of(stream) == ends.get(stream).copied());
        if whole { Ok(()) } else { Err(Refusal::HistoryChanged) }
    }
}

impl Command for UndoActor {
    const NAME: &'static str = "undo_actor";
    type Answer = Undone;

    fn reads(&self) -> Vec<Stream> {
        self.streams.clone()
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_staff(moment)?;
        if acting.admin != self.admin {
            return Err(Refusal::HistoryChanged);
        }
        self.must_be_whole(known)?;
        let plan = self.plan();
        if plan.facts.len() > UNDO_EVENTS_MAX {
            let message =
                format!("more than {UNDO_EVENTS_MAX} things would be undone; choose a later time first");
            return Err(Refusal::invalid("since", message));
        }
        Ok(plan.facts)
    }

    fn answer(&self, _after: &Known) -> Undone {
        self.plan().told
    }
}

//! The log itself.

use crate::graphql::asked::{Asker, Viewer, asker};
use crate::graphql::limits::cost_of_list;
use crate::graphql::object::{EventObject, EventPage};
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, Object};
use cairn_domain::event::Stream;
use cairn_domain::names::PackageName;
use cairn_domain::{Event, Refusal};
use cairn_store::{Recorded, StoreError};

/// Rows of the log that are read at once.
const ROWS_PER_READ: u32 = 500;

/// Questions about what has happened.
#[derive(Debug, Default)]
pub(crate) struct EventQueries;

#[Object]
impl EventQueries {
    /// What has happened, in the order of the log and from the log itself, not from a read model. Public: the log holds no
    /// names of people, no addresses and no secrets.
    #[graphql(complexity = "cost_of_list(first, child_complexity)")]
    async fn events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(
            desc = "How many events of the log to pass over: `next` of the page before, or the position that a deed answered with; 0 if left out.",
            default
        )]
        after: Position,
        #[graphql(desc = "Only these kinds, such as `VersionApproved`.")] kinds: Option<Vec<String>>,
        #[graphql(desc = "Only what happened to this plugin and its votes, by its package name.")]
        plugin: Option<String>,
        #[graphql(desc = "Wait until the read models hold the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<EventPage, Problem> {
        let asker = asker(context);
        let limits = asker.limits();
        let first = limits.page_size(first)? as usize;
        let kinds = Kinds::of(kinds)?;
        let plugin: Option<PackageName> = plugin.map(|package| package.parse()).transpose()?;
        asker.at_least(at_least).await?;
        let viewer = asker.viewer().await?;
        let read = async {
            match plugin {
                Some(plugin) => of_plugin(asker, viewer, &plugin, &kinds, after.0, first).await,
                None => of_all(asker, viewer, &kinds, after.0, first).await,
            }
        };
        asker.snapshot.aside(read).await.map_err(|fault| asker.store_fault(fault))
    }
}

/// The kinds that are asked for.
struct Kinds(Option<Vec<String>>);

impl Kinds {
    fn of(kinds: Option<Vec<String>>) -> Result<Self, Refusal> {
        for kind in kinds.iter().flatten() {
            if !Event::KINDS.iter().any(|(known, _)| known == kind) {
                let known: Vec<&str> = Event::KINDS.iter().map(|(known, _)| *known).collect();
                return Err(Refusal::invalid("kinds", format!("are among {}", known.join(", "))));
            }
        }
        Ok(Self(kinds))
    }

    fn has(&self, kind: &str) -> bool {
        self.0.as_ref().is_none_or(|kinds| kinds.iter().any(|it| it == kind))
    }
}

async fn of_all(
    asker: &Asker,
    viewer: Viewer,
    kinds: &Kinds,
    after: u64,
    first: usize,
) -> Result<EventPage, StoreError> {
    let scanned_max = asker.limits().events_scanned_max;
    let registry = asker.app.commands.registry();
    let (mut events, mut next, mut scanned) = (Vec::new(), after, 0);
    while events.len() < first && scanned < scanned_max {
        let rows = registry.read(next, ROWS_PER_READ).await?;
        if rows.is_empty() {
            break;
        }
        scanned += ROWS_PER_READ;
        for recorded in rows {
            if events.len() == first {
                break;
            }
            next = recorded.position + 1;
            if kinds.has(&recorded.kind) {
                events.extend(EventObject::of(recorded, viewer));
            }
        }
    }
    let head = registry.head().await?.max(next);
    Ok(EventPage { events, next: Position(next), head: Position(head) })
}

/// A plugin's own history is short enough to be read at once.
async fn of_plugin(
    asker: &Asker,
    viewer: Viewer,
    plugin: &PackageName,
    kinds: &Kinds,
    after: u64,
    first: usize,
) -> Result<EventPage, StoreError> {
    let registry = asker.app.commands.registry();
    // Asked before the streams are read: what comes meanwhile is for the next page.
    let head = registry.head().await?;
    let mut matching: Vec<Recorded> = Vec::new();
    for stream in [Stream::plugin(plugin), Stream::votes(plugin)] {
        let votes = matches!(stream, Stream::Votes(_));
        if !votes || kinds.has("VoteCast") {
            matching.extend(registry.read_stream(&stream.to_string(), 0).await?);
        }
    }
    matching.retain(|event| (after..head).contains(&event.position) && kinds.has(&event.kind));
    matching.sort_unstable_by_key(|event| event.position);
    let more = matching.len() > first;
    matching.truncate(first);
    let last = matching.last().map_or(head, |event| event.position + 1);
    let next = if more { last } else { head.max(after) };
    let events = matching.into_iter().filter_map(|event| EventObject::of(event, viewer)).collect();
    Ok(EventPage { events, next: Position(next), head: Position(head) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_never_was_is_refused() {
        let kinds = Kinds::of(Some(vec!["VersionApproved".into()])).unwrap();
        assert!(kinds.has("VersionApproved") && !kinds.has("VersionDeleted"));
        assert!(Kinds::of(None).unwrap().has("VersionDeleted"));
        let refused = Kinds::of(Some(vec!["PluginSold".into()])).err().unwrap();
        assert!(refused.to_string().contains("VersionApproved"), "{refused}");
    }
}

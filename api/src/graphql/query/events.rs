//! The log itself.

use super::actor::{nothing, of_actor, seen_account};
use crate::graphql::asked::{Asker, Viewer, asker};
use crate::graphql::object::{EventLog, EventObject, EventRange};
use crate::graphql::paging::{Bounds, Page, asks_total, cost_of_page};
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, Object};
use cairn_domain::event::Stream;
use cairn_domain::ids::AccountId;
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
    /// What has happened, from the log itself, not from a read model: from its beginning on, or with `last` from its end. Public: the
    /// log holds no names of people, no addresses and no secrets.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from `after` on, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(
            desc = "How many events of the log to pass over: the endCursor or `next` of the page before, or the position that a deed answered with; 0 if left out."
        )]
        after: Option<Position>,
        #[graphql(desc = "How many ahead of `before`, or of the end of the log, 1 to 100.")] last: Option<
            i32,
        >,
        #[graphql(desc = "The startCursor of the page behind: only events whose cursors are below it.")]
        before: Option<Position>,
        #[graphql(desc = "Only these kinds, such as `VersionApproved`.")] kinds: Option<Vec<String>>,
        #[graphql(desc = "Only what happened to this plugin and its votes, by its package name.")]
        plugin: Option<String>,
        #[graphql(
            desc = "Only what this account did, by itself or through its tokens, by its id, or by its name where `by` tells you that. Votes are left out, and what is confidential of others."
        )]
        actor: Option<String>,
        #[graphql(desc = "Wait until the read models hold the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<EventLog, Problem> {
        let asker = asker(context);
        let text = |position: Option<Position>| position.map(|position| position.0.to_string());
        let bounds = Bounds { first, after: text(after), last, before: text(before) };
        let page = Page::of(&asker.limits(), bounds)?;
        let kinds = Kinds::of(kinds)?;
        let plugin: Option<PackageName> = plugin.map(|package| package.parse()).transpose()?;
        asker.at_least(at_least).await?;
        let viewer = asker.viewer().await?;
        let actor = match actor {
            Some(called) => match seen_account(asker, &called).await? {
                Some(account) => Some(account),
                None => return nothing(asker, page).await,
            },
            None => None,
        };
        if let (None, Some(actor)) = (&plugin, actor) {
            return of_actor(asker, actor, &kinds, page, asks_total(context)).await;
        }
        let read = async {
            match plugin {
                Some(plugin) => of_plugin(asker, viewer, (&plugin, actor), &kinds, page).await,
                None if page.backward => newest(asker, viewer, &kinds, page).await,
                None => of_all(asker, viewer, &kinds, page).await,
            }
        };
        asker.snapshot.aside(read).await.map_err(|fault| asker.store_fault(fault))
    }
}

/// The kinds that are asked for.
#[derive(Debug, Clone)]
pub(in crate::graphql) struct Kinds(Option<Vec<String>>);

impl Kinds {
    pub(in crate::graphql) fn of(kinds: Option<Vec<String>>) -> Result<Self, Refusal> {
        for kind in kinds.iter().flatten() {
            if !Event::KINDS.iter().any(|(known, _)| known == kind) {
                let known: Vec<&str> = Event::KINDS.iter().map(|(known, _)| *known).collect();
                return Err(Refusal::invalid("kinds", format!("are among {}", known.join(", "))));
            }
        }
        Ok(Self(kinds))
    }

    pub(in crate::graphql) fn has(&self, kind: &str) -> bool {
        self.0.as_ref().is_none_or(|kinds| kinds.iter().any(|it| it == kind))
    }

    /// Whether none is left out.
    pub(super) fn all(&self) -> bool {
        self.0.is_none()
    }

    /// How many of them are in a log of this length, if that needs no reading.
    fn total(&self, head: u64) -> Option<u64> {
        self.all().then_some(head)
    }
}

async fn of_all(
    asker: &Asker,
    viewer: Viewer,
    kinds: &Kinds,
    page: Page<u64>,
) -> Result<EventLog, StoreError> {
    let (scanned_max, first) = (asker.limits().events_scanned_max, page.size as usize);
    let registry = asker.app.commands.registry();
    let begin = page.from.unwrap_or(0);
    let (mut events, mut next, mut scanned) = (Vec::new(), begin, 0);
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
    Ok(EventLog { events, looked_at: EventRange { begin, end: next }, head, total: kinds.total(head) })
}

/// From the end of the log towards its beginning.
async fn newest(
    asker: &Asker,
    viewer: Viewer,
    kinds: &Kinds,
    page: Page<u64>,
) -> Result<EventLog, StoreError> {
    let (scanned_max, last) = (asker.limits().events_scanned_max, page.size as usize);
    let registry = asker.app.commands.registry();
    let head = registry.head().await?;
    // A cursor is a position + 1, and what is ahead of it is meant.
    let end = page.from.map_or(head, |cursor| cursor.saturating_sub(1).min(head));
    let (mut events, mut begin, mut scanned) = (Vec::new(), end, 0);
    while events.len() < last && scanned < scanned_max && begin > 0 {
        scanned += ROWS_PER_READ;
        for recorded in registry.read_back(begin, ROWS_PER_READ).await? {
            if events.len() == last {
                break;
            }
            begin = recorded.position;
            if kinds.has(&recorded.kind) {
                events.extend(EventObject::of(recorded, viewer));
            }
        }
    }
    events.reverse();
    Ok(EventLog { events, looked_at: EventRange { begin, end }, head, total: kinds.total(head) })
}

/// A plugin's own history is short enough to be read at once.
async fn of_plugin(
    asker: &Asker,
    viewer: Viewer,
    (plugin, actor): (&PackageName, Option<AccountId>),
    kinds: &Kinds,
    page: Page<u64>,
) -> Result<EventLog, StoreError> {
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
    matching.retain(|event| event.position < head && kinds.has(&event.kind));
    if let Some(actor) = actor {
        let by = |event: &Recorded| EventObject::of(event.clone(), viewer).is_some_and(|it| it.is_by(actor));
        matching.retain(by);
    }
    matching.sort_unstable_by_key(|event| event.position);
    let (total, size) = (matching.len() as u64, page.size as usize);
    let looked_at = if page.backward {
        let end = page.from.map_or(head, |cursor| cursor.saturating_sub(1).min(head));
        matching.retain(|event| event.position < end);
        let too_many = matching.len().saturating_sub(size);
        matching.drain(..too_many);
        let begin = if too_many > 0 { matching.first().map_or(end, |event| event.position) } else { 0 };
        EventRange { begin, end }
    } else {
        let begin = page.from.unwrap_or(0);
        matching.retain(|event| event.position >= begin);
        let more = matching.len() > size;
        matching.truncate(size);
        let last = matching.last().map_or(head, |event| event.position + 1);
        EventRange { begin, end: if more { last } else { head.max(begin) } }
    };
    let events = matching.into_iter().filter_map(|event| EventObject::of(event, viewer)).collect();
    Ok(EventLog { events, looked_at, head, total: Some(total) })
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

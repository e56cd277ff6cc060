//! The log as far as one account wrote it: found by the read model of people, read from the log itself.

use super::events::Kinds;
use crate::graphql::asked::Asker;
use crate::graphql::object::{AccountObject, EventLog, EventObject, EventRange, raw_id};
use crate::graphql::paging::Page;
use crate::problem::Problem;
use cairn_domain::ids::AccountId;
use cairn_projections::Name;
use cairn_projections::people::{acts_after, acts_before, acts_total};

/// Acts that are read at once where some kinds are asked for, because others are passed over.
const ACTS_PER_READ: u32 = 500;

/// The account that is meant: of an id, which events tell everybody, or of a name, if whoever asks may know whose that is.
pub(super) async fn seen_account(asker: &Asker, called: &str) -> Result<Option<AccountId>, Problem> {
    if let Ok(id) = raw_id("account", called).parse() {
        return Ok(Some(id));
    }
    match asker.person_called(called).await? {
        Some(id) => Ok(AccountObject::who_acted(asker, id).await?.map(|_| id)),
        None => Ok(None),
    }
}

/// What nobody did.
pub(super) async fn nothing(asker: &Asker, page: Page<u64>) -> Result<EventLog, Problem> {
    let head = asker.snapshot.aside(asker.app.commands.registry().head()).await;
    let head = head.map_err(|fault| asker.store_fault(fault))?;
    let looked_at = if page.backward {
        EventRange { begin: 0, end: page.from.map_or(head, |cursor| cursor.saturating_sub(1).min(head)) }
    } else {
        EventRange { begin: page.from.unwrap_or(0), end: head.max(page.from.unwrap_or(0)) }
    };
    Ok(EventLog { events: Vec::new(), looked_at, head, total: Some(0) })
}

/// What an account did. What the read model does not hold yet is for a later page.
pub(super) async fn of_actor(
    asker: &Asker,
    actor: AccountId,
    kinds: &Kinds,
    page: Page<u64>,
    counts: bool,
) -> Result<EventLog, Problem> {
    let viewer = asker.viewer().await?;
    let fault = |fault| asker.store_fault(fault);
    let (scanned_max, size) = (asker.limits().events_scanned_max, page.size as usize);
    let registry = asker.app.commands.registry();
    let (known, all) = {
        let mut read = asker.snapshot.read().await?;
        let known = read.live(Name::People).next_position;
        // What is confidential is not counted for those who are not told it.
        let counts = counts && kinds.all() && viewer.knows(actor);
        (known, if counts { Some(acts_total(&mut read, actor).await.map_err(fault)?) } else { None })
    };
    let head = asker.snapshot.aside(registry.head()).await.map_err(fault)?.max(known);
    let from = if page.backward {
        page.from.map_or(known, |cursor| cursor.saturating_sub(1).min(known))
    } else {
        page.from.unwrap_or(0)
    };
    let mut looked_at = EventRange { begin: from, end: from };
    let per_read = if kinds.all() { page.size + 1 } else { ACTS_PER_READ };
    let (mut events, mut scanned) = (Vec::new(), 0);
    'pages: while scanned < scanned_max {
        scanned += per_read;
        let mut positions = {
            let mut read = asker.snapshot.read().await?;
            let found = if page.backward {
                acts_before(&mut read, actor, Some(looked_at.begin), per_read).await
            } else {
                acts_after(&mut read, actor, looked_at.end.checked_sub(1), per_read).await
            };
            found.map_err(fault)?
        };
        let more = positions.len() == per_read as usize;
        positions.retain(|position| *position < known);
        let recorded = asker.snapshot.aside(registry.read_at(&positions)).await.map_err(fault)?;
        for recorded in recorded {
            if events.len() == size {
                break 'pages;
            }
            if page.backward {
                looked_at.begin = recorded.position;
            } else {
                looked_at.end = recorded.position + 1;
            }
            if kinds.has(&recorded.kind) {
                // Whose deed it was is not told of what is confidential, so that is left out here.
                events.extend(EventObject::of(recorded, viewer).filter(|event| event.is_by(actor)));
            }
        }
        if !more {
            if page.backward {
                looked_at.begin = 0;
            } else {
                looked_at.end = known.max(from);
            }
            break;
        }
    }
    if page.backward {
        events.reverse();
    }
    Ok(EventLog { events, looked_at, head, total: all })
}

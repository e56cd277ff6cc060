//! What an account did, from the log.

use super::EventObject;
use crate::graphql::asked::Asker;
use crate::graphql::paging::{Connected, Page, connected};
use crate::problem::Problem;
use cairn_domain::ids::AccountId;
use cairn_projections::people::{acts_after, acts_before, acts_total};

/// A place in the list: the position of an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct ActPlace(u64);

/// A text that is no position.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("is no cursor of this list; give back the endCursor or startCursor of one of its pages, unchanged")]
pub(super) struct BadPlace;

impl std::str::FromStr for ActPlace {
    type Err = BadPlace;

    fn from_str(text: &str) -> Result<Self, BadPlace> {
        text.parse().ok().filter(|position| *position <= i64::MAX.unsigned_abs()).map(Self).ok_or(BadPlace)
    }
}

/// A page of what an account did, the newest first.
pub(super) async fn acts(
    asker: &Asker,
    account: AccountId,
    page: &Page<ActPlace>,
    counts: bool,
) -> Result<Connected<EventObject>, Problem> {
    let from = page.from.map(|place| place.0);
    let (mut positions, total) = {
        let mut read = asker.snapshot.read().await?;
        let found = if page.backward {
            acts_after(&mut read, account, from, page.size + 1).await
        } else {
            acts_before(&mut read, account, from, page.size + 1).await
        };
        let found = found.map_err(|fault| asker.store_fault(fault))?;
        let total = if counts { acts_total(&mut read, account).await } else { Ok(0) };
        (found, total.map_err(|fault| asker.store_fault(fault))?)
    };
    let more = positions.len() > page.size as usize;
    positions.truncate(page.size as usize);
    positions.sort_unstable_by(|a, b| b.cmp(a));
    let viewer = asker.viewer().await?;
    let registry = asker.app.commands.registry();
    let recorded = asker.snapshot.aside(registry.read_at(&positions)).await;
    let recorded = recorded.map_err(|fault| asker.store_fault(fault))?;
    let items = recorded.into_iter().filter_map(|event| {
        let position = event.position.to_string();
        Some((position, EventObject::of(event, viewer)?))
    });
    Ok(connected(page, total, more, items))
}

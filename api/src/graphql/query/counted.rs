//! What tags, authors and licences have in common.

use crate::graphql::paging::{Connected, Page, connected};
use async_graphql::{Enum, OutputType};
use cairn_projections::catalogue::{Counted, CountedCursor, CountedList, CountedOrder};

/// How tags, authors and licences are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum)]
pub(super) enum CountedBy {
    /// From A.
    #[default]
    Name,
    /// Those that most plugins have first; of as many, from A.
    Count,
}

impl From<CountedBy> for CountedOrder {
    fn from(by: CountedBy) -> Self {
        match by {
            CountedBy::Name => Self::Name,
            CountedBy::Count => Self::Count,
        }
    }
}

/// A page of them.
pub(super) fn counted<N>(page: &Page<CountedCursor>, list: CountedList) -> Connected<N>
where
    N: OutputType + From<Counted>,
{
    let items = list.items.into_iter().map(|(place, item)| (place.to_string(), N::from(item)));
    connected(page, list.total.unwrap_or_default(), list.more, items)
}

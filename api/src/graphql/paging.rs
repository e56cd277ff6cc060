//! Lists page by page: one way to ask for a page, one shape of the answer.
//!
//! A list takes `first` with `after`, or `last` with `before`; never a mixture. [`Page::of`] reads the four arguments,
//! [`connected`] makes the answer of what the database gave, and [`cut`] pages through what is in memory whole. The totals are
//! counted only where somebody asks: [`asks_total`].

use super::limits::{GraphqlLimits, PAGE_SIZE, STATEMENT};
use super::scalars::Count;
use async_graphql::connection::{Connection, Edge, EmptyFields};
use async_graphql::{Context, OutputType, SimpleObject};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_domain::Refusal;
use std::fmt::Display;
use std::str::FromStr;

/// The four arguments as they were given.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bounds {
    /// How many from the beginning, or from `after`.
    pub(crate) first: Option<i32>,
    /// Where the page before ended.
    pub(crate) after: Option<String>,
    /// How many from the end, or from `before`.
    pub(crate) last: Option<i32>,
    /// Where the page behind began.
    pub(crate) before: Option<String>,
}

/// One page of a list that is asked for; `C` is a place in that list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page<C> {
    /// How many items at most.
    pub(crate) size: u32,
    /// Counted from the end: the items just ahead of `from`. They are answered in the list's own order all the same.
    pub(crate) backward: bool,
    /// The place that the page lies behind, or ahead of when it is counted from the end; none at the ends of the list.
    pub(crate) from: Option<C>,
}

/// What a connection tells besides its page.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct Total {
    /// How many there are, on all pages.
    pub(crate) total_count: Count,
}

/// A page of a list with its places: `edges`, `nodes`, `pageInfo`, `totalCount`.
pub(crate) type Connected<N> = Connection<String, N, Total, EmptyFields>;

impl<C> Page<C>
where
    C: FromStr<Err: Display>,
{
    /// Reads the arguments; says which one cannot be.
    pub(crate) fn of(limits: &GraphqlLimits, bounds: Bounds) -> Result<Self, Refusal> {
        let Bounds { first, after, last, before } = bounds;
        if first.is_some() && last.is_some() {
            return Err(Refusal::invalid("last", "cannot be given together with `first`; leave one out"));
        }
        let backward = last.is_some() || (first.is_none() && before.is_some());
        let (name, size, cursor, other, other_name) = if backward {
            ("before", limits.page_size_of("last", last)?, before, after, "after")
        } else {
            ("after", limits.page_size_of("first", first)?, after, before, "before")
        };
        if other.is_some() {
            let sentence = if backward {
                "goes with `first`; give `before` with `last`"
            } else {
                "goes with `last`; give `after` with `first`"
            };
            return Err(Refusal::invalid(other_name, sentence));
        }
        let place =
            |text: String| text.parse().map_err(|fault: C::Err| Refusal::invalid(name, fault.to_string()));
        Ok(Self { size, backward, from: cursor.map(place).transpose()? })
    }
}

impl<C> Page<C> {
    /// Nothing but this page's size: from the beginning.
    #[cfg(test)]
    pub(crate) fn beginning(size: u32) -> Self {
        Self { size, backward: false, from: None }
    }
}

/// What the database gave for a page as a connection. `items` are in the list's own order, `more` tells whether there are others
/// in the direction that was asked for, and `total` is 0 where nobody asks for it.
pub(crate) fn connected<C, N: OutputType>(
    page: &Page<C>,
    total: u64,
    more: bool,
    items: impl IntoIterator<Item = (String, N)>,
) -> Connected<N> {
    let behind = page.from.is_some();
    let (has_previous, has_next) = if page.backward { (more, behind) } else { (behind, more) };
    let total = Total { total_count: Count(total) };
    let mut connection = Connection::with_additional_fields(has_previous, has_next, total);
    connection.edges.extend(items.into_iter().map(|(place, node)| Edge::new(place, node)));
    connection
}

/// A list that nothing can be in.
pub(crate) fn nothing<N: OutputType>() -> Connected<N> {
    Connection::with_additional_fields(false, false, Total { total_count: Count(0) })
}

/// Whether the total is asked for in the connection that is being resolved.
pub(crate) fn asks_total(context: &Context<'_>) -> bool {
    context.look_ahead().field("totalCount").exists()
}

/// A place in a list that is in memory whole: the item there, and how many are ahead of it, for when it is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    ahead: usize,
    key: String,
}

/// A text that is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no cursor of this list; give back the endCursor or startCursor of one of its pages, unchanged")]
pub(crate) struct BadPlace;

impl Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(format!("{}:{}", self.ahead, self.key)))
    }
}

impl FromStr for Place {
    type Err = BadPlace;

    fn from_str(text: &str) -> Result<Self, BadPlace> {
        // Keys are ids and names of ours; nothing longer is one of them.
        let bytes =
            Some(text).filter(|text| text.len() <= 400).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or(BadPlace)?;
        let (ahead, key) = text.split_once(':').ok_or(BadPlace)?;
        Ok(Self { ahead: ahead.parse().map_err(|_| BadPlace)?, key: key.to_owned() })
    }
}

/// A page of a list that is in memory whole. `key` tells its items apart for as long as they are in it.
pub(crate) fn cut<T, N: OutputType>(
    page: &Page<Place>,
    items: Vec<T>,
    key: impl Fn(&T) -> String,
    node: impl Fn(T) -> N,
) -> Connected<N> {
    let (all, size) = (items.len(), page.size as usize);
    let found = page.from.as_ref().map(|place| {
        let at = items.iter().position(|item| key(item) == place.key);
        // Of an item that is gone the place is left.
        match (at, page.backward) {
            (Some(at), false) => at + 1,
            (Some(at), true) => at,
            (None, _) => place.ahead.min(all),
        }
    });
    let (begin, end) = if page.backward {
        let end = found.unwrap_or(all);
        (end.saturating_sub(size), end)
    } else {
        let begin = found.unwrap_or(0);
        (begin, begin.saturating_add(size).min(all))
    };
    let mut connection = connected(page, all as u64, if page.backward { begin > 0 } else { end < all }, []);
    // It is known here, so it need not be guessed.
    (connection.has_previous_page, connection.has_next_page) = (begin > 0, end < all);
    let cut = items.into_iter().enumerate().skip(begin).take(end - begin);
    connection.edges.extend(cut.map(|(ahead, item)| {
        let place = Place { ahead, key: key(&item) };
        Edge::new(place.to_string(), node(item))
    }));
    connection
}

/// What a page costs, as [`Page::of`] will read it. What is out of bounds is refused later and costs one item here.
pub(crate) fn cost_of_page(first: Option<i32>, last: Option<i32>, each: usize) -> usize {
    let items = first.or(last).map_or(Some(PAGE_SIZE), |items| u32::try_from(items).ok()).unwrap_or(1);
    STATEMENT.saturating_add((items as usize).saturating_mul(each))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(
        first: Option<i32>,
        after: Option<&str>,
        last: Option<i32>,
        before: Option<&str>,
    ) -> Result<Page<u64>, String> {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let bounds = Bounds { first, after: text(after), last, before: text(before) };
        Page::of(&GraphqlLimits::default(), bounds).map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn a_page_is_counted_from_the_beginning_or_the_end() {
        let from = |size, backward, from| Ok(Page { size, backward, from });
        assert_eq!(page(None, None, None, None), from(20, false, None));
        assert_eq!(page(Some(5), Some("7"), None, None), from(5, false, Some(7)));
        assert_eq!(page(None, Some("7"), None, None), from(20, false, Some(7)));
        assert_eq!(page(None, None, Some(100), None), from(100, true, None));
        assert_eq!(page(None, None, Some(5), Some("7")), from(5, true, Some(7)));
        assert_eq!(page(None, None, None, Some("7")), from(20, true, Some(7)));
    }

    #[test]
    fn what_cannot_be_is_named() {
        for (refused, named) in [
            (page(Some(1), None, Some(1), None), "last"),
            (page(Some(0), None, None, None), "first"),
            (page(Some(101), None, None, None), "first"),
            (page(None, None, Some(101), None), "last"),
            (page(None, None, Some(-1), None), "last"),
            (page(Some(1), None, None, Some("7")), "before"),
            (page(None, Some("7"), Some(1), None), "after"),
            (page(None, Some("7"), None, Some("7")), "after"),
            (page(Some(1), Some("x"), None, None), "after"),
            (page(None, None, Some(1), Some("x")), "before"),
        ] {
            let sentence = refused.unwrap_err();
            assert!(sentence.starts_with(named), "{sentence}");
        }
    }

    fn letters(bounds: Bounds, letters: &str) -> (String, bool, bool, Option<String>, Option<String>) {
        let page = Page::of(&GraphqlLimits::default(), bounds).unwrap();
        let connection =
            cut(&page, letters.chars().collect(), ToString::to_string, |letter| letter.to_string());
        let place = |edge: &Edge<String, String, EmptyFields>| edge.cursor.clone();
        let (begin, end) = (connection.edges.first().map(place), connection.edges.last().map(place));
        let text = connection.edges.iter().map(|edge| edge.node.as_str()).collect();
        (text, connection.has_previous_page, connection.has_next_page, begin, end)
    }

    #[test]
    fn all_pages_together_are_the_list_in_both_directions() {
        let (mut forward, mut after) = (Vec::new(), None);
        loop {
            let bounds = Bounds { first: Some(3), after, ..Bounds::default() };
            let (text, previous, next, _, end) = letters(bounds, "abcdefgh");
            assert_eq!(previous, !forward.is_empty());
            forward.push(text);
            after = end;
            if !next {
                break;
            }
        }
        assert_eq!(forward, ["abc", "def", "gh"]);
        let (mut backward, mut before) = (Vec::new(), None);
        loop {
            let bounds = Bounds { last: Some(3), before, ..Bounds::default() };
            let (text, previous, next, begin, _) = letters(bounds, "abcdefgh");
            assert_eq!(next, !backward.is_empty());
            backward.push(text);
            before = begin;
            if !previous {
                break;
            }
        }
        assert_eq!(backward, ["fgh", "cde", "ab"]);
    }

    #[test]
    fn nothing_is_missed_when_items_come_and_go() {
        let (_, _, _, _, end) = letters(Bounds { first: Some(2), ..Bounds::default() }, "abcd");
        let next = |list| letters(Bounds { first: Some(9), after: end.clone(), ..Bounds::default() }, list).0;
        assert_eq!(next("xyabcd"), "cd");
        assert_eq!(next("acd"), "cd", "of b, which is gone, the place is left");
        assert_eq!(next(""), "");
    }

    #[test]
    fn a_page_costs_its_length_in_either_direction() {
        assert_eq!(cost_of_page(Some(100), None, 7), 750);
        assert_eq!(cost_of_page(None, Some(100), 7), 750);
        assert_eq!(cost_of_page(None, None, 7), 190);
        assert_eq!(cost_of_page(Some(-1), None, 7), 57);
        assert_eq!(cost_of_page(Some(i32::MAX), None, usize::MAX), usize::MAX);
    }

    #[test]
    fn what_is_no_place_is_refused() {
        assert!("".parse::<Place>().is_err());
        assert!("!".parse::<Place>().is_err());
        assert!("a".repeat(401).parse::<Place>().is_err());
        let place = Place { ahead: 3, key: "a:b".into() };
        assert_eq!(place.to_string().parse(), Ok(place));
    }

    #[test]
    fn the_ends_of_a_list_have_nothing_beyond() {
        let connection = connected(&Page::<u64>::beginning(2), 5, true, [("1".to_owned(), 1)]);
        assert!(!connection.has_previous_page && connection.has_next_page);
        let page = Page { size: 2, backward: true, from: Some(7_u64) };
        let connection = connected(&page, 5, false, [("1".to_owned(), 1)]);
        assert!(!connection.has_previous_page && connection.has_next_page);
        assert!(nothing::<String>().edges.is_empty());
    }
}

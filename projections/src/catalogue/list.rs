//! Lists of plugins, filtered, ordered, page by page in both directions; and what is suggested while somebody types.

mod cursor;
mod query;

pub use cursor::{BadCursor, Cursor};

use super::plugin::{Plugin, plugins_by_ids};
use super::search::Search;
use crate::columns::{list_of_texts, signed, unsigned};
use crate::{Name, Read};
use cairn_domain::ids::AccountId;
use cairn_domain::names::{License, PackageName, Tag};
use cairn_domain::qgis_version::FeedVersion;
use cairn_store::{Result, engine_sql, on, sqlx};
use chrono::{DateTime, Utc};
use query::{Part, Question, Tags};
use std::collections::HashMap;

/// The most plugins on one page.
pub const PLUGINS_PER_PAGE_MAX: u32 = 100;

/// The most tags of a filter that must hold together.
pub const TAGS_OF_FILTER_MAX: usize = 10;

/// The most plugins that are suggested.
pub const SUGGESTED_MAX: u32 = 20;

/// Which plugins by their state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ListOf {
    /// All of them, those that are hidden or gone too.
    All,
    /// Those with a public version that is not yanked.
    #[default]
    Approved,
    /// Those with a version that somebody should look at.
    Waiting,
    /// Those that are marked for deletion.
    Deleted,
}

/// Which plugins; all that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PluginFilter {
    /// By their state.
    pub list: ListOf,
    /// Words that are found in names, package names, tags, author lines and texts, all of them, or else what names look like.
    pub text: Option<String>,
    /// Those with this tag.
    pub tag: Option<Tag>,
    /// Those with all of these tags.
    pub tags: Vec<Tag>,
    /// Those whose newest public version has this author line, without regard to case.
    pub author: Option<String>,
    /// Those that this account owns itself or is in a team that does.
    pub owner: Option<AccountId>,
    /// The one with this package name, however it is capitalised.
    pub package: Option<PackageName>,
    /// Those with a public version that a feed for this QGIS could list. With [`PluginFilter::stable`] or
    /// [`PluginFilter::experimental`] it is one of that kind.
    pub qgis: Option<FeedVersion>,
    /// Whether a stable version is public.
    pub stable: Option<bool>,
    /// Whether an experimental version is public.
    pub experimental: Option<bool>,
    /// Whether it has a QGIS Server part.
    pub server: Option<bool>,
    /// Whether it adds Processing algorithms.
    pub processing: Option<bool>,
    /// Whether staff recommend it.
    pub featured: Option<bool>,
    /// Whether metadata, owners or staff advise against using it.
    pub deprecated: Option<bool>,
    /// Whether staff trust who registered it.
    pub trusted: Option<bool>,
    /// Whether a public version runs on QGIS 4.
    pub new_qgis_ready: Option<bool>,
    /// Those with this licence.
    pub license: Option<License>,
    /// Registered then or later.
    pub created_since: Option<DateTime<Utc>>,
    /// With a version since then.
    pub updated_since: Option<DateTime<Utc>>,
}

/// What a list of plugins is ordered by; plugins that are equal in it, by id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PluginOrder {
    /// What fits the words of the search best first; without words, what is downloaded most.
    Relevance,
    /// The name people see, from A, without regard to case.
    #[default]
    Name,
    /// Most downloaded first.
    Downloads,
    /// Most downloaded in the last 30 days first.
    RecentDownloads,
    /// Most downloaded first, where good votes count for up to 2 ⅔ times as many downloads.
    Popular,
    /// Newest plugin first.
    Created,
    /// Newest version first.
    Updated,
    /// Best rated first, where few votes say little.
    Rating,
    /// Most voted on first.
    Votes,
    /// In the order of registration.
    Id,
}

/// An order and its direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListOrder {
    /// What orders.
    pub by: PluginOrder,
    /// The other way round than [`PluginOrder`] says, ids too.
    pub reversed: bool,
}

/// Which page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window<C = Cursor> {
    /// How many items; of plugins, tags and authors never more than [`PLUGINS_PER_PAGE_MAX`].
    pub size: u32,
    /// Counted from the end: those just ahead of `from`. They come in the list's own order all the same.
    pub backward: bool,
    /// The place that the page lies behind, or ahead of if it is counted from the end; none at the ends of the list.
    pub from: Option<C>,
    /// Whether all plugins of the list are counted.
    pub total: bool,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// How many plugins match, on all pages; none if that was not asked for.
    pub total: Option<u64>,
    /// This page, each plugin with its place.
    pub plugins: Vec<(Cursor, Plugin)>,
    /// Whether more follow in the direction that was asked for.
    pub more: bool,
}

impl PluginOrder {
    /// Whether the greatest comes first, by itself.
    pub fn falls(self) -> bool {
        !matches!(self, Self::Name | Self::Id)
    }
}

impl ListOrder {
    /// The order as it usually is.
    pub fn by(by: PluginOrder) -> Self {
        Self { by, reversed: false }
    }

    fn falls(self) -> bool {
        self.by.falls() != self.reversed
    }
}

impl<C> Window<C> {
    /// The first items, and how many there are.
    pub fn first(size: u32) -> Self {
        Self { size, backward: false, from: None, total: true }
    }
}

/// A page of the plugins that match.
pub async fn plugins(
    read: &mut Read,
    filter: &PluginFilter,
    order: ListOrder,
    window: &Window,
) -> Result<Listed> {
    let search = match filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => match Search::of(text) {
            Some(search) => Some(search.with_authors(read).await?),
            // Signs are nowhere.
            None => return Ok(Listed { total: window.total.then_some(0), plugins: Vec::new(), more: false }),
        },
    };
    let order = if search.is_none() && order.by == PluginOrder::Relevance {
        ListOrder { by: PluginOrder::Downloads, ..order }
    } else {
        order
    };
    let counts = tag_counts(read, filter).await?;
    let tags = Tags::of(filter, |tag| counts.get(tag.as_str()).copied().unwrap_or_default());
    let question = Question::of(read, filter, &tags, search.as_ref(), &order);
    let known = tags.total(filter);
    let (mut places, mut total) = found(read, &question, &order, window, known).await?;
    let nobody = places.is_empty()
        && match (total, &window.from) {
            (Some(total), _) => total == 0,
            (None, None) => true,
            (None, Some(_)) => asked(read, &question, &order, &Window::first(1)).await?.0.is_empty(),
        };
    if let Some(search) = search.filter(|_| nobody) {
        let search = search.mistyped(read).await?;
        let question = Question::of(read, filter, &tags, Some(&search), &order);
        (places, total) = found(read, &question, &order, window, known).await?;
    }
    let more = places.len() > size_of(window);
    places.truncate(size_of(window));
    if window.backward {
        places.reverse();
    }
    Ok(Listed { total, plugins: with_plugins(read, places).await?, more })
}

/// The plugins whose names or package names have words that begin as those of the text do, best first; where none has, those
/// whose names look like it.
pub async fn suggest(read: &mut Read, text: &str, first: u32) -> Result<Vec<Plugin>> {
    let Some(search) = Search::of(text) else { return Ok(Vec::new()) };
    let search = search.in_names_only();
    let (filter, order) = (PluginFilter::default(), ListOrder::by(PluginOrder::Relevance));
    let window = Window { total: false, ..Window::first(first.min(SUGGESTED_MAX)) };
    let tags = Tags::of(&filter, |_| 0);
    let question = Question::of(read, &filter, &tags, Some(&search), &order);
    let (mut places, _) = asked(read, &question, &order, &window).await?;
    if places.is_empty() {
        let search = search.mistyped(read).await?;
        let question = Question::of(read, &filter, &tags, Some(&search), &order);
        (places, _) = asked(read, &question, &order, &window).await?;
    }
    places.truncate(size_of(&window));
    Ok(with_plugins(read, places).await?.into_iter().map(|(_, plugin)| plugin).collect())
}

/// How many listed plugins have each tag of a filter.
async fn tag_counts(read: &mut Read, filter: &PluginFilter) -> Result<HashMap<String, u64>> {
    let tags: Vec<&str> = filter.tag.iter().chain(&filter.tags).map(Tag::as_str).collect();
    if tags.is_empty() {
        return Ok(HashMap::new());
    }
    let generation = read.generation(Name::Catalogue);
    let sql = engine_sql!(read, "sql/tag_counts");
    let rows: Vec<(Vec<u8>, i64)> = on!(read.tx, |c| sqlx::query_as(sql)
        .bind(generation)
        .bind(list_of_texts(&tags))
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter()
        .map(|(tag, plugins)| Ok((String::from_utf8_lossy(&tag).into_owned(), unsigned(plugins)?)))
        .collect()
}

/// The places of a page and, if that was asked for, how many plugins there are on all pages; that may be known already.
async fn found(
    read: &mut Read,
    question: &Question<'_>,
    order: &ListOrder,
    window: &Window,
    known: Option<u64>,
) -> Result<(Vec<Cursor>, Option<u64>)> {
    let counts = window.total && known.is_none();
    let (places, total) = asked(read, question, order, &Window { total: counts, ..window.clone() }).await?;
    let total = match total.or(known) {
        None if window.total => Some(counted(read, question).await?),
        total => total.filter(|_| window.total),
    };
    Ok((places, total))
}

/// The places of a page in the direction that was asked for, and one more if there is one; with how many plugins there are on all
/// pages where the question tells that by the way.
async fn asked(
    read: &mut Read,
    question: &Question<'_>,
    order: &ListOrder,
    window: &Window,
) -> Result<(Vec<Cursor>, Option<u64>)> {
    let wanted = size_of(window) + 1;
    let counts = window.total && question.counts_itself();
    let (mut places, mut total) = (Vec::new(), None);
    let mut from = window.from.as_ref();
    for part in question.parts(window) {
        let rows = i64::try_from(wanted - places.len()).expect("a page has some plugins");
        let statement = question.page(part, from, window.backward, rows, counts);
        if order.by == PluginOrder::Name {
            let rows: Vec<(i64, Vec<u8>, i64)> = statement.fetch(&mut read.tx).await?;
            total = rows.first().map(|row| row.2);
            places.extend(rows.into_iter().map(|(plugin_id, place_name, _)| Cursor {
                place: 0,
                place_name,
                plugin_id,
            }));
        } else {
            let rows: Vec<(i64, i64, i64)> = statement.fetch(&mut read.tx).await?;
            total = rows.first().map(|row| row.2);
            places.extend(rows.into_iter().map(|(plugin_id, place, _)| Cursor {
                place: if part == Part::Never { 0 } else { place },
                place_name: Vec::new(),
                plugin_id,
            }));
        }
        if places.len() >= wanted {
            break;
        }
        // The next part has no place of this one.
        from = None;
    }
    let total = total.filter(|_| counts).map(unsigned).transpose()?;
    // Ahead of all pages, no plugin is none at all.
    let none = counts && places.is_empty() && window.from.is_none();
    Ok((places, if none { Some(0) } else { total }))
}

async fn counted(read: &mut Read, question: &Question<'_>) -> Result<u64> {
    let rows: Vec<(i64,)> = question.count().fetch(&mut read.tx).await?;
    unsigned(rows.first().map_or(0, |row| row.0))
}

async fn with_plugins(read: &mut Read, places: Vec<Cursor>) -> Result<Vec<(Cursor, Plugin)>> {
    let ids = places.iter().map(|place| unsigned(place.plugin_id)).collect::<Result<Vec<u64>>>()?;
    let mut found: HashMap<i64, Plugin> =
        plugins_by_ids(read, &ids).await?.into_iter().map(|plugin| (signed(plugin.id), plugin)).collect();
    let pair = |place: Cursor| found.remove(&place.plugin_id).map(|plugin| (place, plugin));
    Ok(places.into_iter().filter_map(pair).collect())
}

fn size_of(window: &Window) -> usize {
    window.size.min(PLUGINS_PER_PAGE_MAX) as usize
}

//! How a list is asked of the database: which lines its statement needs, and their values.

use super::{Cursor, ListOf, ListOrder, PluginFilter, PluginOrder, Window};
use crate::catalogue::entry::{PLUGINS_OF_GENERATION, qgis_column};
use crate::catalogue::search::Search;
use crate::catalogue::statement::{Lines, Statement};
use crate::columns::list_of_texts;
use crate::{Name, Read};
use cairn_domain::names::{PackageName, Tag, author_key};
use cairn_store::{Engine, Value, to_us};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static SQLITE: LazyLock<Lines> = LazyLock::new(|| Lines::of(include_str!("../sql/plugins.sqlite.sql")));
static POSTGRES: LazyLock<Lines> = LazyLock::new(|| Lines::of(include_str!("../sql/plugins.postgres.sql")));

/// The first QGIS of the next great number, as the column has it.
const NEW_QGIS: i64 = 4_000_000;

/// The part of a list that a statement asks for: an index by downloads knows only plugins that have some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    All,
    Downloaded,
    Never,
}

/// A list, ready to be asked for page by page.
#[derive(Debug)]
pub(super) struct Question<'a> {
    lines: &'static Lines,
    about: Vec<&'static str>,
    values: Vec<Value>,
    order: &'a ListOrder,
    /// Whether something other than the order leads to the plugins, so that they are few and are sorted.
    led: bool,
}

/// The most plugins with a tag that it leads to: with more of them it is faster to go by the order until a page is full.
const LED_BY_TAG_MAX: u64 = 500;

/// The tags of a filter, the rarest first.
#[derive(Debug)]
pub(super) struct Tags<'a> {
    rarest: Option<&'a Tag>,
    others: BTreeSet<&'a Tag>,
    /// How many listed plugins have the rarest.
    plugins: u64,
}

impl<'a> Tags<'a> {
    /// Of a filter, where so many listed plugins have a tag.
    pub(super) fn of(filter: &'a PluginFilter, plugins_with: impl Fn(&Tag) -> u64) -> Self {
        let mut others: BTreeSet<&Tag> = filter.tag.iter().chain(&filter.tags).collect();
        let rarest = others.iter().copied().min_by_key(|tag| plugins_with(tag));
        if let Some(rarest) = rarest {
            others.remove(rarest);
        }
        Self { rarest, others, plugins: rarest.map_or(0, plugins_with) }
    }

    /// How many plugins a list has that is all those with one tag.
    pub(super) fn total(&self, filter: &PluginFilter) -> Option<u64> {
        let rest = PluginFilter { tag: None, tags: Vec::new(), ..filter.clone() };
        let all = self.rarest.is_some() && self.others.is_empty() && rest == PluginFilter::default();
        all.then_some(self.plugins)
    }

    /// Whether there are few such plugins, or whoever is asked for may be unlisted, which no count knows.
    fn lead(&self, filter: &PluginFilter) -> bool {
        let counted = matches!(filter.list, ListOf::Approved | ListOf::All);
        self.rarest.is_some() && (!counted || self.plugins <= LED_BY_TAG_MAX)
    }
}

/// The places of the values in the file, from 0.
const WINDOW: usize = 29;

impl<'a> Question<'a> {
    pub(super) fn of(
        read: &Read,
        filter: &PluginFilter,
        tags: &Tags<'_>,
        search: Option<&Search>,
        order: &'a ListOrder,
    ) -> Self {
        let lines: &'static Lines = match read.engine() {
            Engine::Sqlite => &SQLITE,
            Engine::Postgres => &POSTGRES,
        };
        let mut question = Self { lines, about: Vec::new(), values: Vec::new(), order, led: true };
        question.values = values(read, filter, tags, search);
        question.narrow(filter, tags, search);
        question
    }

    fn narrow(&mut self, filter: &PluginFilter, tags: &Tags<'_>, search: Option<&Search>) {
        let mut about = |wanted: bool, mark: &'static str| {
            if wanted {
                self.about.push(mark);
            }
        };
        match filter.list {
            // Of those that feeds may offer there is a table of its own.
            ListOf::All | ListOf::Approved => {}
            ListOf::Waiting => about(true, "waits"),
            ListOf::Deleted => about(true, "deleted"),
        }
        let leader = leader(filter, tags, search);
        about(leader.is_some(), leader.unwrap_or_default());
        about(search.is_some_and(Search::has_words), "names");
        about(search.is_some_and(|search| search.has_words() && search.anywhere), "anywhere");
        about(filter.package.is_some(), "package");
        about(tags.rarest.is_some() && leader != Some("of_tag"), "tag");
        about(!tags.others.is_empty(), "tags");
        about(filter.author.is_some() && leader != Some("of_author"), "author");
        about(filter.owner.is_some() && leader != Some("of_owner"), "owner");
        let (stable, experimental) = (filter.stable == Some(true), filter.experimental == Some(true));
        about(filter.qgis.is_some() && !stable && !experimental, "qgis");
        about(filter.qgis.is_some() && stable, "qgis_stable");
        about(filter.qgis.is_some() && experimental, "qgis_experimental");
        about(filter.created_since.is_some(), "created");
        about(filter.updated_since.is_some(), "updated");
        about(filter.stable.is_some(), "stable");
        about(filter.experimental.is_some(), "experimental");
        about(filter.server.is_some(), "server");
        about(filter.processing.is_some(), "processing");
        about(filter.featured.is_some(), "featured");
        about(filter.deprecated.is_some(), "deprecated");
        about(filter.trusted.is_some(), "trusted");
        about(filter.new_qgis_ready.is_some(), "new_qgis");
        about(filter.license.is_some(), "license");
        self.led = leader.is_some();
        if filter.list == ListOf::Approved {
            // An index by this would be a detour where something else leads.
            self.about.push(if self.led { "listed_too" } else { "listed" });
        }
    }

    /// The parts of the list in the order in which they follow each other.
    pub(super) fn parts(&self, window: &Window) -> Vec<Part> {
        let by_downloads = matches!(self.order.by, PluginOrder::Downloads | PluginOrder::RecentDownloads);
        if !by_downloads || self.led {
            return vec![Part::All];
        }
        let falling = self.order.falls() != window.backward;
        let parts = if falling { [Part::Downloaded, Part::Never] } else { [Part::Never, Part::Downloaded] };
        let begins =
            window.from.as_ref().map(|from| if from.place > 0 { Part::Downloaded } else { Part::Never });
        parts.into_iter().skip_while(|part| begins.is_some_and(|begins| *part != begins)).collect()
    }

    /// Whether all plugins of the list are looked at for any page, so that they are counted on the way.
    pub(super) fn counts_itself(&self) -> bool {
        self.led
    }

    /// The statement for up to `rows` plugins of a part behind a place, or ahead of it; each with how many there are on all pages
    /// if that is asked for, which only a question that counts itself is.
    pub(super) fn page(
        &self,
        part: Part,
        from: Option<&Cursor>,
        backward: bool,
        rows: i64,
        total: bool,
    ) -> Statement {
        let (mut about, mut values) = (self.about.clone(), self.values.clone());
        let falling = self.order.falls() != backward;
        // Plugins that are equal in what orders come by number, from the front in the order that is the usual one.
        let newest_first = self.order.reversed != backward;
        about.push("page");
        if total {
            about.push("total");
        }
        let key = self.key(part, &mut about);
        let falling = if key == "by_id" { newest_first } else { falling };
        if let Some(from) = from {
            about.push(if falling { "below" } else { "above" });
            about.push(if newest_first { "earlier" } else { "later" });
            values[WINDOW] = match self.order.by {
                PluginOrder::Name => from.place_name.as_slice().into(),
                _ if key == "by_id" => from.plugin_id.into(),
                _ => from.place.into(),
            };
            values[WINDOW + 1] = from.plugin_id.into();
        }
        values[WINDOW + 2] = rows.into();
        let word = |down: bool| if down { "desc" } else { "asc" };
        let order = format!("order by {key} {}, plugin_id {}", word(falling), word(newest_first));
        let mut statement =
            self.lines.statement(&about, &values).with("order by by_created desc, plugin_id asc", &order);
        if key != "by_created" {
            statement = statement
                .with("select plugin_id, by_created as place", &format!("select plugin_id, {key} as place"))
                .with("(by_created <>", &format!("({key} <>"))
                .with("and by_created ", &format!("and {key} "));
        }
        statement
    }

    /// The statement that counts all of them.
    pub(super) fn count(&self) -> Statement {
        self.lines
            .statement(&self.about, &self.values)
            .within(include_str!("../sql/count_matching.sql"), "select 1 as one")
    }

    /// The column that orders, and what else a statement needs for it.
    fn key(&self, part: Part, about: &mut Vec<&'static str>) -> &'static str {
        let recent = self.order.by == PluginOrder::RecentDownloads;
        match part {
            Part::Downloaded => {
                about.extend(["downloaded", if recent { "some_recent" } else { "some_downloads" }]);
                return if recent { "by_recent_only" } else { "by_downloads_only" };
            }
            Part::Never => {
                about.push(if recent { "no_recent" } else { "no_downloads" });
                return "by_id";
            }
            Part::All => {}
        }
        match self.order.by {
            PluginOrder::Name => "by_name",
            PluginOrder::Created => "by_created",
            PluginOrder::Updated => "by_updated",
            PluginOrder::Rating => "by_rating",
            PluginOrder::Votes => "by_votes",
            PluginOrder::Id => "by_id",
            by => {
                about.push("counts");
                match by {
                    PluginOrder::Relevance if about.contains(&"text") => {
                        about.push("relevance");
                        "by_relevance"
                    }
                    PluginOrder::RecentDownloads => "by_recent",
                    PluginOrder::Popular => "by_popular",
                    _ => "by_downloads",
                }
            }
        }
    }
}

/// What leads to the plugins: whatever is likely to be true of few.
fn leader(filter: &PluginFilter, tags: &Tags<'_>, search: Option<&Search>) -> Option<&'static str> {
    [
        (search.is_some(), "text"),
        (filter.author.is_some(), "of_author"),
        (filter.owner.is_some(), "of_owner"),
        (tags.lead(filter), "of_tag"),
        (filter.featured == Some(true), "of_featured"),
        (filter.deprecated == Some(true), "of_deprecated"),
        (filter.server == Some(true), "of_server"),
    ]
    .into_iter()
    .find_map(|(given, leader)| given.then_some(leader))
}

/// In the order of the file; what is not asked for is null and bound nowhere.
fn values(read: &Read, filter: &PluginFilter, tags: &Tags<'_>, search: Option<&Search>) -> Vec<Value> {
    let generation = read.generation(Name::Catalogue);
    let others: Vec<&str> = tags.others.iter().map(|tag| tag.as_str()).collect();
    let engine = read.engine();
    vec![
        generation.into(),
        read.generation(Name::Downloads).into(),
        read.generation(Name::People).into(),
        search.map(|search| search.in_names(engine)).into(),
        search.map(|search| search.in_tags(engine)).into(),
        search.map(|search| search.anywhere(engine)).into(),
        (generation * PLUGINS_OF_GENERATION).into(),
        ((generation + 1) * PLUGINS_OF_GENERATION - 1).into(),
        search.map(Search::other_finds).into(),
        search.map(|search| search.key.as_str().to_owned()).into(),
        tags.rarest.map(|tag| tag.as_str().to_owned()).into(),
        filter.author.as_ref().map(|author| author_key(author).into_bytes()).into(),
        filter.owner.map(|owner| owner.0).into(),
        filter.package.as_ref().map(PackageName::folded).into(),
        list_of_texts(&others).into(),
        i64::try_from(others.len()).unwrap_or(i64::MAX).into(),
        filter.qgis.map(|qgis| qgis_column(qgis.lowest())).into(),
        filter.qgis.map(|qgis| qgis_column(qgis.highest())).into(),
        filter.created_since.map(to_us).into(),
        filter.updated_since.map(to_us).into(),
        filter.stable.into(),
        filter.experimental.into(),
        filter.server.into(),
        filter.processing.into(),
        filter.featured.into(),
        filter.deprecated.into(),
        filter.trusted.into(),
        filter.new_qgis_ready.into(),
        NEW_QGIS.into(),
        Value::Int(None),
        Value::Int(None),
        Value::Int(None),
        filter.license.as_ref().map(|license| license.as_str().as_bytes().to_vec()).into(),
    ]
}

//! Lists of plugins, filtered, ordered, page by page; and the list of tags.

use super::plugin::{Plugin, plugins_by_ids};
use crate::columns::{signed, unsigned};
use crate::{Name, Read};
use cairn_domain::ids::AccountId;
use cairn_domain::names::{PackageName, Tag, fold};
use cairn_store::{Result, on, sqlx};
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

/// The most plugins on one page.
pub const PLUGINS_PER_PAGE_MAX: u32 = 100;

/// Words of a search that count; further ones are not looked at.
const SEARCH_WORDS_MAX: usize = 5;

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
    /// Words that name, package name, description or tags contain, all of them, without regard to case; the
    /// first five count.
    pub text: Option<String>,
    /// Those with this tag.
    pub tag: Option<Tag>,
    /// Those that this account owns itself or is in a team that does.
    pub owner: Option<AccountId>,
    /// The one with this package name, however it is capitalised.
    pub package: Option<PackageName>,
    /// Whether staff recommend it.
    pub featured: Option<bool>,
    /// Whether metadata, owners or staff advise against using it.
    pub deprecated: Option<bool>,
}

/// What a list is ordered by; plugins that are equal in it, by id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PluginOrder {
    /// The name people see, from A, without regard to case.
    #[default]
    Name,
    /// Most downloaded first.
    Downloads,
    /// Newest plugin first.
    Created,
    /// Newest version first.
    Updated,
    /// In the order of registration.
    Id,
}

/// Where a page ended, or any plugin's place in a list. Shown as a text that is given back for the next page.
/// It holds for the order it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    place: i64,
    place_name: Vec<u8>,
    plugin_id: i64,
}

/// A text that is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no cursor; give back one that came with a list, unchanged")]
pub struct BadCursor;

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// How many plugins match, on all pages.
    pub total: u64,
    /// This page, each plugin with its place.
    pub plugins: Vec<(Cursor, Plugin)>,
    /// Whether more follow.
    pub more: bool,
}

/// A tag in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllTag {
    /// The tag.
    pub tag: String,
    /// How many plugins with a public version have it.
    pub plugins: u64,
}

/// How many match altogether; then a plugin and its place, unless the page is empty.
type Place = (i64, Option<i64>, Option<i64>, Option<Vec<u8>>);

/// A page of at most `first` plugins, and never more than [`PLUGINS_PER_PAGE_MAX`], that come after `after`
/// in this order.
pub async fn plugins(
    read: &mut Read,
    filter: &PluginFilter,
    order: PluginOrder,
    first: u32,
    after: Option<&Cursor>,
) -> Result<Listed> {
    let (catalogue, downloads) = (read.generation(Name::Catalogue), read.generation(Name::Downloads));
    let people = read.generation(Name::People);
    let first = first.min(PLUGINS_PER_PAGE_MAX);
    let package = filter.package.as_ref().map(PackageName::folded);
    let patterns = patterns(filter.text.as_deref().unwrap_or_default());
    let [one, two, three, four, five] = &patterns;
    // One more than asked for tells whether more follow.
    let rows: Vec<Place> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/plugins.sql"))
        .bind(catalogue)
        .bind(downloads)
        .bind(filter.list.word())
        .bind(&package)
        .bind(filter.tag.as_ref().map(Tag::as_str))
        .bind(filter.owner.map(|owner| owner.0))
        .bind(one)
        .bind(two)
        .bind(three)
        .bind(four)
        .bind(five)
        .bind(order.word())
        .bind(after.map(|cursor| cursor.place))
        .bind(after.map(|cursor| cursor.place_name.as_slice()))
        .bind(after.map(|cursor| cursor.plugin_id))
        .bind(i64::from(first) + 1)
        .bind(filter.featured)
        .bind(filter.deprecated)
        .bind(people)
        .fetch_all(&mut *c)
        .await)?;
    let total = unsigned(rows.first().map_or(0, |row| row.0))?;
    let mut cursors: Vec<Cursor> = rows
        .into_iter()
        .filter_map(|(_, id, place, name)| Some(Cursor { plugin_id: id?, place: place?, place_name: name? }))
        .collect();
    let more = cursors.len() > first as usize;
    cursors.truncate(first as usize);
    let ids = cursors.iter().map(|cursor| unsigned(cursor.plugin_id)).collect::<Result<Vec<u64>>>()?;
    let mut found: HashMap<i64, Plugin> =
        plugins_by_ids(read, &ids).await?.into_iter().map(|plugin| (signed(plugin.id), plugin)).collect();
    let plugins = cursors
        .into_iter()
        .filter_map(|cursor| found.remove(&cursor.plugin_id).map(|plugin| (cursor, plugin)))
        .collect();
    Ok(Listed { total, plugins, more })
}

/// All tags of plugins with a public version, by the alphabet.
pub async fn all_tags(read: &mut Read) -> Result<Vec<AllTag>> {
    let generation = read.generation(Name::Catalogue);
    let mut rows: Vec<(String, i64)> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/all_tags.sql"))
        .bind(generation)
        .fetch_all(&mut *c)
        .await)?;
    rows.sort_unstable();
    rows.into_iter().map(|(tag, plugins)| Ok(AllTag { tag, plugins: unsigned(plugins)? })).collect()
}

/// What the searched text must look like, for each word; a word that is not there allows anything.
fn patterns(text: &str) -> [String; SEARCH_WORDS_MAX] {
    let folded = fold(text);
    let mut words = folded.split(' ').filter(|word| !word.is_empty());
    std::array::from_fn(|_| words.next().map_or_else(|| "%".into(), |word| format!("%{}%", escaped(word))))
}

/// `%` and `_` stand for themselves.
fn escaped(word: &str) -> String {
    word.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

impl ListOf {
    fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Approved => "approved",
            Self::Waiting => "waiting",
            Self::Deleted => "deleted",
        }
    }
}

impl PluginOrder {
    fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Downloads => "downloads",
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Id => "id",
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.", self.plugin_id, self.place)?;
        self.place_name.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(BadCursor);
        let (plugin_id, place, name) = (part()?, part()?, part()?);
        let number = |text: &str| text.parse().map_err(|_| BadCursor);
        if !name.len().is_multiple_of(2) || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(BadCursor);
        }
        let byte = |at: usize| u8::from_str_radix(&name[at..at + 2], 16).map_err(|_| BadCursor);
        Ok(Self {
            plugin_id: number(plugin_id)?,
            place: number(place)?,
            place_name: (0..name.len()).step_by(2).map(byte).collect::<Result<_, _>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back() {
        let cursor = Cursor { place: -5, place_name: "épée".into(), plugin_id: 7 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for bad in ["", "7", "7.1", "7.1.x", "7.1.abc", "a.1.ab", "7.b.ab", "7.1.é9"] {
            assert_eq!(bad.parse::<Cursor>(), Err(BadCursor), "{bad}");
        }
    }

    #[test]
    fn a_search_is_for_all_words_and_knows_no_wildcards() {
        assert_eq!(patterns(" Raster  100%_done! "), ["%raster%", "%100!%!_done!!%", "%", "%", "%"]);
    }
}

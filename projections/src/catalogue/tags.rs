//! The tags and licences that plugins have and the authors they are by, with how many plugins: page by page in both directions.

use super::list::Window;
use super::statement::Lines;
use crate::columns::unsigned;
use crate::{Name, Read};
use cairn_domain::names::author_key;
use cairn_store::{Engine, Result, Value, on, sqlx};
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

/// Greater than any byte of UTF-8.
const BEHIND_ALL: u8 = 0xff;

/// The most items on a page.
const COUNTED_PER_PAGE_MAX: u32 = 100;

/// A tag in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllTag {
    /// The tag.
    pub tag: String,
    /// How many plugins with a public version have it.
    pub plugins: u64,
}

/// A tag, an author or a licence, with how many plugins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The tag, the licence, or the author line as one of the packages has it.
    pub name: String,
    /// How many plugins with a public version.
    pub plugins: u64,
}

/// How tags, authors and licences are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CountedOrder {
    /// From A.
    #[default]
    Name,
    /// Those that most plugins have first; of as many, from A.
    Count,
}

/// A place in a list of tags, authors or licences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedCursor {
    plugins: i64,
    key: Vec<u8>,
}

/// A text that is no such place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no cursor; give back one that came with a list, unchanged")]
pub struct BadCountedCursor;

/// A page of tags, authors or licences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedList {
    /// How many there are, on all pages; none if that was not asked for.
    pub total: Option<u64>,
    /// This page, each with its place.
    pub items: Vec<(CountedCursor, Counted)>,
    /// Whether more follow in the direction that was asked for.
    pub more: bool,
}

static TAGS: LazyLock<Lines> = LazyLock::new(|| Lines::of(include_str!("sql/tags.sql")));
static LICENSES: LazyLock<Lines> = LazyLock::new(|| Lines::of(include_str!("sql/licenses.sql")));
static AUTHORS_SQLITE: LazyLock<Lines> = LazyLock::new(|| Lines::of(include_str!("sql/authors.sqlite.sql")));
static AUTHORS_POSTGRES: LazyLock<Lines> =
    LazyLock::new(|| Lines::of(include_str!("sql/authors.postgres.sql")));

/// All tags of plugins with a public version, by the alphabet.
pub async fn all_tags(read: &mut Read) -> Result<Vec<AllTag>> {
    let generation = read.generation(Name::Catalogue);
    let rows: Vec<(Vec<u8>, i64)> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/all_tags.sql"))
        .bind(generation)
        .fetch_all(&mut *c)
        .await)?;
    let tag = |(tag, plugins): (Vec<u8>, i64)| {
        Ok(AllTag { tag: String::from_utf8_lossy(&tag).into_owned(), plugins: unsigned(plugins)? })
    };
    rows.into_iter().map(tag).collect()
}

/// The tags of plugins with a public version, those that begin with `prefix` if one is given.
pub async fn tags(
    read: &mut Read,
    prefix: Option<&str>,
    order: CountedOrder,
    window: &Window<CountedCursor>,
) -> Result<CountedList> {
    let prefix = prefix.map(|prefix| prefix.trim().to_lowercase());
    counted(read, &TAGS, prefix, order, window).await
}

/// The author lines of the newest public versions of plugins, those that begin with `prefix` if one is given. Lines that differ
/// only in case are one.
pub async fn authors(
    read: &mut Read,
    prefix: Option<&str>,
    order: CountedOrder,
    window: &Window<CountedCursor>,
) -> Result<CountedList> {
    let lines: &Lines = match read.engine() {
        Engine::Sqlite => &AUTHORS_SQLITE,
        Engine::Postgres => &AUTHORS_POSTGRES,
    };
    counted(read, lines, prefix.map(author_key), order, window).await
}

/// The licences of plugins with a public version, as far as they are known.
pub async fn licenses(
    read: &mut Read,
    order: CountedOrder,
    window: &Window<CountedCursor>,
) -> Result<CountedList> {
    counted(read, &LICENSES, None, order, window).await
}

async fn counted(
    read: &mut Read,
    lines: &Lines,
    prefix: Option<String>,
    order: CountedOrder,
    window: &Window<CountedCursor>,
) -> Result<CountedList> {
    let size = window.size.min(COUNTED_PER_PAGE_MAX) as usize;
    let prefix = prefix.filter(|prefix| !prefix.is_empty()).map(String::into_bytes);
    let last = prefix.clone().map(|mut last| {
        last.push(BEHIND_ALL);
        last
    });
    let (place, key) = window.from.clone().map(|from| (from.plugins, from.key)).unzip();
    let rows = i64::try_from(size + 1).expect("a page has some items");
    let generation = read.generation(Name::Catalogue);
    let narrowed = prefix.is_some();
    let values: [Value; 6] =
        [generation.into(), prefix.into(), last.into(), place.into(), key.into(), rows.into()];
    let mut about = Vec::new();
    if narrowed {
        about.push("prefix");
    }
    let total = if window.total {
        let statement = lines.statement(&[about.as_slice(), &["whole"]].concat(), &values);
        let counted = statement.within(include_str!("sql/count_matching.sql"), "select 1 as one");
        let rows: Vec<(i64,)> = counted.fetch(&mut read.tx).await?;
        Some(unsigned(rows.first().map_or(0, |row| row.0))?)
    } else {
        None
    };
    let usual = "order by plugins desc, name_key asc";
    let (walk, behind, ahead, other) = match order {
        CountedOrder::Name => ("in_order", "name_behind", "name_ahead", ["name_key asc", "name_key desc"]),
        CountedOrder::Count => (
            "whole",
            "count_behind",
            "count_ahead",
            ["plugins desc, name_key asc", "plugins asc, name_key desc"],
        ),
    };
    about.extend(["page", walk]);
    if window.from.is_some() {
        about.push(if window.backward { ahead } else { behind });
    }
    let statement = lines.statement(&about, &values);
    let mut statement = statement.with(usual, &format!("order by {}", other[usize::from(window.backward)]));
    if window.backward {
        // Where authors are read in order, that order too.
        statement = statement.with("order by a.author_key asc", "order by a.author_key desc");
    }
    let rows: Vec<(Vec<u8>, Option<String>, i64)> = statement.fetch(&mut read.tx).await?;
    let item = |(key, name, plugins): (Vec<u8>, Option<String>, i64)| {
        // A tag is its key, and a licence too.
        let name = name.unwrap_or_else(|| String::from_utf8_lossy(&key).into_owned());
        Ok((CountedCursor { plugins, key }, Counted { name, plugins: unsigned(plugins)? }))
    };
    let mut items = rows.into_iter().map(item).collect::<Result<Vec<_>>>()?;
    let more = items.len() > size;
    items.truncate(size);
    if window.backward {
        items.reverse();
    }
    Ok(CountedList { total, items, more })
}

impl fmt::Display for CountedCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.", self.plugins)?;
        self.key.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for CountedCursor {
    type Err = BadCountedCursor;

    fn from_str(text: &str) -> Result<Self, BadCountedCursor> {
        let (plugins, key) = text.split_once('.').ok_or(BadCountedCursor)?;
        let good = key.len().is_multiple_of(2) && key.bytes().all(|byte| byte.is_ascii_hexdigit());
        let plugins = plugins.parse().ok().filter(|_| good).ok_or(BadCountedCursor)?;
        let byte = |at: usize| u8::from_str_radix(&key[at..at + 2], 16).map_err(|_| BadCountedCursor);
        Ok(Self { plugins, key: (0..key.len()).step_by(2).map(byte).collect::<Result<_, _>>()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back() {
        let cursor = CountedCursor { plugins: 5, key: "épée".into() };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for bad in ["", "5", "5.a", "5.é9", "x.ab", "5.zz"] {
            assert_eq!(bad.parse::<CountedCursor>(), Err(BadCountedCursor), "{bad}");
        }
    }
}

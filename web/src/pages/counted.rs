//! `/plugins/tags/` and `/plugins/authors/`: every tag and every author of public plugins, with how many.

use crate::ask::Ask;
use crate::documents::{AuthorsPage, TagsPage, authors_page, tags_page};
use crate::frame::{Frame, Part, path_part};
use crate::meta::Meta;
use crate::page::public_page;
use crate::text::Count;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use cairn_api::App;
use cairn_api::problem::Problem;
use serde::Deserialize;

/// How many names are on a page.
const NAMES_PER_PAGE: i64 = 100;

/// The longest beginning of a name that is looked for, in characters.
const PREFIX_CHARS_MAX: usize = 50;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/plugins/tags", get(tags)).route("/plugins/authors", get(authors))
}

/// What a page says of its names.
#[derive(Debug)]
struct Words {
    title: &'static str,
    /// One of them.
    one: &'static str,
    /// The page itself.
    path: &'static str,
    /// The pages of the names are below it.
    each: &'static str,
    lede: &'static str,
    about: &'static str,
    /// Why there may be none yet.
    none: &'static str,
}

const TAGS: Words = Words {
    title: "Tags",
    one: "tag",
    path: "/plugins/tags/",
    each: "/plugins/tags/",
    lede: "What plugins are about, in the words of their authors.",
    about: "What plugins for QGIS are about: all tags, with how many plugins have them.",
    none: "Tags come with the metadata of plugins, in the line tags=.",
};

const AUTHORS: Words = Words {
    title: "Authors",
    one: "author",
    path: "/plugins/authors/",
    each: "/plugins/author/",
    lede: "Who writes plugins, as their packages say it: people, companies and whole teams. They need not have an account here.",
    about: "Who writes plugins for QGIS: all authors, with how many plugins are theirs.",
    none: "Authors come with the metadata of plugins, in the line author=.",
};

/// Which names, in which order.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Parameters {
    q: String,
    sort: String,
    after: Option<String>,
    before: Option<String>,
}

/// The same, read.
#[derive(Debug)]
struct Asked {
    prefix: String,
    by_name: bool,
    after: Option<String>,
    before: Option<String>,
}

/// What there is of them.
#[derive(Debug, Default)]
struct Told {
    total: u64,
    names: Vec<(String, Count)>,
    /// Where the page before begins and the one behind, if there are such.
    previous: Option<String>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "counted.html")]
struct CountedPage {
    frame: Frame,
    meta: Meta,
    words: &'static Words,
    prefix: String,
    by_name: bool,
    total: Count,
    names: Vec<(String, Count)>,
    previous: Option<String>,
    next: Option<String>,
}

impl From<Parameters> for Asked {
    fn from(asked: Parameters) -> Self {
        Self {
            prefix: asked.q.trim().chars().take(PREFIX_CHARS_MAX).collect(),
            by_name: asked.sort == "name",
            after: asked.after.filter(|_| asked.before.is_none()),
            before: asked.before,
        }
    }
}

/// Asks one of the two documents, which differ in their names only.
macro_rules! told {
    ($ask:expr, $asked:expr, $document:ident, $module:ident, $list:ident) => {{
        let (asked, backward) = ($asked, $asked.before.is_some());
        let variables = $module::Variables {
            prefix: Some(asked.prefix.clone()).filter(|prefix| !prefix.is_empty()),
            order: if asked.by_name { $module::CountedBy::NAME } else { $module::CountedBy::COUNT },
            first: (!backward).then_some(NAMES_PER_PAGE),
            after: asked.after.clone(),
            last: backward.then_some(NAMES_PER_PAGE),
            before: asked.before.clone(),
        };
        let told = $ask.query::<$document>(variables).await?.$list;
        let info = told.page_info;
        Told {
            total: told.total_count,
            names: told.nodes.into_iter().map(|it| (it.name, Count(it.plugin_count))).collect(),
            previous: info.start_cursor.filter(|_| info.has_previous_page),
            next: info.end_cursor.filter(|_| info.has_next_page),
        }
    }};
}

async fn tags(ask: Ask, Query(asked): Query<Parameters>) -> Result<Response, Problem> {
    let asked = Asked::from(asked);
    let told = told!(ask, &asked, TagsPage, tags_page, tags);
    Ok(public_page(&CountedPage::of(ask.frame(Part::Plugins), &TAGS, asked, told)))
}

async fn authors(ask: Ask, Query(asked): Query<Parameters>) -> Result<Response, Problem> {
    let asked = Asked::from(asked);
    let told = told!(ask, &asked, AuthorsPage, authors_page, authors);
    Ok(public_page(&CountedPage::of(ask.frame(Part::Plugins), &AUTHORS, asked, told)))
}

impl CountedPage {
    fn of(frame: Frame, words: &'static Words, asked: Asked, told: Told) -> Self {
        let mut meta = Meta::of(&frame, words.path, words.title, words.about);
        meta.unlisted =
            !asked.prefix.is_empty() || asked.by_name || asked.after.is_some() || asked.before.is_some();
        let sort = if asked.by_name { "name" } else { "plugins" };
        let link = |word: &str, cursor: Option<String>| {
            let (prefix, cursor) = (path_part(&asked.prefix), path_part(&cursor?));
            Some(format!("{}{}?q={prefix}&sort={sort}&{word}={cursor}", frame.root, words.path))
        };
        Self {
            previous: link("before", told.previous),
            next: link("after", told.next),
            total: Count(told.total),
            names: told.names,
            prefix: asked.prefix,
            by_name: asked.by_name,
            words,
            meta,
            frame,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn page(words: &'static Words, prefix: &str, told: Told) -> String {
        let asked = Parameters { q: prefix.to_owned(), ..Parameters::default() };
        CountedPage::of(testing::frame(Part::Plugins), words, asked.into(), told).render().unwrap()
    }

    #[test]
    fn texts_of_names_and_readers_do_nothing() {
        for words in [&TAGS, &AUTHORS] {
            let (names, place) = (vec![(HOSTILE.to_owned(), Count(2))], Some(HOSTILE.to_owned()));
            let html = page(words, HOSTILE, Told { total: 1, names, previous: place.clone(), next: place });
            assert!(html.contains("2<span class=\"hidden\"> plugins"), "{html}");
            testing::is_tame(&html);
        }
    }

    #[test]
    fn a_name_leads_to_its_plugins() {
        let told = || Told { total: 1, names: vec![("Ann & Co".to_owned(), Count(1))], ..Told::default() };
        assert!(page(&AUTHORS, "", told()).contains("href=\"/qgis/plugins/author/Ann%20%26%20Co/\""));
        assert!(page(&TAGS, "", told()).contains("href=\"/qgis/plugins/tags/Ann%20%26%20Co/\""));
    }

    #[test]
    fn that_there_is_none_is_told() {
        assert!(page(&TAGS, "x", Told::default()).contains("No tag begins like this"));
        assert!(page(&AUTHORS, "x", Told::default()).contains("No author begins like this"));
        assert!(page(&AUTHORS, "", Told::default()).contains("No author yet"));
    }

    #[test]
    fn one_page_leads_to_the_next_with_the_same_words_and_order() {
        let asked =
            Parameters { q: " a b ".to_owned(), sort: "name".to_owned(), ..Parameters::default() }.into();
        let told = Told { next: Some("5.ab".to_owned()), ..Told::default() };
        let page = CountedPage::of(testing::frame(Part::Plugins), &AUTHORS, asked, told);
        assert_eq!(page.next.as_deref(), Some("/qgis/plugins/authors/?q=a%20b&sort=name&after=5.ab"));
        assert!(page.previous.is_none() && page.meta.unlisted);
    }
}

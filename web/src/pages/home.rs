//! `/`: a search, what is recommended, new, renewed and much used, and how to add this repository to QGIS.

use crate::ask::Ask;
use crate::card::{Card, card_of};
use crate::documents::{HomePage as Document, Suggest, home_page, suggest};
use crate::frame::{Frame, Part};
use crate::meta::Meta;
use crate::page::public_page;
use crate::text::Count;
use askama::Template;
use axum::response::Response;
use cairn_api::problem::Problem;
use graphql_client::GraphQLQuery;
use serde_json::{Value, json};

/// How many plugins each list shows.
const PLUGINS_SHOWN: i64 = 5;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    meta: Meta,
    /// What the script asks while somebody types.
    suggest: &'static str,
    numbers: Numbers,
    shelves: Vec<Shelf>,
}

/// What is here altogether.
#[derive(Debug, Clone, Copy)]
struct Numbers {
    plugins: Count,
    versions: Count,
    downloads: Count,
    authors: Count,
}

/// A few plugins, and where there are more.
struct Shelf {
    id: &'static str,
    heading: &'static str,
    more: &'static str,
    /// The list they are of, below `/plugins/`.
    list: &'static str,
    cards: Vec<Card>,
}

card_of!(home_page);

pub(super) async fn show(ask: Ask) -> Result<Response, Problem> {
    let told = ask.query::<Document>(home_page::Variables { shown: PLUGINS_SHOWN }).await?;
    let frame = ask.frame(Part::Home);
    let cards =
        |nodes: Vec<home_page::Card>| nodes.into_iter().map(|node| Card::from((&frame, node))).collect();
    let shelves = shelves([
        cards(told.featured.nodes),
        cards(told.newest.nodes),
        cards(told.updated.nodes),
        cards(told.popular.nodes),
    ]);
    let totals = told.statistics.totals;
    let numbers = Numbers {
        plugins: Count(totals.plugins),
        versions: Count(totals.versions),
        downloads: Count(totals.downloads),
        authors: Count(totals.authors),
    };
    Ok(public_page(&HomePage { meta: meta(&frame), suggest: question(), numbers, shelves, frame }))
}

/// Those with anything on them. What is on the first needs no mark that says so.
fn shelves([featured, newest, updated, popular]: [Vec<Card>; 4]) -> Vec<Shelf> {
    let featured = featured.into_iter().map(|card| Card { featured: false, ..card }).collect();
    let shelf = |id, heading, more, list, cards| Shelf { id, heading, more, list, cards };
    let all = [
        shelf("featured", "Featured", "All featured", "featured/", featured),
        shelf("new", "New", "All by date", "?sort=created", newest),
        shelf("updated", "Updated", "All by update", "?sort=updated", updated),
        shelf("popular", "Popular", "All popular", "popular/", popular),
    ];
    all.into_iter().filter(|shelf| !shelf.cards.is_empty()).collect()
}

/// The document that suggests plugins, as the browser sends it.
fn question() -> &'static str {
    Suggest::build_query(suggest::Variables { text: String::new() }).query
}

fn meta(frame: &Frame) -> Meta {
    let about = "Add this repository to QGIS once, search its plugins, or publish your own.";
    let mut meta = Meta::of(frame, "/", "Cairn: a plugin repository for QGIS", about).about(&site(frame));
    meta.atom = Some(("New versions of all plugins".to_owned(), format!("{}/atom.xml", frame.base)));
    meta
}

/// The site in the words of schema.org, with its search.
fn site(frame: &Frame) -> Value {
    json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "Cairn",
        "url": format!("{}/", frame.base),
        "potentialAction": {
            "@type": "SearchAction",
            "target": format!("{}/plugins/?q={{search_term_string}}", frame.base),
            "query-input": "required name=search_term_string",
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn home(cards: Vec<Card>) -> String {
        let frame = testing::frame(Part::Home);
        let (one, many) = (Count(1), Count(12_345));
        let numbers = Numbers { plugins: one, versions: many, downloads: many, authors: one };
        let shelves = shelves([vec![], cards.clone(), vec![], cards]);
        HomePage { meta: meta(&frame), suggest: question(), numbers, shelves, frame }.render().unwrap()
    }

    #[test]
    fn an_empty_repository_teaches_how_to_fill_it() {
        let html = home(vec![]);
        assert!(html.contains("value=\"https://example.org/qgis/plugins/plugins.xml\""), "{html}");
        assert!(html.contains("https://example.org/qgis/plugins/api/PACKAGE/version/add/"), "{html}");
        assert!(!html.contains("Popular") && html.contains("No plugin is published yet"), "{html}");
    }

    #[test]
    fn plugins_are_shown_and_their_texts_do_nothing() {
        let html = home(vec![testing::card(HOSTILE)]);
        assert!(html.contains("Popular") && html.contains("12\u{202f}345 downloads"), "{html}");
        assert!(!html.contains("Featured") && html.contains("<b>1</b> plugin<"), "{html}");
        let (head, rest) = html.split_once("<script type=\"application/ld+json\">").unwrap();
        testing::is_tame(&format!("{head}{}", rest.split_once("</script>").unwrap().1));
    }

    #[test]
    fn the_browser_gets_the_document_that_it_asks() {
        assert!(question().contains("query Suggest("));
        assert!(home(vec![]).contains("query Suggest("));
    }
}

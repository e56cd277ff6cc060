//! `/docs/…`: how to use this repository, for people who install plugins, who publish them, and who write programs. The texts
//! are Markdown in `web/docs/`, with the addresses and limits of this very site put in.

mod shelf;
mod text;

use crate::ask::Ask;
use crate::documents::{DocsPage, docs_page};
use crate::frame::{Frame, Part};
use crate::meta::Meta;
use crate::page::public_page;
use askama::Template;
use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use cairn_api::App;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use shelf::{Doc, SHELF};
use text::Section;

/// The routes of the documents. What stands behind a known address is taken for a part of it, as on the site behind
/// plugins.qgis.org.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/docs", get(index)).route("/docs/{*rest}", get(show)).route("/add", get(to_add))
}

/// Where all of them are, below the site.
pub(super) fn paths() -> impl Iterator<Item = String> {
    let docs = SHELF.iter().map(|doc| format!("/docs/{}/", doc.path));
    std::iter::once("/docs/".to_owned()).chain(docs)
}

#[derive(Template)]
#[template(path = "docs/index.html")]
struct IndexPage {
    frame: Frame,
    meta: Meta,
}

#[derive(Template)]
#[template(path = "docs/page.html")]
struct DocPage {
    frame: Frame,
    meta: Meta,
    doc: &'static Doc,
    html: String,
    sections: Vec<Section>,
}

#[derive(Template)]
#[template(path = "docs/add_to_qgis.html")]
struct AddPage {
    frame: Frame,
    meta: Meta,
    doc: &'static Doc,
    sections: Vec<Section>,
}

async fn index(State(app): State<App>) -> Response {
    let frame = Frame::of(&app, Part::Docs);
    let about = "How to add this repository to QGIS, publish a plugin, release from CI, and ask the API.";
    public_page(&IndexPage { meta: Meta::of(&frame, "/docs/", "Documentation", about), frame })
}

async fn show(ask: Ask, OriginalUri(uri): OriginalUri) -> Result<Response, Problem> {
    // The site may be below a path, which whoever stands before it has cut off.
    let path = uri.path().trim_start_matches("/docs/").trim_matches('/');
    let doc = shelf::find(path).ok_or(Refusal::NothingHere)?;
    let told = match doc.text {
        Some(text) => Some((text, ask.query::<DocsPage>(docs_page::Variables {}).await?.site)),
        None => None,
    };
    let frame = ask.frame(Part::Docs);
    let meta = Meta::of(&frame, &format!("/docs/{}/", doc.path), doc.title, doc.about);
    Ok(match told {
        Some((text, site)) => {
            let (html, sections) = text::page(text, &text::Site::of(site, &frame));
            public_page(&DocPage { frame, meta, doc, html, sections })
        }
        None => public_page(&add(frame, meta, doc)),
    })
}

fn add(frame: Frame, meta: Meta, doc: &'static Doc) -> AddPage {
    let section = |id: &str, title: &str| Section { id: id.into(), title: title.into() };
    let sections = vec![
        section("steps", "Step by step"),
        section("address", "One address for every QGIS"),
        section("password", "When it asks for a password"),
        section("servers", "Servers and many machines"),
        section("trouble", "When it does not work"),
    ];
    AddPage { frame, meta, doc, sections }
}

/// `/add/`, short enough to be said aloud.
async fn to_add(State(app): State<App>) -> Response {
    let root = Frame::of(&app, Part::Docs).root;
    Redirect::permanent(&format!("{root}/docs/add-to-qgis/")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing;

    #[test]
    fn the_address_to_add_is_that_of_this_site() {
        let frame = testing::frame(Part::Docs);
        let meta = Meta::of(&frame, "/docs/add-to-qgis/", "Add", "Add");
        let html = add(frame, meta, shelf::find("add-to-qgis").unwrap()).render().unwrap();
        assert!(html.contains("value=\"https://example.org/qgis/plugins/plugins.xml\""), "{html}");
        assert!(html.contains("https://example.org/qgis/plugins/plugins.xml?qgis=[VERSION]"), "{html}");
        testing::is_tame(&html);
        for section in
            add(testing::frame(Part::Docs), Meta::of(&testing::frame(Part::Docs), "", "", ""), &SHELF[0])
                .sections
        {
            assert!(html.contains(&format!("id=\"{}\"", section.id)), "{}", section.id);
        }
    }

    #[test]
    fn the_index_leads_to_every_document() {
        let frame = testing::frame(Part::Docs);
        let html =
            IndexPage { meta: Meta::of(&frame, "/docs/", "Documentation", "All"), frame }.render().unwrap();
        for doc in SHELF {
            assert!(html.contains(&format!("href=\"/qgis/docs/{}/\"", doc.path)), "{}", doc.path);
        }
        testing::is_tame(&html);
    }

    #[test]
    fn every_document_is_a_page_with_a_way_through_it() {
        for doc in SHELF {
            let Some(text) = doc.text else { continue };
            let frame = testing::frame(Part::Docs);
            let (html, sections) = text::page(text, &text::Site::example());
            assert!(!sections.is_empty(), "{}", doc.path);
            let meta = Meta::of(&frame, "/docs/", doc.title, doc.about);
            let page = DocPage { frame, meta, doc, html, sections }.render().unwrap();
            testing::is_tame(&page);
            for word in ["LIMIT_", "https://BASE", "AUDIENCE"] {
                assert!(!page.contains(word), "{}: {word}", doc.path);
            }
        }
    }
}

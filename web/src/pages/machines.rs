//! What machines read of the pages: which there are, which not to read, what is new, and what the site is called.

mod atom;
mod named;
mod pictures;
mod sitemap;

use crate::cache::Shared;
use askama::Template;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use cairn_api::App;

/// The routes of all of them.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/atom.xml", get(atom::of_all))
        .route("/plugins/{package}/atom.xml", get(atom::of_plugin))
        .route("/plugins/tags/{tag}/atom.xml", get(atom::of_tag))
        .route("/sitemap.xml", get(sitemap::index))
        .route("/sitemap/{part}", get(sitemap::part))
        .route("/robots.txt", get(named::robots))
        .route("/.well-known/security.txt", get(named::security))
        .route("/opensearch.xml", get(named::opensearch))
        .route("/site.webmanifest", get(named::manifest))
        .route("/favicon.ico", get(pictures::favicon))
        .route("/apple-touch-icon.png", get(pictures::apple))
        .route("/icon-512.png", get(pictures::icon))
        .route("/og.png", get(pictures::to_link))
}

/// A text that everybody gets alike.
fn document(template: &impl Template, sort: &'static str) -> Response {
    let text = template.render().expect("a text is written to a String, which takes everything");
    let headers = [(header::CONTENT_TYPE, sort), (header::CACHE_CONTROL, "no-cache")];
    let mut response = (headers, text).into_response();
    response.extensions_mut().insert(Shared);
    response
}

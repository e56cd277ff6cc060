//! A plugin's credentials: tokens and trusted publishers, listed, made, described, ended.

mod describe;
mod list;
mod make;
mod publishers;
mod revoke;
mod snippets;

use crate::ask::{Ask, refused};
use crate::frame::{Frame, Part};
use crate::page::page_with;
use crate::pages::author::{Menu, Side};
use crate::problem_page::sentence;
use askama::Template;
use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use cairn_api::App;
use cairn_api::problem::{Problem, status_of};
use cairn_domain::Refusal;
use cairn_domain::names::PackageName;
use std::str::FromStr;

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/plugins/{package}/tokens", get(list::show))
        .route("/plugins/{package}/tokens/create", post(make::make))
        .route("/plugins/{package}/tokens/{token}/update", get(describe::show).post(describe::describe))
        .route("/plugins/{package}/tokens/{token}/delete", get(revoke::show).post(revoke::revoke))
        .route("/plugins/{package}/publishers/create", post(publishers::name))
        .route(
            "/plugins/{package}/publishers/{publisher}/delete",
            get(publishers::ask).post(publishers::remove),
        )
}

fn frame(ask: &Ask) -> Frame {
    ask.frame(Part::Publish)
}

/// The menu of the plugin, which need not exist yet.
async fn side_of(ask: &Ask, package: &str) -> Result<Option<Side>, Problem> {
    Side::look(ask, package, Menu::Tokens).await
}

/// Back to the list, which then shows what was done.
fn back_to_list(ask: &Ask, package: &PackageName, position: Option<u64>) -> Response {
    ask.go(&format!("/plugins/{package}/tokens/"), None, position)
}

/// A page that nothing keeps: it has a secret on it, or what only few may see.
fn private_page(status: StatusCode, template: &impl Template) -> Response {
    let mut response = page_with(status, template);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The sentence and status for a form that is shown again; what is our fault is answered as such, and so is what the page
/// itself is refused for.
fn told(problem: Problem) -> Result<(StatusCode, String), Problem> {
    match refused(problem)? {
        refusal @ (Refusal::NotOwner { .. }
        | Refusal::PluginUnknown { .. }
        | Refusal::TokenUnknown { .. }) => Err(refusal.into()),
        refusal => Ok((status_of(refusal.kind()), sentence(&refusal.to_string()))),
    }
}

/// The id in an address.
fn id_in_path<T: FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Refusal::NothingHere.into())
}

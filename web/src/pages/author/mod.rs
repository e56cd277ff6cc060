//! What authors do: upload, look at what is found, publish, and take care of their plugins.

mod add;
mod deeds;
mod edit;
mod found;
mod invitations;
mod life;
mod mine;
mod owners;
mod receive;
mod review;
mod side;
mod teams;
mod trouble;
mod version;
mod versions;

pub(super) use side::{Menu, Side};

use crate::page::page_with;
use askama::Template;
use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use cairn_api::App;
use trouble::Trouble;

/// The routes of these pages, where the present site has them.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/plugins/add", get(add::show).post(add::take))
        .route("/plugins/add/{staged}", get(review::show).post(review::publish))
        .route("/plugins/my", get(mine::show))
        .route("/plugins/{package}/version/add", get(add::show_version).post(add::take_version))
        .route(
            "/plugins/{package}/version/{version}/update",
            get(add::show_replacement).post(add::take_replacement),
        )
        .route("/plugins/{package}/version/{version}/delete", get(version::show_delete).post(version::delete))
        .route("/plugins/{package}/version/{version}/yank", get(version::show_yank).post(version::yank))
        .route("/plugins/{package}/version/{version}/unyank", post(version::unyank))
        .route("/plugins/{package}/version/{version}/pin", get(version::show_pin).post(version::pin))
        .route("/plugins/{package}/version/{version}/unpin", post(version::unpin))
        .route("/plugins/{package}/versions", get(versions::show))
        .route("/plugins/{package}/update", get(edit::show).post(edit::details))
        .route("/plugins/{package}/renaming", post(edit::renaming))
        .route("/plugins/{package}/maintainer", post(edit::maintainer))
        .route("/plugins/{package}/owners", get(owners::show))
        .route("/plugins/{package}/owners/invite", post(owners::invite))
        .route("/plugins/{package}/owners/withdraw", post(owners::withdraw))
        .route("/plugins/{package}/owners/remove", post(owners::remove))
        .route("/plugins/{package}/owners/leave", post(owners::leave))
        .route("/plugins/{package}/owners/teams/add", post(owners::add_team))
        .route("/plugins/{package}/owners/teams/remove", post(owners::remove_team))
        .route("/plugins/{package}/deprecate", get(life::show_deprecate).post(life::deprecate))
        .route("/plugins/{package}/undeprecate", post(life::undeprecate))
        .route("/plugins/{package}/delete", get(life::show_delete).post(life::delete))
        .route("/plugins/{package}/restore", get(life::show_delete).post(life::restore))
        .route("/account/invitations", get(invitations::show))
        .route("/account/invitations/{invitation}/accept", post(invitations::accept))
        .route("/account/invitations/{invitation}/decline", post(invitations::decline))
        .route("/account/teams", get(teams::show).post(teams::form))
        .route("/account/teams/{team}", get(teams::show_one))
        .route("/account/teams/{team}/add", post(teams::add_member))
        .route("/account/teams/{team}/remove", post(teams::remove_member))
}

/// A page that only its reader may keep, and only for now.
fn private(status: StatusCode, template: &impl Template) -> Response {
    let mut response = page_with(status, template);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What was typed, without blanks around it; none if that is nothing.
fn typed(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

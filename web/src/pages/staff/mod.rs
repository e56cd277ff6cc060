//! What staff do: the review queue, accounts, what is recommended, deletions, the rules, and how the repository is.

pub(super) mod account;
mod accounts;
mod approve;
mod deletions;
mod featured;
mod health;
mod overview;
mod qgis;
mod queue;
mod review;
mod settings;
mod unapprove;
mod undo;
mod who;

pub(super) use who::{Signed, deed, given};

use axum::Router;
use axum::routing::{get, post};
use cairn_api::App;

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/staff", get(overview::show))
        .route("/staff/queue", get(queue::show))
        .route("/staff/queue/next", get(queue::next))
        .route("/staff/queue/{package}/{version}", get(review::show))
        .route("/staff/queue/{package}/{version}/refuse", post(approve::refuse))
        .route("/plugins/unapproved", get(queue::old_address))
        .route("/plugins/{package}/version/{version}/approve", post(approve::approve))
        .route(
            "/plugins/{package}/version/{version}/unapprove",
            get(unapprove::show).post(unapprove::take_back),
        )
        .route("/staff/accounts", get(accounts::show).post(accounts::invite))
        .route("/staff/accounts/{name}", get(account::show))
        .route("/staff/accounts/{name}/role", post(account::role))
        .route("/staff/accounts/{name}/sign-out", post(account::sign_out))
        .route("/staff/accounts/{name}/undo", get(undo::show).post(undo::undo))
        .route("/staff/featured", get(featured::show).post(featured::add))
        .route("/staff/featured/remove", post(featured::remove))
        .route("/plugins/awaiting_deletion", get(deletions::show))
        .route("/staff/deletions/restore", post(deletions::restore))
        .route("/staff/deletions/revive", post(deletions::revive))
        .route("/staff/deletions/{package}", get(deletions::ask_to_bury).post(deletions::bury))
        .route("/staff/settings", get(settings::show).post(settings::change))
        .route("/staff/qgis", get(qgis::show).post(qgis::change))
        .route("/staff/health", get(health::show))
}

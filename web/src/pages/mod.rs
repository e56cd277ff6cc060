//! One file for each page: what it shows, and where that comes from, in one function.

mod account;
mod console;
mod home;
mod identities;
mod list;
mod plugin;
mod second_factor;
mod tokens;
mod trust;
mod version;

#[cfg(test)]
pub(crate) mod testing;

use crate::assets;
use axum::Router;
use axum::routing::get;
use cairn_api::App;

/// The routes of all pages; a final slash is cut before they are looked up.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home::show))
        .route("/plugins", get(list::show))
        .route("/plugins/{package}", get(plugin::show))
        .route("/plugins/{package}/version/{version}", get(version::show))
        .route("/graphql/console", get(console::show))
        .route("/graphql/schema.graphql", get(console::schema))
        .route("/assets/{file}", get(assets::serve))
        .merge(account::routes())
        .merge(identities::routes())
        .merge(second_factor::routes())
        .merge(tokens::routes())
        .merge(trust::routes())
}

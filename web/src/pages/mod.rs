//! One file for each page: what it shows, and where that comes from, in one function.

mod account;
mod author;
mod console;
mod counted;
mod docs;
mod home;
mod identities;
mod list;
mod log;
mod machines;
mod person;
mod plugin;
mod second_factor;
mod staff;
mod statistics;
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
        .route("/plugins/user/{name}", get(person::show))
        .route("/plugins/{package}", get(plugin::show))
        .route("/plugins/{package}/version/{version}", get(version::show))
        .route("/graphql/console", get(console::show))
        .route("/graphql/schema.graphql", get(console::schema))
        .route("/assets/{file}", get(assets::serve))
        .merge(account::routes())
        .merge(author::routes())
        .merge(counted::routes())
        .merge(docs::routes())
        .merge(machines::routes())
        .merge(statistics::routes())
        .merge(identities::routes())
        .merge(second_factor::routes())
        .merge(list::routes())
        .merge(plugin::rate::routes())
        .merge(tokens::routes())
        .merge(staff::routes())
        .merge(log::routes())
        .merge(trust::routes())
}

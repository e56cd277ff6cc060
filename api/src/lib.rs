//! How the world speaks to Cairn over HTTP. A door turns bytes into a command or a question and an actor; it decides
//! nothing.

pub mod access_token;
pub mod accounts;
mod actor;
pub mod app;
pub mod caching;
mod client;
mod contents;
pub mod country;
mod credentials;
pub mod directory;
pub mod graphql;
mod normalize;
pub mod oidc;
mod position;
pub mod problem;
pub mod publishing;
pub mod qgis_labels;
mod request_id;
mod rest;
pub mod rpc;
pub mod session;
pub mod voter;

pub use actor::Asking;
pub use app::App;
pub use client::Address;
pub use normalize::{Normalized, normalized};
pub use position::{AT_LEAST, POSITION, at_least};
pub use request_id::RequestId;
pub use rest::describe::reviews;
pub use rest::feed::by_file as feed_by_file;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use cairn_domain::Refusal;
use problem::Problem;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// Every route of this crate; pages may be merged in before [`finish`].
pub fn routes(app: &App) -> Router<App> {
    rest::routes(app).merge(graphql::routes(app))
}

/// Puts around all routes what holds for every request: its id, its log line, the position it demands, the limit of its
/// body, that no page of another site sends it, and an answer even when a handler panics.
pub fn finish(routes: Router<App>, app: App) -> Router {
    let body_bytes_max = app.settings.limits.body_bytes_max;
    routes
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(body_bytes_max))
        .layer(from_fn_with_state(app.clone(), position::wait))
        .layer(from_fn_with_state(app.clone(), session::read_own_writes))
        .layer(graphql::same_site(&app.settings.base_url))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(axum::middleware::from_fn(request_log::log))
        .layer(from_fn_with_state(app.clone(), request_id::tag))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .with_state(app)
}

mod request_log;

async fn nothing_here() -> Problem {
    Refusal::NothingHere.into()
}

/// A handler has a bug: the caller is told so, the program goes on.
#[expect(clippy::needless_pass_by_value, reason = "the layer gives the cause away")]
fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("no message");
    tracing::error!("a handler panicked: {text}");
    Problem::Internal { request: RequestId::from_text("see the log"), unavailable: false }.into_response()
}

//! Reading your own writes: every write tells the log position it reached, every read may demand one.

use crate::App;
use crate::problem::Problem;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cairn_domain::Refusal;

/// Answers of writes carry it: the length of the registry log that holds the deed.
pub const POSITION: HeaderName = HeaderName::from_static("cairn-position");

/// Requests may carry it: read nothing older than this position.
pub const AT_LEAST: HeaderName = HeaderName::from_static("cairn-at-least");

/// An answer that tells the position it reached.
pub(crate) fn told(position: u64, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response.headers_mut().insert(POSITION, HeaderValue::from(position));
    response
}

/// Lets a request wait until readers have reached the position it demands; says so when they do not in time.
pub(crate) async fn wait(State(app): State<App>, request: Request, next: Next) -> Result<Response, Problem> {
    if let Some(value) = request.headers().get(AT_LEAST) {
        let want = value.to_str().ok().and_then(|text| text.parse().ok());
        let want: u64 = want.ok_or_else(|| Refusal::invalid("Cairn-At-Least", "is a log position"))?;
        at_least(&app, want).await?;
    }
    Ok(next.run(request).await)
}

/// Waits until every read model and the feeds hold the registry log up to `position`.
pub async fn at_least(app: &App, position: u64) -> Result<(), Problem> {
    let limit = app.settings.limits.wait_max;
    let behind = |behind: cairn_projections::Behind| Problem::Behind { have: behind.have, want: behind.want };
    app.projections.wait_for(position, limit).await.map_err(behind)?;
    app.feeds.wait_for(position, limit).await.map_err(behind)
}

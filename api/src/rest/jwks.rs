//! The public halves of the keys that account tokens are signed with, for whoever wants to check one.

use crate::App;
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

/// `GET /.well-known/jwks.json`.
pub(crate) async fn keys(State(app): State<App>, request: RequestId) -> Result<Response, Problem> {
    let published = app.access_tokens.published().await.map_err(|fault| Problem::store(fault, &request))?;
    Ok(([(CACHE_CONTROL, "public, max-age=60")], Json(published)).into_response())
}

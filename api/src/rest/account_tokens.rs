//! Name and password for a short token, and a refresh token for the next two. The names of fields and routes are
//! those of the JWT library that the present site uses.

use crate::App;
use crate::access_token::{ACCESS_LIFE, Client, Pair};
use crate::client::Address;
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use cairn_domain::Refusal;
use serde::Deserialize;
use serde_json::json;

/// `{"username": …, "password": …}`.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    username: String,
    password: String,
}

/// `{"refresh": …}`.
#[derive(Deserialize)]
pub(crate) struct Refresh {
    refresh: String,
}

/// `POST /api/token/`.
pub(crate) async fn issue(
    State(app): State<App>,
    request: RequestId,
    Address(from): Address,
    body: Result<Json<Credentials>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(credentials) = body.map_err(|fault| Refusal::invalid("body", fault.body_text()))?;
    let account = app.sign_in.once_by_password(&credentials.username, &credentials.password, from).await;
    let account = account.map_err(|fault| Problem::of(fault, &request))?;
    let pair = app.access_tokens.begin(&app.commands, account, Client::default()).await;
    Ok(answer(pair.map_err(|fault| Problem::of(fault, &request))?))
}

/// `POST /api/token/refresh/`.
pub(crate) async fn refresh(
    State(app): State<App>,
    request: RequestId,
    body: Result<Json<Refresh>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(body) = body.map_err(|fault| Refusal::invalid("body", fault.body_text()))?;
    let pair = app.access_tokens.refresh(&app.commands, &body.refresh).await;
    Ok(answer(pair.map_err(|fault| Problem::of(fault, &request))?))
}

fn answer(pair: Pair) -> Response {
    let Pair { access, refresh } = pair;
    let body = json!({ "access": access, "refresh": refresh, "expires_in": ACCESS_LIFE.num_seconds() });
    ([(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

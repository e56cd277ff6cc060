//! For those who operate it: alive, ready, metrics.

use crate::App;
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::time::Duration;

/// How long `/readyz` waits for the database; those who probe wait about as long.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// `/healthz`: the process answers. Nothing else is looked at, so that a database that is away does not get it killed.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// `/readyz`: the database answers, no projection is halted, and none is further behind than the limit.
pub(crate) async fn ready(State(app): State<App>, request: RequestId) -> Result<Response, Problem> {
    let status = match tokio::time::timeout(ANSWER_WITHIN, app.projections.status()).await {
        Ok(status) => status.map_err(|fault| Problem::store(fault, &request))?,
        Err(_late) => return Err(Problem::Internal { request, unavailable: true }),
    };
    let lag_max = app.settings.lag_max.as_secs_f64();
    let late = status.iter().any(|one| one.halted.is_some() || one.lag_seconds > lag_max);
    let projections: Vec<_> = status
        .iter()
        .map(|one| {
            json!({
                "name": one.name.to_string(),
                "generation": one.generation,
                "position": one.next_position,
                "head": one.head,
                "lag_seconds": one.lag_seconds,
                "halted": one.halted.as_ref().map(|(position, fault)| json!({ "position": position, "fault": fault })),
            })
        })
        .collect();
    let code = if late { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let body = json!({ "ready": !late, "feeds": app.feeds.position(), "projections": projections });
    Ok((code, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// `/metrics`, in Prometheus's text form.
pub(crate) async fn metrics(State(app): State<App>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, app.metrics.render()).into_response()
}

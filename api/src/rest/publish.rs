//! Trusted publishing: a CI service's identity token for a token of a few minutes.

use crate::App;
use crate::position::told;
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use cairn_commands::publisher::ExchangeIdentity;
use cairn_commands::secret::PluginToken;
use cairn_domain::ids::TokenId;
use cairn_domain::names::PackageName;
use cairn_domain::publisher::Run;
use cairn_domain::{Actor, Refusal};
use cairn_projections::people::publishers_of_repository;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;

/// `{"token": …}`, and `"package"` where the repository publishes several plugins.
#[derive(Deserialize)]
pub(crate) struct Exchange {
    token: String,
    package: Option<String>,
}

/// `GET /plugins/api/publish/audience/`: for whom the CI service must make its identity token.
pub(crate) async fn audience(State(app): State<App>) -> Response {
    Json(json!({ "audience": app.publishing.audience() })).into_response()
}

/// `POST /plugins/api/publish/exchange/`: answers a token that uploads versions of the plugin for ten minutes.
pub(crate) async fn exchange(
    State(app): State<App>,
    request: RequestId,
    body: Result<Json<Exchange>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(body) = body.map_err(|fault| Refusal::invalid("body", fault.body_text()))?;
    let package = body.package.map(|package| package.parse()).transpose()?;
    let believed = app.publishing.believe(&body.token, app.clock.now()).await?;
    let package = match package {
        Some(package) => package,
        None => only_plugin(&app, &believed.run, &request).await?,
    };
    let ids = app.commands.ids();
    let token = PluginToken::new(TokenId(ids.v4()), ids.bytes());
    let command = ExchangeIdentity {
        token: token.id,
        secret_sha256: token.secret_sha256(),
        package,
        run: believed.run,
        jti: believed.jti,
    };
    let done = app.commands.send(&command, Actor::Anonymous, None).await;
    let done = done.map_err(|fault| Problem::of(fault, &request))?;
    let body = json!({
        "success": true,
        "token": token.reveal(),
        "package_name": done.answer.package,
        "expires": done.answer.expires_at.timestamp(),
        "expires_at": done.answer.expires_at,
        "position": done.position,
    });
    Ok(told(done.position, ([(CACHE_CONTROL, "no-store")], Json(body))))
}

/// The one plugin whose publisher the run is, as far as readers know; whether it is so, the command decides.
async fn only_plugin(app: &App, run: &Run, request: &RequestId) -> Result<PackageName, Problem> {
    let read = async {
        let mut read = app.projections.read().await?;
        publishers_of_repository(&mut read, &run.issuer, &run.repository).await
    };
    let named = read.await.map_err(|fault| Problem::store(fault, request))?;
    let fitting = named.into_iter().filter(|publisher| publisher.workflow.is(run));
    let mut packages: BTreeSet<PackageName> = fitting.map(|publisher| publisher.package).collect();
    match (packages.pop_first(), packages.is_empty()) {
        (Some(package), true) => Ok(package),
        (None, _) => Err(Refusal::NoTrustedPublisher { package: "this repository".into() }.into()),
        (Some(_), false) => {
            Err(Refusal::invalid("package", "this workflow publishes several plugins; say which").into())
        }
    }
}

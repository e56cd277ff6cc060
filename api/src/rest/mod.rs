//! The routes that QGIS, upload tools and operators know.

pub(crate) mod account_tokens;
pub(crate) mod describe;
pub(crate) mod download;
pub(crate) mod feed;
pub(crate) mod icon;
pub(crate) mod jwks;
pub(crate) mod leak;
pub(crate) mod openapi;
pub(crate) mod operate;
pub(crate) mod publish;
pub(crate) mod replaced;
pub(crate) mod rpc;
pub(crate) mod upload;

use crate::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post};

/// All routes of this module; a final slash is cut before they are looked up, so each is written once.
pub(crate) fn routes(app: &App) -> Router<App> {
    let limits = app.settings.limits;
    Router::new()
        .route("/plugins/plugins.xml", get(feed::by_query))
        .route("/plugins/plugins_new.xml", get(feed::by_query))
        .route("/plugins/version_filtered/{file}", get(feed::by_filter))
        .route("/plugins/{package}/version/{version}/download", any(download::download))
        .route("/plugins/{package}/replaced/{sha256}", get(replaced::download))
        .route("/plugins/{package}/json", get(describe::plugin))
        .route("/plugins/{package}/latest", get(describe::latest))
        .route("/plugins/{package}/latest/json", get(describe::latest_json))
        .route("/plugins/{package}/version/{version}/json", get(describe::version))
        .route(
            "/plugins/api/{package}/version/add",
            any(upload::add).layer(DefaultBodyLimit::max(limits.multipart_bytes_max())),
        )
        .route(
            "/plugins/api/{package}/version/{version}/update",
            any(upload::update).layer(DefaultBodyLimit::max(limits.multipart_bytes_max())),
        )
        .route("/plugins/api/publish/audience", get(publish::audience))
        .route("/plugins/api/publish/exchange", post(publish::exchange))
        .route("/plugins/api/tokens/leaked", post(leak::report))
        .route(
            "/plugins/RPC2",
            get(rpc::list)
                .post(rpc::call)
                .options(rpc::options)
                .layer(DefaultBodyLimit::max(limits.rpc_bytes_max())),
        )
        .route("/icons/{file}", get(icon::icon))
        .route("/api/token", post(account_tokens::issue))
        .route("/api/token/refresh", post(account_tokens::refresh))
        .route("/.well-known/jwks.json", get(jwks::keys))
        .route("/openapi.json", get(openapi::document))
        .route("/healthz", get(operate::alive))
        .route("/readyz", get(operate::ready))
        .route("/metrics", get(operate::metrics))
}

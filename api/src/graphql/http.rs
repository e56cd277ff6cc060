//! `POST /graphql`, and who may send what there; `GET` is for WebSockets alone.
//!
//! Only by POST: a link must not be able to do deeds. Not from another site's page: browsers send credentials along without
//! asking. Only with content types that are bounded before they are read.

use super::asked::{Asked, admit, execute};
use super::received::{self, Coming};
use super::socket;
use crate::App;
use crate::actor::Asking;
use crate::client::Address;
use crate::position::POSITION;
use crate::problem::Problem;
use crate::request_id::RequestId;
use crate::rest::upload::idempotency_key;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;
use tower_http::csrf::{CsrfLayer, ProtectionError};
use url::Url;

/// What the specification of GraphQL over HTTP calls the answer.
const GRAPHQL_JSON: &str = "application/graphql-response+json";

/// `/graphql`.
pub fn routes(app: &App) -> Router<App> {
    let settings = &app.settings;
    let bytes_max = DefaultBodyLimit::max(settings.limits.multipart_bytes_max());
    let graphql = post(answer).get(socket::upgrade).fallback(only_post);
    Router::new().route("/graphql", graphql).layer(bytes_max).layer(same_site(&settings.base_url))
}

/// Refuses browsers that come from pages of another site.
pub(crate) fn same_site(base: &Url) -> CsrfLayer<fn(ProtectionError) -> Response> {
    let layer = CsrfLayer::new();
    // Behind a proxy the name in the request may be the machine's; then the configured one is the site.
    let layer = layer.clone().add_trusted_origin(base.origin().ascii_serialization()).unwrap_or(layer);
    layer.with_rejection_response(|_| cross_site())
}

fn cross_site() -> Response {
    refused(StatusCode::FORBIDDEN, "cross_site", "requests from pages of other sites are refused")
}

pub(super) async fn only_post() -> Response {
    let sentence = "send the document by POST, as JSON or multipart/form-data";
    let mut response = refused(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", sentence);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    response
}

/// A problem document for what only this door refuses.
pub(super) fn refused(status: StatusCode, code: &str, detail: &str) -> Response {
    let document = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": detail,
        "code": code,
    });
    let headers = [(CONTENT_TYPE, "application/problem+json"), (CACHE_CONTROL, "no-store")];
    (status, headers, Json(document)).into_response()
}

async fn answer(
    State(app): State<App>,
    request_id: RequestId,
    Address(address): Address,
    asking: Result<Asking, Problem>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let Some(coming) = Coming::of(&headers) else {
        let sentence = "send application/json, application/graphql-response+json or multipart/form-data";
        return Ok(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", sentence));
    };
    if !coming.cannot_be_forged(&headers) {
        return Ok(cross_site());
    }
    let Asking(actor) = asking?;
    let key = idempotency_key(&headers)?;
    let received = received::document(coming, request, &app).await?;
    let device = crate::session::device(&app, &headers, Address(address));
    let asked = Asked { actor, key, request: request_id, address, device };
    let (response, position) = match admit(&app, &asked, received).await {
        Ok(document) => execute(&app, asked, document).await,
        Err(refused) => (*refused, None),
    };
    Ok(told(&response, position, &headers))
}

/// The answer as JSON, in the type that the caller asks for. A document that could not be carried out at all is 400 only to
/// those who know the newer type; older clients expect 200 with `errors`.
fn told(response: &async_graphql::Response, position: Option<u64>, asked: &HeaderMap) -> Response {
    let newer =
        asked.get_all(ACCEPT).iter().any(|line| line.to_str().is_ok_and(|line| line.contains(GRAPHQL_JSON)));
    let not_begun = !response.errors.is_empty() && response.errors.iter().all(|error| error.path.is_empty());
    let status = if newer && not_begun { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let content_type = if newer { GRAPHQL_JSON } else { "application/json" };
    let body = serde_json::to_vec(response).expect("an answer has string keys and finite numbers only");
    let headers = [(CONTENT_TYPE, content_type), (CACHE_CONTROL, "no-store")];
    let mut answer = (status, headers, Body::from(body)).into_response();
    if let Some(position) = position {
        answer.headers_mut().insert(POSITION, HeaderValue::from(position));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::{PathSegment, ServerError};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    /// The door with a handler that lets everybody in.
    fn door() -> Router {
        let base: Url = "https://plugins.example.org".parse().unwrap();
        Router::new().route("/graphql", post(async || "done").fallback(only_post)).layer(same_site(&base))
    }

    async fn ask(method: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = Request::builder().method(method).uri("/graphql").header("host", "internal:8000");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        door().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn a_link_does_nothing() {
        for method in ["GET", "HEAD", "PUT", "DELETE"] {
            let response = ask(method, &[]).await;
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
            assert_eq!(response.headers()[ALLOW], "POST");
            assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        }
    }

    #[tokio::test]
    async fn pages_of_other_sites_are_refused() {
        let elsewhere = [
            [("sec-fetch-site", "cross-site")].as_slice(),
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://elsewhere.example")],
            &[("origin", "null")],
        ];
        for headers in elsewhere {
            let response = ask("POST", headers).await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{headers:?}");
            let body = response.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(serde_json::from_slice::<serde_json::Value>(&body).unwrap()["code"], "cross_site");
        }
    }

    #[tokio::test]
    async fn tools_and_our_own_pages_are_let_in() {
        let here = [
            [].as_slice(),
            &[("sec-fetch-site", "same-origin")],
            &[("origin", "https://plugins.example.org"), ("sec-fetch-site", "same-site")],
            &[("origin", "http://internal:8000")],
        ];
        for headers in here {
            assert_eq!(ask("POST", headers).await.status(), StatusCode::OK, "{headers:?}");
        }
    }

    #[test]
    fn each_client_gets_the_type_it_asks_for() {
        let refused = async_graphql::Response::from_errors(vec![ServerError::new("no", None)]);
        let mut field = ServerError::new("no", None);
        field.path = vec![PathSegment::Field("plugin".into())];
        let partly = async_graphql::Response::from_errors(vec![field]);
        let mut newer = HeaderMap::new();
        newer.insert(
            ACCEPT,
            HeaderValue::from_static("application/graphql-response+json, application/json;q=0.9"),
        );
        for (response, asked, status, content_type) in [
            (&refused, &newer, 400, GRAPHQL_JSON),
            (&partly, &newer, 200, GRAPHQL_JSON),
            (&refused, &HeaderMap::new(), 200, "application/json"),
        ] {
            let answer = told(response, Some(7), asked);
            assert_eq!(
                (answer.status().as_u16(), answer.headers()[CONTENT_TYPE].to_str().unwrap()),
                (status, content_type)
            );
            assert_eq!(answer.headers()[POSITION], "7");
        }
        assert!(told(&refused, None, &newer).headers().get(POSITION).is_none());
    }
}

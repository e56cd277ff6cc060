//! The feeds: `plugins.xml` in all the spellings that clients use.

use crate::App;
use crate::caching::{accepted_coding, not_modified};
use axum::body::Body;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use cairn_domain::Refusal;
use cairn_domain::qgis_version::FeedVersion;
use cairn_projections::feed::{Coding, FeedBody, FeedKey};
use futures_util::stream;
use std::convert::Infallible;
use std::sync::Arc;

use crate::problem::Problem;

/// `/plugins/plugins.xml?qgis=3.40`.
pub(crate) async fn by_query(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = parameter(uri.query(), "qgis").unwrap_or_default();
    answer(&app, &asked, uri.query(), &headers).await
}

/// `/plugins/plugins_3.40.xml`; anything else of one part below `/plugins/` is not a feed. That part of an address also names
/// plugins to people, so the pages route it and call this one for names with a dot.
pub async fn by_file(
    State(app): State<App>,
    Path(file): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = file.strip_prefix("plugins_").and_then(|rest| rest.strip_suffix(".xml"));
    let asked = asked.ok_or_else(|| Refusal::PluginUnknown { package: file.clone() })?;
    answer(&app, asked, uri.query(), &headers).await
}

/// `/plugins/version_filtered/3.40.xml`.
pub(crate) async fn by_filter(
    State(app): State<App>,
    Path(file): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = file.strip_suffix(".xml").unwrap_or(&file);
    answer(&app, asked, uri.query(), &headers).await
}

async fn answer(
    app: &App,
    asked: &str,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let version = FeedVersion::resolve(asked, &app.settings.qgis_labels.now())
        .map_err(|fault| Refusal::invalid("qgis", fault.to_string()))?;
    let key = FeedKey {
        version,
        stable_only: parameter(query, "stable_only").as_deref() == Some("1"),
        package_name: parameter(query, "package_name").filter(|name| !name.is_empty()),
    };
    let body = app.feeds.body(&key).await;
    Ok(respond(body, headers).await)
}

/// The feed in the best coding the client takes, or 304 when it has it already.
///
/// `no-cache` and a strong ETag make every QGIS ask each time and take 304; without them some do not ask for weeks.
async fn respond(body: Arc<FeedBody>, headers: &HeaderMap) -> Response {
    let coding = accepted_coding(headers);
    let etag = body.etag_in(coding);
    let common: [(HeaderName, HeaderValue); 3] = [
        (header::ETAG, HeaderValue::from_str(&etag).expect("an ETag is hexadecimal digits")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::VARY, HeaderValue::from_static("Accept-Encoding")),
    ];
    if not_modified(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let (bytes, content) = content(body, coding).await;
    let mut response = (common, content).into_response();
    let told = response.headers_mut();
    told.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
    told.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"));
    if let Some(name) = coding_name(coding) {
        told.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

/// The length of a feed in this coding, and the feed. Whoever asks first after a change gets gzip in its parts, so that a change costs
/// no copy of the whole; what takes work is made where that may take its time.
async fn content(body: Arc<FeedBody>, coding: Coding) -> (usize, Body) {
    if let Some(made) = body.made(coding) {
        return (made.len(), made.into());
    }
    if coding == Coding::Gzip
        && let Some(parts) = body.first_gzip_parts()
    {
        let bytes = parts.iter().map(Bytes::len).sum();
        return (bytes, Body::from_stream(stream::iter(parts.into_iter().map(Ok::<_, Infallible>))));
    }
    let made = tokio::task::spawn_blocking(move || body.bytes(coding)).await;
    let made = made.expect("coding a feed does not panic, and nobody cancels it");
    (made.len(), made.into())
}

fn coding_name(coding: Coding) -> Option<&'static str> {
    match coding {
        Coding::Identity => None,
        Coding::Gzip => Some("gzip"),
        Coding::Brotli => Some("br"),
        Coding::Zstd => Some("zstd"),
    }
}

/// The last value of a parameter. QGIS glues `?qgis=X.Y` to whatever address the user typed, so a second `?` parts
/// parameters like `&` does.
fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    let mut parts = query?.split(['&', '?']).filter_map(|part| part.split_once('=').or(Some((part, ""))));
    let raw = parts.rfind(|(key, _)| *key == name)?.1;
    Some(url::form_urlencoded::parse(format!("v={raw}").as_bytes()).next()?.1.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glued_queries_mean_the_last_version() {
        for (query, qgis) in [
            ("qgis=3.40", Some("3.40")),
            ("k=1?qgis=3.44", Some("3.44")),
            ("qgis=3.40?qgis=3.44", Some("3.44")),
            ("qgis=3%2E40&stable_only=1", Some("3.40")),
            ("qgis", Some("")),
            ("", None),
        ] {
            assert_eq!(parameter(Some(query), "qgis").as_deref(), qgis, "{query}");
        }
        assert_eq!(parameter(None, "qgis"), None);
    }
}

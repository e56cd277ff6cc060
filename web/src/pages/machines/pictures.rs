//! The mark as pictures, under the names that browsers and other sites ask for without being told.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cairn_api::caching::not_modified;
use cairn_domain::names::Sha256;

/// Digits of a digest in an ETag.
const ETAG_CHARS: usize = 16;

/// `/favicon.ico`.
pub(super) async fn favicon(headers: HeaderMap) -> Response {
    picture(&headers, "image/x-icon", include_bytes!("../../../assets/pictures/favicon.ico"))
}

/// `/apple-touch-icon.png`.
pub(super) async fn apple(headers: HeaderMap) -> Response {
    picture(&headers, "image/png", include_bytes!("../../../assets/pictures/apple-touch-icon.png"))
}

/// `/icon-512.png`, which the manifest names.
pub(super) async fn icon(headers: HeaderMap) -> Response {
    picture(&headers, "image/png", include_bytes!("../../../assets/pictures/icon-512.png"))
}

/// `/og.png`: what other sites show beside a link to a page.
pub(super) async fn to_link(headers: HeaderMap) -> Response {
    picture(&headers, "image/png", include_bytes!("../../../assets/pictures/og.png"))
}

/// The name says nothing of the bytes, so that they are asked for again after a day.
fn picture(asked: &HeaderMap, sort: &'static str, bytes: &'static [u8]) -> Response {
    let etag = format!("\"{}\"", &Sha256::of(bytes).to_string()[..ETAG_CHARS]);
    let known = not_modified(asked, &etag);
    let headers = [
        (header::CONTENT_TYPE, sort.to_owned()),
        (header::CACHE_CONTROL, "public, max-age=86400".to_owned()),
        (header::ETAG, etag),
    ];
    if known { (StatusCode::NOT_MODIFIED, headers).into_response() } else { (headers, bytes).into_response() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pictures_are_small_and_not_sent_twice() {
        for answer in [
            favicon(HeaderMap::new()).await,
            apple(HeaderMap::new()).await,
            icon(HeaderMap::new()).await,
            to_link(HeaderMap::new()).await,
        ] {
            let length = axum::body::HttpBody::size_hint(answer.body()).exact().unwrap();
            assert!((500..30_000).contains(&length), "{length}");
        }
        let etag = favicon(HeaderMap::new()).await.headers()[header::ETAG].clone();
        let again = favicon(HeaderMap::from_iter([(header::IF_NONE_MATCH, etag)])).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }
}

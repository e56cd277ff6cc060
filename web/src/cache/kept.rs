//! One page as it is sent: plain and compressed, each with an ETag of its own.

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cairn_api::caching::not_modified;
use cairn_domain::names::Sha256;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

/// What is left of a digest in an ETag.
const ETAG_CHARS: usize = 24;

/// A page that is kept.
#[derive(Debug)]
pub(crate) struct Kept {
    headers: HeaderMap,
    plain: (HeaderValue, bytes::Bytes),
    gzip: (HeaderValue, bytes::Bytes),
}

impl Kept {
    /// The page in an answer; the answer again if it is none that can be kept.
    pub(super) async fn of(response: Response, bytes_max: usize) -> Result<Self, Response> {
        let bytes = response.body().size_hint().exact();
        let small = bytes.is_some_and(|bytes| usize::try_from(bytes).is_ok_and(|bytes| bytes <= bytes_max));
        let plain = response.status() == StatusCode::OK
            && !response.headers().contains_key(header::SET_COOKIE)
            && !response.headers().contains_key(header::CONTENT_ENCODING);
        if !small || !plain {
            return Err(response);
        }
        let (parts, body) = response.into_parts();
        let Ok(body) = to_bytes(body, bytes_max).await else {
            // A body of known length is there already.
            return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        };
        let mut headers = parts.headers;
        headers.remove(header::CONTENT_LENGTH);
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding, Cookie"));
        Ok(Self::made(headers, body))
    }

    /// A text that is the same for everybody, whoever they are.
    pub(crate) fn text(media_type: &'static str, text: String) -> Self {
        let headers = HeaderMap::from_iter([
            (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
            (header::VARY, HeaderValue::from_static("Accept-Encoding")),
        ]);
        Self::made(headers, text.into())
    }

    fn made(mut headers: HeaderMap, body: bytes::Bytes) -> Self {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        let digest = Sha256::of(&body).to_string();
        let etag = |mark: &str| {
            HeaderValue::try_from(format!("\"{}{mark}\"", &digest[..ETAG_CHARS]))
                .expect("an ETag is hexadecimal digits and a mark of ours")
        };
        let zipped = zipped(&body);
        Self { headers, plain: (etag(""), body), gzip: (etag("-gz"), zipped) }
    }

    /// How much memory it takes, about.
    pub(super) fn bytes(&self) -> usize {
        self.plain.1.len() + self.gzip.1.len() + 1_024
    }

    /// What whoever sent these headers gets: nothing new, or the page in a coding that they read.
    pub(crate) fn answer(&self, asked: &HeaderMap) -> Response {
        let zip = reads_gzip(asked);
        let (etag, body) = if zip { &self.gzip } else { &self.plain };
        let known = etag.to_str().is_ok_and(|etag| not_modified(asked, etag));
        let body = if known { Body::empty() } else { Body::from(body.clone()) };
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.clone_from(&self.headers);
        headers.insert(header::ETAG, etag.clone());
        if known {
            headers.remove(header::CONTENT_TYPE);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else if zip {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}

fn zipped(plain: &[u8]) -> bytes::Bytes {
    let mut coder = GzEncoder::new(Vec::with_capacity(plain.len() / 3), Compression::default());
    coder.write_all(plain).and_then(|()| coder.finish()).expect("memory takes every write").into()
}

/// Whether gzip is among the codings that are taken.
fn reads_gzip(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|one| {
        let (name, parameters) = one.split_once(';').unwrap_or((one, ""));
        let refused = parameters.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse() == Ok(0.0_f32));
        matches!(name.trim(), "gzip" | "x-gzip" | "*") && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read as _;

    fn asking(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    async fn page() -> Kept {
        let text = "a page of many words ".repeat(100);
        Kept::of(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response(), 10_000)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_page_is_sent_in_the_coding_that_is_read() {
        let kept = page().await;
        let zipped = kept.answer(&asking(header::ACCEPT_ENCODING, "br, gzip;q=0.8"));
        assert_eq!(zipped.headers()[header::CONTENT_ENCODING], "gzip");
        let bytes = to_bytes(zipped.into_body(), 10_000).await.unwrap();
        let mut text = String::new();
        GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
        assert!(text.len() == 2_100 && bytes.len() < 100);
        for plain in [HeaderMap::new(), asking(header::ACCEPT_ENCODING, "gzip;q=0, br")] {
            let answer = kept.answer(&plain);
            assert!(!answer.headers().contains_key(header::CONTENT_ENCODING));
            assert_eq!(to_bytes(answer.into_body(), 10_000).await.unwrap().len(), 2_100);
        }
    }

    #[tokio::test]
    async fn who_has_it_is_not_sent_it_again() {
        let kept = page().await;
        let first = kept.answer(&HeaderMap::new());
        let etag = first.headers()[header::ETAG].to_str().unwrap();
        assert_eq!(kept.answer(&asking(header::IF_NONE_MATCH, etag)).status(), StatusCode::NOT_MODIFIED);
        // The bytes of another coding are other bytes.
        let mut other = asking(header::IF_NONE_MATCH, etag);
        other.insert(header::ACCEPT_ENCODING, "gzip".parse().unwrap());
        assert_eq!(kept.answer(&other).status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn what_is_large_or_sets_a_cookie_is_given_back_whole() {
        let at_the_edge = "x".repeat(100).into_response();
        assert!(Kept::of(at_the_edge, 100).await.is_ok());
        let past_it = Kept::of("x".repeat(101).into_response(), 100).await.unwrap_err();
        assert_eq!(to_bytes(past_it.into_body(), 1_000).await.unwrap().len(), 101);
        let cookie = ([(header::SET_COOKIE, "a=b")], "x").into_response();
        assert!(Kept::of(cookie, 100).await.is_err());
        let missing = (StatusCode::NOT_FOUND, "x").into_response();
        assert!(Kept::of(missing, 100).await.is_err());
    }
}

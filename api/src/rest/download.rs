//! The counted download: `/plugins/<package>/version/<version>/download/`.

use crate::App;
use crate::actor::Asking;
use crate::caching::not_modified;
use crate::client::{Address, Agent};
use crate::problem::Problem;
use crate::request_id::RequestId;
use crate::rest::describe::visible_version;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cairn_domain::download::Download;
use std::ops::Range;

/// Sends the package. A whole file, the first part of one and a 304 are counted; HEAD, the continuation of a broken
/// download and what only reviewers may see are not.
pub(crate) async fn download(
    State(app): State<App>,
    Path((package, asked)): Path<(String, String)>,
    method: Method,
    request: RequestId,
    address: Address,
    asking: Asking,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if method != Method::GET && method != Method::HEAD {
        return Ok((StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response());
    }
    let version = visible_version(&app, &package, &asked, asking.0, &request).await?;
    let etag = format!("\"{}\"", version.sha256);
    let range = part(&headers, version.size_bytes, &etag);
    let counted = version.public
        && method == Method::GET
        && !matches!(&range, Part::Bytes(range) if range.start > 0)
        && !matches!(range, Part::Unsatisfiable);
    if counted {
        count(&app, version.version_id, address, &headers).await;
    }

    let file_name = format!("attachment; filename=\"{}-{}.zip\"", version.package, version.number);
    let mut response = Response::new(Body::empty());
    let told = response.headers_mut();
    told.insert(header::ETAG, HeaderValue::from_str(&etag).expect("an ETag is hexadecimal digits"));
    told.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    told.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if not_modified(&headers, &etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    told.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    told.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&file_name).expect("package and version are plain ASCII"),
    );
    let whole = 0..version.size_bytes;
    let sent = match range {
        Part::Whole => whole,
        Part::Bytes(range) => {
            let content_range = format!("bytes {}-{}/{}", range.start, range.end - 1, version.size_bytes);
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            told_insert(&mut response, header::CONTENT_RANGE, &content_range);
            range
        }
        Part::Unsatisfiable => {
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            told_insert(&mut response, header::CONTENT_RANGE, &format!("bytes */{}", version.size_bytes));
            return Ok(response);
        }
    };
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(sent.end - sent.start));
    if method == Method::GET {
        let digest = version.sha256.to_string();
        let stream = app.blobs.stream(&digest, Some(sent)).await;
        *response.body_mut() = Body::from_stream(stream.map_err(|fault| Problem::store(fault, &request))?);
    }
    Ok(response)
}

fn told_insert(response: &mut Response, name: header::HeaderName, value: &str) {
    response.headers_mut().insert(name, HeaderValue::from_str(value).expect("numbers and plain words"));
}

/// Counts the download, and waits until it is in the log; but serves the file whatever becomes of the statistics.
async fn count(app: &App, version_id: u64, address: Address, headers: &HeaderMap) {
    let agent = Agent::of(headers);
    let download = Download {
        version_id,
        at_ms: app.clock.now().timestamp_millis(),
        qgis: agent.qgis,
        os: agent.os,
        country: app.countries.of(address.0),
        channel: agent.channel,
    };
    if let Ok(receipt) = app.downloads.record(download) {
        let _ = tokio::time::timeout(app.settings.limits.count_wait_max, receipt.stored()).await;
    }
}

/// Which part of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Bytes(Range<u64>),
    Unsatisfiable,
}

/// Reads `Range`, if it is one range of bytes and, with `If-Range`, of the very file that we have. Several ranges at
/// once are answered by the whole file, as RFC 9110 §14.2 allows.
fn part(headers: &HeaderMap, size: u64, etag: &str) -> Part {
    if headers.get(header::IF_RANGE).is_some_and(|value| value.as_bytes() != etag.as_bytes()) {
        return Part::Whole;
    }
    let text = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let Some(range) = text.and_then(|text| text.trim().strip_prefix("bytes=")) else { return Part::Whole };
    let Some((first, last)) = range.split_once('-') else { return Part::Whole };
    let range = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Ok(first), Err(_)) if last.trim().is_empty() => first..size,
        (Err(_), Ok(suffix)) if first.trim().is_empty() => size.saturating_sub(suffix)..size,
        _ => return Part::Whole,
    };
    if range.is_empty() || range.start >= size { Part::Unsatisfiable } else { Part::Bytes(range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &str) -> Part {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, range.parse().unwrap());
        part(&headers, 10, "\"e\"")
    }

    #[test]
    fn one_range_is_understood() {
        assert_eq!(asked("bytes=0-3"), Part::Bytes(0..4));
        assert_eq!(asked("bytes=4-"), Part::Bytes(4..10));
        assert_eq!(asked("bytes=-3"), Part::Bytes(7..10));
        assert_eq!(asked("bytes=0-99"), Part::Bytes(0..10));
        assert_eq!(asked("bytes=-99"), Part::Bytes(0..10));
        assert_eq!(asked("bytes=9-9"), Part::Bytes(9..10));
    }

    #[test]
    fn what_is_past_the_end_cannot_be_sent() {
        assert_eq!(asked("bytes=10-"), Part::Unsatisfiable);
        assert_eq!(asked("bytes=-0"), Part::Unsatisfiable);
    }

    #[test]
    fn what_is_not_understood_gets_everything() {
        for odd in ["bytes=0-1,3-4", "bytes=3-1", "bytes=", "lines=1-2", "bytes=a-b"] {
            assert_eq!(asked(odd), Part::Whole, "{odd}");
        }
    }

    #[test]
    fn a_continuation_of_another_file_begins_anew() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, "bytes=4-".parse().unwrap());
        headers.insert(header::IF_RANGE, "\"other\"".parse().unwrap());
        assert_eq!(part(&headers, 10, "\"e\""), Part::Whole);
    }
}

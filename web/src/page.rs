//! A template made into an answer, with the headers that keep a page to itself.

use crate::cache::Shared;
use askama::Template;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Everything comes from here, nothing inline runs, and no other site may put a page into a frame.
pub(crate) const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; manifest-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page that browsers ask for anew each time.
pub(crate) fn page(template: &impl Template) -> Response {
    page_with(StatusCode::OK, template)
}

/// The same, of a page that shows everybody who is not signed in the same: it is kept for the next of them.
pub(crate) fn public_page(template: &impl Template) -> Response {
    let mut response = page(template);
    response.extensions_mut().insert(Shared);
    response
}

/// A page with another status.
pub(crate) fn page_with(status: StatusCode, template: &impl Template) -> Response {
    let html = template.render().expect("a page is written to a String, which takes everything");
    (status, headers("no-cache"), html).into_response()
}

fn headers(cache: &'static str) -> [(HeaderName, &'static str); 5] {
    [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, cache),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ]
}

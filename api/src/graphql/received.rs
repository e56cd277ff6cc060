//! What comes in a request: a document as JSON, or as multipart with files beside it.

use crate::app::RequestLimits;
use async_graphql::http::{MultipartOptions, receive_body};
use async_graphql::{ParseRequestError, Request};
use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use cairn_domain::Refusal;
use futures_util::io::Cursor;

/// Files in one request.
const FILES_MAX: usize = 1;

/// How the document comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Coming {
    /// As JSON.
    Json,
    /// By the GraphQL multipart request specification; holds the content type with its boundary.
    Multipart(String),
}

impl Coming {
    /// Reads the content type; none if it is one that is not taken.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let plain = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match plain.as_str() {
            "application/json" | "application/graphql-response+json" => Some(Self::Json),
            "multipart/form-data" => Some(Self::Multipart(text.to_owned())),
            _ => None,
        }
    }

    /// Whether no page of another site can have made a browser send this. JSON they cannot send without asking first. A form
    /// they can, so with a form must come what a form cannot bring: a Bearer token, a header of its own, or the browser's word
    /// that it is ours.
    pub(super) fn cannot_be_forged(&self, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let bearer = || {
            let scheme = text(AUTHORIZATION.as_str()).and_then(|value| value.split_once(' '));
            scheme.is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        };
        let asked_first = || {
            let own = ["graphql-preflight", "graphql-require-preflight", "apollo-require-preflight", "x-requested-with", "idempotency-key"];
            own.iter().any(|name| headers.contains_key(*name))
        };
        *self == Self::Json || bearer() || asked_first() || text("sec-fetch-site") == Some("same-origin")
    }
}

/// Reads the document; no more of the body than its limit.
pub(super) async fn document(coming: Coming, body: Body, limits: &RequestLimits) -> Result<Request, Refusal> {
    let (content_type, limit) = match coming {
        Coming::Json => ("application/json".to_owned(), limits.body_bytes_max),
        Coming::Multipart(content_type) => (content_type, limits.multipart_bytes_max()),
    };
    let too_large = || Refusal::TooLarge { what: "the request".into(), limit_bytes: limit as u64 };
    let bytes = axum::body::to_bytes(body, limit).await.map_err(|fault| match too_long(&fault) {
        true => too_large(),
        false => Refusal::invalid("body", "ended before it was complete"),
    })?;
    let options = MultipartOptions::default().max_file_size(limits.package_bytes_max).max_num_files(FILES_MAX);
    let _ = options;
    receive_body(Some(content_type), Cursor::new(bytes), MultipartOptions::default()).await.map_err(|fault| match fault {
        ParseRequestError::PayloadTooLarge => too_large(),
        ParseRequestError::UnsupportedBatch => Refusal::invalid("body", "is one document; batches are not taken"),
        ParseRequestError::InvalidRequest(_) => Refusal::invalid("body", "is no GraphQL request in JSON"),
        _ => Refusal::invalid("body", "is no request by the GraphQL multipart request specification"),
    })
}

fn too_long(fault: &axum::Error) -> bool {
    let causes = std::iter::successors(std::error::Error::source(fault), |fault| fault.source());
    causes.into_iter().any(|fault| fault.is::<http_body_util::LengthLimitError>())
}

//! The one mapping from what went wrong to what a caller is told: problem details (RFC 9457) with a permanent code.
//! Our own faults are logged here, once, with their causes; the caller gets the request's id instead.

use crate::request_id::RequestId;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cairn_commands::Fault;
use cairn_domain::Refusal;
use cairn_domain::refusal::Kind;
use cairn_store::StoreError;
use serde_json::{Value, json};
use std::error::Error;

/// Why a request was not answered as asked.
#[derive(Debug, Clone)]
pub enum Problem {
    /// The caller may not, or asked for what cannot be.
    Refused(Refusal),
    /// Our fault, logged under this request id.
    Internal {
        /// What the log knows it by.
        request: RequestId,
        /// The database or the package store cannot be used just now; the same request may be sent again.
        unavailable: bool,
    },
    /// Readers have not caught up with the position that the caller demanded.
    Behind {
        /// Where they are.
        have: u64,
        /// What was demanded.
        want: u64,
    },
}

impl Problem {
    /// From a fault of the write side.
    pub fn of(fault: Fault, request: &RequestId) -> Self {
        match fault {
            Fault::Refused(refusal) => Self::Refused(refusal),
            Fault::Store(fault) => Self::store(fault, request),
            Fault::Unreadable(fault) => Self::internal(&fault, request, false),
        }
    }

    /// From a fault of the read side.
    #[expect(clippy::needless_pass_by_value, reason = "made for `map_err`, which gives its fault away")]
    pub fn store(fault: StoreError, request: &RequestId) -> Self {
        let unavailable = fault.is_transient();
        Self::internal(&fault, request, unavailable)
    }

    fn internal(fault: &(dyn Error + 'static), request: &RequestId, unavailable: bool) -> Self {
        let causes: Vec<String> =
            std::iter::successors(Some(fault), |fault| (*fault).source()).map(ToString::to_string).collect();
        tracing::error!(request.id = %request, causes = causes.join(": "), "request {request} failed: {fault}");
        Self::Internal { request: request.clone(), unavailable }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused(refusal) => status_of(refusal.kind()),
            Self::Internal { unavailable: true, .. } | Self::Behind { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The permanent code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Internal { unavailable: true, .. } => "unavailable",
            Self::Internal { .. } => "internal",
            Self::Behind { .. } => "behind",
        }
    }

    /// One sentence for people.
    pub fn detail(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.to_string(),
            Self::Internal { request, unavailable: true } => {
                format!(
                    "the repository cannot read or write its storage just now; try again (request {request})"
                )
            }
            Self::Internal { request, .. } => format!("internal error (request {request})"),
            Self::Behind { have, want } => {
                format!("readers are at position {have} and did not reach {want} in time; try again")
            }
        }
    }

    /// The problem document.
    pub fn document(&self) -> Value {
        let mut document = json!({
            "type": "about:blank",
            "title": self.status().canonical_reason(),
            "status": self.status().as_u16(),
            "detail": self.detail(),
            "code": self.code(),
        });
        match self {
            Self::Refused(Refusal::PackageRefused { findings }) => document["findings"] = json!(findings),
            Self::Internal { request, .. } => document["request_id"] = json!(request.to_string()),
            Self::Behind { have, want } => {
                document["have"] = json!(have);
                document["want"] = json!(want);
            }
            Self::Refused(_) => {}
        }
        document
    }
}

/// The HTTP status of each kind of no.
pub fn status_of(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(self.document())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Self::Refused(Refusal::TooMany { retry_after_secs }) = &self {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_secs));
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self {
            Self::Refused(refusal) if refusal.kind() == Kind::Unauthenticated => {
                headers.insert(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static("Basic realm=\"Cairn\", charset=\"UTF-8\""),
                );
            }
            Self::Behind { .. } | Self::Internal { unavailable: true, .. } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            Self::Refused(_) | Self::Internal { .. } => {}
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_tells_its_code_and_its_sentence() {
        let problem = Problem::from(Refusal::LastOwner { package: "lasso".into() });
        let document = problem.document();
        assert_eq!(document["status"], 409);
        assert_eq!(document["code"], "last_owner");
        assert_eq!(document["detail"], "lasso would have no owner left");
    }

    #[test]
    fn our_own_fault_tells_nothing_but_the_request() {
        let fault = StoreError::Damaged("secret detail".into());
        let problem = Problem::store(fault, &RequestId::from_text("r1"));
        assert_eq!(problem.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let text = problem.document().to_string();
        assert!(text.contains("request r1") && !text.contains("secret"), "{text}");
    }
}

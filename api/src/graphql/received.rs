//! What comes in a request: a document as JSON, or as multipart with files beside it.

use crate::App;
use crate::app::RequestLimits;
use async_graphql::{Request, UploadValue};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use bytes::{Bytes, BytesMut};
use cairn_domain::Refusal;
use http_body_util::LengthLimitError;
use serde_json::Value;
use std::collections::HashMap;
use std::error::Error;

/// Bytes of the field that maps files to variables.
const MAP_BYTES_MAX: usize = 4096;

/// Files in one request.
const FILES_MAX: usize = 1;

/// How the document comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coming {
    /// As JSON.
    Json,
    /// By the GraphQL multipart request specification.
    Multipart,
}

impl Coming {
    /// Reads the content type; none if it is one that is not taken.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let plain = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match plain.as_str() {
            "application/json" | "application/graphql-response+json" => Some(Self::Json),
            "multipart/form-data" => Some(Self::Multipart),
            _ => None,
        }
    }

    /// Whether no page of another site can have made a browser send this. JSON they cannot send without asking first. A form
    /// they can, so with a form must come what a form cannot bring: a Bearer token, a header of its own, or the browser's word
    /// that it is ours.
    pub(super) fn cannot_be_forged(self, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let bearer = || {
            let scheme = text(AUTHORIZATION.as_str()).and_then(|value| value.split_once(' '));
            scheme.is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        };
        let asked_first = || {
            let own = [
                "graphql-preflight",
                "graphql-require-preflight",
                "apollo-require-preflight",
                "x-requested-with",
                "idempotency-key",
            ];
            own.iter().any(|name| headers.contains_key(*name))
        };
        self == Self::Json || bearer() || asked_first() || text("sec-fetch-site") == Some("same-origin")
    }
}

/// Reads the document; of the body, and of each part of a form, no more than its limit.
pub(super) async fn document(
    coming: Coming,
    request: axum::extract::Request,
    app: &App,
) -> Result<Received, Refusal> {
    let limits = &app.settings.limits;
    match coming {
        Coming::Json => {
            let limit = limits.body_bytes_max;
            let body = axum::body::to_bytes(request.into_body(), limit).await;
            parsed(&body.map_err(|fault| cut_short("the request", limit, too_long(&fault)))?)
        }
        Coming::Multipart => {
            let form =
                Multipart::from_request(request, app).await.map_err(|fault| bad_form(&fault.body_text()))?;
            of_form(form, limits).await
        }
    }
}

/// A request, which may name its document instead of bringing it.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) request: Request,
    /// `documentId`.
    pub(crate) document_id: Option<String>,
}

/// One request. A list is not taken: neither of requests nor, as the reader would, of a request's fields.
fn parsed(json: &[u8]) -> Result<Received, Refusal> {
    if !json.trim_ascii_start().starts_with(b"{") {
        return Err(no_request());
    }
    of_value(serde_json::from_slice(json).map_err(|_| no_request())?)
}

/// One request that was read as JSON already.
pub(crate) fn of_value(mut json: Value) -> Result<Received, Refusal> {
    let fields = json.as_object_mut().ok_or_else(no_request)?;
    let document_id = match fields.remove("documentId") {
        None | Some(Value::Null) => None,
        Some(Value::String(id)) => Some(id),
        Some(_) => return Err(no_request()),
    };
    let request = serde_json::from_value(json).map_err(|_| no_request())?;
    Ok(Received { request, document_id })
}

fn no_request() -> Refusal {
    Refusal::invalid(
        "body",
        "is one JSON object with `query` or `documentId` and perhaps `variables` and `operationName`",
    )
}

/// `operations` is the request, `map` says which variables the files are for, and what is named in it are the files.
async fn of_form(mut form: Multipart, limits: &RequestLimits) -> Result<Received, Refusal> {
    let (mut request, mut map, mut files) = (None, None, Vec::new());
    while let Some(field) = form.next_field().await.map_err(|fault| unreadable(&fault))? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "operations" => {
                request = Some(parsed(&bytes_of(field, "operations", limits.body_bytes_max).await?)?);
            }
            "map" => map = Some(map_of(&bytes_of(field, "map", MAP_BYTES_MAX).await?)?),
            _ if files.len() == FILES_MAX => return Err(bad_form("only one file can be sent at once")),
            _ => {
                let (filename, content_type) = (
                    field.file_name().unwrap_or_default().to_owned(),
                    field.content_type().map(str::to_owned),
                );
                let content = bytes_of(field, "the package", limits.package_bytes_max).await?;
                files.push((name, UploadValue { filename, content_type, content }));
            }
        }
    }
    let mut received: Received = request.ok_or_else(|| bad_form("the field `operations` is missing"))?;
    let map = map.ok_or_else(|| bad_form("the field `map` is missing"))?;
    for (name, file) in files {
        for variable in map.get(&name).into_iter().flatten() {
            let file = file.try_clone().expect("a file in memory is cloned without IO");
            received.request.set_upload(variable, file);
        }
    }
    Ok(received)
}

fn map_of(json: &[u8]) -> Result<HashMap<String, Vec<String>>, Refusal> {
    serde_json::from_slice(json)
        .map_err(|_| bad_form("the field `map` is no JSON object of lists of variables"))
}

/// The bytes of a field, if they are no more than `limit`; reading ends there.
async fn bytes_of(mut field: Field<'_>, what: &str, limit: usize) -> Result<Bytes, Refusal> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = field.chunk().await.map_err(|fault| unreadable(&fault))? {
        if bytes.len() + chunk.len() > limit {
            return Err(cut_short(what, limit, true));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn bad_form(why: &str) -> Refusal {
    Refusal::invalid("body", format!("is no request by the GraphQL multipart request specification: {why}"))
}

fn unreadable(fault: &MultipartError) -> Refusal {
    bad_form(&fault.body_text())
}

fn cut_short(what: &str, limit: usize, too_long: bool) -> Refusal {
    if too_long {
        Refusal::TooLarge { what: what.to_owned(), limit_bytes: limit as u64 }
    } else {
        Refusal::invalid("body", "ended before it was complete")
    }
}

fn too_long(fault: &axum::Error) -> bool {
    let mut causes = std::iter::successors(fault.source(), |fault| (*fault).source());
    causes.any(<dyn Error>::is::<LengthLimitError>)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            ((*name).parse().unwrap(), value.parse::<HeaderValue>().unwrap())
        };
        pairs.iter().map(pair).collect::<Vec<(axum::http::HeaderName, HeaderValue)>>().into_iter().collect()
    }

    #[test]
    fn only_content_types_that_are_bounded_are_taken() {
        let coming = |text: &str| Coming::of(&headers(&[("content-type", text)]));
        assert_eq!(coming("application/json; charset=utf-8"), Some(Coming::Json));
        assert_eq!(coming("Application/GraphQL-Response+JSON"), Some(Coming::Json));
        assert_eq!(coming("multipart/form-data; boundary=x"), Some(Coming::Multipart));
        for refused in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
            assert_eq!(coming(refused), None, "{refused}");
        }
        assert_eq!(Coming::of(&HeaderMap::new()), None);
    }

    #[test]
    fn a_form_of_another_site_is_told_from_ours() {
        let safe = |pairs: &[(&'static str, &str)]| Coming::Multipart.cannot_be_forged(&headers(pairs));
        assert!(safe(&[("authorization", "Bearer x")]));
        assert!(safe(&[("graphql-preflight", "1")]));
        assert!(safe(&[("sec-fetch-site", "same-origin")]));
        assert!(!safe(&[]));
        assert!(!safe(&[("authorization", "Basic YTpi")]), "browsers send these by themselves");
        assert!(!safe(&[("sec-fetch-site", "same-site")]));
        assert!(Coming::Json.cannot_be_forged(&HeaderMap::new()), "a form cannot send JSON");
    }

    /// A form with these fields; those with a file name are files.
    async fn form(
        fields: &[(&str, Option<&str>, &str)],
        limits: &RequestLimits,
    ) -> Result<Received, Refusal> {
        let mut body = String::new();
        for (name, file, content) in fields {
            let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
            body +=
                &format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n");
        }
        body += "--x--\r\n";
        let request = axum::extract::Request::post("/graphql")
            .header("content-type", "multipart/form-data; boundary=x");
        let request = request.body(Body::from(body)).unwrap();
        of_form(Multipart::from_request(request, &()).await.unwrap(), limits).await
    }

    const OPERATIONS: &str = r#"{ "query": "{ x }", "variables": { "input": { "file": null } } }"#;
    const MAP: &str = r#"{ "0": ["variables.input.file"] }"#;

    #[tokio::test]
    async fn a_file_finds_its_variable_in_any_order() {
        let [operations, map, file] =
            [("operations", None, OPERATIONS), ("map", None, MAP), ("0", Some("a.zip"), "PK")];
        for fields in [[operations, map, file], [file, map, operations]] {
            let Received { request, .. } = form(&fields, &RequestLimits::default()).await.unwrap();
            assert_eq!(request.uploads[0].content, "PK");
            assert!(request.variables.to_string().contains("file"), "{}", request.variables.to_string());
        }
    }

    #[tokio::test]
    async fn every_part_of_a_form_has_its_limit() {
        let limits = RequestLimits {
            body_bytes_max: OPERATIONS.len(),
            package_bytes_max: 4,
            ..RequestLimits::default()
        };
        let longer = format!("{OPERATIONS} ");
        for (operations, file, good) in
            [(OPERATIONS, "1234", true), (&longer, "1234", false), (OPERATIONS, "12345", false)]
        {
            let fields = [("operations", None, operations), ("map", None, MAP), ("0", Some("a.zip"), file)];
            let outcome = form(&fields, &limits).await.map_err(|refusal| refusal.code());
            assert_eq!(outcome.err(), (!good).then_some("too_large"), "{} {file}", operations.len());
        }
    }

    #[tokio::test]
    async fn what_is_no_such_form_is_refused() {
        let limits = RequestLimits::default();
        for fields in [
            vec![("map", None, MAP)],
            vec![("operations", None, OPERATIONS)],
            vec![("operations", None, "[]"), ("map", None, MAP)],
            vec![("operations", None, OPERATIONS), ("map", None, "[]")],
            vec![
                ("operations", None, OPERATIONS),
                ("map", None, MAP),
                ("0", Some("a"), "PK"),
                ("1", Some("b"), "PK"),
            ],
        ] {
            assert_eq!(
                form(&fields, &limits).await.err().map(|refusal| refusal.code()),
                Some("invalid_input"),
                "{fields:?}"
            );
        }
    }

    #[test]
    fn a_document_may_be_named_instead_of_sent() {
        let named = parsed(br#"{ "documentId": "sha256:00", "variables": { "a": 1 } }"#).unwrap();
        assert_eq!((named.document_id.as_deref(), named.request.query.as_str()), (Some("sha256:00"), ""));
        assert!(parsed(br#"{ "documentId": null, "query": "{ x }" }"#).unwrap().document_id.is_none());
        assert!(parsed(br#"{ "documentId": 1 }"#).is_err());
    }

    #[test]
    fn a_list_of_requests_is_refused() {
        assert_eq!(parsed(br#"{ "query": "{ x }" }"#).unwrap().request.query, "{ x }");
        for bad in ["[]", r#"[{ "query": "{ x }" }]"#, "", "1"] {
            assert!(parsed(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}

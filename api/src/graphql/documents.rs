//! Documents that are known beforehand. A request may name one by its digest instead of sending it; and a repository may answer
//! strangers these alone, so that nobody but staff makes up questions.

use super::error::{DOCUMENT_UNKNOWN, document_error, error_with};
use super::received::Received;
use async_graphql::{Request, Response};
use cairn_domain::names::Sha256;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// The documents that are known, by the digests of their texts.
#[derive(Clone, Default)]
pub struct Documents {
    texts: Arc<HashMap<Sha256, String>>,
    only_known: bool,
}

/// A request as far as its document is concerned.
pub(crate) enum Meant {
    /// A known document.
    Known(Request),
    /// Any document, and all are answered.
    Free(Request),
    /// A document that is not known, where only known ones are answered.
    Unknown(Request),
    /// No document.
    Refused(Box<Response>),
}

/// What clients with persisted queries send in `extensions`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersistedQuery {
    #[serde(rename = "sha256Hash")]
    sha256_hash: String,
}

impl Documents {
    /// These texts; with `only_known`, no others are answered but to staff.
    pub fn new(texts: impl IntoIterator<Item = String>, only_known: bool) -> Self {
        let texts = texts.into_iter().map(|text| (Sha256::of(text.as_bytes()), text)).collect();
        Self { texts: Arc::new(texts), only_known }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.texts.len()
    }

    /// The request with its document put in.
    pub(crate) fn meant(&self, received: Received) -> Meant {
        let Received { mut request, document_id } = received;
        let named = match named(&request, document_id) {
            Ok(named) => named,
            Err(sentence) => return refused(document_error(sentence)),
        };
        let Some(named) = named else {
            let known = !self.only_known || self.texts.contains_key(&Sha256::of(request.query.as_bytes()));
            return match (known, self.only_known) {
                (true, false) => Meant::Free(request),
                (true, true) => Meant::Known(request),
                (false, _) => Meant::Unknown(request),
            };
        };
        if let Some(text) = self.texts.get(&named) {
            if !request.query.is_empty() && request.query != *text {
                return refused(document_error("the digest is not that of the document beside it"));
            }
            request.query.clone_from(text);
            return Meant::Known(request);
        }
        if request.query.is_empty() {
            let sentence = "PersistedQueryNotFound: no document with this digest is known here; send its text as `query`";
            return refused(error_with(sentence, PERSISTED_QUERY_NOT_FOUND));
        }
        if Sha256::of(request.query.as_bytes()) != named {
            return refused(document_error("the digest is not that of the document beside it"));
        }
        if self.only_known { Meant::Unknown(request) } else { Meant::Free(request) }
    }
}

/// The texts are long and of no interest in a log.
impl std::fmt::Debug for Documents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { texts, only_known } = self;
        f.debug_struct("Documents").field("texts", &texts.len()).field("only_known", only_known).finish()
    }
}

/// What clients with persisted queries look for before they send the text.
const PERSISTED_QUERY_NOT_FOUND: &str = "PERSISTED_QUERY_NOT_FOUND";

/// The digest that the request names its document by.
fn named(request: &Request, document_id: Option<String>) -> Result<Option<Sha256>, &'static str> {
    let persisted = match request.extensions.get("persistedQuery") {
        Some(value) => {
            let json = value.clone().into_json().ok();
            let read = json.and_then(|json| serde_json::from_value::<PersistedQuery>(json).ok());
            Some(read.ok_or("`extensions.persistedQuery` is an object with `sha256Hash`")?.sha256_hash)
        }
        None => None,
    };
    let digest = |text: &str| {
        let hexadecimal = text.strip_prefix("sha256:").unwrap_or(text);
        hexadecimal
            .parse::<Sha256>()
            .map_err(|_| "a document is named by its SHA-256, 64 lower-case hexadecimal digits")
    };
    document_id.or(persisted).map(|text| digest(&text)).transpose()
}

fn refused(error: async_graphql::ServerError) -> Meant {
    Meant::Refused(Box::new(Response::from_errors(vec![error])))
}

/// The answer to a document that is not known, where only known ones are answered.
pub(crate) fn not_known() -> Response {
    let sentence = "this repository answers documents that it knows; name one by its `documentId`, or ask its operator to take yours in";
    Response::from_errors(vec![error_with(sentence, DOCUMENT_UNKNOWN)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::Value;

    const TEXT: &str = "query Site { site { staff } }";

    fn meant(documents: &Documents, query: &str, id: Option<String>) -> Meant {
        documents.meant(Received { request: Request::new(query), document_id: id })
    }

    fn digest(text: &str) -> String {
        Sha256::of(text.as_bytes()).to_string()
    }

    #[test]
    fn a_known_document_is_found_by_its_digest() {
        for only_known in [false, true] {
            let documents = Documents::new([TEXT.to_owned()], only_known);
            assert_eq!(documents.count(), 1);
            for id in [digest(TEXT), format!("sha256:{}", digest(TEXT))] {
                let Meant::Known(request) = meant(&documents, "", Some(id)) else { panic!("it is known") };
                assert_eq!(request.query, TEXT);
            }
            let mut request = Request::new("");
            let persisted = serde_json::json!({ "version": 1, "sha256Hash": digest(TEXT) });
            request.extensions.0.insert("persistedQuery".into(), Value::from_json(persisted).unwrap());
            let found = documents.meant(Received { request, document_id: None });
            assert!(matches!(found, Meant::Known(request) if request.query == TEXT));
        }
    }

    #[test]
    fn what_is_not_known_is_free_or_for_staff() {
        let any = Documents::new([], false);
        let known = Documents::new([TEXT.to_owned()], true);
        assert!(matches!(meant(&any, TEXT, None), Meant::Free(_)));
        assert!(matches!(meant(&any, TEXT, Some(digest(TEXT))), Meant::Free(_)));
        assert!(matches!(meant(&known, TEXT, None), Meant::Known(_)));
        assert!(matches!(meant(&known, "{ site { staff } }", None), Meant::Unknown(_)));
        assert!(matches!(meant(&known, "{ x }", Some(digest("{ x }"))), Meant::Unknown(_)));
    }

    #[test]
    fn a_digest_must_be_one_of_a_document() {
        let documents = Documents::new([TEXT.to_owned()], false);
        for (query, id) in [
            ("", digest("{ other }")),
            ("{ x }", digest(TEXT)),
            ("{ x }", digest("{ other }")),
            ("", "short".into()),
            ("", "g".repeat(64)),
        ] {
            assert!(matches!(meant(&documents, query, Some(id.clone())), Meant::Refused(_)), "{query} {id}");
        }
    }
}

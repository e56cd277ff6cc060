//! Problems as GraphQL errors: the permanent code is in `extensions.code`.

use crate::problem::Problem;
use async_graphql::{Error, ErrorExtensionValues, Response, ServerError, Value};
use std::sync::Arc;

/// The code of a document that is not GraphQL.
pub(crate) const SYNTAX: &str = "syntax_error";

/// The code of a document that does not fit the schema or its limits.
pub(crate) const DOCUMENT: &str = "invalid_document";

impl From<Problem> for Error {
    /// The sentence, the code, and what belongs to it: `findings` of a refused package, `request_id` of our own fault,
    /// `have` and `want` of readers that are behind.
    fn from(problem: Problem) -> Self {
        let mut error = Self::new(problem.detail());
        let mut extensions = ErrorExtensionValues::default();
        let document = problem.document();
        for key in ["code", "findings", "request_id", "have", "want"] {
            if let Some(value) = document.get(key) {
                extensions.set(key, Value::from_json(value.clone()).unwrap_or_default());
            }
        }
        error.extensions = Some(extensions);
        // Pages of this process take it from here as it was.
        error.source = Some(Arc::new(problem));
        error
    }
}

/// The code of a document that is not known, where only known ones are answered.
pub(crate) const DOCUMENT_UNKNOWN: &str = "document_unknown";

/// An error with a code of its own.
pub(crate) fn error_with(message: impl Into<String>, code: &str) -> ServerError {
    coded(ServerError::new(message, None), code)
}

/// An error about the document itself.
pub(crate) fn document_error(message: impl Into<String>) -> ServerError {
    coded(ServerError::new(message, None), DOCUMENT)
}

/// Gives every error a code, and cuts what repeats the caller's text: a syntax error would come with the whole line.
pub(crate) fn tidy(response: &mut Response, message_chars_max: usize) {
    for error in &mut response.errors {
        if let Some(expected) = syntax_error(&error.message) {
            error.message = expected;
            *error = coded(error.clone(), SYNTAX);
        } else if error.extensions.as_ref().is_none_or(|extensions| extensions.get("code").is_none()) {
            *error = coded(error.clone(), DOCUMENT);
        }
        if let Some((cut, _)) = error.message.char_indices().nth(message_chars_max) {
            error.message.truncate(cut);
            error.message.push('…');
        }
    }
}

fn coded(mut error: ServerError, code: &str) -> ServerError {
    error.extensions.get_or_insert_default().set("code", code);
    error
}

/// The parser draws the line with an arrow below it; only what it says after `=` is ours to repeat.
fn syntax_error(message: &str) -> Option<String> {
    let drawing = message.strip_prefix(" --> ")?;
    let place = drawing.lines().next().unwrap_or_default().trim();
    let told = drawing.lines().rev().find_map(|line| line.trim().strip_prefix("= "));
    Some(format!("syntax error at {place}: {}", told.unwrap_or("this is not GraphQL")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request_id::RequestId;
    use cairn_domain::Refusal;
    use cairn_domain::package::{Inspection, PackageLimits, Profile, inspect};

    fn extensions(problem: Problem) -> serde_json::Value {
        serde_json::to_value(Error::from(problem).extensions).unwrap()
    }

    #[test]
    fn a_refusal_carries_its_code() {
        assert_eq!(extensions(Refusal::NotStaff.into()), serde_json::json!({ "code": "not_staff" }));
    }

    #[test]
    fn a_refused_package_carries_all_findings() {
        let Inspection { findings, .. } =
            inspect(b"not a zip", &Profile::default(), &PackageLimits::default());
        let told = extensions(Refusal::PackageRefused { findings }.into());
        assert_eq!(told["code"], "package_refused");
        assert_eq!(told["findings"][0]["code"], "not_a_zip", "{told}");
    }

    #[test]
    fn our_own_fault_tells_nothing_but_the_request() {
        let fault = cairn_store::StoreError::Damaged("secret detail".into());
        let error = Error::from(Problem::store(fault, &RequestId::from_text("r1")));
        assert_eq!(serde_json::to_value(&error.extensions).unwrap()["request_id"], "r1");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }

    #[test]
    fn readers_that_are_behind_say_where_they_are() {
        let told = extensions(Problem::Behind { have: 3, want: 5 });
        assert_eq!(told, serde_json::json!({ "code": "behind", "have": 3, "want": 5 }));
    }

    #[test]
    fn a_syntax_error_does_not_repeat_the_document() {
        let fault = async_graphql::parser::parse_query("{ plugin(secret: \"hunter2\" ").unwrap_err();
        let mut response = Response::from_errors(vec![fault.into()]);
        tidy(&mut response, 400);
        let error = &response.errors[0];
        assert!(error.message.starts_with("syntax error at 1:"), "{}", error.message);
        assert!(!error.message.contains("hunter2") && !error.message.contains('\n'), "{}", error.message);
        assert_eq!(serde_json::to_value(&error.extensions).unwrap()["code"], SYNTAX);
    }

    #[test]
    fn long_messages_are_cut_at_the_limit() {
        for (length, kept) in [(400, 400), (401, 401)] {
            let mut response = Response::from_errors(vec![ServerError::new("é".repeat(length), None)]);
            tidy(&mut response, 400);
            let message = &response.errors[0].message;
            assert_eq!(message.chars().count(), kept, "{length}");
            assert_eq!(message.ends_with('…'), length > 400);
        }
    }
}

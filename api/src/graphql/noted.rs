//! What is noted of each document that was answered: a line of the log and some numbers, never its text or its variables.

use super::asked::Asked;
use async_graphql::parser::types::OperationType;
use async_graphql::{Response, Value};
use std::time::Duration;

/// Characters of an operation's name that are noted: callers choose them.
const NAME_CHARS_MAX: usize = 64;

/// Codes of errors that are noted of one document.
const CODES_MAX: usize = 5;

/// What is noted of one answered document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// `query`, `mutation` or `subscription`; `none` of what could not be read.
    pub sort: &'static str,
    /// The operation's name, as far as it is noted; empty where it has none.
    pub operation: String,
    /// Fields below each other; none where nothing was carried out.
    pub depth: Option<u64>,
    /// Its cost by the schema's rules; none where nothing was carried out.
    pub complexity: Option<u64>,
    /// Statements that were sent to the database for it.
    pub statements: u64,
    /// The codes of its errors, each once, the first five.
    pub codes: Vec<String>,
}

impl Noted {
    /// Takes what the schema measured out of the answer.
    pub(super) fn of(
        operation: Option<(OperationType, Option<String>)>,
        statements: u64,
        response: &mut Response,
    ) -> Self {
        let (sort, name) = operation.map_or(("none", None), |(sort, name)| (word(sort), name));
        let measured = response.extensions.remove("analyzer");
        let number = |name: &str| match &measured {
            Some(Value::Object(fields)) => match fields.get(name) {
                Some(Value::Number(number)) => number.as_u64(),
                _ => None,
            },
            _ => None,
        };
        let mut codes: Vec<String> = Vec::new();
        for error in &response.errors {
            let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
            if let Some(Value::String(code)) = code
                && codes.len() < CODES_MAX
                && !codes.contains(code)
            {
                codes.push(code.clone());
            }
        }
        Self {
            sort,
            operation: name.unwrap_or_default().chars().take(NAME_CHARS_MAX).collect(),
            depth: number("depth"),
            complexity: number("complexity"),
            statements,
            codes,
        }
    }

    /// One line, and the numbers. Names of operations are the callers' and stay out of the numbers.
    pub(super) fn log(&self, asked: &Asked, took: Duration) {
        let Self { sort, operation, depth, complexity, statements, codes } = self;
        let outcome = if codes.is_empty() { "answered" } else { "refused" };
        metrics::counter!("cairn_graphql_requests_total", "sort" => *sort, "outcome" => outcome).increment(1);
        metrics::histogram!("cairn_graphql_request_seconds", "sort" => *sort).record(took);
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        metrics::histogram!("cairn_graphql_statements", "sort" => *sort).record(*statements as f64);
        for code in codes {
            metrics::counter!("cairn_graphql_errors_total", "code" => code.clone()).increment(1);
        }
        tracing::debug!(
            request.id = %asked.request,
            sort,
            operation,
            depth,
            complexity,
            statements,
            codes = codes.join(","),
            duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            "graphql {sort} {operation} {outcome}"
        );
    }
}

pub(super) fn word(sort: OperationType) -> &'static str {
    match sort {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::error::error_with;

    #[test]
    fn what_callers_choose_is_noted_within_bounds() {
        let errors = (0..20).map(|n| error_with("no", &format!("code_{}", n / 2))).collect();
        let mut response = Response::from_errors(errors);
        let name = Some("N".repeat(1000));
        let noted = Noted::of(Some((OperationType::Query, name)), 3, &mut response);
        assert_eq!((noted.sort, noted.operation.len(), noted.statements), ("query", 64, 3));
        assert_eq!(noted.codes, ["code_0", "code_1", "code_2", "code_3", "code_4"]);
        let unread = Noted::of(None, 0, &mut Response::from_errors(vec![]));
        assert_eq!((unread.sort, unread.operation.as_str(), unread.complexity), ("none", "", None));
    }

    #[tokio::test]
    async fn what_a_document_costs_is_noted_and_not_answered() {
        let mut response = crate::graphql::schema().execute("{ __schema { queryType { name } } }").await;
        assert!(response.extensions.contains_key("analyzer"));
        let noted = Noted::of(None, 0, &mut response);
        assert_eq!((noted.depth, noted.complexity), (Some(3), Some(3)));
        assert!(response.extensions.is_empty());
    }
}

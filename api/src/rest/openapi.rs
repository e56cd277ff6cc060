//! `/openapi.json`: what the routes of this folder take and answer, for programs. Written by hand beside them; a test compares it
//! with the routes that there are.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// The document.
const DOCUMENT: &str = include_str!("../../openapi.json");

/// `GET /openapi.json`. Other sites' pages may read it: there is nothing in it that is not in the source.
pub(crate) async fn document() -> Response {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=3600")], DOCUMENT).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    /// The paths and methods that the document tells of.
    fn documented() -> BTreeSet<(String, String)> {
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let methods = |(path, item): (&String, &Value)| {
            let methods: Vec<String> = item.as_object().unwrap().keys().cloned().collect();
            methods.into_iter().map(|method| (path.clone(), method)).collect::<Vec<_>>()
        };
        paths.iter().flat_map(methods).collect()
    }

    /// The paths and methods that this text routes; a handler for any method says itself which it takes.
    fn routed(source: &str) -> BTreeSet<(String, Option<&'static str>)> {
        let mut routes = BTreeSet::new();
        for route in source.split(".route(").skip(1) {
            let (_, rest) = route.split_once('"').unwrap();
            let (path, handlers) = rest.split_once('"').unwrap();
            let any = handlers.contains("any(");
            for (word, method) in [("get(", "get"), ("post(", "post"), ("options(", "options")] {
                if handlers.contains(word) {
                    routes.insert((path.to_owned(), Some(method)));
                }
            }
            if any {
                routes.insert((path.to_owned(), None));
            }
        }
        routes
    }

    #[test]
    fn every_route_is_in_the_document_with_its_methods() {
        let (documented, routed) = (documented(), routed(include_str!("mod.rs")));
        assert!(routed.len() > 20, "{routed:?}");
        let is_told = |(path, method): &(String, Option<&str>)| {
            documented.iter().any(|(told, by)| told == path && method.is_none_or(|method| method == by))
        };
        let untold: Vec<_> = routed.iter().filter(|route| !is_told(route)).collect();
        assert!(untold.is_empty(), "not in openapi.json: {untold:?}");
    }

    #[test]
    fn the_document_tells_of_no_route_that_there_is_not() {
        let routed = routed(include_str!("mod.rs"));
        // Beside this folder: GraphQL, and what the pages route because it stands between theirs.
        let elsewhere = [
            ("/graphql", "get"),
            ("/graphql", "post"),
            ("/graphql/schema.graphql", "get"),
            ("/plugins/plugins_{qgis}.xml", "get"),
            ("/atom.xml", "get"),
            ("/plugins/{package}/atom.xml", "get"),
            ("/plugins/tags/{tag}/atom.xml", "get"),
        ];
        for (path, method) in documented() {
            let here = routed.iter().any(|(routed, by)| *routed == path && by.is_none_or(|by| by == method));
            assert!(here || elsewhere.contains(&(path.as_str(), method.as_str())), "{method} {path}");
        }
    }

    #[test]
    fn every_reference_is_to_something_in_the_document() {
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        let mut open = vec![&document];
        let mut references = 0;
        while let Some(value) = open.pop() {
            match value {
                Value::Object(fields) => {
                    if let Some(Value::String(reference)) = fields.get("$ref") {
                        let pointer = reference.strip_prefix('#').unwrap();
                        assert!(document.pointer(pointer).is_some(), "{reference}");
                        references += 1;
                    }
                    open.extend(fields.values());
                }
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
        assert!(references > 50, "{references}");
    }
}

//! The schema as a contract, and its limits at their edges.

use super::asked::too_much;
use super::*;
use async_graphql::{Request, Response};
use std::fmt::Write;

/// What the standard tools ask first; 15 deep.
const INTROSPECTION: &str = include_str!("tests/introspection.graphql");

async fn ask(limits: GraphqlLimits, document: &str) -> Response {
    let mut request = Request::new(document);
    let mut response = match too_much(&mut request, &limits) {
        Some(refused) => refused,
        None => schema_with(limits).execute(request).await,
    };
    error::tidy(&mut response, limits.message_chars_max);
    response
}

/// Asserts that the document is answered, and that with one more it would not be.
async fn edge(limits: GraphqlLimits, at: &str, past: &str, says: &str) {
    assert_eq!(ask(limits, at).await.errors, [], "{at}");
    let refused = ask(limits, past).await.errors;
    assert!(refused.iter().any(|error| error.message.contains(says)), "{past}: {refused:?}");
}

/// `field { field { … __typename } }` with this many fields below each other.
fn deep(fields: usize) -> String {
    let mut document = String::from("{ __schema { queryType { ");
    for _ in 3..fields {
        document.push_str("ofType { ");
    }
    document + "name" + &" }".repeat(fields)
}

#[test]
fn the_committed_schema_is_the_one_that_answers() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
    let now = sdl(&schema());
    #[expect(clippy::disallowed_methods, reason = "a switch for developers, not a setting")]
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == now,
        "api/schema.graphql is out of date; run this test with UPDATE=1 and commit the file"
    );
}

#[test]
fn everything_in_the_schema_says_what_it_is() {
    let sdl = sdl(&schema());
    let (mut undescribed, mut described, mut in_description, mut own) = (Vec::new(), false, false, true);
    for line in sdl.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with("\"\"\"") {
            in_description = !in_description;
            described = true;
        } else if !in_description {
            if ["type ", "directive ", "schema "].iter().any(|it| line.starts_with(it)) {
                // These come from the library, and the roots are merged by it.
                let given =
                    ["Connection {", "Edge {", "PageInfo {", "Query {", "Mutation {", "Subscription {"];
                own = !line.starts_with("type ") || !given.iter().any(|it| line.ends_with(it));
            }
            let declares = line.starts_with(|c: char| c.is_ascii_alphabetic());
            let foreign = ["directive ", "schema ", "query: ", "mutation: ", "subscription: "];
            let foreign = foreign.iter().any(|it| line.starts_with(it));
            if own && declares && !foreign && !described {
                undescribed.push(line.to_owned());
            }
            // The arguments come before the end of a field, which is described already.
            described = false;
        }
    }
    assert_eq!(undescribed, Vec::<String>::new());
}

#[tokio::test]
async fn tools_can_ask_for_the_schema() {
    let answer = ask(GraphqlLimits::default(), INTROSPECTION).await;
    assert_eq!(answer.errors, []);
}

#[tokio::test]
async fn fields_below_each_other_are_limited() {
    let limits = GraphqlLimits::default();
    edge(limits, &deep(limits.depth_max), &deep(limits.depth_max + 1), "too deep").await;
}

#[tokio::test]
async fn the_cost_of_a_document_is_limited() {
    let limits = GraphqlLimits { complexity_max: 40, ..GraphqlLimits::default() };
    let types = |n: usize| {
        let mut document = String::from("{ ");
        for alias in 0..n {
            write!(document, "a{alias}: __type(name: \"Plugin\") {{ name }} ").unwrap();
        }
        document + "}"
    };
    edge(limits, &types(20), &types(21), "too complex").await;
}

#[tokio::test]
async fn a_hundred_look_ups_cannot_hide_behind_aliases() {
    let mut document = String::from("{ ");
    for alias in 0..200 {
        write!(document, "a{alias}: plugin(package: \"lasso\") {{ name }} ").unwrap();
    }
    let refused = ask(GraphqlLimits::default(), &(document + "}")).await.errors;
    assert!(refused[0].message.contains("too complex"), "{refused:?}");
}

#[tokio::test]
async fn a_page_costs_its_length_times_its_content() {
    let page = |first: u32| {
        format!(
            "{{ plugins(first: {first}) {{ nodes {{ name versions(first: 100) {{ number sha256 downloads }} }} }} }}"
        )
    };
    let refused = ask(GraphqlLimits::default(), &page(100)).await.errors;
    assert!(refused[0].message.contains("too complex"), "{refused:?}");
}

#[tokio::test]
async fn selections_below_each_other_are_limited_with_fragments() {
    let limits = GraphqlLimits { nesting_max: 4, ..GraphqlLimits::default() };
    let nested = |n: usize| format!("{}__typename{}", "{ ... on Query ".repeat(n) + "{ ", " }".repeat(n + 1));
    edge(limits, &nested(4), &nested(5), "recursion depth").await;
}

#[tokio::test]
async fn directives_on_a_field_are_limited() {
    let limits = GraphqlLimits { directives_max: 1, ..GraphqlLimits::default() };
    let one = "@include(if: true)";
    edge(
        limits,
        &format!("{{ __typename {one} }}"),
        &format!("{{ __typename {one} @skip(if: false) }}"),
        "directives",
    )
    .await;
}

#[tokio::test]
async fn fields_behind_fragments_are_limited() {
    let limits = GraphqlLimits { fields_max: 5, ..GraphqlLimits::default() };
    let fragment = "fragment F on Query { __typename }";
    edge(
        limits,
        &format!("{{ a: __typename ...F ...F }} {fragment}"),
        &format!("{{ a: __typename b: __typename ...F ...F }} {fragment}"),
        "more than 5 fields",
    )
    .await;
}

#[tokio::test]
async fn a_bomb_of_fragments_is_refused_at_once() {
    let mut bomb = String::from("{ ...F0 }");
    for n in 0..20 {
        write!(bomb, " fragment F{n} on Query {{ ...F{} ...F{} }}", n + 1, n + 1).unwrap();
    }
    bomb.push_str(" fragment F20 on Query { __typename }");
    let refused = ask(GraphqlLimits::default(), &bomb).await.errors;
    assert!(refused[0].message.contains("fields"), "{refused:?}");
}

#[tokio::test]
async fn a_text_that_no_database_takes_is_refused_at_the_door() {
    let limits = GraphqlLimits::default();
    let document = "query($name: String) { __type(name: $name) { name } }";
    let with = |name: &str| {
        let variables = async_graphql::Variables::from_json(serde_json::json!({ "name": name }));
        let mut request = Request::new(document).variables(variables);
        too_much(&mut request, &limits)
    };
    assert!(with("Plugin").is_none());
    let refused = with("Plug\0in").expect("it is refused");
    let code = refused.errors[0].extensions.as_ref().and_then(|extensions| extensions.get("code"));
    assert_eq!(code, Some(&"invalid_input".into()));
    let literal = ask(limits, "{ __type(name: \"\\u0000\") { name } }").await;
    assert!(literal.errors[0].message.contains("U+0000"), "{:?}", literal.errors);
}

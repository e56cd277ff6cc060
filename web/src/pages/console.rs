//! `/graphql/console/`: a place to ask the GraphQL schema, with its documentation beside; and the schema itself.

use crate::cache::Kept;
use crate::documents::{DOCUMENTS, Document, document};
use crate::frame::{Frame, Part};
use crate::page::{page, public_page};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use cairn_api::App;
use serde::Deserialize;
use std::sync::OnceLock;

/// The queries that readers can begin with; the first is there when the page opens.
const EXAMPLES: [Example; 6] = [
    Example { title: "List plugins", query: include_str!("../../queries/plugins.graphql"), variables: "" },
    Example {
        title: "One plugin",
        query: include_str!("../../queries/plugin.graphql"),
        variables: include_str!("../../queries/plugin.json"),
    },
    Example { title: "What happened", query: include_str!("../../queries/events.graphql"), variables: "" },
    Example {
        title: "What happens now",
        query: include_str!("../../queries/subscribe.graphql"),
        variables: "",
    },
    Example { title: "Who am I", query: include_str!("../../queries/me.graphql"), variables: "" },
    Example {
        title: "How to upload",
        query: include_str!("../../queries/upload_plugin.graphql"),
        variables: include_str!("../../queries/upload_plugin.json"),
    },
];

/// What stands in the examples for the address of the site.
const BASE: &str = "https://BASE";

/// A query to click.
struct Example {
    title: &'static str,
    query: &'static str,
    variables: &'static str,
}

impl Example {
    /// The query with the address of this very site.
    fn query_at(&self, base: &str) -> String {
        self.query.replace(BASE, base)
    }
}

/// What the address of the console may say.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Opened {
    /// A document of a page, by its operation.
    operation: Option<String>,
    /// Its variables as JSON.
    variables: Option<String>,
}

/// The most characters of variables that are taken from an address.
const VARIABLES_CHARS_MAX: usize = 8_000;

#[derive(Template)]
#[template(path = "console.html")]
struct ConsolePage {
    frame: Frame,
    examples: &'static [Example],
    /// What pages ask, and what their forms do.
    groups: [(&'static str, Vec<&'static Document>); 2],
    query: String,
    variables: String,
    /// The operation that was opened.
    opened: Option<&'static str>,
}

pub(super) async fn show(State(app): State<App>, Query(opened): Query<Opened>) -> Response {
    let plain = opened.operation.is_none() && opened.variables.is_none();
    let page_of = console(Frame::of(&app, Part::Console), &opened);
    if plain { public_page(&page_of) } else { page(&page_of) }
}

fn console(frame: Frame, opened: &Opened) -> ConsolePage {
    let wanted = opened.operation.as_deref().and_then(document);
    let (query, variables) = match wanted {
        Some(document) => {
            (document.text.to_owned(), opened.variables.as_deref().map_or_else(String::new, neat))
        }
        None => (EXAMPLES[0].query_at(&frame.base), EXAMPLES[0].variables.to_owned()),
    };
    let of = |word: &str| {
        let starts = format!("{word} ");
        let is = |document: &&Document| document.text.lines().any(|line| line.starts_with(&starts));
        let mut list: Vec<&'static Document> = DOCUMENTS.iter().filter(is).collect();
        list.sort_by_key(|document| document.name);
        list
    };
    ConsolePage {
        groups: [("What pages ask", of("query")), ("What forms do", of("mutation"))],
        examples: &EXAMPLES,
        query,
        variables,
        opened: wanted.map(|document| document.name),
        frame,
    }
}

/// Variables with a line for each; what is no JSON is left as it is, for whoever wrote it to mend.
fn neat(variables: &str) -> String {
    let taken: String = variables.chars().take(VARIABLES_CHARS_MAX).collect();
    match serde_json::from_str::<serde_json::Value>(&taken) {
        Ok(value) => format!("{value:#}"),
        Err(_) => taken,
    }
}

/// The schema that this program has, as text: long, and the same for everybody, so it is compressed once.
static SCHEMA: OnceLock<Kept> = OnceLock::new();

/// `/graphql/schema.graphql`.
pub(super) async fn schema(State(app): State<App>, headers: HeaderMap) -> Response {
    let text = || Kept::text("text/plain; charset=utf-8", cairn_api::graphql::sdl(&app.schema));
    SCHEMA.get_or_init(text).answer(&headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn the_console_asks_this_site_and_keeps_to_the_policy() {
        let html = console(testing::frame(Part::Console), &Opened::default()).render().unwrap();
        assert!(
            html.contains("action=\"/qgis/graphql\"") && html.contains("/qgis/graphql/schema.graphql"),
            "{html}"
        );
        for example in &EXAMPLES {
            assert!(html.contains(example.title), "{}", example.title);
        }
        testing::is_tame(&html);
    }

    #[test]
    fn the_query_behind_a_page_is_opened_with_its_variables() {
        let opened = |operation: &str, variables: &str| Opened {
            operation: Some(operation.into()),
            variables: Some(variables.into()),
        };
        let html =
            console(testing::frame(Part::Console), &opened("HomePage", "{\"shown\":5}")).render().unwrap();
        assert!(html.contains("query HomePage(") && html.contains("&#34;shown&#34;: 5"), "{html}");
        assert!(html.contains("<option selected>HomePage</option>"), "{html}");
        // A name that no page has opens the first example, and no text from an address acts.
        let html = console(testing::frame(Part::Console), &opened(HOSTILE, HOSTILE)).render().unwrap();
        assert!(html.contains(EXAMPLES[0].title) && !html.contains("<option selected>"), "{html}");
        testing::is_tame(&html);
        let html = console(testing::frame(Part::Console), &opened("HomePage", HOSTILE)).render().unwrap();
        testing::is_tame(&html);
        assert_eq!(neat(&"9".repeat(9_000)).len(), VARIABLES_CHARS_MAX);
    }

    #[test]
    fn every_document_of_a_page_can_be_opened() {
        let page = console(testing::frame(Part::Console), &Opened::default());
        assert_eq!(page.groups.iter().map(|(_, list)| list.len()).sum::<usize>(), DOCUMENTS.len());
    }

    #[tokio::test]
    async fn examples_fit_the_schema() {
        // A mistake put beside it keeps a good document from being run; it must be the only one that is found.
        let schema = cairn_api::graphql::schema();
        for example in &EXAMPLES {
            let answer = schema.execute(format!("{}\nquery Broken {{ nothing }}", example.query)).await;
            let told: Vec<&str> = answer.errors.iter().map(|error| error.message.as_str()).collect();
            assert!(matches!(told[..], [only] if only.contains("nothing")), "{}: {told:?}", example.title);
        }
    }

    #[test]
    fn the_example_for_a_shell_has_this_sites_address() {
        let upload = EXAMPLES.iter().find(|example| example.query.contains("curl")).unwrap();
        assert!(upload.query_at("http://127.0.0.1:8000").contains("curl http://127.0.0.1:8000/graphql "));
        assert!(!upload.query_at("http://127.0.0.1:8000").contains("BASE"));
    }

    #[test]
    fn variables_of_examples_are_json() {
        for example in EXAMPLES.iter().filter(|example| !example.variables.is_empty()) {
            let variables: serde_json::Value = serde_json::from_str(example.variables).unwrap();
            assert!(variables.is_object(), "{}", example.title);
        }
    }
}

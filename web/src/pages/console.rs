//! `/graphql/console/`: a place to ask the GraphQL schema, with its documentation beside; and the schema itself.

use crate::frame::{Frame, Part};
use crate::page::page;
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use cairn_api::App;

/// The queries that readers can begin with; the first is there when the page opens.
const EXAMPLES: [Example; 5] = [
    Example { title: "List plugins", query: include_str!("../../queries/plugins.graphql"), variables: "" },
    Example {
        title: "One plugin",
        query: include_str!("../../queries/plugin.graphql"),
        variables: include_str!("../../queries/plugin.json"),
    },
    Example { title: "What happened", query: include_str!("../../queries/events.graphql"), variables: "" },
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

#[derive(Template)]
#[template(path = "console.html")]
struct ConsolePage {
    frame: Frame,
    examples: &'static [Example],
    first: &'static Example,
}

pub(super) async fn show(State(app): State<App>) -> Response {
    page(&console(Frame::of(&app, Part::Console)))
}

fn console(frame: Frame) -> ConsolePage {
    ConsolePage { frame, examples: &EXAMPLES, first: &EXAMPLES[0] }
}

/// `/graphql/schema.graphql`: the schema that this program has, as text.
pub(super) async fn schema(State(app): State<App>) -> Response {
    // A few milliseconds, for the few who ask: not worth keeping.
    let sdl = cairn_api::graphql::sdl(&app.schema);
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], sdl)
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing;

    #[test]
    fn the_console_asks_this_site_and_keeps_to_the_policy() {
        let html = console(testing::frame(Part::Console)).render().unwrap();
        assert!(
            html.contains("action=\"/qgis/graphql\"") && html.contains("/qgis/graphql/schema.graphql"),
            "{html}"
        );
        for example in &EXAMPLES {
            assert!(html.contains(example.title), "{}", example.title);
        }
        testing::is_tame(&html);
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

//! Why something was not answered, as a page for people. Programs get the problem document as it is.

use crate::frame::{Frame, Part};
use crate::page::page_with;
use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use cairn_api::App;
use serde::Deserialize;

/// The longest problem document that is made into a page; ours for questions have a few hundred bytes.
const DOCUMENT_BYTES_MAX: usize = 64 * 1024;

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    status: u16,
    title: &'static str,
    detail: String,
    request: Option<String>,
    /// Whoever looks for something may look on.
    search: bool,
    steps: &'static [Step],
}

/// What a reader may do next.
struct Step {
    path: &'static str,
    text: &'static str,
}

const PLUGINS: Step = Step { path: "/plugins/", text: "See all plugins" };
const SIGN_IN: Step = Step { path: "/account/sign-in/", text: "Sign in" };
const HOME: Step = Step { path: "/", text: "Go to the first page" };
const HEALTH: Step = Step { path: "/readyz", text: "See how the repository is" };
const CONSOLE: Step = Step { path: "/graphql/console/", text: "Ask in the GraphQL console" };

/// What the problem document says.
#[derive(Deserialize)]
struct Document {
    detail: String,
    request_id: Option<String>,
}

/// Turns problem documents into pages when a browser asked for a page.
pub(crate) async fn for_browsers(State(app): State<App>, request: Request, next: Next) -> Response {
    let page_wanted = wants_page(request.method(), request.headers());
    let response = next.run(request).await;
    let problem =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|sort| sort == "application/problem+json");
    if page_wanted && problem { as_page(Frame::of(&app, Part::Other), response).await } else { response }
}

/// Browsers name HTML when they open an address; QGIS, upload tools and scripts do not.
fn wants_page(method: &Method, headers: &HeaderMap) -> bool {
    let sort = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut kinds = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    // A form that is refused before its page sees it, such as one from another site, is told as a page too.
    let form = *method == Method::POST
        && sort.is_some_and(|sort| sort.starts_with("application/x-www-form-urlencoded"));
    (form || matches!(*method, Method::GET | Method::HEAD)) && kinds.any(|line| line.contains("text/html"))
}

async fn as_page(frame: Frame, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, DOCUMENT_BYTES_MAX).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let Ok(document) = serde_json::from_slice::<Document>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    let (title, steps) = told(parts.status);
    let page = ProblemPage {
        frame,
        status: parts.status.as_u16(),
        title,
        detail: sentence(&document.detail),
        request: document.request_id,
        search: parts.status == StatusCode::NOT_FOUND,
        steps,
    };
    let page = page_with(parts.status, &page);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.extend(page.headers().clone());
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, page.into_body())
}

/// A title and ways on.
fn told(status: StatusCode) -> (&'static str, &'static [Step]) {
    match status {
        StatusCode::NOT_FOUND => ("This trail ends here", &[PLUGINS, HOME]),
        StatusCode::UNAUTHORIZED => ("Sign in first", &[SIGN_IN, HOME]),
        StatusCode::FORBIDDEN => ("This is not yours to see", &[HOME]),
        StatusCode::SERVICE_UNAVAILABLE => ("One moment, please", &[HEALTH, HOME]),
        StatusCode::METHOD_NOT_ALLOWED => ("This address is for programs", &[CONSOLE, HOME]),
        status if status.is_server_error() => ("Something broke on our side", &[HEALTH, HOME]),
        _ => ("This did not work", &[PLUGINS, HOME]),
    }
}

/// With a capital and a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.ends_with(['.', '!', '?', ')']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;
    use cairn_api::problem::Problem;
    use cairn_domain::Refusal;

    fn accepting(accept: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT, accept.parse().unwrap())])
    }

    #[test]
    fn browsers_get_pages_and_programs_do_not() {
        let browser = accepting("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        assert!(wants_page(&Method::GET, &browser));
        assert!(!wants_page(&Method::POST, &browser));
        assert!(!wants_page(&Method::GET, &accepting("*/*")));
        assert!(!wants_page(&Method::GET, &accepting("application/json")));
        assert!(!wants_page(&Method::GET, &HeaderMap::new()));
    }

    #[tokio::test]
    async fn a_missing_plugin_is_a_page_that_says_what_to_do() {
        let refusal = Refusal::PluginUnknown { package: "<script>alert(1)</script>".into() };
        let frame = Frame::at(&"http://127.0.0.1:8000".parse().unwrap(), Part::Other);
        let page = as_page(frame, Problem::from(refusal).into_response()).await;
        assert_eq!(page.status(), StatusCode::NOT_FOUND);
        assert_eq!(page.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(page.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(page.headers()[header::CONTENT_SECURITY_POLICY], crate::page::CONTENT_SECURITY_POLICY);
        let html = to_bytes(page.into_body(), usize::MAX).await.unwrap();
        let html = std::str::from_utf8(&html).unwrap();
        assert!(html.contains("There is no plugin &#60;script&#62;"), "{html}");
        assert!(html.contains("role=\"search\" action=\"/plugins/\""), "{html}");
        assert!(html.contains("href=\"/plugins/\"") && !html.contains("<script>alert"), "{html}");
    }

    #[tokio::test]
    async fn headers_of_a_problem_stay() {
        let frame = Frame::at(&"http://127.0.0.1:8000".parse().unwrap(), Part::Other);
        let page = as_page(frame, Problem::Behind { have: 1, want: 2 }.into_response()).await;
        assert_eq!(page.headers()[header::RETRY_AFTER], "1");
        let html = to_bytes(page.into_body(), usize::MAX).await.unwrap();
        assert!(!std::str::from_utf8(&html).unwrap().contains("role=\"search\""), "nothing was looked for");
    }

    #[test]
    fn a_sentence_has_a_capital_and_a_stop() {
        assert_eq!(sentence("there is nothing"), "There is nothing.");
        assert_eq!(sentence("internal error (request r1)"), "Internal error (request r1)");
        assert_eq!(sentence(""), ".");
    }
}

//! Whoever looks at a page: its head greets them by name.

use crate::frame::Frame;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cairn_api::problem::Problem;
use cairn_api::{App, RequestId, accounts, session};
use cairn_commands::Fault;
use cairn_domain::Actor;

tokio::task_local! {
    /// Who looks at the page that this request is answered with. Every page has a head, also those of problems, which are made
    /// where no handler is: so it goes with the request and not through the arguments of all of them.
    static VISITOR: Option<Visitor>;
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Visitor {
    /// The name to sign in with.
    pub(crate) name: String,
    /// Decides about everybody's plugins and accounts.
    pub(crate) staff: bool,
}

impl Frame {
    /// Whoever the frame is made for.
    pub(crate) fn visitor() -> Option<Visitor> {
        VISITOR.try_with(Clone::clone).unwrap_or_default()
    }
}

/// Finds out who looks, before anything is answered to a browser that has a session.
pub(crate) async fn known(State(app): State<App>, request: Request, next: Next) -> Response {
    let visitor = if wants_page(request.headers()) { look(&app, request.headers()).await } else { Ok(None) };
    let visitor = match visitor {
        Ok(visitor) => visitor,
        Err(problem) => return problem.into_response(),
    };
    let signed_in = visitor.is_some();
    let mut response = VISITOR.scope(visitor, next.run(request)).await;
    if signed_in {
        keep_private(response.headers_mut());
    }
    response
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .any(|line| line.to_str().is_ok_and(|line| line.contains("text/html")))
}

async fn look(app: &App, headers: &HeaderMap) -> Result<Option<Visitor>, Problem> {
    let fault = |fault| Problem::of(fault, &RequestId::from_text("see the log"));
    let Some(signed) = session::signed(app, headers).await.map_err(fault)? else { return Ok(None) };
    let Some(person) = accounts::person(app, signed.account).await.map_err(fault)? else { return Ok(None) };
    let actor = Actor::Account { account: signed.account };
    let staff = match app.sign_in.may_act(actor).await {
        Ok(acting) => acting.staff,
        Err(Fault::Refused(_)) => false,
        Err(other) => return Err(fault(other)),
    };
    Ok(Some(Visitor { name: person.name, staff }))
}

/// A page with a name on it is nobody else's to keep.
fn keep_private(headers: &mut HeaderMap) {
    let is_page =
        headers.get(header::CONTENT_TYPE).is_some_and(|sort| sort.as_bytes().starts_with(b"text/html"));
    let unkept = headers.get(header::CACHE_CONTROL).is_some_and(|line| line == "no-store");
    if is_page && !unkept {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing;

    #[tokio::test]
    async fn a_frame_knows_for_whom_it_is_made() {
        assert_eq!(testing::frame(Part::Home).visitor, None);
        let ann = Some(Visitor { name: "ann".into(), staff: false });
        let made = VISITOR.scope(ann.clone(), async { testing::frame(Part::Home).visitor }).await;
        assert_eq!(made, ann);
    }

    #[test]
    fn a_page_with_a_name_is_kept_by_its_reader_only() {
        let kept = |sort: &'static str, cache: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(sort));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
            keep_private(&mut headers);
            headers[header::CACHE_CONTROL].to_str().unwrap().to_owned()
        };
        assert_eq!(kept("text/html; charset=utf-8", "no-cache"), "private, no-cache");
        assert_eq!(kept("text/html; charset=utf-8", "no-store"), "no-store");
        assert_eq!(kept("text/css", "public"), "public");
    }
}

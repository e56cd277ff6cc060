//! `/account/sign-in/` and `/account/sign-out/`.

use super::{at, frame, go, secret_page, told};
use crate::frame::{Frame, path_part};
use crate::pages::identities::Ways;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use cairn_api::problem::Problem;
use cairn_api::session::{Cookie, device, give, signed};
use cairn_api::{Address, App, RequestId};
use cairn_commands::Fault;
use cairn_commands::session::EndSession;
use cairn_commands::sign_in::{PENDING_LIFE, SignedIn};
use cairn_domain::Actor;
use cairn_domain::session::SessionEnd;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct SignInPage {
    frame: Frame,
    name: String,
    problem: Option<String>,
    /// Where the way back stands in addresses: empty, or `?next=…`.
    query: String,
    ways: Ways,
}

#[derive(Deserialize)]
pub(super) struct Next {
    next: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Credentials {
    name: String,
    password: String,
}

impl Next {
    /// Other ways in, which lead to the same page.
    fn ways(&self, app: &App) -> Ways {
        Ways { next: self.next.clone(), ..Ways::of(app) }
    }

    /// As it goes on to the next step.
    fn query(&self) -> String {
        self.next.as_deref().map(|next| format!("?next={}", path_part(next))).unwrap_or_default()
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Query(next): Query<Next>,
    headers: HeaderMap,
    request: RequestId,
) -> Result<Response, Problem> {
    let frame = frame(&app);
    if signed(&app, &headers).await.map_err(|fault| Problem::of(fault, &request))?.is_some() {
        return Ok(Redirect::to(&frame.go_on(next.next.as_deref())).into_response());
    }
    let page =
        SignInPage { frame, name: String::new(), problem: None, query: next.query(), ways: next.ways(&app) };
    Ok(secret_page(StatusCode::OK, &page))
}

/// Where the present site signs people in.
pub(super) async fn old_address(State(app): State<App>, Query(next): Query<Next>) -> Response {
    go(&frame(&app), &format!("/account/sign-in/{}", next.query()))
}

pub(super) async fn take(
    State(app): State<App>,
    Query(next): Query<Next>,
    headers: HeaderMap,
    address: Address,
    request: RequestId,
    Form(form): Form<Credentials>,
) -> Result<Response, Problem> {
    let frame = frame(&app);
    match step(&app, &frame, &next, &form, &headers, address).await {
        Ok(response) => Ok(response),
        Err(fault) => {
            let (status, problem) = told(fault, &request)?;
            let page = SignInPage {
                frame,
                name: form.name,
                problem: Some(problem),
                query: next.query(),
                ways: next.ways(&app),
            };
            Ok(secret_page(status, &page))
        }
    }
}

async fn step(
    app: &App,
    frame: &Frame,
    next: &Next,
    form: &Credentials,
    headers: &HeaderMap,
    address: Address,
) -> Result<Response, Fault> {
    match app.sign_in.with_password(form.name.trim(), &form.password, address.0).await? {
        SignedIn::Done(account) => {
            let new = app.sign_in.open_session(account, None, device(app, headers, address)).await?;
            let mut response = Redirect::to(&frame.go_on(next.next.as_deref())).into_response();
            give(&app.settings.base_url, response.headers_mut(), &new.secret);
            Ok(at(new.position, response))
        }
        SignedIn::FactorNeeded(pending) => {
            let text = app.sign_in.hand_out(&pending).await?;
            let mut response = go(frame, &format!("/account/sign-in/second-factor/{}", next.query()));
            let line = Cookie::Pending.set(&app.settings.base_url, &text, PENDING_LIFE);
            response.headers_mut().append(SET_COOKIE, line);
            Ok(response)
        }
    }
}

/// Ends the session of this browser. Who has none is signed out already.
pub(super) async fn sign_out(
    State(app): State<App>,
    headers: HeaderMap,
    request: RequestId,
) -> Result<Response, Problem> {
    let fault = |fault| Problem::of(fault, &request);
    let base = &app.settings.base_url;
    let mut response = go(&frame(&app), "/");
    if let Some(signed) = signed(&app, &headers).await.map_err(fault)? {
        let command = EndSession { session: signed.session, end: SessionEnd::SignedOut };
        let actor = Actor::Account { account: signed.account };
        let done = app.commands.send(&command, actor, None).await.map_err(fault)?;
        response = at(done.position, response);
    }
    for cookie in [Cookie::Session, Cookie::Pending] {
        response.headers_mut().append(SET_COOKIE, cookie.cleared(base));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn what_was_typed_does_nothing_and_the_password_is_not_shown_again() {
        let next = Next { next: Some(HOSTILE.into()) };
        let page = SignInPage {
            frame: testing::frame(Part::Account),
            name: HOSTILE.into(),
            problem: Some(HOSTILE.into()),
            query: next.query(),
            ways: testing::ways(),
        };
        let html = page.render().unwrap();
        testing::is_tame(&html);
        assert!(
            html.contains("autocomplete=\"current-password\"") && html.contains("role=\"alert\""),
            "{html}"
        );
    }
}

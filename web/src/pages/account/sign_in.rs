//! `/account/sign-in/` and `/account/sign-out/`.

use super::{at, frame, go, secret_page, told};
use crate::ask::Ask;
use crate::documents::{self, SignIn, SignInPage as SignInQuestion, SignOut, sign_in_page};
use crate::frame::{Frame, path_part};
use crate::pages::identities::Ways;
use askama::Template;
use axum::extract::{Form, Query};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use cairn_api::graphql::Told;
use cairn_api::problem::Problem;
use cairn_api::session::{Cookie, Signed, give, give_pending, signed};
use serde::Deserialize;

/// How far a name and a password went.
type Answer = Told<documents::sign_in::ResponseData>;

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
    /// As it goes on to the next step.
    fn query(&self) -> String {
        self.next.as_deref().map(|next| format!("?next={}", path_part(next))).unwrap_or_default()
    }
}

pub(super) async fn show(
    ask: Ask,
    Query(next): Query<Next>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if who(&ask, &headers).await?.is_some() {
        return Ok(Redirect::to(&frame(&ask).go_on(next.next.as_deref())).into_response());
    }
    Ok(secret_page(StatusCode::OK, &page(&ask, String::new(), next, None).await?))
}

/// Whose session this browser has.
async fn who(ask: &Ask, headers: &HeaderMap) -> Result<Option<Signed>, Problem> {
    signed(&ask.app, headers).await.map_err(|fault| Problem::of(fault, ask.request()))
}

async fn page(ask: &Ask, name: String, next: Next, problem: Option<String>) -> Result<SignInPage, Problem> {
    let told = ask.query::<SignInQuestion>(sign_in_page::Variables {}).await?;
    let query = next.query();
    let ways = Ways { next: next.next, ..told.site.features.into() };
    Ok(SignInPage { frame: frame(ask), name, problem, query, ways })
}

/// Where the present site signs people in.
pub(super) async fn old_address(ask: Ask, Query(next): Query<Next>) -> Response {
    go(&frame(&ask), &format!("/account/sign-in/{}", next.query()))
}

pub(super) async fn take(
    ask: Ask,
    Query(next): Query<Next>,
    Form(form): Form<Credentials>,
) -> Result<Response, Problem> {
    match sign_in(&ask, form.name.clone(), form.password).await {
        Ok(told) => Ok(let_in(&ask, told, next.next.as_deref())),
        Err(problem) => {
            let (status, problem) = told(problem)?;
            Ok(secret_page(status, &page(&ask, form.name, next, Some(problem)).await?))
        }
    }
}

/// Shows a name and a password.
pub(super) async fn sign_in(ask: &Ask, name: String, password: String) -> Result<Answer, Problem> {
    let input = documents::sign_in::SignInInput { name, password };
    ask.deed::<SignIn>(documents::sign_in::Variables { input }).await
}

/// Gives the browser its session and goes on, or to the step that is left.
pub(super) fn let_in(ask: &Ask, told: Answer, next: Option<&str>) -> Response {
    let base = &ask.app.settings.base_url;
    let payload = told.data.sign_in;
    if let Some(pending) = payload.pending {
        let query = next.map(|next| format!("?next={}", path_part(next))).unwrap_or_default();
        let mut response = go(&frame(ask), &format!("/account/sign-in/second-factor/{query}"));
        give_pending(base, response.headers_mut(), &pending);
        return response;
    }
    let mut response = Redirect::to(&frame(ask).go_on(next)).into_response();
    if let Some(secret) = payload.secret {
        give(base, response.headers_mut(), &secret);
    }
    at(told.position, response)
}

/// Ends the session of this browser. Who has none is signed out already.
pub(super) async fn sign_out(ask: Ask, headers: HeaderMap) -> Result<Response, Problem> {
    let mut response = go(&frame(&ask), "/");
    if let Some(signed) = who(&ask, &headers).await? {
        let session = signed.session.to_string();
        let told = ask.deed::<SignOut>(documents::sign_out::Variables { session }).await?;
        response = at(told.position, response);
    }
    for cookie in [Cookie::Session, Cookie::Pending] {
        response.headers_mut().append(SET_COOKIE, cookie.cleared(&ask.app.settings.base_url));
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

//! `/account/sign-in/second-factor/`: the step after the password.

use super::shown::{ShownForm, shown_in};
use super::{asked, at, frame, secret_page, told};
use crate::ask::Ask;
use crate::documents::pending_sign_in::PendingSignInPendingSignIn as Has;
use crate::documents::show_second_factor::ShowSecondFactorInput;
use crate::documents::{
    AskPasskeyToSignIn, PendingSignIn, ShowSecondFactor, ask_passkey_to_sign_in, pending_sign_in,
    show_second_factor,
};
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Form, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use cairn_api::graphql::Told;
use cairn_api::problem::Problem;
use cairn_api::session::{Cookie, give};
use cairn_domain::Refusal;
use serde::Deserialize;

shown_in!(show_second_factor, ShowSecondFactorInput);

#[derive(Template)]
#[template(path = "second_factor/step.html")]
struct StepPage {
    frame: Frame,
    totp: bool,
    passkey: bool,
    problem: Option<String>,
}

/// Where to go on.
#[derive(Deserialize)]
pub(super) struct Next {
    next: Option<String>,
}

pub(super) async fn show(ask: Ask, headers: HeaderMap) -> Result<Response, Problem> {
    let Some((_, has)) = waiting(&ask, &headers).await? else { return Ok(sign_in_again(&ask)) };
    Ok(secret_page(StatusCode::OK, &page(&ask, &has, None)))
}

/// What the script gives the browser.
pub(super) async fn ask(ask: Ask, headers: HeaderMap) -> Result<Response, Problem> {
    let pending = pending_of(&ask, &headers).ok_or(Refusal::Unauthenticated)?;
    let variables = ask_passkey_to_sign_in::Variables { pending };
    let begun = ask.deed::<AskPasskeyToSignIn>(variables).await?.data.ask_passkey_to_sign_in;
    Ok(asked(begun.ceremony, begun.options))
}

pub(super) async fn take(
    ask: Ask,
    Query(Next { next }): Query<Next>,
    headers: HeaderMap,
    Form(form): Form<ShownForm>,
) -> Result<Response, Problem> {
    let Some((pending, has)) = waiting(&ask, &headers).await? else { return Ok(sign_in_again(&ask)) };
    match show_factor(&ask, pending, form).await {
        Ok(told) => {
            let mut response = Redirect::to(&frame(&ask).go_on(next.as_deref())).into_response();
            if let Some(secret) = told.data.show_second_factor.secret {
                give(&ask.app.settings.base_url, response.headers_mut(), &secret);
            }
            Ok(at(told.position, response))
        }
        Err(problem) => {
            let (status, problem) = told(problem)?;
            Ok(secret_page(status, &page(&ask, &has, Some(problem))))
        }
    }
}

async fn show_factor(
    ask: &Ask,
    pending: String,
    form: ShownForm,
) -> Result<Told<show_second_factor::ResponseData>, Problem> {
    let shown = form.read()?.ok_or(Refusal::SecondFactorWrong)?;
    let input = ShowSecondFactorInput { pending, code: None, recovery_code: None, passkey: None };
    let input = input.showing(Some(shown));
    ask.deed::<ShowSecondFactor>(show_second_factor::Variables { input }).await
}

/// What this browser keeps of a sign-in whose password was right.
fn pending_of(ask: &Ask, headers: &HeaderMap) -> Option<String> {
    Cookie::Pending.of(&ask.app.settings.base_url, headers).map(str::to_owned)
}

/// That, and what there is to show; nothing if the password was right too long ago, or if that was ended since.
async fn waiting(ask: &Ask, headers: &HeaderMap) -> Result<Option<(String, Has)>, Problem> {
    let Some(pending) = pending_of(ask, headers) else { return Ok(None) };
    let variables = pending_sign_in::Variables { pending: pending.clone() };
    let has = ask.query_secretly::<PendingSignIn>(variables).await?.pending_sign_in;
    Ok(has.map(|has| (pending, has)))
}

fn sign_in_again(ask: &Ask) -> Response {
    ask.go("/account/sign-in/", None, None)
}

fn page(ask: &Ask, has: &Has, problem: Option<String>) -> StepPage {
    StepPage { frame: frame(ask), totp: has.totp, passkey: has.passkey, problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};

    fn html(totp: bool, passkey: bool) -> String {
        let problem = Some(HOSTILE.into());
        StepPage { frame: testing::frame(Part::Other), totp, passkey, problem }.render().unwrap()
    }

    #[test]
    fn only_what_somebody_has_is_asked_for() {
        let (app, key) = (html(true, false), html(false, true));
        assert!(app.contains("name=\"code\"") && !app.contains("<script"), "{app}");
        assert!(!key.contains("name=\"code\"") && key.contains("data-passkey=\"get\""), "{key}");
        for html in [app, key] {
            assert!(html.contains("name=\"recovery_code\""), "{html}");
            testing::is_tame(&html);
        }
    }
}

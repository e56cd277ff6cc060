//! `/account/sign-in/second-factor/`: the step after the password.

use super::shown::ShownForm;
use super::{asked, at, frame, secret_page, told};
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use cairn_api::problem::Problem;
use cairn_api::session::{Cookie, device, give};
use cairn_api::{Address, App, RequestId};
use cairn_commands::Fault;
use cairn_commands::sign_in::NewSession;
use cairn_domain::Refusal;
use cairn_domain::account::FactorSort;
use cairn_domain::ids::AccountId;
use serde::Deserialize;

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

pub(super) async fn show(
    State(app): State<App>,
    headers: HeaderMap,
    request: RequestId,
) -> Result<Response, Problem> {
    let Some(account) = waiting(&app, &headers, &request).await? else { return Ok(sign_in_again(&app)) };
    let page = look(&app, account, None).await.map_err(|fault| Problem::of(fault, &request))?;
    Ok(secret_page(StatusCode::OK, &page))
}

/// What the script gives the browser.
pub(super) async fn ask(
    State(app): State<App>,
    headers: HeaderMap,
    request: RequestId,
) -> Result<Response, Problem> {
    let account = waiting(&app, &headers, &request).await?.ok_or(Refusal::Unauthenticated)?;
    app.factors.ask_passkey(account).await.map(asked).map_err(|fault| Problem::of(fault, &request))
}

pub(super) async fn take(
    State(app): State<App>,
    Query(Next { next }): Query<Next>,
    headers: HeaderMap,
    address: Address,
    request: RequestId,
    Form(form): Form<ShownForm>,
) -> Result<Response, Problem> {
    let Some(account) = waiting(&app, &headers, &request).await? else { return Ok(sign_in_again(&app)) };
    match open(&app, account, form, &headers, address).await {
        Ok(new) => {
            let frame = frame(&app);
            let mut response = Redirect::to(&frame.go_on(next.as_deref())).into_response();
            give(&app.settings.base_url, response.headers_mut(), &new.secret);
            Ok(at(new.position, response))
        }
        Err(fault) => {
            let (status, problem) = told(fault, &request)?;
            let page = look(&app, account, Some(problem)).await;
            Ok(secret_page(status, &page.map_err(|fault| Problem::of(fault, &request))?))
        }
    }
}

async fn open(
    app: &App,
    account: AccountId,
    form: ShownForm,
    headers: &HeaderMap,
    address: Address,
) -> Result<NewSession, Fault> {
    let shown = form.read()?.ok_or(Refusal::SecondFactorWrong)?;
    let proof = app.sign_in.prove(account, &shown, address.0).await?;
    app.sign_in.open_session(account, Some(proof), device(app, headers, address)).await
}

/// Whose password was right a moment ago in this browser; nobody's if that is too long ago or was ended since.
async fn waiting(app: &App, headers: &HeaderMap, request: &RequestId) -> Result<Option<AccountId>, Problem> {
    let Some(text) = Cookie::Pending.of(&app.settings.base_url, headers) else { return Ok(None) };
    match app.sign_in.take_back(text).await {
        Ok(pending) => Ok(Some(pending.account)),
        Err(Fault::Refused(_)) => Ok(None),
        Err(fault) => Err(Problem::of(fault, request)),
    }
}

fn sign_in_again(app: &App) -> Response {
    Redirect::to(&format!("{}/account/sign-in/", frame(app).root)).into_response()
}

async fn look(app: &App, account: AccountId, problem: Option<String>) -> Result<StepPage, Fault> {
    let summary = app.factors.summary(account).await?;
    let (totp, passkey) = (summary.has(FactorSort::Totp), summary.has(FactorSort::Passkey));
    Ok(StepPage { frame: frame(app), totp, passkey, problem })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};

    fn page(totp: bool, passkey: bool) -> String {
        let problem = Some(HOSTILE.into());
        StepPage { frame: testing::frame(Part::Other), totp, passkey, problem }.render().unwrap()
    }

    #[test]
    fn only_what_somebody_has_is_asked_for() {
        let (app, key) = (page(true, false), page(false, true));
        assert!(app.contains("name=\"code\"") && !app.contains("<script"), "{app}");
        assert!(!key.contains("name=\"code\"") && key.contains("data-passkey=\"get\""), "{key}");
        for html in [app, key] {
            assert!(html.contains("name=\"recovery_code\""), "{html}");
            testing::is_tame(&html);
        }
    }
}

//! `/account/sign-up/`: making an account, by an invitation or without.

use super::{at, frame, go, secret_page, told};
use crate::frame::Frame;
use crate::pages::identities::Ways;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use cairn_api::accounts::{self, NewAccount};
use cairn_api::problem::Problem;
use cairn_api::session::{device, give};
use cairn_api::{Address, App, RequestId};
use cairn_commands::Fault;
use cairn_commands::link::LinkSort;
use cairn_commands::secret::PASSWORD_CHARS_MIN;
use cairn_domain::site::Registration;
use cairn_domain::{Actor, Refusal};
use cairn_store::vault;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/sign_up.html")]
struct SignUpPage {
    frame: Frame,
    /// Why nobody can sign up here just now.
    closed: Option<String>,
    name: String,
    email: String,
    password_chars_min: usize,
    problem: Option<String>,
    ways: Ways,
}

#[derive(Deserialize, Default)]
pub(super) struct SignUpForm {
    name: String,
    email: String,
    password: String,
}

pub(super) async fn show(State(app): State<App>, request: RequestId) -> Result<Response, Problem> {
    let page = look(&app, None, SignUpForm::default(), None).await;
    Ok(secret_page(StatusCode::OK, &page.map_err(|fault| Problem::of(fault, &request))?))
}

pub(super) async fn show_invited(
    State(app): State<App>,
    Path(link): Path<String>,
    request: RequestId,
) -> Result<Response, Problem> {
    let fault = |fault| Problem::of(fault, &request);
    let email = invited_address(&app, &link).await.map_err(fault)?;
    let form = SignUpForm { email: email.unwrap_or_default(), ..SignUpForm::default() };
    Ok(secret_page(StatusCode::OK, &look(&app, Some(&link), form, None).await.map_err(fault)?))
}

/// Where the invitation went: whoever has the link has read that mail.
async fn invited_address(app: &App, link: &str) -> Result<Option<String>, Fault> {
    let challenge = app.links.read(LinkSort::SignUp, link)?.challenge();
    let mut conn = app.projections.db().read().await?;
    Ok(vault::sign_up_address(&mut conn, challenge.0).await?)
}

pub(super) async fn take(
    State(app): State<App>,
    headers: HeaderMap,
    address: Address,
    request: RequestId,
    Form(form): Form<SignUpForm>,
) -> Result<Response, Problem> {
    sign_up(&app, None, form, &headers, address, &request).await
}

pub(super) async fn take_invited(
    State(app): State<App>,
    Path(link): Path<String>,
    headers: HeaderMap,
    address: Address,
    request: RequestId,
    Form(form): Form<SignUpForm>,
) -> Result<Response, Problem> {
    sign_up(&app, Some(&link), form, &headers, address, &request).await
}

async fn sign_up(
    app: &App,
    link: Option<&str>,
    form: SignUpForm,
    headers: &HeaderMap,
    address: Address,
    request: &RequestId,
) -> Result<Response, Problem> {
    let new = NewAccount {
        name: form.name.clone(),
        email: form.email.clone(),
        password: Some(form.password.clone()),
        invitation: link.map(str::to_owned),
    };
    let fault = |fault| Problem::of(fault, request);
    match accounts::sign_up(app, Actor::Anonymous, new, address.0, None).await {
        Ok(done) => {
            let opened = app.sign_in.open_session(done.answer, None, device(app, headers, address)).await;
            let opened = opened.map_err(fault)?;
            let mut response = go(&frame(app), "/account/");
            give(&app.settings.base_url, response.headers_mut(), &opened.secret);
            Ok(at(opened.position, response))
        }
        Err(refused) => {
            let (status, problem) = told(refused, request)?;
            Ok(secret_page(status, &look(app, link, form, Some(problem)).await.map_err(fault)?))
        }
    }
}

async fn look(
    app: &App,
    link: Option<&str>,
    form: SignUpForm,
    problem: Option<String>,
) -> Result<SignUpPage, Fault> {
    let known = app.commands.look(vec![], Actor::Anonymous).await?;
    let closed = match (known.site().policy.registration, link) {
        (Registration::Open, _) | (Registration::Invite, Some(_)) => None,
        (Registration::Invite, None) => Some(Refusal::SignUpInvitationRequired),
        (Registration::Closed, _) => Some(Refusal::SignUpClosed),
    };
    Ok(SignUpPage {
        frame: frame(app),
        closed: closed.map(|refusal| crate::problem_page::sentence(&refusal.to_string())),
        name: form.name,
        email: form.email,
        password_chars_min: PASSWORD_CHARS_MIN,
        problem,
        ways: Ways { invitation: link.map(str::to_owned), ..Ways::of(app) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};

    fn page(closed: Option<String>) -> String {
        let page = SignUpPage {
            frame: testing::frame(Part::Account),
            closed,
            name: HOSTILE.into(),
            email: HOSTILE.into(),
            password_chars_min: 8,
            problem: Some(HOSTILE.into()),
            ways: testing::ways(),
        };
        page.render().unwrap()
    }

    #[test]
    fn what_was_typed_does_nothing() {
        let html = page(None);
        testing::is_tame(&html);
        assert!(html.contains("autocomplete=\"new-password\"") && html.contains("minlength=\"8\""), "{html}");
    }

    #[test]
    fn where_nobody_can_sign_up_there_is_no_form() {
        let html = page(Some("Ask its staff.".into()));
        assert!(html.contains("Ask its staff.") && !html.contains("<form"), "{html}");
    }
}

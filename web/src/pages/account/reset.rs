//! `/account/reset/`: a new password for who forgot theirs, by a mailed link.

use super::{DonePage, at, frame, secret_page, told};
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::{Address, App, RequestId, accounts};
use cairn_commands::link::LinkSort;
use cairn_commands::secret::PASSWORD_CHARS_MIN;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/reset_ask.html")]
struct AskPage {
    frame: Frame,
    account: String,
    sends_mail: bool,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "account/reset_set.html")]
struct SetPage {
    frame: Frame,
    password_chars_min: usize,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct AskForm {
    account: String,
}

#[derive(Deserialize)]
pub(super) struct SetForm {
    password: String,
}

pub(super) async fn show(State(app): State<App>) -> Response {
    secret_page(StatusCode::OK, &ask_page(&app, String::new(), None))
}

fn ask_page(app: &App, account: String, problem: Option<String>) -> AskPage {
    AskPage { frame: frame(app), account, sends_mail: app.settings.sends_mail, problem }
}

/// Whether there is such an account is not told.
pub(super) async fn ask(
    State(app): State<App>,
    address: Address,
    request: RequestId,
    Form(form): Form<AskForm>,
) -> Result<Response, Problem> {
    match accounts::ask_reset(&app, &form.account, address.0).await {
        Ok(_) => {
            let page = DonePage {
                frame: frame(&app),
                title: "Look into your mail",
                text: "If there is an account of this name or address, a link to set a new password is on its way there. It is good for two hours.",
                on: ("/account/sign-in/", "Back to signing in"),
            };
            Ok(page.response())
        }
        Err(fault) => {
            let (status, problem) = told(fault, &request)?;
            Ok(secret_page(status, &ask_page(&app, form.account, Some(problem))))
        }
    }
}

pub(super) async fn show_link(State(app): State<App>, Path(link): Path<String>) -> Result<Response, Problem> {
    app.links.read(LinkSort::ResetPassword, &link)?;
    Ok(secret_page(StatusCode::OK, &set_page(&app, None)))
}

pub(super) async fn set(
    State(app): State<App>,
    Path(link): Path<String>,
    request: RequestId,
    Form(form): Form<SetForm>,
) -> Result<Response, Problem> {
    match accounts::reset(&app, &link, &form.password).await {
        Ok(done) => {
            let page = DonePage {
                frame: frame(&app),
                title: "Your password is set",
                text: "All browsers and programs that were signed in are signed out. Sign in with your new password.",
                on: ("/account/sign-in/", "Sign in"),
            };
            Ok(at(done.position, page.response()))
        }
        Err(fault) => {
            let (status, problem) = told(fault, &request)?;
            Ok(secret_page(status, &set_page(&app, Some(problem))))
        }
    }
}

fn set_page(app: &App, problem: Option<String>) -> SetPage {
    SetPage { frame: frame(app), password_chars_min: PASSWORD_CHARS_MIN, problem }
}

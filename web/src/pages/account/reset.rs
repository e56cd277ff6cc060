//! `/account/reset/`: a new password for who forgot theirs, by a mailed link.

use super::{DonePage, at, frame, secret_page, told};
use crate::ask::Ask;
use crate::documents::{
    AskPasswordReset, MailedLink, PasswordRules, ResetAskPage, ResetPassword, ask_password_reset,
    mailed_link, password_rules, reset_ask_page, reset_password,
};
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
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
    password_chars_min: u64,
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

pub(super) async fn show(ask: Ask) -> Result<Response, Problem> {
    Ok(secret_page(StatusCode::OK, &ask_page(&ask, String::new(), None).await?))
}

async fn ask_page(ask: &Ask, account: String, problem: Option<String>) -> Result<AskPage, Problem> {
    let told = ask.query::<ResetAskPage>(reset_ask_page::Variables {}).await?;
    Ok(AskPage { frame: frame(ask), account, sends_mail: told.site.features.sends_mail, problem })
}

/// Whether there is such an account is not told.
pub(super) async fn ask(ask: Ask, Form(form): Form<AskForm>) -> Result<Response, Problem> {
    let variables = ask_password_reset::Variables { account: form.account.clone() };
    match ask.deed::<AskPasswordReset>(variables).await {
        Ok(_) => {
            let page = DonePage {
                frame: frame(&ask),
                title: "Look into your mail",
                text: "If there is an account of this name or address, a link to set a new password is on its way there. It is good for two hours.",
                on: ("/account/sign-in/", "Back to signing in"),
            };
            Ok(page.response())
        }
        Err(problem) => {
            let (status, problem) = told(problem)?;
            Ok(secret_page(status, &ask_page(&ask, form.account, Some(problem)).await?))
        }
    }
}

pub(super) async fn show_link(ask: Ask, Path(link): Path<String>) -> Result<Response, Problem> {
    let sort = mailed_link::MailedLinkSort::RESET_PASSWORD;
    ask.query_secretly::<MailedLink>(mailed_link::Variables { sort, link }).await?;
    Ok(secret_page(StatusCode::OK, &set_page(&ask, None).await?))
}

pub(super) async fn set(
    ask: Ask,
    Path(link): Path<String>,
    Form(form): Form<SetForm>,
) -> Result<Response, Problem> {
    let input = reset_password::ResetPasswordInput { link, password: form.password };
    match ask.deed::<ResetPassword>(reset_password::Variables { input }).await {
        Ok(told) => {
            let page = DonePage {
                frame: frame(&ask),
                title: "Your password is set",
                text: "All browsers and programs that were signed in are signed out. Sign in with your new password.",
                on: ("/account/sign-in/", "Sign in"),
            };
            Ok(at(told.position, page.response()))
        }
        Err(problem) => {
            let (status, problem) = told(problem)?;
            Ok(secret_page(status, &set_page(&ask, Some(problem)).await?))
        }
    }
}

async fn set_page(ask: &Ask, problem: Option<String>) -> Result<SetPage, Problem> {
    let told = ask.query::<PasswordRules>(password_rules::Variables {}).await?;
    Ok(SetPage { frame: frame(ask), password_chars_min: told.site.limits.password_chars_min, problem })
}

//! `/account/password/` and `/account/email/`: both ask for the password first.

use super::sign_in::{let_in, sign_in};
use super::{Me, at, frame, go, secret_page, told};
use crate::ask::Ask;
use crate::documents::{
    ChangeEmail, ChangePassword, PasswordRules, change_email, change_password, password_rules,
};
use crate::frame::Frame;
use askama::Template;
use axum::extract::Form;
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordPage {
    frame: Frame,
    password_chars_min: u64,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "account/email.html")]
struct EmailPage {
    frame: Frame,
    email: String,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct PasswordForm {
    old: String,
    new: String,
}

#[derive(Deserialize)]
pub(super) struct EmailForm {
    email: String,
    password: String,
}

pub(super) async fn show_password(ask: Ask, _me: Me) -> Result<Response, Problem> {
    Ok(secret_page(StatusCode::OK, &password_page(&ask, None).await?))
}

pub(super) async fn set_password(
    ask: Ask,
    _me: Me,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Problem> {
    let name = rules(&ask).await?.me.and_then(|me| me.name).ok_or(Refusal::AccountErased)?;
    let input = change_password::ChangePasswordInput { old: form.old, new: form.new.clone() };
    if let Err(problem) = ask.deed::<ChangePassword>(change_password::Variables { input }).await {
        let (status, problem) = told(problem)?;
        return Ok(secret_page(status, &password_page(&ask, Some(problem)).await?));
    }
    // All sessions ended. Who has just shown the password goes on in this browser, unless it takes more than that.
    match sign_in(&ask, name, form.new).await {
        Ok(told) if told.data.sign_in.pending.is_none() => Ok(let_in(&ask, told, None)),
        Ok(_) | Err(Problem::Refused(_)) => Ok(ask.go("/account/sign-in/", None, None)),
        Err(problem) => Err(problem),
    }
}

async fn rules(ask: &Ask) -> Result<password_rules::ResponseData, Problem> {
    ask.query::<PasswordRules>(password_rules::Variables {}).await
}

async fn password_page(ask: &Ask, problem: Option<String>) -> Result<PasswordPage, Problem> {
    let password_chars_min = rules(ask).await?.site.limits.password_chars_min;
    Ok(PasswordPage { frame: frame(ask), password_chars_min, problem })
}

pub(super) async fn show_email(ask: Ask, _me: Me) -> Response {
    let page = EmailPage { frame: frame(&ask), email: String::new(), problem: None };
    secret_page(StatusCode::OK, &page)
}

pub(super) async fn set_email(ask: Ask, _me: Me, Form(form): Form<EmailForm>) -> Result<Response, Problem> {
    let input = change_email::ChangeEmailInput { email: form.email.clone(), password: form.password };
    match ask.deed::<ChangeEmail>(change_email::Variables { input }).await {
        Ok(told) => Ok(at(told.position, go(&frame(&ask), "/account/?sent=true"))),
        Err(problem) => {
            let (status, problem) = told(problem)?;
            let page = EmailPage { frame: frame(&ask), email: form.email, problem: Some(problem) };
            Ok(secret_page(status, &page))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn what_was_typed_does_nothing() {
        let frame = || testing::frame(Part::Account);
        let problem = || Some(HOSTILE.to_owned());
        let password = PasswordPage { frame: frame(), password_chars_min: 8, problem: problem() };
        let email = EmailPage { frame: frame(), email: HOSTILE.into(), problem: problem() };
        for html in [password.render().unwrap(), email.render().unwrap()] {
            testing::is_tame(&html);
            assert!(html.contains("autocomplete=\"current-password\""), "{html}");
        }
    }
}

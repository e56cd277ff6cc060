//! `/account/sign-up/`: making an account, by an invitation or without.

use super::sign_in::{let_in, sign_in};
use super::{frame, secret_page, told};
use crate::ask::Ask;
use crate::documents::mailed_link::MailedLinkSort;
use crate::documents::sign_up_page::Registration;
use crate::documents::{
    MailedLink, Register, SignUpPage as SignUpQuestion, mailed_link, register, sign_up_page,
};
use crate::frame::Frame;
use crate::pages::identities::Ways;
use askama::Template;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/sign_up.html")]
struct SignUpPage {
    frame: Frame,
    /// Why nobody can sign up here just now.
    closed: Option<String>,
    name: String,
    email: String,
    password_chars_min: u64,
    problem: Option<String>,
    ways: Ways,
}

#[derive(Deserialize, Default)]
pub(super) struct SignUpForm {
    name: String,
    email: String,
    password: String,
}

pub(super) async fn show(ask: Ask) -> Result<Response, Problem> {
    Ok(secret_page(StatusCode::OK, &look(&ask, None, SignUpForm::default(), None).await?))
}

pub(super) async fn show_invited(ask: Ask, Path(link): Path<String>) -> Result<Response, Problem> {
    let variables = mailed_link::Variables { sort: MailedLinkSort::SIGN_UP, link: link.clone() };
    // Where the invitation went: whoever has the link has read that mail.
    let email = ask.query_secretly::<MailedLink>(variables).await?.mailed_link.email;
    let form = SignUpForm { email: email.unwrap_or_default(), ..SignUpForm::default() };
    Ok(secret_page(StatusCode::OK, &look(&ask, Some(link), form, None).await?))
}

pub(super) async fn take(ask: Ask, Form(form): Form<SignUpForm>) -> Result<Response, Problem> {
    sign_up(ask, None, form).await
}

pub(super) async fn take_invited(
    ask: Ask,
    Path(link): Path<String>,
    Form(form): Form<SignUpForm>,
) -> Result<Response, Problem> {
    sign_up(ask, Some(link), form).await
}

/// Makes the account, for oneself even where one has another, and signs in to it.
async fn sign_up(ask: Ask, link: Option<String>, form: SignUpForm) -> Result<Response, Problem> {
    let ask = ask.into_nobody();
    let input = register::RegisterInput {
        name: form.name.clone(),
        email: form.email.clone(),
        password: Some(form.password.clone()),
        invitation: link.clone(),
        idempotency_key: None,
    };
    if let Err(problem) = ask.deed::<Register>(register::Variables { input }).await {
        let (status, problem) = told(problem)?;
        return Ok(secret_page(status, &look(&ask, link, form, Some(problem)).await?));
    }
    match sign_in(&ask, form.name, form.password).await {
        Ok(told) => Ok(let_in(&ask, told, None)),
        // Others failed too often from here; the account is there all the same.
        Err(Problem::Refused(_)) => Ok(ask.go("/account/sign-in/", None, None)),
        Err(problem) => Err(problem),
    }
}

async fn look(
    ask: &Ask,
    link: Option<String>,
    form: SignUpForm,
    problem: Option<String>,
) -> Result<SignUpPage, Problem> {
    let site = ask.query::<SignUpQuestion>(sign_up_page::Variables {}).await?.site;
    let closed = match (site.policy.registration, &link) {
        (Registration::OPEN, _) | (Registration::INVITE, Some(_)) => None,
        (Registration::INVITE, None) => Some(Refusal::SignUpInvitationRequired),
        (Registration::CLOSED | Registration::Other(_), _) => Some(Refusal::SignUpClosed),
    };
    Ok(SignUpPage {
        frame: frame(ask),
        closed: closed.map(|refusal| crate::problem_page::sentence(&refusal.to_string())),
        name: form.name,
        email: form.email,
        password_chars_min: site.limits.password_chars_min,
        problem,
        ways: Ways { invitation: link, ..site.features.into() },
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

//! `/account/password/` and `/account/email/`: both ask for the password first.

use super::{Me, at, frame, go, secret_page, told};
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::session::{device, give};
use cairn_api::{Address, App, RequestId, accounts};
use cairn_commands::Fault;
use cairn_commands::secret::PASSWORD_CHARS_MIN;
use cairn_domain::Refusal;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordPage {
    frame: Frame,
    password_chars_min: usize,
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

pub(super) async fn show_password(State(app): State<App>, _me: Me) -> Response {
    secret_page(StatusCode::OK, &password_page(&app, None))
}

pub(super) async fn set_password(
    State(app): State<App>,
    me: Me,
    headers: HeaderMap,
    address: Address,
    request: RequestId,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Problem> {
    let changed = accounts::change_password(&app, me.0, &form.old, &form.new, address.0).await;
    if let Err(fault) = changed {
        let (status, problem) = told(fault, &request)?;
        return Ok(secret_page(status, &password_page(&app, Some(problem))));
    }
    // All sessions ended. Who has just shown the password goes on in this browser, unless it takes more than that.
    match app.sign_in.open_session(me.0, None, device(&app, &headers, address)).await {
        Ok(new) => {
            let mut response = go(&frame(&app), "/account/");
            give(&app.settings.base_url, response.headers_mut(), &new.secret);
            Ok(at(new.position, response))
        }
        Err(Fault::Refused(Refusal::SecondFactorNeeded)) => Ok(go(&frame(&app), "/account/sign-in/")),
        Err(fault) => Err(Problem::of(fault, &request)),
    }
}

fn password_page(app: &App, problem: Option<String>) -> PasswordPage {
    PasswordPage { frame: frame(app), password_chars_min: PASSWORD_CHARS_MIN, problem }
}

pub(super) async fn show_email(State(app): State<App>, _me: Me) -> Response {
    let page = EmailPage { frame: frame(&app), email: String::new(), problem: None };
    secret_page(StatusCode::OK, &page)
}

pub(super) async fn set_email(
    State(app): State<App>,
    me: Me,
    address: Address,
    request: RequestId,
    Form(form): Form<EmailForm>,
) -> Result<Response, Problem> {
    match accounts::change_email(&app, me.0, &form.email, &form.password, address.0).await {
        Ok(done) => Ok(at(done.position, go(&frame(&app), "/account/?sent=true"))),
        Err(fault) => {
            let (status, problem) = told(fault, &request)?;
            let page = EmailPage { frame: frame(&app), email: form.email, problem: Some(problem) };
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

//! `/account/erase/`: leaving for good.

use super::{DonePage, Me, at, frame, secret_page, told};
use crate::ask::Ask;
use crate::documents::{EraseAccount, ErasePage as ErasePageQuestion, erase_account, erase_page};
use crate::frame::Frame;
use askama::Template;
use axum::extract::Form;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::session::Cookie;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/erase.html")]
struct ErasePage {
    frame: Frame,
    has_password: bool,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct EraseForm {
    password: Option<String>,
}

pub(super) async fn show(ask: Ask, _me: Me) -> Result<Response, Problem> {
    Ok(secret_page(StatusCode::OK, &look(&ask, None).await?))
}

async fn look(ask: &Ask, problem: Option<String>) -> Result<ErasePage, Problem> {
    let told = ask.query::<ErasePageQuestion>(erase_page::Variables {}).await?;
    let has_password = told.me.is_some_and(|me| me.has_password == Some(true));
    Ok(ErasePage { frame: frame(ask), has_password, problem })
}

pub(super) async fn take(ask: Ask, _me: Me, Form(form): Form<EraseForm>) -> Result<Response, Problem> {
    let input = erase_account::EraseAccountInput { account: None, password: form.password };
    match ask.deed::<EraseAccount>(erase_account::Variables { input }).await {
        Ok(told) => {
            let mut page = DonePage {
                frame: frame(&ask),
                title: "Your account is erased",
                text: "Your name, address, password and sessions are gone. Thank you for having been here.",
                on: ("/", "Go to the first page"),
            };
            page.frame.visitor = None;
            let mut response = at(told.position, page.response());
            response.headers_mut().append(SET_COOKIE, Cookie::Session.cleared(&ask.app.settings.base_url));
            Ok(response)
        }
        Err(problem) => {
            let (status, problem) = told(problem)?;
            Ok(secret_page(status, &look(&ask, Some(problem)).await?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn who_has_a_password_shows_it() {
        let page = |has_password| {
            let frame = testing::frame(Part::Account);
            ErasePage { frame, has_password, problem: Some(HOSTILE.into()) }.render().unwrap()
        };
        assert!(page(true).contains("name=\"password\"") && !page(false).contains("name=\"password\""));
        testing::is_tame(&page(true));
    }
}

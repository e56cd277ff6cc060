//! `/account/erase/`: leaving for good.

use super::{DonePage, Me, at, frame, secret_page, told};
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::session::Cookie;
use cairn_api::{Address, App, RequestId, accounts};
use cairn_commands::Fault;
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

pub(super) async fn show(State(app): State<App>, me: Me, request: RequestId) -> Result<Response, Problem> {
    let page = look(&app, &me, None).await.map_err(|fault| Problem::of(fault, &request))?;
    Ok(secret_page(StatusCode::OK, &page))
}

async fn look(app: &App, me: &Me, problem: Option<String>) -> Result<ErasePage, Fault> {
    let person = accounts::person(app, me.0).await?;
    let has_password = person.is_some_and(|person| person.password_hash.is_some());
    Ok(ErasePage { frame: frame(app), has_password, problem })
}

pub(super) async fn take(
    State(app): State<App>,
    me: Me,
    address: Address,
    request: RequestId,
    Form(form): Form<EraseForm>,
) -> Result<Response, Problem> {
    let erased = accounts::erase(&app, me.actor(), me.0, form.password.as_deref(), address.0).await;
    match erased {
        Ok(done) => {
            let mut page = DonePage {
                frame: frame(&app),
                title: "Your account is erased",
                text: "Your name, address, password and sessions are gone. Thank you for having been here.",
                on: ("/", "Go to the first page"),
            };
            page.frame.visitor = None;
            let mut response = at(done.position, page.response());
            response.headers_mut().append(SET_COOKIE, Cookie::Session.cleared(&app.settings.base_url));
            Ok(response)
        }
        Err(fault) => {
            let (status, problem) = told(fault, &request)?;
            let page = look(&app, &me, Some(problem)).await.map_err(|fault| Problem::of(fault, &request))?;
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
    fn who_has_a_password_shows_it() {
        let page = |has_password| {
            let frame = testing::frame(Part::Account);
            ErasePage { frame, has_password, problem: Some(HOSTILE.into()) }.render().unwrap()
        };
        assert!(page(true).contains("name=\"password\"") && !page(false).contains("name=\"password\""));
        testing::is_tame(&page(true));
    }
}

//! `/account/confirm/<link>/`: proving an address. Opening the link does nothing, since programs that look through mail open links
//! too; its button does.

use super::{DonePage, Me, at, frame, go, secret_page, told};
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::{App, RequestId, accounts};
use cairn_commands::link::LinkSort;

#[derive(Template)]
#[template(path = "account/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    problem: Option<String>,
}

pub(super) async fn show(State(app): State<App>, Path(link): Path<String>) -> Result<Response, Problem> {
    app.links.read(LinkSort::ConfirmEmail, &link)?;
    Ok(secret_page(StatusCode::OK, &ConfirmPage { frame: frame(&app), problem: None }))
}

pub(super) async fn take(
    State(app): State<App>,
    Path(link): Path<String>,
    request: RequestId,
) -> Result<Response, Problem> {
    match accounts::confirm(&app, &link).await {
        Ok(done) => {
            let page = DonePage {
                frame: frame(&app),
                title: "Your address is confirmed",
                text: "Mail about your plugins and your account reaches you.",
                on: ("/account/", "Go to your account"),
            };
            Ok(at(done.position, page.response()))
        }
        Err(fault) => {
            let (status, problem) = told(fault, &request)?;
            Ok(secret_page(status, &ConfirmPage { frame: frame(&app), problem: Some(problem) }))
        }
    }
}

/// Sends the link once more.
pub(super) async fn send_again(
    State(app): State<App>,
    me: Me,
    request: RequestId,
) -> Result<Response, Problem> {
    let done = accounts::ask_confirmation(&app, me.actor(), me.0).await;
    let done = done.map_err(|fault| Problem::of(fault, &request))?;
    Ok(at(done.position, go(&frame(&app), "/account/?sent=true")))
}

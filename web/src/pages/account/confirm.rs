//! `/account/confirm/<link>/`: proving an address. Opening the link does nothing, since programs that look through mail open links
//! too; its button does.

use super::{DonePage, Me, at, frame, go, secret_page, told};
use crate::ask::Ask;
use crate::documents::{
    AskEmailConfirmation, ConfirmEmail, MailedLink, ask_email_confirmation, confirm_email, mailed_link,
};
use crate::frame::Frame;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;

#[derive(Template)]
#[template(path = "account/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    problem: Option<String>,
}

pub(super) async fn show(ask: Ask, Path(link): Path<String>) -> Result<Response, Problem> {
    let sort = mailed_link::MailedLinkSort::CONFIRM_EMAIL;
    ask.query_secretly::<MailedLink>(mailed_link::Variables { sort, link }).await?;
    Ok(secret_page(StatusCode::OK, &ConfirmPage { frame: frame(&ask), problem: None }))
}

pub(super) async fn take(ask: Ask, Path(link): Path<String>) -> Result<Response, Problem> {
    match ask.deed::<ConfirmEmail>(confirm_email::Variables { link }).await {
        Ok(told) => {
            let page = DonePage {
                frame: frame(&ask),
                title: "Your address is confirmed",
                text: "Mail about your plugins and your account reaches you.",
                on: ("/account/", "Go to your account"),
            };
            Ok(at(told.position, page.response()))
        }
        Err(problem) => {
            let (status, problem) = told(problem)?;
            Ok(secret_page(status, &ConfirmPage { frame: frame(&ask), problem: Some(problem) }))
        }
    }
}

/// Sends the link once more.
pub(super) async fn send_again(ask: Ask, _me: Me) -> Result<Response, Problem> {
    let told = ask.deed::<AskEmailConfirmation>(ask_email_confirmation::Variables {}).await?;
    Ok(at(told.position, go(&frame(&ask), "/account/?sent=true")))
}

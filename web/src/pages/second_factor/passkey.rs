//! `/account/second-factor/passkey/`: adding a passkey. The browser asks for it by a script of ours.

use super::me::Me;
use super::shown::passkey_answer;
use super::{asked, frame, opened, secret_page, told};
use crate::ask::Ask;
use crate::documents::{BeginPasskey, FinishPasskey, begin_passkey, finish_passkey};
use crate::frame::Frame;
use askama::Template;
use axum::extract::Form;
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::graphql::Told;
use cairn_api::problem::Problem;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "second_factor/passkey.html")]
struct PasskeyPage {
    frame: Frame,
    label: String,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct PasskeyForm {
    ceremony: String,
    answer: String,
    label: String,
}

pub(super) async fn show(ask: Ask, _me: Me) -> Response {
    secret_page(StatusCode::OK, &PasskeyPage { frame: frame(&ask), label: String::new(), problem: None })
}

/// What the script gives the browser.
pub(super) async fn ask(ask: Ask, _me: Me) -> Result<Response, Problem> {
    let begun = ask.deed::<BeginPasskey>(begin_passkey::Variables {}).await?.data.begin_passkey;
    Ok(asked(begun.ceremony, begun.options))
}

pub(super) async fn finish(ask: Ask, _me: Me, Form(form): Form<PasskeyForm>) -> Result<Response, Problem> {
    match add(&ask, &form).await {
        Ok(told) => Ok(opened(&ask, told.data.finish_passkey.secret.as_deref(), told.position)),
        Err(problem) => {
            let (status, problem) = told(problem)?;
            let page = PasskeyPage { frame: frame(&ask), label: form.label, problem: Some(problem) };
            Ok(secret_page(status, &page))
        }
    }
}

async fn add(ask: &Ask, form: &PasskeyForm) -> Result<Told<finish_passkey::ResponseData>, Problem> {
    let (ceremony, answer) = passkey_answer(&form.ceremony, &form.answer)?;
    let label = Some(form.label.clone());
    let input = finish_passkey::FinishPasskeyInput { ceremony, answer, label, sign_in: true };
    ask.deed::<FinishPasskey>(finish_passkey::Variables { input }).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn the_page_runs_our_script_and_nothing_else() {
        let page = PasskeyPage {
            frame: testing::frame(Part::Other),
            label: HOSTILE.into(),
            problem: Some(HOSTILE.into()),
        };
        let html = page.render().unwrap();
        assert!(html.contains("<script src=\"/qgis/assets/passkey."), "{html}");
        assert!(html.contains("data-ask=\"/qgis/account/second-factor/passkey/ask/\""), "{html}");
        testing::is_tame(&html);
    }
}

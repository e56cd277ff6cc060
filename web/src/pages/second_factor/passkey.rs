//! `/account/second-factor/passkey/`: adding a passkey. The browser asks for it by a script of ours.

use super::me::Me;
use super::shown::passkey_answer;
use super::{asked, frame, opened, secret_page, told};
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::{Address, App, RequestId};
use cairn_commands::factor::FactorLabel;
use cairn_commands::{Done, Fault};
use cairn_domain::ids::FactorId;
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

pub(super) async fn show(State(app): State<App>, _me: Me) -> Response {
    secret_page(StatusCode::OK, &PasskeyPage { frame: frame(&app), label: String::new(), problem: None })
}

/// What the script gives the browser.
pub(super) async fn ask(State(app): State<App>, me: Me, request: RequestId) -> Result<Response, Problem> {
    let begun = app.factors.begin_passkey(me.actor()).await;
    begun.map(asked).map_err(|fault| Problem::of(fault, &request))
}

pub(super) async fn finish(
    State(app): State<App>,
    me: Me,
    headers: HeaderMap,
    address: Address,
    request: RequestId,
    Form(form): Form<PasskeyForm>,
) -> Result<Response, Problem> {
    match add(&app, &me, &form).await {
        Ok(done) => opened(&app, &me, done, &headers, address, &request).await,
        Err(fault) => {
            let (status, problem) = told(fault, &request)?;
            let page = PasskeyPage { frame: frame(&app), label: form.label, problem: Some(problem) };
            Ok(secret_page(status, &page))
        }
    }
}

async fn add(app: &App, me: &Me, form: &PasskeyForm) -> Result<Done<FactorId>, Fault> {
    let label = FactorLabel::or(Some(&form.label), "Passkey")?;
    let (ceremony, answer) = passkey_answer(&form.ceremony, &form.answer)?;
    app.factors.finish_passkey(me.actor(), ceremony, &answer, label).await
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

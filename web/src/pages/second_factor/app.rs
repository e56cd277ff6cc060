//! `/account/second-factor/app/`: adding an app that shows codes. Works without scripts.

use super::me::Me;
use super::{frame, opened, secret_page, told};
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use cairn_api::problem::Problem;
use cairn_api::{Address, App, RequestId};
use cairn_commands::factor::{FactorLabel, TotpBegun};
use cairn_commands::{Done, Fault};
use cairn_domain::Refusal;
use cairn_domain::ids::FactorId;
use serde::Deserialize;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "second_factor/app.html")]
struct AppPage {
    frame: Frame,
    key: String,
    uri: String,
    /// Our own drawing, so it goes into the page as it is.
    qr_svg: String,
    label: String,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct CodeForm {
    code: String,
    label: String,
}

/// Makes a key and goes on to the page that shows it.
pub(super) async fn begin(State(app): State<App>, me: Me, request: RequestId) -> Result<Response, Problem> {
    let begun = app.factors.begin_totp(me.actor()).await.map_err(|fault| Problem::of(fault, &request))?;
    let place = format!("{}/account/second-factor/app/{}/", frame(&app).root, begun.ceremony);
    Ok(Redirect::to(&place).into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    me: Me,
    Path(ceremony): Path<Uuid>,
    request: RequestId,
) -> Result<Response, Problem> {
    match app.factors.totp_begun(me.actor(), ceremony).await {
        Ok(begun) => Ok(secret_page(StatusCode::OK, &page(&app, begun, String::new(), None))),
        // Its time is over: back to where one begins anew.
        Err(Fault::Refused(Refusal::SecondFactorWrong)) => Ok(back(&app)),
        Err(fault) => Err(Problem::of(fault, &request)),
    }
}

pub(super) async fn confirm(
    State(app): State<App>,
    me: Me,
    Path(ceremony): Path<Uuid>,
    headers: HeaderMap,
    address: Address,
    request: RequestId,
    Form(form): Form<CodeForm>,
) -> Result<Response, Problem> {
    match add(&app, &me, ceremony, &form).await {
        Ok(done) => opened(&app, &me, done, &headers, address, &request).await,
        Err(fault) => {
            let (status, problem) = told(fault, &request)?;
            match app.factors.totp_begun(me.actor(), ceremony).await {
                Ok(begun) => Ok(secret_page(status, &page(&app, begun, form.label, Some(problem)))),
                Err(Fault::Refused(Refusal::SecondFactorWrong)) => Ok(back(&app)),
                Err(fault) => Err(Problem::of(fault, &request)),
            }
        }
    }
}

async fn add(app: &App, me: &Me, ceremony: Uuid, form: &CodeForm) -> Result<Done<FactorId>, Fault> {
    let label = FactorLabel::or(Some(&form.label), "Authenticator app")?;
    app.factors.confirm_totp(me.actor(), ceremony, &form.code, label).await
}

fn back(app: &App) -> Response {
    Redirect::to(&format!("{}/account/second-factor/", frame(app).root)).into_response()
}

fn page(app: &App, begun: TotpBegun, label: String, problem: Option<String>) -> AppPage {
    AppPage { frame: frame(app), key: begun.key, uri: begun.uri, qr_svg: begun.qr_svg, label, problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn the_key_is_there_as_picture_text_and_link() {
        let html = AppPage {
            frame: testing::frame(Part::Other),
            key: "GEZDGNBVGY3TQOJQ".into(),
            uri: "otpauth://totp/example.org:ann?secret=GEZDGNBVGY3TQOJQ".into(),
            qr_svg: "<svg class=\"qr\"></svg>".into(),
            label: HOSTILE.into(),
            problem: Some(HOSTILE.into()),
        }
        .render()
        .unwrap();
        assert!(html.contains("<svg class=\"qr\">") && html.contains("<code id=\"key\">GEZ"), "{html}");
        assert!(html.contains("href=\"otpauth://totp/example.org:ann?secret="), "{html}");
        testing::is_tame(&html);
    }
}

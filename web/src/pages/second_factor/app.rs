//! `/account/second-factor/app/`: adding an app that shows codes. Works without scripts.

use super::me::Me;
use super::{frame, opened, secret_page, told};
use crate::ask::Ask;
use crate::documents::{BeginTotp, ConfirmTotp, TotpBegun, begin_totp, confirm_totp, totp_begun};
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
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
pub(super) async fn begin(ask: Ask, _me: Me) -> Result<Response, Problem> {
    let begun = ask.deed::<BeginTotp>(begin_totp::Variables {}).await?.data.begin_totp;
    Ok(ask.go(&format!("/account/second-factor/app/{}/", begun.ceremony), None, None))
}

pub(super) async fn show(ask: Ask, _me: Me, Path(ceremony): Path<Uuid>) -> Result<Response, Problem> {
    look(&ask, ceremony, String::new(), (StatusCode::OK, None)).await
}

pub(super) async fn confirm(
    ask: Ask,
    _me: Me,
    Path(ceremony): Path<Uuid>,
    Form(form): Form<CodeForm>,
) -> Result<Response, Problem> {
    let (label, ceremony_id) = (form.label, ceremony.to_string());
    let input = confirm_totp::ConfirmTotpInput {
        ceremony: ceremony_id,
        code: form.code,
        label: Some(label.clone()),
        sign_in: true,
    };
    match ask.deed::<ConfirmTotp>(confirm_totp::Variables { input }).await {
        Ok(told) => Ok(opened(&ask, told.data.confirm_totp.secret.as_deref(), told.position)),
        Err(problem) => {
            let (status, problem) = told(problem)?;
            look(&ask, ceremony, label, (status, Some(problem))).await
        }
    }
}

/// The key with its form, as long as it waits; then back to where one begins anew.
async fn look(
    ask: &Ask,
    ceremony: Uuid,
    label: String,
    (status, problem): (StatusCode, Option<String>),
) -> Result<Response, Problem> {
    let variables = totp_begun::Variables { ceremony: ceremony.to_string() };
    let Some(begun) = ask.query_secretly::<TotpBegun>(variables).await?.totp_begun else {
        return Ok(ask.go("/account/second-factor/", None, None));
    };
    let totp_begun::TotpBegunTotpBegun { key, uri, qr_svg } = begun;
    Ok(secret_page(status, &AppPage { frame: frame(ask), key, uri, qr_svg, label, problem }))
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

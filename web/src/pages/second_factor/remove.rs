//! `/account/second-factor/<factor>/remove/`: removing a factor, for who shows anew that it is theirs.

use super::me::Me;
use super::shown::ShownForm;
use super::{Row, asked, at, frame, secret_page, told};
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cairn_api::problem::Problem;
use cairn_api::{Address, App, RequestId};
use cairn_commands::factor::{Fresh, RemoveFactor};
use cairn_commands::{Done, Fault};
use cairn_domain::Refusal;
use cairn_domain::account::FactorSort;
use cairn_domain::ids::FactorId;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "second_factor/remove.html")]
struct RemovePage {
    frame: Frame,
    factor: Row,
    /// It is the last one.
    last: bool,
    totp: bool,
    passkey: bool,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct RemoveForm {
    password: Option<String>,
    #[serde(flatten)]
    shown: ShownForm,
}

pub(super) async fn show(
    State(app): State<App>,
    me: Me,
    Path(factor): Path<FactorId>,
    request: RequestId,
) -> Result<Response, Problem> {
    let found = look(&app, &me, factor, None).await.map_err(|fault| Problem::of(fault, &request))?;
    Ok(secret_page(StatusCode::OK, &found))
}

/// What the script gives the browser.
pub(super) async fn ask(State(app): State<App>, me: Me, request: RequestId) -> Result<Response, Problem> {
    app.factors.ask_passkey(me.0).await.map(asked).map_err(|fault| Problem::of(fault, &request))
}

pub(super) async fn remove(
    State(app): State<App>,
    me: Me,
    Path(factor): Path<FactorId>,
    address: Address,
    request: RequestId,
    Form(form): Form<RemoveForm>,
) -> Result<Response, Problem> {
    match try_to(&app, &me, factor, form, address).await {
        Ok(done) => {
            let back = format!("{}/account/second-factor/", frame(&app).root);
            Ok(at(done.position, Redirect::to(&back).into_response()))
        }
        Err(fault) => {
            let (status, problem) = told(fault, &request)?;
            let page = look(&app, &me, factor, Some(problem)).await;
            Ok(secret_page(status, &page.map_err(|fault| Problem::of(fault, &request))?))
        }
    }
}

async fn try_to(
    app: &App,
    me: &Me,
    factor: FactorId,
    form: RemoveForm,
    Address(from): Address,
) -> Result<Done<FactorId>, Fault> {
    let fresh = match (form.password, form.shown.read()?) {
        (Some(password), _) => {
            app.sign_in.is_password_of(me.0, &password, from).await?;
            Some(Fresh::Password)
        }
        (None, Some(shown)) => Some(Fresh::Factor(app.sign_in.prove(me.0, &shown, from).await?)),
        (None, None) => None,
    };
    app.commands.send(&RemoveFactor { account: me.0, factor, fresh }, me.actor(), None).await
}

async fn look(app: &App, me: &Me, factor: FactorId, problem: Option<String>) -> Result<RemovePage, Fault> {
    let summary = app.factors.summary(me.0).await?;
    let (totp, passkey) = (summary.has(FactorSort::Totp), summary.has(FactorSort::Passkey));
    let last = summary.factors.len() == 1;
    let found = summary.factors.into_iter().find(|note| note.factor == factor);
    let factor = found.ok_or(Refusal::FactorUnknown)?.into();
    Ok(RemovePage { frame: frame(app), factor, last, totp, passkey, problem })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};
    use crate::text::Day;

    #[test]
    fn the_page_says_what_the_last_factor_takes_with_it() {
        let added_at = Day("2026-03-04T05:06:07Z".parse().unwrap());
        let factor =
            Row { id: "f1".into(), label: HOSTILE.into(), sort: "App", added_at, last_used_at: None };
        let page = RemovePage {
            frame: testing::frame(Part::Other),
            factor,
            last: true,
            totp: true,
            passkey: true,
            problem: Some(HOSTILE.into()),
        };
        let html = page.render().unwrap();
        assert!(html.contains("It is your last second factor"), "{html}");
        testing::is_tame(&html);
    }
}

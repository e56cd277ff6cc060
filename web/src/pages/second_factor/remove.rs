//! `/account/second-factor/<factor>/remove/`: removing a factor, for who shows anew that it is theirs.

use super::me::Me;
use super::shown::{ShownForm, shown_in};
use super::{Row, Sort, Summary, asked, frame, secret_page, told};
use crate::ask::Ask;
use crate::documents::remove_second_factor::RemoveSecondFactorInput;
use crate::documents::{AskPasskey, RemoveSecondFactor, ask_passkey, remove_second_factor};
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::graphql::Told;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use cairn_domain::ids::FactorId;
use serde::Deserialize;

shown_in!(remove_second_factor, RemoveSecondFactorInput);

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

pub(super) async fn show(ask: Ask, _me: Me, Path(factor): Path<FactorId>) -> Result<Response, Problem> {
    Ok(secret_page(StatusCode::OK, &look(&ask, factor, None).await?))
}

/// What the script gives the browser.
pub(super) async fn ask(ask: Ask, _me: Me) -> Result<Response, Problem> {
    let begun = ask.deed::<AskPasskey>(ask_passkey::Variables {}).await?.data.ask_passkey;
    Ok(asked(begun.ceremony, begun.options))
}

pub(super) async fn remove(
    ask: Ask,
    _me: Me,
    Path(factor): Path<FactorId>,
    Form(form): Form<RemoveForm>,
) -> Result<Response, Problem> {
    match try_to(&ask, factor, form).await {
        Ok(told) => Ok(ask.go("/account/second-factor/", None, told.position)),
        Err(problem) => {
            let (status, problem) = told(problem)?;
            Ok(secret_page(status, &look(&ask, factor, Some(problem)).await?))
        }
    }
}

/// Who shows the password need not show a factor.
async fn try_to(
    ask: &Ask,
    factor: FactorId,
    form: RemoveForm,
) -> Result<Told<remove_second_factor::ResponseData>, Problem> {
    let shown = form.shown.read()?.filter(|_| form.password.is_none());
    let input = RemoveSecondFactorInput {
        factor: factor.to_string(),
        account: None,
        password: form.password,
        code: None,
        recovery_code: None,
        passkey: None,
        idempotency_key: None,
    };
    let input = input.showing(shown);
    ask.deed::<RemoveSecondFactor>(remove_second_factor::Variables { input }).await
}

async fn look(ask: &Ask, factor: FactorId, problem: Option<String>) -> Result<RemovePage, Problem> {
    let summary = Summary::look(ask).await?;
    let (totp, passkey) = (summary.has(Sort::App), summary.has(Sort::Passkey));
    let last = summary.factors.len() == 1;
    let factor = factor.to_string();
    let found = summary.factors.into_iter().find(|row| row.id == factor);
    let factor = found.ok_or(Refusal::FactorUnknown)?;
    Ok(RemovePage { frame: frame(ask), factor, last, totp, passkey, problem })
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
            Row { id: "f1".into(), label: HOSTILE.into(), sort: Sort::App, added_at, last_used_at: None };
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

//! `/plugins/<package>/tokens/create/`: makes a token and shows it this once, ready to be pasted. Its secret is kept
//! nowhere, so the answer to the form is the page itself: there is none to go on to that could show it.

use super::list::{ListPage, look};
use super::{frame, private_page, side_of, snippets, told};
use crate::ask::Ask;
use crate::documents::{IssueToken, issue_token};
use crate::frame::Frame;
use crate::pages::author::Side;
use crate::pages::second_factor::at;
use crate::pages::second_factor::me::Me;
use askama::Template;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::graphql::Told;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use cairn_domain::names::PackageName;
use chrono::TimeDelta;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "tokens/made.html")]
struct MadePage {
    frame: Frame,
    side: Option<Side>,
    package: String,
    token: String,
    curl: String,
    workflow: String,
}

#[derive(Deserialize)]
pub(super) struct MakeForm {
    description: Option<String>,
    days: Option<String>,
    may_approve: Option<String>,
}

pub(super) async fn make(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
    Form(form): Form<MakeForm>,
) -> Result<Response, Problem> {
    let package: PackageName = package.parse()?;
    let side = side_of(&ask, package.as_str()).await?;
    match try_to(&ask, &package, form).await {
        Ok(Told { data, position }) => {
            let token = data.issue_token.secret.unwrap_or_default();
            let frame = frame(&ask);
            let made = MadePage {
                curl: snippets::curl(&frame.base, package.as_str(), &token),
                workflow: snippets::actions_with_token(&frame.base, package.as_str()),
                package: package.to_string(),
                token,
                side,
                frame,
            };
            Ok(at(position, private_page(StatusCode::OK, &made)))
        }
        Err(problem) => {
            let (status, problem) = told(problem)?;
            let page = look(&ask, &package, Some(problem)).await?;
            Ok(private_page(status, &ListPage { side, ..page }))
        }
    }
}

/// The text of the new token is in the answer.
async fn try_to(
    ask: &Ask,
    package: &PackageName,
    form: MakeForm,
) -> Result<Told<issue_token::ResponseData>, Problem> {
    let days = form.days.as_deref().map(str::trim).filter(|days| !days.is_empty());
    let days: Option<u32> = days.map(str::parse).transpose().map_err(|_| not_days())?;
    let input = issue_token::IssueTokenInput {
        package: package.to_string(),
        expires_at: days.map(|days| end_after(ask, days)).transpose()?,
        may_approve: form.may_approve.is_some(),
        description: form.description,
        idempotency_key: None,
    };
    ask.deed::<IssueToken>(issue_token::Variables { input }).await
}

fn end_after(ask: &Ask, days: u32) -> Result<chrono::DateTime<chrono::Utc>, Refusal> {
    ask.app.clock.now().checked_add_signed(TimeDelta::days(days.into())).ok_or_else(not_days)
}

fn not_days() -> Refusal {
    Refusal::invalid("days", "is a whole number")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn the_token_stands_there_to_be_copied() {
        let made = MadePage {
            frame: testing::frame(Part::Publish),
            side: None,
            package: "lasso".into(),
            token: "cairn_1_2".into(),
            curl: HOSTILE.into(),
            workflow: HOSTILE.into(),
        };
        let html = made.render().unwrap();
        assert!(html.contains("cairn_1_2") && html.contains("only now"), "{html}");
        testing::is_tame(&html);
    }
}

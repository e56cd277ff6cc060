//! `/plugins/<package>/tokens/create/`: makes a token and shows it this once, ready to be pasted. Its secret is kept
//! nowhere, so the answer to the form is the page itself: there is none to go on to that could show it.

use super::list::{ListPage, look};
use super::{frame, private_page, side_of, snippets, told};
use crate::ask::Ask;
use crate::frame::Frame;
use crate::pages::author::Side;
use crate::pages::second_factor::me::Me;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::{App, POSITION, RequestId};
use cairn_commands::Fault;
use cairn_commands::secret::PluginToken;
use cairn_commands::token::{IssueToken, TokenNote};
use cairn_domain::Refusal;
use cairn_domain::ids::TokenId;
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
    State(app): State<App>,
    me: Me,
    ask: Ask,
    Path(package): Path<String>,
    request: RequestId,
    Form(form): Form<MakeForm>,
) -> Result<Response, Problem> {
    let package: PackageName = package.parse()?;
    let side = side_of(&ask, package.as_str()).await?;
    match try_to(&app, &me, &package, &form).await {
        Ok((token, position)) => {
            let frame = frame(&app);
            let made = MadePage {
                curl: snippets::curl(&frame.base, package.as_str(), &token),
                workflow: snippets::actions_with_token(&frame.base, package.as_str()),
                package: package.to_string(),
                token,
                side,
                frame,
            };
            let mut response = private_page(StatusCode::OK, &made);
            response.headers_mut().insert(POSITION, HeaderValue::from(position));
            Ok(response)
        }
        Err(fault) => {
            let (status, problem) = told(fault, &request)?;
            let page = look(&app, &me, &package, Some(problem)).await;
            let page = page.map_err(|fault| Problem::of(fault, &request))?;
            Ok(private_page(status, &ListPage { side, ..page }))
        }
    }
}

/// The text of the new token, and how far the log must be read to list it.
async fn try_to(app: &App, me: &Me, package: &PackageName, form: &MakeForm) -> Result<(String, u64), Fault> {
    let days = form.days.as_deref().map(str::trim).filter(|days| !days.is_empty());
    let days: Option<u32> = days.map(str::parse).transpose().map_err(|_| not_days())?;
    let ids = app.commands.ids();
    let token = PluginToken::new(TokenId(ids.v4()), ids.bytes());
    let command = IssueToken {
        token: token.id,
        package: package.clone(),
        secret_sha256: token.secret_sha256(),
        expires_at: days.map(|days| end_after(app, days)).transpose()?,
        may_approve: form.may_approve.is_some(),
        note: TokenNote::given(form.description.as_deref())?,
    };
    let done = app.commands.send(&command, me.actor(), None).await?;
    Ok((token.reveal(), done.position))
}

fn end_after(app: &App, days: u32) -> Result<chrono::DateTime<chrono::Utc>, Refusal> {
    app.clock.now().checked_add_signed(TimeDelta::days(days.into())).ok_or_else(not_days)
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

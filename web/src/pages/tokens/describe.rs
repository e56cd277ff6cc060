//! `/plugins/<package>/tokens/<token>/update`: what a token is called.

use super::list::{TokenRow, look};
use super::{back_to_list, id_in_path, private_page, side_of, told};
use crate::ask::Ask;
use crate::frame::Frame;
use crate::pages::author::Side;
use crate::pages::second_factor::me::Me;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::{App, RequestId};
use cairn_commands::token::{EditTokenDescription, TOKEN_NOTE_CHARS_MAX, TokenNote};
use cairn_commands::{Done, Fault};
use cairn_domain::Refusal;
use cairn_domain::ids::TokenId;
use cairn_domain::names::PackageName;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "tokens/describe.html")]
struct DescribePage {
    frame: Frame,
    side: Option<Side>,
    package: String,
    token: TokenRow,
    note_chars_max: usize,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct DescribeForm {
    description: String,
}

pub(super) async fn show(
    State(app): State<App>,
    me: Me,
    ask: Ask,
    Path((package, token)): Path<(String, String)>,
    request: RequestId,
) -> Result<Response, Problem> {
    let page = page_of(&app, &me, &package.parse()?, id_in_path(&token)?, None).await;
    let page = page.map_err(|fault| Problem::of(fault, &request))?;
    let side = side_of(&ask, &page.package).await?;
    Ok(private_page(StatusCode::OK, &DescribePage { side, ..page }))
}

pub(super) async fn describe(
    State(app): State<App>,
    me: Me,
    ask: Ask,
    Path((package, token)): Path<(String, String)>,
    request: RequestId,
    Form(form): Form<DescribeForm>,
) -> Result<Response, Problem> {
    let (package, token): (PackageName, TokenId) = (package.parse()?, id_in_path(&token)?);
    match try_to(&app, &me, token, &form.description).await {
        Ok(done) => Ok(back_to_list(&app, package.as_str(), done.position)),
        Err(fault) => {
            let (status, problem) = told(fault, &request)?;
            let page = page_of(&app, &me, &package, token, Some(problem)).await;
            let page = page.map_err(|fault| Problem::of(fault, &request))?;
            let side = side_of(&ask, &page.package).await?;
            Ok(private_page(status, &DescribePage { side, ..page }))
        }
    }
}

async fn try_to(app: &App, me: &Me, token: TokenId, text: &str) -> Result<Done<TokenId>, Fault> {
    let command = EditTokenDescription { token, note: TokenNote::given(Some(text))? };
    app.commands.send(&command, me.actor(), None).await
}

async fn page_of(
    app: &App,
    me: &Me,
    package: &PackageName,
    token: TokenId,
    problem: Option<String>,
) -> Result<DescribePage, Fault> {
    let list = look(app, me, package, None).await?;
    let token = token.to_string();
    let found = list.tokens.into_iter().find(|row| row.id == token);
    let token = found.ok_or(Refusal::TokenUnknown { token })?;
    let (frame, package) = (list.frame, list.package);
    Ok(DescribePage { frame, side: None, package, token, note_chars_max: TOKEN_NOTE_CHARS_MAX, problem })
}

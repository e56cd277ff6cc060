//! `/plugins/<package>/tokens/<token>/update`: what a token is called.

use super::list::{TokenRow, look};
use super::{back_to_list, id_in_path, private_page, side_of, told};
use crate::ask::Ask;
use crate::documents::{DescribeToken, describe_token};
use crate::frame::Frame;
use crate::pages::author::Side;
use crate::pages::second_factor::me::Me;
use askama::Template;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
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
    note_chars_max: u64,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct DescribeForm {
    description: String,
}

pub(super) async fn show(
    ask: Ask,
    _me: Me,
    Path((package, token)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let page = page_of(&ask, &package.parse()?, id_in_path(&token)?, None).await?;
    let side = side_of(&ask, &page.package).await?;
    Ok(private_page(StatusCode::OK, &DescribePage { side, ..page }))
}

pub(super) async fn describe(
    ask: Ask,
    _me: Me,
    Path((package, token)): Path<(String, String)>,
    Form(form): Form<DescribeForm>,
) -> Result<Response, Problem> {
    let (package, token): (PackageName, TokenId) = (package.parse()?, id_in_path(&token)?);
    let (token_id, description) = (token.to_string(), Some(form.description));
    let input =
        describe_token::EditTokenDescriptionInput { token: token_id, description, idempotency_key: None };
    match ask.deed::<DescribeToken>(describe_token::Variables { input }).await {
        Ok(told) => Ok(back_to_list(&ask, &package, told.position)),
        Err(problem) => {
            let (status, problem) = told(problem)?;
            let page = page_of(&ask, &package, token, Some(problem)).await?;
            let side = side_of(&ask, &page.package).await?;
            Ok(private_page(status, &DescribePage { side, ..page }))
        }
    }
}

async fn page_of(
    ask: &Ask,
    package: &PackageName,
    token: TokenId,
    problem: Option<String>,
) -> Result<DescribePage, Problem> {
    let list = look(ask, package, None).await?;
    let token = token.to_string();
    let found = list.tokens.into_iter().find(|row| row.id == token);
    let token = found.ok_or(Refusal::TokenUnknown { token })?;
    let (frame, package, note_chars_max) = (list.frame, list.package, list.note_chars_max);
    Ok(DescribePage { frame, side: None, package, token, note_chars_max, problem })
}

//! `/plugins/<package>/tokens/<token>/delete/`: ends a token, after asking.

use super::list::{TokenRow, look};
use super::{back_to_list, id_in_path, private_page, side_of};
use crate::ask::Ask;
use crate::documents::{RevokeToken, revoke_token};
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
#[template(path = "tokens/revoke.html")]
struct RevokePage {
    frame: Frame,
    side: Option<Side>,
    package: String,
    token: TokenRow,
}

/// Nothing happens without `delete_confirm`, as on the present site.
#[derive(Deserialize)]
pub(super) struct RevokeForm {
    delete_confirm: Option<String>,
}

pub(super) async fn show(
    ask: Ask,
    _me: Me,
    Path((package, token)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let token: TokenId = id_in_path(&token)?;
    let list = look(&ask, &package.parse()?, None).await?;
    let token = token.to_string();
    let found = list.tokens.into_iter().find(|row| row.id == token);
    let token = found.ok_or(Refusal::TokenUnknown { token })?;
    let side = side_of(&ask, &list.package).await?;
    let page = RevokePage { frame: list.frame, side, package: list.package, token };
    Ok(private_page(StatusCode::OK, &page))
}

pub(super) async fn revoke(
    ask: Ask,
    _me: Me,
    Path((package, token)): Path<(String, String)>,
    Form(form): Form<RevokeForm>,
) -> Result<Response, Problem> {
    let (package, token): (PackageName, TokenId) = (package.parse()?, id_in_path(&token)?);
    if form.delete_confirm.is_none() {
        return Ok(back_to_list(&ask, &package, None));
    }
    let token = token.to_string();
    let input = revoke_token::RevokeTokenInput { token, reason: None, idempotency_key: None };
    let told = ask.deed::<RevokeToken>(revoke_token::Variables { input }).await?;
    Ok(back_to_list(&ask, &package, told.position))
}

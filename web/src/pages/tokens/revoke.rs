//! `/plugins/<package>/tokens/<token>/delete/`: ends a token, after asking.

use super::list::{TokenRow, look};
use super::{back_to_list, id_in_path, private_page, side_of};
use crate::ask::Ask;
use crate::frame::Frame;
use crate::pages::author::Side;
use crate::pages::second_factor::me::Me;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cairn_api::problem::Problem;
use cairn_api::{App, RequestId};
use cairn_commands::Fault;
use cairn_commands::token::RevokeToken;
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
    State(app): State<App>,
    me: Me,
    ask: Ask,
    Path((package, token)): Path<(String, String)>,
    request: RequestId,
) -> Result<Response, Problem> {
    let page = page_of(&app, &me, &package.parse()?, id_in_path(&token)?).await;
    let page = page.map_err(|fault| Problem::of(fault, &request))?;
    let side = side_of(&ask, &page.package).await?;
    Ok(private_page(StatusCode::OK, &RevokePage { side, ..page }))
}

pub(super) async fn revoke(
    State(app): State<App>,
    me: Me,
    Path((package, token)): Path<(String, String)>,
    request: RequestId,
    Form(form): Form<RevokeForm>,
) -> Result<Response, Problem> {
    let (package, token): (PackageName, TokenId) = (package.parse()?, id_in_path(&token)?);
    if form.delete_confirm.is_none() {
        let list = super::list_path(&super::frame(&app), package.as_str());
        return Ok(Redirect::to(&list).into_response());
    }
    let done = app.commands.send(&RevokeToken { token, reason: None }, me.actor(), None).await;
    let done = done.map_err(|fault| Problem::of(fault, &request))?;
    Ok(back_to_list(&app, package.as_str(), done.position))
}

async fn page_of(app: &App, me: &Me, package: &PackageName, token: TokenId) -> Result<RevokePage, Fault> {
    let list = look(app, me, package, None).await?;
    let token = token.to_string();
    let found = list.tokens.into_iter().find(|row| row.id == token);
    let token = found.ok_or(Refusal::TokenUnknown { token })?;
    Ok(RevokePage { frame: list.frame, side: None, package: list.package, token })
}

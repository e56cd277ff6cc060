//! Trust, offered to staff beside the owners of a plugin: a form for each, and what it does.

use super::second_factor::at;
use super::second_factor::me::Me;
use crate::frame::{Frame, Part};
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use cairn_api::problem::Problem;
use cairn_api::{App, RequestId};
use cairn_commands::account::{GrantTrust, WithdrawTrust};
use cairn_commands::{Command, Fault};
use cairn_domain::ids::AccountId;
use cairn_domain::names::{PackageName, fold};
use cairn_domain::{Actor, Refusal};
use cairn_projections::{Read, people};
use cairn_store::vault;
use serde::Deserialize;

/// The routes of the forms, at the addresses that the present site has for them.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/plugins/user/{name}/trust", post(grant))
        .route("/plugins/user/{name}/untrust", post(withdraw))
}

/// An owner whose uploads do or do not need review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    /// The name to sign in with.
    pub(super) name: String,
    /// Staff trust this account.
    pub(super) trusted: bool,
}

/// What staff may change about these accounts' trust; nothing for anybody else.
pub(super) async fn offers(
    app: &App,
    read: &mut Read,
    actor: Actor,
    owners: &[AccountId],
) -> Result<Vec<Offer>, Fault> {
    if actor == Actor::Anonymous {
        return Ok(Vec::new());
    }
    match app.sign_in.may_act(actor).await {
        Ok(acting) if acting.must_be_staff().is_ok() => {}
        Ok(_) | Err(Fault::Refused(_)) => return Ok(Vec::new()),
        Err(fault) => return Err(fault),
    }
    let accounts = people::accounts_by_ids(read, owners).await?.into_iter();
    let offer = |account: people::Account| Some(Offer { name: account.name?, trusted: account.trusted });
    let mut offers: Vec<Offer> = accounts.filter_map(offer).collect();
    offers.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(offers)
}

/// What the form sends: the plugin whose page it stood on, and why.
#[derive(Deserialize)]
struct TrustForm {
    package: String,
    reason: Option<String>,
}

async fn grant(
    State(app): State<App>,
    me: Me,
    Path(name): Path<String>,
    request: RequestId,
    Form(form): Form<TrustForm>,
) -> Result<Response, Problem> {
    let deed = |account, reason| GrantTrust { account, reason };
    change(&app, &me, &name, form, deed).await.map_err(|fault| Problem::of(fault, &request))
}

async fn withdraw(
    State(app): State<App>,
    me: Me,
    Path(name): Path<String>,
    request: RequestId,
    Form(form): Form<TrustForm>,
) -> Result<Response, Problem> {
    let deed = |account, reason| WithdrawTrust { account, reason };
    change(&app, &me, &name, form, deed).await.map_err(|fault| Problem::of(fault, &request))
}

/// Does it, and goes back to the plugin's page.
async fn change<C: Command>(
    app: &App,
    me: &Me,
    name: &str,
    form: TrustForm,
    deed: impl FnOnce(AccountId, Option<String>) -> C,
) -> Result<Response, Fault> {
    let package: PackageName = form.package.parse()?;
    let mut read = app.projections.read().await?;
    let person = vault::person_by_name(read.tx(), &fold(name)).await?;
    drop(read);
    let person = person.ok_or_else(|| Refusal::AccountUnknown { account: name.to_owned() })?;
    let reason = form.reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let done = app.commands.send(&deed(AccountId(person.account_id), reason), me.actor(), None).await?;
    let to = Frame::of(app, Part::Plugins).plugin(package.as_str());
    Ok(at(done.position, Redirect::to(&to).into_response()))
}

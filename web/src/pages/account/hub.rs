//! `/account/`: what there is of one's own account, and everything that is kept about it.

use super::{CACHE_CONTROL, CONTENT_DISPOSITION, Me, frame, secret_page};
use crate::ask::Ask;
use crate::documents::{AccountNotices, account_notices};
use crate::frame::Frame;
use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cairn_api::problem::Problem;
use cairn_api::{App, RequestId, accounts};
use cairn_commands::Fault;
use cairn_commands::account::export;
use cairn_domain::event::Stream;
use cairn_domain::{Actor, Refusal};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/hub.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of the template")]
struct HubPage {
    frame: Frame,
    name: String,
    email: String,
    confirmed: bool,
    /// A link to prove the address was just sent.
    sent: bool,
    sends_mail: bool,
    has_password: bool,
    factors: usize,
    sessions: usize,
    staff: bool,
    trusted: bool,
    /// Invitations that wait for an answer.
    invitations: usize,
    /// Teams that one is in.
    teams: usize,
    /// One's own plugins, whatever their state.
    plugins: u64,
}

#[derive(Deserialize)]
pub(super) struct Told {
    #[serde(default)]
    sent: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    me: Me,
    ask: Ask,
    Query(told): Query<Told>,
    request: RequestId,
) -> Result<Response, Problem> {
    let mut page = look(&app, &me, told.sent).await.map_err(|fault| Problem::of(fault, &request))?;
    let notices = ask.query::<AccountNotices>(account_notices::Variables { owner: me.0.to_string() }).await?;
    page.plugins = notices.plugins.total_count;
    if let Some(me) = notices.me {
        (page.invitations, page.teams) = (me.invitations.len(), me.teams.len());
    }
    Ok(secret_page(StatusCode::OK, &page))
}

async fn look(app: &App, me: &Me, sent: bool) -> Result<HubPage, Fault> {
    let known = app.commands.look(vec![Stream::Account(me.0)], Actor::Anonymous).await?;
    let account = known.account(me.0)?;
    let person = accounts::person(app, me.0).await?.ok_or(Refusal::AccountErased)?;
    Ok(HubPage {
        frame: frame(app),
        name: person.name,
        email: person.email,
        confirmed: account.email_confirmed,
        sent,
        sends_mail: app.settings.sends_mail,
        has_password: person.password_hash.is_some(),
        factors: account.factors.len(),
        sessions: app.sign_in.sessions_of(me.0).await?.len(),
        staff: account.staff,
        trusted: account.trusted,
        invitations: 0,
        teams: 0,
        plugins: 0,
    })
}

/// `/account/data/`: the whole of it, as a file.
pub(super) async fn data(State(app): State<App>, me: Me, request: RequestId) -> Result<Response, Problem> {
    let document = export(&app.commands, me.0).await.map_err(|fault| Problem::of(fault, &request))?;
    let headers =
        [(CONTENT_DISPOSITION, "attachment; filename=\"cairn-account.json\""), (CACHE_CONTROL, "no-store")];
    Ok((headers, Json(document)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};

    fn page(confirmed: bool, has_password: bool) -> String {
        let page = HubPage {
            frame: testing::frame(Part::Account),
            name: HOSTILE.into(),
            email: HOSTILE.into(),
            confirmed,
            sent: false,
            sends_mail: false,
            has_password,
            factors: 1,
            sessions: 2,
            staff: true,
            trusted: true,
            invitations: 2,
            teams: 1,
            plugins: 3,
        };
        page.render().unwrap()
    }

    #[test]
    fn names_and_addresses_do_nothing() {
        testing::is_tame(&page(false, true));
    }

    #[test]
    fn only_what_is_left_to_do_is_offered() {
        assert!(page(false, true).contains("/qgis/account/confirmation/"));
        assert!(page(false, true).contains("sends no mail") && !page(true, true).contains("sends no mail"));
        assert!(!page(true, true).contains("/qgis/account/confirmation/"));
        assert!(page(true, false).contains("/qgis/account/reset/"));
    }
}

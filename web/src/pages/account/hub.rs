//! `/account/`: what there is of one's own account, and everything that is kept about it.

use super::{CACHE_CONTROL, CONTENT_DISPOSITION, Me, frame, secret_page};
use crate::ask::Ask;
use crate::documents::{AccountPage, ExportMyData, account_page, export_my_data};
use crate::frame::Frame;
use askama::Template;
use axum::Json;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
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
    sessions: u64,
    staff: bool,
    trusted: bool,
    /// Invitations that wait for an answer.
    invitations: u64,
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

pub(super) async fn show(ask: Ask, me: Me, Query(told): Query<Told>) -> Result<Response, Problem> {
    let variables = account_page::Variables { owner: me.account.to_string() };
    let account_page::ResponseData { me, plugins, site } = ask.query::<AccountPage>(variables).await?;
    let mine = me.ok_or(Refusal::AccountErased)?;
    let page = HubPage {
        frame: frame(&ask),
        name: mine.name.unwrap_or_default(),
        email: mine.email.unwrap_or_default(),
        confirmed: mine.email_confirmed == Some(true),
        sent: told.sent,
        sends_mail: site.features.sends_mail,
        has_password: mine.has_password == Some(true),
        factors: mine.second_factors.map_or(0, |all| all.factors.len()),
        sessions: mine.sessions.total_count,
        staff: mine.staff,
        trusted: mine.trusted,
        invitations: mine.invitations.total_count,
        teams: mine.teams.len(),
        plugins: plugins.total_count,
    };
    Ok(secret_page(StatusCode::OK, &page))
}

/// `/account/data/`: the whole of it, as a file.
pub(super) async fn data(ask: Ask, _me: Me) -> Result<Response, Problem> {
    let told = ask.deed::<ExportMyData>(export_my_data::Variables {}).await?;
    let headers =
        [(CONTENT_DISPOSITION, "attachment; filename=\"cairn-account.json\""), (CACHE_CONTROL, "no-store")];
    Ok((headers, Json(told.data.export_my_data)).into_response())
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

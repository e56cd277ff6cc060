//! `/account/sessions/`: where one is signed in, and ending it.

use super::{Me, at, frame, go, secret_page};
use crate::frame::Frame;
use crate::text::Day;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::session::{Cookie, signed};
use cairn_api::{App, RequestId};
use cairn_commands::Fault;
use cairn_commands::session::{EndSession, EndSessions};
use cairn_domain::Refusal;
use cairn_domain::ids::SessionId;
use cairn_domain::session::SessionEnd;
use cairn_store::vault::SessionRow;

#[derive(Template)]
#[template(path = "account/sessions.html")]
struct SessionsPage {
    frame: Frame,
    sessions: Vec<Row>,
}

/// A session in the table.
struct Row {
    id: String,
    what: String,
    country: Option<String>,
    began_at: Day,
    used_at: Day,
    second_factor: bool,
    /// It is the one that looks.
    this: bool,
}

impl Row {
    fn of(row: SessionRow, this: Option<SessionId>) -> Self {
        let sort = if row.sort == "api" { "A program" } else { "A browser" };
        Self {
            id: row.session_id.to_string(),
            what: row.agent.unwrap_or_else(|| sort.to_owned()),
            country: row.country,
            began_at: Day(row.created_at),
            used_at: Day(row.last_used_at),
            second_factor: row.second_factor,
            this: this == Some(SessionId(row.session_id)),
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    me: Me,
    headers: HeaderMap,
    request: RequestId,
) -> Result<Response, Problem> {
    let page = look(&app, &me, &headers).await.map_err(|fault| Problem::of(fault, &request))?;
    Ok(secret_page(StatusCode::OK, &page))
}

async fn look(app: &App, me: &Me, headers: &HeaderMap) -> Result<SessionsPage, Fault> {
    let this = signed(app, headers).await?.map(|signed| signed.session);
    let sessions = app.sign_in.sessions_of(me.0).await?;
    let sessions = sessions.into_iter().map(|row| Row::of(row, this)).collect();
    Ok(SessionsPage { frame: frame(app), sessions })
}

pub(super) async fn end(
    State(app): State<App>,
    me: Me,
    Path(session): Path<String>,
    request: RequestId,
) -> Result<Response, Problem> {
    let session = session.parse().map_err(|_| Refusal::SessionUnknown)?;
    let command = EndSession { session, end: SessionEnd::Revoked };
    let done = app.commands.send(&command, me.actor(), None).await;
    let done = done.map_err(|fault| Problem::of(fault, &request))?;
    Ok(at(done.position, go(&frame(&app), "/account/sessions/")))
}

pub(super) async fn end_all(State(app): State<App>, me: Me, request: RequestId) -> Result<Response, Problem> {
    let done = app.commands.send(&EndSessions { account: me.0 }, me.actor(), None).await;
    let done = done.map_err(|fault| Problem::of(fault, &request))?;
    let mut response = go(&frame(&app), "/account/sign-in/");
    response.headers_mut().append(SET_COOKIE, Cookie::Session.cleared(&app.settings.base_url));
    Ok(at(done.position, response))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn what_browsers_say_of_themselves_does_nothing() {
        let day = || Day("2026-03-04T05:06:07Z".parse().unwrap());
        let row = |this| Row {
            id: HOSTILE.into(),
            what: HOSTILE.into(),
            country: Some(HOSTILE.into()),
            began_at: day(),
            used_at: day(),
            second_factor: true,
            this,
        };
        let page =
            SessionsPage { frame: testing::frame(Part::Account), sessions: vec![row(true), row(false)] };
        let html = page.render().unwrap();
        testing::is_tame(&html);
        assert!(html.contains("this browser"), "{html}");
    }
}

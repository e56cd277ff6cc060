//! `/account/sessions/`: where one is signed in, and ending it.

use super::{Me, frame, secret_page};
use crate::ask::Ask;
use crate::documents::sessions_page::{SessionSort, SessionsPageMeSessionsNodes as SessionTold};
use crate::documents::{
    EndSession, SessionsPage as SessionsQuestion, SignOutEverywhere, end_session, sessions_page,
    sign_out_everywhere,
};
use crate::frame::Frame;
use crate::text::Day;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::session::Cookie;

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
    fn of(told: SessionTold, this: &str) -> Self {
        let sort = if told.sort == SessionSort::API { "A program" } else { "A browser" };
        Self {
            what: told.agent.unwrap_or_else(|| sort.to_owned()),
            country: told.country,
            began_at: Day(told.began_at),
            used_at: Day(told.last_used_at),
            second_factor: told.second_factor,
            this: told.session_id == this,
            id: told.session_id,
        }
    }
}

pub(super) async fn show(ask: Ask, me: Me) -> Result<Response, Problem> {
    let told = ask.query::<SessionsQuestion>(sessions_page::Variables {}).await?;
    let this = me.session.to_string();
    let sessions = told.me.map(|me| me.sessions.nodes).unwrap_or_default();
    let sessions = sessions.into_iter().map(|told| Row::of(told, &this)).collect();
    Ok(secret_page(StatusCode::OK, &SessionsPage { frame: frame(&ask), sessions }))
}

pub(super) async fn end(ask: Ask, _me: Me, Path(session): Path<String>) -> Result<Response, Problem> {
    let told = ask.deed::<EndSession>(end_session::Variables { session }).await?;
    Ok(ask.go("/account/sessions/", None, told.position))
}

pub(super) async fn end_all(ask: Ask, _me: Me) -> Result<Response, Problem> {
    let told = ask.deed::<SignOutEverywhere>(sign_out_everywhere::Variables {}).await?;
    let mut response = ask.go("/account/sign-in/", None, told.position);
    response.headers_mut().append(SET_COOKIE, Cookie::Session.cleared(&ask.app.settings.base_url));
    Ok(response)
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

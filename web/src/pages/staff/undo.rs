//! `/staff/accounts/<name>/undo/`: what an account did since a time, undone: first told, then done for who types its name.

use super::account::address;
use super::who::{Said, Signed, Staff, deed};
use crate::ask::Ask;
use crate::documents::undo_account::{UndoAccountUndoActorDone, UndoAccountUndoActorLeft};
use crate::documents::{UndoAccount, undo_account};
use crate::done::Done;
use crate::frame::{Frame, Part, path_part};
use crate::page::page_with;
use askama::Template;
use axum::extract::{Form, Path};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "staff/undo.html")]
struct UndoPage {
    frame: Frame,
    tab: &'static str,
    problem: Option<String>,
    name: String,
    path: String,
    form: UndoForm,
    /// What would be undone, once it was asked.
    foreseen: Option<Foreseen>,
}

struct Foreseen {
    done: Vec<UndoAccountUndoActorDone>,
    left: Vec<UndoAccountUndoActorLeft>,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct UndoForm {
    /// A day and time in UTC, as browsers send it.
    since: String,
    /// The account's name, typed: then it is done and not only told.
    confirm: Option<String>,
}

impl UndoForm {
    fn since(&self) -> Result<DateTime<Utc>, Refusal> {
        let text = self.since.trim();
        let shapes = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
        let read = shapes.iter().find_map(|shape| NaiveDateTime::parse_from_str(text, shape).ok());
        let wrong = || Refusal::invalid("since", "is a day and time in UTC, such as 2026-01-31T08:00");
        read.map(|time| time.and_utc()).ok_or_else(wrong)
    }
}

pub(super) async fn show(staff: Staff, Path(name): Path<String>) -> Response {
    shown(&staff.ask, name, UndoForm::default(), None, &Said::default())
}

pub(super) async fn undo(
    Signed(ask): Signed,
    Path(name): Path<String>,
    Form(form): Form<UndoForm>,
) -> Result<Response, Problem> {
    let since = match form.since() {
        Ok(since) => since,
        Err(refusal) => return Ok(shown(&ask, name, form, None, &Said::of(&refusal))),
    };
    let confirmed = form.confirm.as_deref().map(|typed| typed.trim() == name);
    let variables =
        undo_account::Variables { account: name.clone(), since, dry_run: confirmed != Some(true) };
    let told = match deed::<UndoAccount>(&ask, variables).await? {
        Ok(told) => told,
        Err(said) => return Ok(shown(&ask, name, form, None, &said)),
    };
    if confirmed == Some(true) {
        return Ok(ask.go(&address(&name), Some(Done::Undone), told.position));
    }
    let told = told.data.undo_actor;
    let foreseen = Foreseen { done: told.done, left: told.left };
    let said = match confirmed {
        Some(false) => Said::of(&Refusal::invalid("confirm", format!("type {name} to undo this"))),
        _ => Said::default(),
    };
    Ok(shown(&ask, name, form, Some(foreseen), &said))
}

fn shown(ask: &Ask, name: String, form: UndoForm, foreseen: Option<Foreseen>, said: &Said) -> Response {
    let page = UndoPage {
        frame: ask.frame(Part::Staff),
        tab: "accounts",
        problem: said.problem.clone(),
        path: path_part(&name),
        name,
        form,
        foreseen,
    };
    page_with(said.status(), &page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn rendered(foreseen: Option<Foreseen>) -> String {
        let page = UndoPage {
            frame: testing::frame(Part::Staff),
            tab: "accounts",
            problem: Some(HOSTILE.into()),
            name: HOSTILE.into(),
            path: path_part(HOSTILE),
            form: UndoForm { since: HOSTILE.into(), confirm: None },
            foreseen,
        };
        page.render().unwrap()
    }

    #[test]
    fn nothing_is_undone_before_it_was_seen() {
        let html = rendered(None);
        assert!(!html.contains("name=\"confirm\""), "{html}");
        testing::is_tame(&html);
        let text = || HOSTILE.to_owned();
        let done = UndoAccountUndoActorDone { position: 3, stream: text(), deed: text(), by: text() };
        let left = UndoAccountUndoActorLeft {
            position: 4,
            stream: text(),
            deed: text(),
            reason: text(),
            later: Some(9),
        };
        let html = rendered(Some(Foreseen { done: vec![done], left: vec![left] }));
        assert!(html.contains("name=\"confirm\"") && html.contains("/qgis/log/9/"), "{html}");
        testing::is_tame(&html);
        let html = rendered(Some(Foreseen { done: vec![], left: vec![] }));
        assert!(html.contains("Nothing to undo") && !html.contains("name=\"confirm\""), "{html}");
    }

    #[test]
    fn a_time_is_what_browsers_send() {
        let since = |since: &str| UndoForm { since: since.into(), confirm: None }.since();
        assert_eq!(
            since("2026-01-31T08:00").unwrap(),
            "2026-01-31T08:00:00Z".parse::<DateTime<Utc>>().unwrap()
        );
        assert!(since("2026-01-31T08:00:09").is_ok() && since("yesterday").is_err());
    }
}

//! `/log/<position>/`: one event with its facts, ids and neighbours.

use super::{who, words};
use crate::ask::Ask;
use crate::documents::log_event::LogEventEventsNodes;
use crate::documents::{LogEvent, log_event};
use crate::frame::{Frame, Part};
use crate::meta::Meta;
use crate::page::page;
use crate::text::Day;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use serde_json::Value;

#[derive(Template)]
#[template(path = "log/event.html")]
struct EventPage {
    frame: Frame,
    meta: Meta,
    event: Shown,
    /// There is one ahead of it, or behind it.
    older: Option<u64>,
    newer: Option<u64>,
}

struct Shown {
    id: String,
    position: u64,
    kind: String,
    title: String,
    schema: i64,
    at: Day,
    instant: String,
    time: String,
    stream: Option<String>,
    stream_version: u64,
    who: String,
    account: Option<String>,
    what: String,
    facts: Option<String>,
    plugin: Option<String>,
}

pub(super) async fn show(ask: Ask, Path(position): Path<String>) -> Result<Response, Problem> {
    let position: u64 = position.parse().map_err(|_| Refusal::NothingHere)?;
    let told = ask.query::<LogEvent>(log_event::Variables { before: position }).await?.events;
    let found = told.nodes.into_iter().find(|event| event.position == position);
    let event = found.ok_or(Refusal::NothingHere)?;
    let frame = ask.frame(Part::Other);
    let event = Shown::of(&frame, event);
    let mut meta = Meta::of(&frame, &format!("/log/{position}/"), event.title.clone(), &event.what);
    meta.unlisted = true;
    let older = position.checked_sub(1);
    let newer = position.checked_add(1).filter(|next| *next < told.head);
    Ok(page(&EventPage { frame, meta, event, older, newer }))
}

impl Shown {
    fn of(frame: &Frame, told: LogEventEventsNodes) -> Self {
        let payload = told.payload.as_ref();
        let package = payload.and_then(|facts| facts.get("package")).and_then(Value::as_str);
        let written = |facts: &Value| serde_json::to_string_pretty(facts).unwrap_or_default();
        Self {
            id: told.id,
            position: told.position,
            title: words::spaced(&told.kind),
            schema: told.schema,
            at: Day(told.recorded_at),
            instant: told.recorded_at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
            time: told.recorded_at.format("%H:%M:%S").to_string(),
            stream: told.stream,
            stream_version: told.stream_version,
            who: who(told.actor.as_deref(), told.by.and_then(|account| account.name)),
            account: told.actor_account_id,
            what: words::words(&told.kind, payload),
            facts: payload.map(written),
            plugin: package.map(|package| frame.plugin(package)),
            kind: told.kind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};
    use serde_json::json;

    fn rendered(payload: Option<Value>) -> String {
        let frame = testing::frame(Part::Other);
        let told = LogEventEventsNodes {
            id: HOSTILE.into(),
            position: 3,
            kind: HOSTILE.into(),
            schema: 1,
            recorded_at: "2026-03-04T05:06:07Z".parse().unwrap(),
            stream: Some(HOSTILE.into()),
            stream_version: 1,
            actor: Some("account".into()),
            actor_account_id: Some(HOSTILE.into()),
            by: None,
            payload,
        };
        let event = Shown::of(&frame, told);
        let meta = Meta::of(&frame, "/log/3/", "Event", "What happened");
        EventPage { frame, meta, event, older: Some(2), newer: Some(4) }.render().unwrap()
    }

    #[test]
    fn facts_are_shown_as_they_are_and_do_nothing() {
        let html = rendered(Some(json!({ "package": HOSTILE, "reason": HOSTILE })));
        assert!(html.contains("/qgis/log/2/") && html.contains("/qgis/log/4/"), "{html}");
        testing::is_tame(&html);
    }

    #[test]
    fn what_is_not_for_everybody_is_said_to_be_kept() {
        let html = rendered(None);
        assert!(html.contains("for the account itself and staff"), "{html}");
        testing::is_tame(&html);
    }
}

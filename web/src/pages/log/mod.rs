//! `/log/`: what has happened in this repository, for everybody. The log names nobody; names stand beside it for who may see
//! them.

mod event;
mod words;

use crate::ask::Ask;
use crate::documents::{LogPage as Document, log_page};
use crate::frame::{Frame, Part};
use crate::meta::Meta;
use crate::page::page;
use crate::text::{Count, Day};
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use cairn_api::App;
use cairn_api::problem::Problem;
use cairn_domain::names::PackageName;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded::Serializer;

/// How many events are on a page.
const SHOWN: i64 = 50;

/// The longest name or id of an account that is looked for, in characters.
const ACTOR_CHARS_MAX: usize = 150;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/log", get(show)).route("/log/{position}", get(event::show))
}

#[derive(Template)]
#[template(path = "log/list.html")]
struct LogPage {
    frame: Frame,
    meta: Meta,
    asked: Asked,
    kinds: Vec<(&'static str, String)>,
    problem: Option<String>,
    lines: Vec<Line>,
    head: Count,
    older: Option<String>,
    newer: Option<String>,
}

/// An event in one line.
#[derive(Debug, Clone)]
pub(in crate::pages) struct Line {
    pub(in crate::pages) position: u64,
    pub(in crate::pages) at: Day,
    /// The hour and minute.
    pub(in crate::pages) time: String,
    pub(in crate::pages) who: String,
    pub(in crate::pages) what: String,
    pub(in crate::pages) reason: Option<String>,
    /// The page of the plugin that it is about.
    pub(in crate::pages) plugin: Option<String>,
}

/// What a reader asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    kind: String,
    plugin: String,
    actor: String,
    before: Option<String>,
    after: Option<String>,
}

impl Asked {
    /// The address of a page with the same filter.
    fn address(&self, frame: &Frame, place: Option<(&str, &str)>) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in [("kind", &self.kind), ("plugin", &self.plugin), ("actor", &self.actor)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some((name, value)) = place {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { format!("{}/log/", frame.root) } else { format!("{}/log/?{query}", frame.root) }
    }

    fn is_narrowed(&self) -> bool {
        ![&self.kind, &self.plugin, &self.actor].into_iter().all(String::is_empty)
    }

    /// The document's variables. A kind that never was is left out, so that old links go on working; `Err` is the sentence for
    /// a plugin that cannot be.
    fn variables(&self) -> Result<log_page::Variables, String> {
        let place = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
        let plugin = Some(self.plugin.trim()).filter(|package| !package.is_empty());
        let plugin: Option<PackageName> = plugin
            .map(str::parse)
            .transpose()
            .map_err(|refusal: cairn_domain::Refusal| crate::problem_page::sentence(&refusal.to_string()))?;
        let known = words::kinds().into_iter().any(|(kind, _)| kind == self.kind);
        let after = place(&self.after);
        let (first, last) = if after.is_some() { (Some(SHOWN), None) } else { (None, Some(SHOWN)) };
        Ok(log_page::Variables {
            first,
            last,
            before: place(&self.before).filter(|_| after.is_none()),
            after,
            kinds: Some(vec![self.kind.clone()]).filter(|_| known),
            plugin: plugin.map(|package| package.to_string()),
            actor: Some(self.actor.trim().chars().take(ACTOR_CHARS_MAX).collect())
                .filter(|actor: &String| !actor.is_empty()),
        })
    }
}

async fn show(ask: Ask, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (told, problem) = match asked.variables() {
        Ok(variables) => (Some(ask.query::<Document>(variables).await?.events), None),
        Err(problem) => (None, Some(problem)),
    };
    let frame = ask.frame(Part::Other);
    let (mut lines, mut older, mut newer, mut head) = (Vec::new(), None, None, 0);
    if let Some(told) = told {
        let info = &told.page_info;
        let start = info.start_cursor.as_deref().filter(|_| info.has_previous_page);
        let end = info.end_cursor.as_deref().filter(|_| info.has_next_page);
        older = start.map(|place| asked.address(&frame, Some(("before", place))));
        newer = end.map(|place| asked.address(&frame, Some(("after", place))));
        head = told.head;
        lines = told.nodes.into_iter().rev().map(|told| Line::from((&frame, told))).collect();
    }
    let about =
        "Everything that happened in this repository: uploads, approvals, owners, rules; the newest first.";
    let mut meta = Meta::of(&frame, "/log/", "Log", about);
    meta.unlisted = asked.is_narrowed() || asked.before.is_some() || asked.after.is_some();
    let shown = LogPage {
        meta,
        kinds: words::kinds(),
        problem,
        lines,
        head: Count(head),
        older,
        newer,
        asked,
        frame,
    };
    Ok(page(&shown))
}

/// Lets lines be made of the fragment `Line` in a document, given the module of the document.
macro_rules! line_of {
    ($document:ident) => {
        impl From<(&$crate::frame::Frame, $document::Line)> for $crate::pages::log::Line {
            fn from((frame, told): (&$crate::frame::Frame, $document::Line)) -> Self {
                let name = told.by.and_then(|account| account.name);
                let actor = told.actor.as_deref();
                Self::of(
                    frame,
                    (told.position, told.recorded_at),
                    &told.kind,
                    told.payload.as_ref(),
                    (actor, name),
                )
            }
        }
    };
}

pub(in crate::pages) use line_of;

line_of!(log_page);

impl Line {
    /// An event at this place and time, done by whom.
    pub(in crate::pages) fn of(
        frame: &Frame,
        (position, at): (u64, DateTime<Utc>),
        kind: &str,
        facts: Option<&Value>,
        (actor, name): (Option<&str>, Option<String>),
    ) -> Self {
        let text = |key: &str| facts.and_then(|facts| facts.get(key)).and_then(Value::as_str);
        Self {
            position,
            at: Day(at),
            time: at.format("%H:%M").to_string(),
            what: words::words(kind, facts),
            reason: text("reason").map(str::to_owned),
            plugin: text("package").map(|package| frame.plugin(package)),
            who: who(actor, name),
        }
    }
}

/// Whoever did it, as far as the reader may know.
fn who(actor: Option<&str>, name: Option<String>) -> String {
    match (actor, name) {
        (Some("token"), Some(name)) => format!("a token of {name}"),
        (_, Some(name)) => name,
        (Some("operator"), None) => "the operator".to_owned(),
        (Some("site"), None) => "the repository itself".to_owned(),
        (Some("token"), None) => "a token".to_owned(),
        (Some("anonymous"), None) => "a visitor".to_owned(),
        (_, None) => "somebody".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};
    use serde_json::json;

    fn line(kind: &str) -> Line {
        let told = log_page::Line {
            position: 7,
            kind: kind.into(),
            recorded_at: "2026-03-04T05:06:07Z".parse().unwrap(),
            actor: Some("account".into()),
            by: None,
            payload: Some(json!({ "package": HOSTILE, "version": HOSTILE, "reason": HOSTILE })),
        };
        Line::from((&testing::frame(Part::Other), told))
    }

    fn rendered(lines: Vec<Line>, asked: Asked) -> String {
        let frame = testing::frame(Part::Other);
        let page = LogPage {
            meta: Meta::of(&frame, "/log/", "Log", "All"),
            frame,
            asked,
            kinds: words::kinds(),
            problem: None,
            lines,
            head: Count(8),
            older: Some("/qgis/log/?before=3".into()),
            newer: None,
        };
        page.render().unwrap()
    }

    #[test]
    fn events_are_lines_of_plain_words_and_their_texts_do_nothing() {
        let asked = Asked {
            kind: "VersionApproved".into(),
            plugin: HOSTILE.into(),
            actor: HOSTILE.into(),
            ..Asked::default()
        };
        let html = rendered(vec![line("VersionApproved"), line(HOSTILE)], asked);
        assert!(html.contains("somebody") && html.contains("/qgis/log/7/"), "{html}");
        assert!(html.contains("value=\"VersionApproved\" selected"), "{html}");
        testing::is_tame(&html);
    }

    #[test]
    fn an_empty_page_says_how_to_see_more() {
        let narrowed = Asked { kind: "VoteCast".into(), ..Asked::default() };
        assert!(rendered(vec![], narrowed).contains("Nothing like this"));
        assert!(rendered(vec![], Asked::default()).contains("Nothing has happened yet"));
    }

    #[test]
    fn who_did_it_is_told_as_far_as_it_may_be() {
        assert_eq!(who(Some("account"), Some("ann".into())), "ann");
        assert_eq!(who(Some("token"), Some("ann".into())), "a token of ann");
        assert_eq!(who(Some("account"), None), "somebody");
        assert_eq!(who(Some("site"), None), "the repository itself");
        assert_eq!(who(None, None), "somebody");
    }

    #[test]
    fn a_filter_goes_along_from_page_to_page() {
        let frame = testing::frame(Part::Other);
        let asked = Asked {
            kind: "VoteCast".into(),
            plugin: "lasso".into(),
            actor: " ann ".into(),
            ..Asked::default()
        };
        assert_eq!(
            asked.address(&frame, Some(("before", "9"))),
            "/qgis/log/?kind=VoteCast&plugin=lasso&actor=+ann+&before=9"
        );
        let variables = asked.variables().unwrap();
        assert_eq!(variables.actor.as_deref(), Some("ann"));
        assert_eq!((variables.last, variables.kinds), (Some(SHOWN), Some(vec!["VoteCast".to_owned()])));
        let strange = Asked { kind: "PluginSold".into(), after: Some("5".into()), ..Asked::default() };
        let variables = strange.variables().unwrap();
        assert_eq!((variables.first, variables.after, variables.kinds), (Some(SHOWN), Some(5), None));
        assert!(Asked { plugin: "a b".into(), ..Asked::default() }.variables().is_err());
    }
}

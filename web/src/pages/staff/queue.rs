//! `/staff/queue/`: the versions that wait for somebody to look at them, the oldest first.

use super::who::Staff;
use crate::documents::{QueueNext, StaffQueue, queue_next, staff_queue};
use crate::done::Done;
use crate::frame::{Frame, Part, path_part};
use crate::page::page;
use crate::text::{Bytes, Count, Day};
use askama::Template;
use axum::extract::{Query, RawQuery};
use axum::response::Response;
use cairn_api::problem::Problem;
use serde::Deserialize;

/// How many versions are on a page.
const SHOWN: i64 = 20;

#[derive(Template)]
#[template(path = "staff/queue.html")]
struct QueuePage {
    frame: Frame,
    tab: &'static str,
    total: Count,
    rows: Vec<Row>,
    newer: Option<String>,
    older: Option<String>,
}

/// A version that waits.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own")]
pub(super) struct Row {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) number: String,
    pub(super) since: Day,
    pub(super) author: Option<String>,
    pub(super) trusted: bool,
    /// No version of the plugin is public yet.
    pub(super) first: bool,
    pub(super) again: bool,
    pub(super) findings: usize,
    pub(super) experimental: bool,
    pub(super) qgis: String,
    pub(super) size: Bytes,
    pub(super) created_at: Day,
}

/// Where a page begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    after: Option<String>,
    before: Option<String>,
}

/// Lets rows be made of the fragment `Waiting` in a document, given the module of the document.
macro_rules! row_of {
    ($document:ident) => {
        impl TryFrom<(&$crate::frame::Frame, $document::Waiting)> for $crate::pages::staff::queue::Row {
            /// Nobody may see its plugin.
            type Error = ();

            fn try_from((frame, told): (&$crate::frame::Frame, $document::Waiting)) -> Result<Self, ()> {
                let plugin = told.plugin.ok_or(())?;
                Ok(Self {
                    href: $crate::pages::staff::queue::address(frame, &plugin.package, &told.number),
                    first: plugin.stable.is_none() && plugin.experimental.is_none(),
                    name: plugin.name,
                    created_at: $crate::text::Day(plugin.created_at),
                    since: $crate::text::Day(told.uploaded_at),
                    trusted: told.uploaded_by.as_ref().is_some_and(|account| account.trusted),
                    author: told.uploaded_by.and_then(|account| account.name),
                    again: told.approved,
                    findings: told.warnings.len(),
                    experimental: told.experimental,
                    qgis: format!("{} – {}", told.qgis_min, told.qgis_max),
                    size: $crate::text::Bytes(told.size_bytes),
                    number: told.number,
                })
            }
        }
    };
}

pub(super) use row_of;

row_of!(staff_queue);

/// The page on which a version is reviewed.
pub(super) fn address(frame: &Frame, package: &str, number: &str) -> String {
    format!("{}/staff/queue/{}/{}/", frame.root, path_part(package), path_part(number))
}

pub(super) async fn show(staff: Staff, Query(place): Query<Place>) -> Result<Response, Problem> {
    let back = place.before.is_some() && place.after.is_none();
    let variables = staff_queue::Variables {
        first: Some(SHOWN).filter(|_| !back),
        last: Some(SHOWN).filter(|_| back),
        after: place.after,
        before: place.before.filter(|_| back),
    };
    let told = staff.ask.query::<StaffQueue>(variables).await?.review_queue;
    let frame = staff.ask.frame(Part::Staff);
    let link = |name: &str, cursor: Option<String>| {
        cursor.map(|cursor| format!("{}/staff/queue/?{name}={}", frame.root, path_part(&cursor)))
    };
    let info = told.page_info;
    let older = link("before", info.start_cursor.filter(|_| info.has_previous_page));
    let newer = link("after", info.end_cursor.filter(|_| info.has_next_page));
    let rows = told.nodes.into_iter().filter_map(|version| Row::try_from((&frame, version)).ok()).collect();
    Ok(page(&QueuePage { tab: "queue", total: Count(told.total_count), rows, newer, older, frame }))
}

/// On to the version that has waited longest; or to the one behind `?after=<package>/<version>`.
pub(super) async fn next(staff: Staff, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let done = Done::in_query(&query);
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let after = pairs.find(|(key, _)| key == "after").map(|(_, value)| value.into_owned());
    let told = staff.ask.query::<QueueNext>(queue_next::Variables {}).await?.review_queue;
    let waiting =
        told.nodes.into_iter().filter_map(|version| Some((version.plugin?.package, version.number)));
    let to = match following(waiting.collect(), after.as_deref()) {
        Some((package, number)) => {
            format!("/staff/queue/{}/{}/", path_part(&package), path_part(&number))
        }
        None => "/staff/queue/".to_owned(),
    };
    Ok(staff.ask.go(&to, done, None))
}

/// The one behind `after` as `<package>/<version>`; the first if that is not there.
fn following(waiting: Vec<(String, String)>, after: Option<&str>) -> Option<(String, String)> {
    let at = after.and_then(|after| {
        waiting.iter().position(|(package, number)| format!("{package}/{number}") == after)
    });
    waiting.into_iter().nth(at.map_or(0, |at| at + 1))
}

/// Where the present site has its queue.
pub(super) async fn old_address(staff: Staff) -> Response {
    staff.ask.go("/staff/queue/", None, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    pub(in crate::pages::staff) fn row(text: &str) -> Row {
        let day = || Day("2026-03-04T05:06:07Z".parse().unwrap());
        Row {
            href: "/qgis/staff/queue/lasso/1.0/".into(),
            name: text.into(),
            number: text.into(),
            since: day(),
            author: Some(text.into()),
            trusted: false,
            first: true,
            again: true,
            findings: 2,
            experimental: true,
            qgis: "3.28 – 3.99".into(),
            size: Bytes(2_000),
            created_at: day(),
        }
    }

    fn rendered(rows: Vec<Row>) -> String {
        let page = QueuePage {
            frame: testing::frame(Part::Staff),
            tab: "queue",
            total: Count(rows.len() as u64),
            rows,
            newer: Some("/qgis/staff/queue/?after=7".into()),
            older: None,
        };
        page.render().unwrap()
    }

    #[test]
    fn what_waits_is_listed_and_its_texts_do_nothing() {
        let html = rendered(vec![row(HOSTILE)]);
        assert!(html.contains("first version") && html.contains("2 findings"), "{html}");
        testing::is_tame(&html);
    }

    #[test]
    fn an_empty_queue_is_good_news() {
        assert!(rendered(vec![]).contains("Nothing waits"));
    }

    #[test]
    fn one_goes_on_to_the_next() {
        let waiting = || vec![("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())];
        let number = |after| following(waiting(), after).map(|(_, number)| number);
        assert_eq!(number(None).as_deref(), Some("1"));
        assert_eq!(number(Some("a/1")).as_deref(), Some("2"));
        assert_eq!(number(Some("b/2")), None);
        assert_eq!(number(Some("gone/9")).as_deref(), Some("1"));
    }
}

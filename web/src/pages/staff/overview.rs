//! `/staff/`: what waits for staff, who is new, and how the repository is.

use super::health::LATE_SECONDS;
use super::queue::{Row, row_of};
use super::who::Staff;
use crate::documents::{StaffHome, staff_home};
use crate::frame::{Frame, Part, path_part};
use crate::page::page;
use crate::pages::log::{Line, line_of};
use crate::text::{Count, Day};
use askama::Template;
use axum::response::Response;
use cairn_api::problem::Problem;

#[derive(Template)]
#[template(path = "staff/overview.html")]
struct OverviewPage {
    frame: Frame,
    tab: &'static str,
    waiting: u64,
    /// Since when the oldest waits.
    oldest: Option<Day>,
    rows: Vec<Row>,
    accounts: Count,
    newcomers: Vec<Newcomer>,
    deleted: Count,
    featured: Count,
    /// The read models that are not up to date.
    unwell: Vec<String>,
    head: Count,
    lines: Vec<Line>,
}

struct Newcomer {
    name: String,
    href: String,
    since: Day,
    blocked: bool,
}

row_of!(staff_home);
line_of!(staff_home);

pub(super) async fn show(staff: Staff) -> Result<Response, Problem> {
    let told = staff.ask.query::<StaffHome>(staff_home::Variables {}).await?;
    let frame = staff.ask.frame(Part::Staff);
    let queue = told.review_queue;
    let unwell = told
        .status
        .into_iter()
        .filter(|model| model.halted_at.is_some() || (model.live && model.lag_seconds > LATE_SECONDS));
    let newcomer = |account: staff_home::StaffHomeAccountsNodes| {
        let called = account.name.clone().unwrap_or(account.account_id);
        Newcomer {
            href: format!("{}/staff/accounts/{}/", frame.root, path_part(&called)),
            name: account.name.unwrap_or_else(|| "a forgotten person".to_owned()),
            since: Day(account.registered_at),
            blocked: account.blocked,
        }
    };
    let shown = OverviewPage {
        tab: "overview",
        waiting: queue.total_count,
        oldest: queue.nodes.first().map(|version| Day(version.uploaded_at)),
        rows: queue.nodes.into_iter().filter_map(|version| Row::try_from((&frame, version)).ok()).collect(),
        accounts: Count(told.accounts.total_count),
        newcomers: told.accounts.nodes.into_iter().map(newcomer).collect(),
        deleted: Count(told.deleted.total_count),
        featured: Count(told.featured.total_count),
        unwell: unwell.map(|model| model.name).collect(),
        head: Count(told.events.head),
        lines: told.events.nodes.into_iter().rev().map(|event| Line::from((&frame, event))).collect(),
        frame,
    };
    Ok(page(&shown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn rendered(waiting: u64, unwell: Vec<String>) -> String {
        let day = || Day("2026-03-04T05:06:07Z".parse().unwrap());
        let newcomer = Newcomer {
            name: HOSTILE.into(),
            href: "/qgis/staff/accounts/ann/".into(),
            since: day(),
            blocked: true,
        };
        let page = OverviewPage {
            frame: testing::frame(Part::Staff),
            tab: "overview",
            waiting,
            oldest: (waiting > 0).then(day),
            rows: vec![],
            accounts: Count(1),
            newcomers: vec![newcomer],
            deleted: Count(0),
            featured: Count(2),
            unwell,
            head: Count(9),
            lines: vec![],
        };
        page.render().unwrap()
    }

    #[test]
    fn what_needs_somebody_is_said_first() {
        let html = rendered(3, vec![HOSTILE.into()]);
        assert!(
            html.contains("since 4 Mar 2026")
                && html.contains("Not everything that people read is up to date"),
            "{html}"
        );
        testing::is_tame(&html);
        let html = rendered(0, vec![]);
        assert!(html.contains("Nothing waits") && html.contains("Everything is well"), "{html}");
        testing::is_tame(&html);
    }
}

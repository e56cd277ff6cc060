//! `/staff/qgis/`: which QGIS versions feeds mean by `latest`, `stable` and `ltr`.

use super::who::{Said, Signed, Staff, deed, given};
use crate::ask::Ask;
use crate::documents::{SetQgis, StaffQgis, set_qgis, staff_qgis};
use crate::done::Done;
use crate::frame::{Frame, Part};
use crate::page::page_with;
use crate::text::Day;
use askama::Template;
use axum::extract::Form;
use axum::response::Response;
use cairn_api::problem::Problem;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "staff/qgis.html")]
struct QgisPage {
    frame: Frame,
    tab: &'static str,
    problem: Option<String>,
    form: QgisForm,
    /// Nobody has told them yet: they come from the configuration.
    configured: bool,
    changes: Vec<Row>,
}

/// What the labels meant from a time on.
struct Row {
    position: u64,
    at: Day,
    by: Option<String>,
    latest: String,
    stable: String,
    ltr: String,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct QgisForm {
    latest: String,
    stable: String,
    ltr: String,
}

pub(super) async fn show(staff: Staff) -> Result<Response, Problem> {
    look(&staff.ask, None, Said::default()).await
}

pub(super) async fn change(Signed(ask): Signed, Form(form): Form<QgisForm>) -> Result<Response, Problem> {
    let input = set_qgis::SetQgisReleasesInput {
        idempotency_key: None,
        latest: form.latest.trim().to_owned(),
        stable: given(Some(form.stable.clone())),
        ltr: form.ltr.trim().to_owned(),
    };
    match deed::<SetQgis>(&ask, set_qgis::Variables { input }).await? {
        Ok(told) => Ok(ask.go("/staff/qgis/", Some(Done::QgisSet), told.position)),
        Err(said) => look(&ask, Some(form), said).await,
    }
}

async fn look(ask: &Ask, typed: Option<QgisForm>, said: Said) -> Result<Response, Problem> {
    let told = ask.query::<StaffQgis>(staff_qgis::Variables {}).await?;
    let now = told.qgis_releases;
    let form = typed.unwrap_or(QgisForm { latest: now.latest, stable: now.stable, ltr: now.ltr });
    let row = |change: staff_qgis::StaffQgisSiteChanges| {
        Some(Row {
            position: change.position,
            at: Day(change.at),
            by: change.by.and_then(|account| account.name),
            latest: change.latest?,
            stable: change.stable?,
            ltr: change.ltr?,
        })
    };
    let page = QgisPage {
        frame: ask.frame(Part::Staff),
        tab: "qgis",
        problem: said.problem.clone(),
        form,
        configured: now.configured,
        changes: told.site.changes.into_iter().filter_map(row).collect(),
    };
    Ok(page_with(said.status(), &page))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn rendered(problem: Option<String>, changes: Vec<Row>) -> String {
        let text = || HOSTILE.to_owned();
        let form = QgisForm { latest: text(), stable: text(), ltr: text() };
        let frame = testing::frame(Part::Staff);
        let page = QgisPage { frame, tab: "qgis", problem, form, configured: changes.is_empty(), changes };
        page.render().unwrap()
    }

    #[test]
    fn a_refused_form_keeps_what_was_typed_and_points_at_the_problem() {
        let row = Row {
            position: 3,
            at: Day("2026-03-04T05:06:07Z".parse().unwrap()),
            by: Some(HOSTILE.into()),
            latest: HOSTILE.into(),
            stable: HOSTILE.into(),
            ltr: HOSTILE.into(),
        };
        let html = rendered(Some(HOSTILE.into()), vec![row]);
        assert!(html.contains("aria-describedby=\"problem\"") && html.contains("&#60;script&#62;"), "{html}");
        testing::is_tame(&html);
    }

    #[test]
    fn before_anybody_said_it_the_configuration_does() {
        let html = rendered(None, vec![]);
        assert!(html.contains("configuration of the server"), "{html}");
        testing::is_tame(&html);
    }
}

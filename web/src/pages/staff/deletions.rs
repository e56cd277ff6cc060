//! `/plugins/awaiting_deletion/`: plugins that are marked for deletion, brought back or ended for good, and the names that are
//! gone, given to somebody else.

use super::featured::{PackageForm, Start};
use super::who::{Said, Signed, Staff, deed, given};
use crate::ask::Ask;
use crate::documents::{
    BuryPlugin, RevivePlugin, StaffDeletions, StaffRestore, bury_plugin, revive_plugin, staff_deletions,
    staff_restore,
};
use crate::done::Done;
use crate::frame::{Frame, Part, path_part};
use crate::page::page_with;
use crate::text::{Count, Day};
use askama::Template;
use axum::extract::{Form, Path, Query};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use serde::Deserialize;

/// How many are on a page.
const SHOWN: i64 = 50;

/// Where these pages are.
const HERE: &str = "/plugins/awaiting_deletion/";

#[derive(Template)]
#[template(path = "staff/deletions.html")]
struct DeletionsPage {
    frame: Frame,
    tab: &'static str,
    problem: Option<String>,
    revive: ReviveForm,
    total: Count,
    plugins: Vec<Row>,
    next: Option<String>,
}

struct Row {
    package: String,
    name: String,
    href: String,
    downloads: Count,
    owners: String,
    reason: Option<String>,
    until: Option<Day>,
}

/// Asked before a plugin is ended for good.
#[derive(Template)]
#[template(path = "staff/bury.html")]
struct BuryPage {
    frame: Frame,
    tab: &'static str,
    problem: Option<String>,
    package: String,
    form: BuryForm,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct BuryForm {
    /// The package name, typed as a confirmation.
    confirm: String,
    reason: Option<String>,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct ReviveForm {
    package: String,
    owner: String,
    reason: Option<String>,
}

pub(super) async fn show(staff: Staff, Query(from): Query<Start>) -> Result<Response, Problem> {
    look(&staff.ask, from.after, ReviveForm::default(), Said::default()).await
}

pub(super) async fn restore(Signed(ask): Signed, Form(form): Form<PackageForm>) -> Result<Response, Problem> {
    let variables = staff_restore::Variables { package: form.package };
    match deed::<StaffRestore>(&ask, variables).await? {
        Ok(told) => Ok(ask.go(HERE, Some(Done::StaffRestored), told.position)),
        Err(said) => look(&ask, None, ReviveForm::default(), said).await,
    }
}

pub(super) async fn ask_to_bury(staff: Staff, Path(package): Path<String>) -> Response {
    bury_page(&staff.ask, package, BuryForm::default(), &Said::default())
}

pub(super) async fn bury(
    Signed(ask): Signed,
    Path(package): Path<String>,
    Form(form): Form<BuryForm>,
) -> Result<Response, Problem> {
    if form.confirm.trim() != package {
        let said = Said::of(&Refusal::invalid("confirm", format!("type {package} to end this plugin")));
        return Ok(bury_page(&ask, package, form, &said));
    }
    let variables = bury_plugin::Variables { package: package.clone(), reason: given(form.reason.clone()) };
    match deed::<BuryPlugin>(&ask, variables).await? {
        Ok(told) => Ok(ask.go(HERE, Some(Done::Buried), told.position)),
        Err(said) => Ok(bury_page(&ask, package, form, &said)),
    }
}

pub(super) async fn revive(Signed(ask): Signed, Form(form): Form<ReviveForm>) -> Result<Response, Problem> {
    let variables = revive_plugin::Variables {
        package: form.package.trim().to_owned(),
        owner: form.owner.trim().to_owned(),
        reason: given(form.reason.clone()),
    };
    match deed::<RevivePlugin>(&ask, variables).await {
        Ok(Ok(told)) => Ok(ask.go(HERE, Some(Done::Revived), told.position)),
        Ok(Err(said)) => look(&ask, None, form, said).await,
        Err(Problem::Refused(refusal @ Refusal::PluginUnknown { .. })) => {
            look(&ask, None, form, Said::of(&refusal)).await
        }
        Err(problem) => Err(problem),
    }
}

fn bury_page(ask: &Ask, package: String, form: BuryForm, said: &Said) -> Response {
    let frame = ask.frame(Part::Staff);
    let page = BuryPage { frame, tab: "deletions", problem: said.problem.clone(), package, form };
    page_with(said.status(), &page)
}

async fn look(ask: &Ask, after: Option<String>, revive: ReviveForm, said: Said) -> Result<Response, Problem> {
    let variables = staff_deletions::Variables { first: SHOWN, after };
    let told = ask.query::<StaffDeletions>(variables).await?.plugins;
    let frame = ask.frame(Part::Staff);
    let next = told.page_info.end_cursor.filter(|_| told.page_info.has_next_page);
    let row = |plugin: staff_deletions::StaffDeletionsPluginsNodes| {
        let owners: Vec<String> = plugin.owners.into_iter().filter_map(|owner| owner.name).collect();
        let (reason, until) =
            plugin.deletion.map_or((None, None), |told| (told.reason, told.restorable_until));
        Row {
            href: frame.plugin(&plugin.package),
            package: plugin.package,
            name: plugin.name,
            downloads: Count(plugin.downloads),
            owners: owners.join(", "),
            reason,
            until: until.map(Day),
        }
    };
    let page = DeletionsPage {
        tab: "deletions",
        problem: said.problem.clone(),
        revive,
        total: Count(told.total_count),
        plugins: told.nodes.into_iter().map(row).collect(),
        next: next.map(|cursor| format!("{}{HERE}?after={}", frame.root, path_part(&cursor))),
        frame,
    };
    Ok(page_with(said.status(), &page))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn plugins_that_are_marked_can_be_brought_back_or_ended() {
        let page = |plugins: Vec<Row>| DeletionsPage {
            frame: testing::frame(Part::Staff),
            tab: "deletions",
            problem: Some(HOSTILE.into()),
            revive: ReviveForm {
                package: HOSTILE.into(),
                owner: HOSTILE.into(),
                reason: Some(HOSTILE.into()),
            },
            total: Count(1),
            plugins,
            next: None,
        };
        let row = Row {
            package: "lasso".into(),
            name: HOSTILE.into(),
            href: "/qgis/plugins/lasso/".into(),
            downloads: Count(3),
            owners: HOSTILE.into(),
            reason: Some(HOSTILE.into()),
            until: Some(Day("2026-03-04T05:06:07Z".parse().unwrap())),
        };
        let html = page(vec![row]).render().unwrap();
        assert!(html.contains("/staff/deletions/lasso/") && html.contains("4 Mar 2026"), "{html}");
        testing::is_tame(&html);
        assert!(page(vec![]).render().unwrap().contains("No plugin is marked for deletion"));
    }

    #[test]
    fn ending_for_good_wants_the_name_typed() {
        let page = BuryPage {
            frame: testing::frame(Part::Staff),
            tab: "deletions",
            problem: Some(HOSTILE.into()),
            package: HOSTILE.into(),
            form: BuryForm { confirm: HOSTILE.into(), reason: Some(HOSTILE.into()) },
        };
        let html = page.render().unwrap();
        assert!(html.contains("name=\"confirm\"") && html.contains("aria-invalid"), "{html}");
        testing::is_tame(&html);
    }
}

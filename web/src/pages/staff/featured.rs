//! `/staff/featured/`: the plugins that staff recommend, put there and taken away.

use super::who::{Said, Signed, Staff, deed};
use crate::ask::Ask;
use crate::card::{Card, card_of};
use crate::documents::{
    FeaturePlugin, StaffFeatured, UnfeaturePlugin, feature_plugin, staff_featured, unfeature_plugin,
};
use crate::done::Done;
use crate::frame::{Frame, Part, path_part};
use crate::page::page_with;
use crate::text::Count;
use askama::Template;
use axum::extract::{Form, Query};
use axum::response::Response;
use cairn_api::problem::Problem;
use serde::Deserialize;

/// How many are on a page.
const SHOWN: i64 = 50;

#[derive(Template)]
#[template(path = "staff/featured.html")]
struct FeaturedPage {
    frame: Frame,
    tab: &'static str,
    problem: Option<String>,
    typed: String,
    total: Count,
    plugins: Vec<(String, Card)>,
    next: Option<String>,
}

card_of!(staff_featured);

/// Where a page begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Start {
    pub(super) after: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PackageForm {
    pub(super) package: String,
}

pub(super) async fn show(staff: Staff, Query(from): Query<Start>) -> Result<Response, Problem> {
    look(&staff.ask, from.after, String::new(), Said::default()).await
}

pub(super) async fn add(Signed(ask): Signed, Form(form): Form<PackageForm>) -> Result<Response, Problem> {
    let package = form.package.trim().to_owned();
    match deed::<FeaturePlugin>(&ask, feature_plugin::Variables { package }).await {
        Ok(Ok(told)) => Ok(ask.go("/staff/featured/", Some(Done::Featured), told.position)),
        Ok(Err(said)) => look(&ask, None, form.package, said).await,
        // A name was mistyped: the form helps on, and no page that says there is nothing here.
        Err(Problem::Refused(refusal @ cairn_domain::Refusal::PluginUnknown { .. })) => {
            look(&ask, None, form.package, Said::of(&refusal)).await
        }
        Err(problem) => Err(problem),
    }
}

pub(super) async fn remove(Signed(ask): Signed, Form(form): Form<PackageForm>) -> Result<Response, Problem> {
    let package = form.package.trim().to_owned();
    match deed::<UnfeaturePlugin>(&ask, unfeature_plugin::Variables { package }).await? {
        Ok(told) => Ok(ask.go("/staff/featured/", Some(Done::Unfeatured), told.position)),
        Err(said) => look(&ask, None, String::new(), said).await,
    }
}

async fn look(ask: &Ask, after: Option<String>, typed: String, said: Said) -> Result<Response, Problem> {
    let variables = staff_featured::Variables { first: SHOWN, after };
    let told = ask.query::<StaffFeatured>(variables).await?.plugins;
    let frame = ask.frame(Part::Staff);
    let next = told.page_info.end_cursor.filter(|_| told.page_info.has_next_page);
    let card = |node: staff_featured::Card| (node.package.clone(), Card::from((&frame, node)));
    let page = FeaturedPage {
        tab: "featured",
        problem: said.problem.clone(),
        typed,
        total: Count(told.total_count),
        plugins: told.nodes.into_iter().map(card).collect(),
        next: next.map(|cursor| format!("{}/staff/featured/?after={}", frame.root, path_part(&cursor))),
        frame,
    };
    Ok(page_with(said.status(), &page))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn rendered(problem: Option<String>, plugins: Vec<(String, Card)>) -> String {
        let page = FeaturedPage {
            frame: testing::frame(Part::Staff),
            tab: "featured",
            typed: HOSTILE.into(),
            problem,
            total: Count(plugins.len() as u64),
            plugins,
            next: None,
        };
        page.render().unwrap()
    }

    #[test]
    fn without_any_the_page_says_what_featuring_does() {
        let html = rendered(None, vec![]);
        assert!(html.contains("Nothing is featured yet"), "{html}");
        testing::is_tame(&html);
    }

    #[test]
    fn each_has_a_button_that_takes_it_away() {
        let html = rendered(Some(HOSTILE.into()), vec![("lasso".into(), testing::card(HOSTILE))]);
        assert!(html.contains("/qgis/staff/featured/remove/") && html.contains("value=\"lasso\""), "{html}");
        assert!(html.contains("aria-invalid=\"true\""), "{html}");
        testing::is_tame(&html);
    }
}

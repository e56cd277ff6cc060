//! `/plugins/user/<name>/`: somebody who publishes here, and what.

use crate::ask::Ask;
use crate::card::{Card, card_of};
use crate::documents::{PersonPage as Document, person_page};
use crate::frame::{Frame, Part, path_part};
use crate::meta::Meta;
use crate::page::public_page;
use crate::text::{Count, Day};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use serde::Deserialize;
use serde_json::json;

/// How many plugins are on a page.
const PLUGINS_PER_PAGE: i64 = 50;

/// Where in the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    after: Option<String>,
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    frame: Frame,
    meta: Meta,
    name: String,
    since: Day,
    trusted: bool,
    staff: bool,
    teams: Vec<String>,
    total: Count,
    cards: Vec<Card>,
    previous: Option<String>,
    next: Option<String>,
}

card_of!(person_page);

impl PersonPage {
    /// For the place of a picture.
    fn initial(&self) -> String {
        let first = self.name.chars().find(|c| c.is_alphanumeric());
        first.map(|c| c.to_uppercase().to_string()).unwrap_or_default()
    }
}

pub(super) async fn show(
    ask: Ask,
    Path(name): Path<String>,
    Query(place): Query<Place>,
) -> Result<Response, Problem> {
    let backward = place.before.is_some();
    let told = ask
        .query::<Document>(person_page::Variables {
            name: name.clone(),
            first: (!backward).then_some(PLUGINS_PER_PAGE),
            after: place.after.filter(|_| !backward),
            last: backward.then_some(PLUGINS_PER_PAGE),
            before: place.before,
        })
        .await?;
    let unknown = || Refusal::AccountUnknown { account: name.clone() };
    let account = told.account.ok_or_else(unknown)?;
    let name = account.name.ok_or_else(unknown)?;
    let frame = ask.frame(Part::Plugins);
    let path = format!("/plugins/user/{}/", path_part(&name));
    let (since, total) = (Day(account.registered_at), Count(told.plugins.total_count));
    let about = format!("{name} publishes {} for QGIS here, and is here since {since}.", total.of("plugin"));
    let thing = json!({
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "dateCreated": since.instant(),
        "mainEntity": { "@type": "Person", "name": name, "url": format!("{}{path}", frame.base) },
    });
    let info = told.plugins.page_info;
    let link = |word: &str, cursor: Option<String>, there: bool| {
        let cursor = cursor.filter(|_| there)?;
        Some(format!("{}{path}?{word}={}", frame.root, path_part(&cursor)))
    };
    Ok(public_page(&PersonPage {
        meta: Meta::of(&frame, &path, name.clone(), &about).about(&thing),
        name,
        since,
        trusted: account.trusted,
        staff: account.staff,
        teams: account.teams.into_iter().map(|team| team.name).collect(),
        total,
        previous: link("before", info.start_cursor, info.has_previous_page),
        next: link("after", info.end_cursor, info.has_next_page),
        cards: told.plugins.nodes.into_iter().map(|node| Card::from((&frame, node))).collect(),
        frame,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};
    use crate::visitor::Visitor;

    fn person(cards: Vec<Card>) -> PersonPage {
        let frame = testing::frame(Part::Plugins);
        PersonPage {
            meta: Meta::of(&frame, "/plugins/user/ann/", HOSTILE, HOSTILE),
            name: HOSTILE.into(),
            since: Day("2026-03-04T05:06:07Z".parse().unwrap()),
            trusted: true,
            staff: true,
            teams: vec![HOSTILE.into()],
            total: Count(cards.len() as u64),
            cards,
            previous: None,
            next: Some("/qgis/plugins/user/x/?after=y".into()),
            frame,
        }
    }

    #[test]
    fn names_and_texts_do_nothing() {
        let mut page = person(vec![testing::card(HOSTILE)]);
        testing::is_tame(&page.render().unwrap());
        page.frame.visitor = Some(Visitor { name: "sue".into(), staff: true });
        let html = page.render().unwrap();
        assert!(html.contains("/staff/accounts/"), "{html}");
        testing::is_tame(&html);
    }

    #[test]
    fn somebody_without_public_plugins_is_told_so() {
        let html = person(vec![]).render().unwrap();
        assert!(html.contains("No public plugin yet"), "{html}");
        assert!(!html.contains("/staff/accounts/"), "{html}");
    }
}

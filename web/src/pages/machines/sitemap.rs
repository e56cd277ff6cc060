//! `/sitemap.xml`: every public page, in parts. A part of plugins is called by the number of the plugin that it begins behind, so
//! that it keeps its pages when others come.

use super::document;
use crate::frame::{Frame, Part};
use crate::pages::docs;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::{App, RequestId};
use cairn_domain::Refusal;
use cairn_projections::catalogue::{self, Address};
use chrono::{DateTime, SecondsFormat, Utc};

/// How many plugins a part has; a sitemap may have 50,000 addresses.
const PART: u32 = 10_000;

const SORT: &str = "application/xml; charset=utf-8";

/// Pages that are always there, but for the documents.
const PAGES: [&str; 15] = [
    "/",
    "/plugins/",
    "/plugins/featured/",
    "/plugins/fresh/",
    "/plugins/latest/",
    "/plugins/popular/",
    "/plugins/most_downloaded/",
    "/plugins/best_rated/",
    "/plugins/stable/",
    "/plugins/experimental/",
    "/plugins/server/",
    "/plugins/new_qgis_ready/",
    "/plugins/tags/",
    "/plugins/authors/",
    "/statistics/",
];

/// A list of addresses, or of such lists.
#[derive(Template)]
#[template(path = "machines/sitemap.xml")]
struct Sitemap {
    /// What the list and one line of it are called.
    all: &'static str,
    one: &'static str,
    places: Vec<Place>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    address: String,
    changed: Option<String>,
}

impl Place {
    fn of(frame: &Frame, path: &str, changed: Option<DateTime<Utc>>) -> Self {
        let changed = changed.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
        Self { address: format!("{}{path}", frame.base), changed }
    }
}

pub(super) async fn index(State(app): State<App>, request: RequestId) -> Result<Response, Problem> {
    let frame = Frame::of(&app, Part::Other);
    let mut places = vec![Place::of(&frame, "/sitemap/pages.xml", None)];
    let mut after = 0;
    loop {
        let plugins = plugins(&app, &request, after).await?;
        let Some(last) = plugins.last() else { break };
        let changed = plugins.iter().map(|plugin| plugin.updated_at).max();
        places.push(Place::of(&frame, &format!("/sitemap/plugins-{after}.xml"), changed));
        after = last.plugin_id;
    }
    Ok(document(&Sitemap { all: "sitemapindex", one: "sitemap", places }, SORT))
}

pub(super) async fn part(
    State(app): State<App>,
    request: RequestId,
    Path(part): Path<String>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&app, Part::Other);
    let places = if part == "pages.xml" {
        pages(&frame)
    } else {
        let after = after(&part).ok_or(Refusal::NothingHere)?;
        let plugins = plugins(&app, &request, after).await?;
        let place = |plugin: &Address| {
            Place::of(&frame, &format!("/plugins/{}/", plugin.package), Some(plugin.updated_at))
        };
        plugins.iter().map(place).collect()
    };
    if places.is_empty() {
        return Err(Refusal::NothingHere.into());
    }
    Ok(document(&Sitemap { all: "urlset", one: "url", places }, SORT))
}

/// The number in the name of a part.
fn after(part: &str) -> Option<u64> {
    let number: u64 = part.strip_prefix("plugins-")?.strip_suffix(".xml")?.parse().ok()?;
    i64::try_from(number).is_ok().then_some(number)
}

fn pages(frame: &Frame) -> Vec<Place> {
    let mut places: Vec<Place> = PAGES.iter().map(|path| Place::of(frame, path, None)).collect();
    places.extend(docs::paths().map(|path| Place::of(frame, &path, None)));
    places
}

async fn plugins(app: &App, request: &RequestId, after: u64) -> Result<Vec<Address>, Problem> {
    let asking = async {
        let mut read = app.projections.read().await?;
        catalogue::addresses(&mut read, after, PART).await
    };
    asking.await.map_err(|fault| Problem::store(fault, request))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing;

    #[test]
    fn a_part_is_called_by_a_number() {
        assert_eq!(after("plugins-17.xml"), Some(17));
        for wrong in
            ["plugins-.xml", "plugins--1.xml", "plugins-1", "17.xml", "plugins-18446744073709551615.xml"]
        {
            assert_eq!(after(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn addresses_are_absolute_and_each_stands_once() {
        let places = pages(&testing::frame(Part::Other));
        for (n, place) in places.iter().enumerate() {
            assert!(place.address.starts_with("https://example.org/qgis/"), "{place:?}");
            assert!(!places[n + 1..].contains(place), "{place:?}");
        }
        let xml = Sitemap { all: "urlset", one: "url", places }.render().unwrap();
        assert!(xml.contains("<loc>https://example.org/qgis/docs/publish/</loc>"), "{xml}");
    }
}

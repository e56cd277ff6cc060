//! `/plugins/<package>/statistics/`: the downloads of one plugin.

use super::{Choice, Time, Wanted, by_country, by_qgis, downloads, now, step};
use crate::ask::Ask;
use crate::chart::{Bars, Series};
use crate::documents::{PluginStatisticsPage as Document, plugin_statistics_page};
use crate::frame::{Frame, Part};
use crate::meta::Meta;
use crate::page::{page, public_page};
use crate::text::Count;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use plugin_statistics_page::{PluginStatisticsPagePlugin as Told, Variables};

/// How many versions are shown one by one.
const VERSIONS_SHOWN: usize = 20;

#[derive(Template)]
#[template(path = "statistics/plugin.html")]
struct PluginStatisticsPage {
    frame: Frame,
    meta: Meta,
    choice: Choice,
    package: String,
    name: String,
    all: Count,
    downloads: Series,
    by_qgis: Bars,
    by_country: Bars,
    by_version: Bars,
}

pub(super) async fn show(
    ask: Ask,
    Path(package): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let variables = |Time { beat, from, to }| {
        let by = step!(plugin_statistics_page, beat);
        Variables { package: package.clone(), from, to, by }
    };
    let time = wanted.time();
    let (time, told, problem) = match ask.query::<Document>(variables(time)).await {
        Ok(told) => (time, told, None),
        Err(problem) => {
            let (usual, why) = time.instead(problem)?;
            (usual, ask.query::<Document>(variables(usual)).await?, Some(why))
        }
    };
    let told = told.plugin.ok_or(Refusal::PluginUnknown { package })?;
    let frame = ask.frame(Part::Plugins);
    let days = (told.statistics.from, told.statistics.to);
    let path = format!("{}statistics/", frame.plugin(&told.package));
    let mut choice = Choice::of(path, time, days, now(&ask));
    choice.problem = problem;
    let listed = told.listed;
    let page_of = PluginStatisticsPage::of(frame, choice, time, told);
    let refused = page_of.choice.problem.is_some();
    let mut response = if listed { public_page(&page_of) } else { page(&page_of) };
    if refused {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    Ok(response)
}

impl PluginStatisticsPage {
    fn of(frame: Frame, choice: Choice, time: Time, told: Told) -> Self {
        let numbers = told.statistics;
        let path = format!("/plugins/{}/statistics/", told.package);
        let about =
            format!("How often {} was downloaded: by day, QGIS version, country and version.", told.name);
        let mut meta = Meta::of(&frame, &path, format!("Statistics of {}", told.name), &about);
        // The page of the plugin is the one to find.
        meta.unlisted = true;
        let days = (numbers.from, numbers.to);
        let versions = numbers.downloads_by_version.into_iter().map(|one| {
            let number = one.number.unwrap_or_else(|| "Deleted versions".to_owned());
            (number, one.count)
        });
        Self {
            all: Count(told.downloads),
            downloads: downloads(
                time,
                days,
                numbers.downloads.into_iter().map(|part| (part.from, part.count)).collect(),
            ),
            by_qgis: by_qgis(numbers.downloads_by_qgis.into_iter().map(|one| (one.qgis, one.count))),
            by_country: by_country(
                numbers.downloads_by_country.into_iter().map(|one| (one.country, one.count)),
            ),
            by_version: Bars::new(
                "by-version",
                "By version",
                "download",
                "Version",
                versions.collect(),
                VERSIONS_SHOWN,
            ),
            package: told.package,
            name: told.name,
            frame,
            meta,
            choice,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};
    use serde_json::json;

    #[test]
    fn names_do_nothing_and_deleted_versions_are_counted() {
        let told: Told = serde_json::from_value(json!({
            "package": "lasso", "name": HOSTILE, "listed": true, "downloads": 10,
            "statistics": {
                "from": "2026-03-01", "to": "2026-03-04",
                "downloads": [{ "from": "2026-03-02", "count": 3 }],
                "downloadsByQgis": [], "downloadsByCountry": [],
                "downloadsByVersion": [{ "number": HOSTILE, "count": 2 }, { "number": null, "count": 1 }],
            },
        }))
        .unwrap();
        let time = Wanted::default().time();
        let days = (told.statistics.from, told.statistics.to);
        let now = "2026-03-04T05:06:07Z".parse().unwrap();
        let choice = Choice::of("/qgis/plugins/lasso/statistics/".into(), time, days, now);
        let frame = testing::frame(Part::Plugins);
        let html = PluginStatisticsPage::of(frame, choice, time, told).render().unwrap();
        assert!(
            html.contains("Deleted versions") && html.contains("href=\"/qgis/plugins/lasso/\""),
            "{html}"
        );
        testing::is_tame(&html);
    }
}

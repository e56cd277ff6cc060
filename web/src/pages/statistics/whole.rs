//! `/statistics/`: the whole repository in numbers.

use super::{Choice, Time, Wanted, by_country, by_qgis, downloads, line, now, step};
use crate::ask::Ask;
use crate::chart::{Bars, Series};
use crate::documents::{StatisticsPage as Document, statistics_page};
use crate::frame::{Frame, Part};
use crate::meta::Meta;
use crate::page::public_page;
use crate::text::Count;
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
use chrono::NaiveDate;
use statistics_page::{StatisticsPageStatistics as Told, Variables};

/// How many the lists of the most downloaded plugins and versions have.
const TOP: i64 = 15;

#[derive(Template)]
#[template(path = "statistics/whole.html")]
struct StatisticsPage {
    frame: Frame,
    meta: Meta,
    choice: Choice,
    totals: Vec<(&'static str, Count)>,
    downloads: Series,
    work: Series,
    new: Series,
    by_qgis: Bars,
    by_country: Bars,
    top: Bars,
    top_versions: Bars,
}

pub(super) async fn show(ask: Ask, Query(wanted): Query<Wanted>) -> Result<Response, Problem> {
    let time = wanted.time();
    let (time, told, problem) = match ask.query::<Document>(variables(time)).await {
        Ok(told) => (time, told, None),
        Err(problem) => {
            let (usual, why) = time.instead(problem)?;
            (usual, ask.query::<Document>(variables(usual)).await?, Some(why))
        }
    };
    let frame = ask.frame(Part::Statistics);
    let days = (told.statistics.from, told.statistics.to);
    let mut choice = Choice::of(format!("{}/statistics/", frame.root), time, days, now(&ask));
    choice.problem = problem;
    let about = "Downloads by day, QGIS version and country, uploads, reviews and the most downloaded plugins and versions.";
    let mut meta = Meta::of(&frame, "/statistics/", "Statistics", about);
    meta.unlisted = !wanted.is_none();
    let refused = choice.problem.is_some();
    let page = StatisticsPage::of(frame, meta, choice, time, told.statistics);
    let mut response = public_page(&page);
    if refused {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    Ok(response)
}

fn variables(Time { beat, from, to }: Time) -> Variables {
    Variables { from, to, by: step!(statistics_page, beat), top: TOP }
}

impl StatisticsPage {
    fn of(frame: Frame, meta: Meta, choice: Choice, time: Time, told: Told) -> Self {
        let days = (told.from, told.to);
        let starts = time.beat.starts(days.0, days.1);
        let counts = |told: Vec<(NaiveDate, u64)>, name| line(time, days, name, told);
        let totals = vec![
            ("plugins", Count(told.totals.plugins)),
            ("versions", Count(told.totals.versions)),
            ("authors", Count(told.totals.authors)),
            ("plugins with a new version within a year", Count(told.totals.active_plugins)),
            ("downloads of all time", Count(told.totals.downloads)),
        ];
        let of_uploads = told.uploads.into_iter().map(|part| (part.from, part.count)).collect();
        let of_approvals = told.approvals.into_iter().map(|part| (part.from, part.count)).collect();
        let of_plugins = told.new_plugins.into_iter().map(|part| (part.from, part.count)).collect();
        let of_accounts = told.new_accounts.into_iter().map(|part| (part.from, part.count)).collect();
        let work = vec![counts(of_uploads, "Uploads"), counts(of_approvals, "Approvals")];
        let new = vec![counts(of_plugins, "New plugins"), counts(of_accounts, "New accounts")];
        let top = told.top_plugins.into_iter().map(|one| {
            let href = frame.plugin(&one.plugin.package);
            (one.plugin.name, one.count, href)
        });
        let top_versions = told.top_versions.into_iter().map(|one| {
            let number = one.version.number;
            let href = frame.version(&one.plugin.package, &number);
            (format!("{} {number}", one.plugin.name), one.count, href)
        });
        Self {
            totals,
            downloads: downloads(
                time,
                days,
                told.downloads.into_iter().map(|part| (part.from, part.count)).collect(),
            ),
            work: Series::new("work", "Uploads and approvals", "version", time.beat, &starts, work),
            new: Series::new("new", "New plugins and accounts", "plugin", time.beat, &starts, new),
            by_qgis: by_qgis(told.downloads_by_qgis.into_iter().map(|one| (one.qgis, one.count))),
            by_country: by_country(told.downloads_by_country.into_iter().map(|one| (one.country, one.count))),
            top: Bars::linked("top", "Most downloaded plugins", "download", "Plugin", top.collect()),
            top_versions: Bars::linked(
                "top-versions",
                "Most downloaded versions",
                "download",
                "Version",
                top_versions.collect(),
            ),
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
    use cairn_domain::Refusal;
    use serde_json::json;

    fn page(told: serde_json::Value) -> String {
        let told: Told = serde_json::from_value(told).unwrap();
        let frame = testing::frame(Part::Statistics);
        let meta = Meta::of(&frame, "/statistics/", "Statistics", "Numbers");
        let time = Wanted::default().time();
        let days = (told.from, told.to);
        let mut choice =
            Choice::of("/qgis/statistics/".into(), time, days, "2026-03-04T05:06:07Z".parse().unwrap());
        choice.problem = Some(Refusal::invalid("from", HOSTILE).to_string());
        StatisticsPage::of(frame, meta, choice, time, told).render().unwrap()
    }

    fn told(
        downloads: &serde_json::Value,
        top: &serde_json::Value,
        versions: &serde_json::Value,
    ) -> serde_json::Value {
        json!({
            "from": "2026-03-01", "to": "2026-03-04",
            "totals": { "plugins": 3, "versions": 4, "downloads": 12_345, "authors": 2, "activePlugins": 1 },
            "downloads": downloads, "uploads": [], "approvals": [], "newPlugins": [], "newAccounts": [],
            "downloadsByQgis": [{ "qgis": HOSTILE, "count": 3 }, { "qgis": null, "count": 1 }],
            "downloadsByCountry": [{ "country": "DE", "count": 4 }],
            "topPlugins": top, "topVersions": versions,
        })
    }

    #[test]
    fn numbers_are_drawn_and_names_do_nothing() {
        let downloads = json!([{ "from": "2026-03-02", "count": 4 }]);
        let top = json!([{ "count": 4, "plugin": { "package": "lasso", "name": HOSTILE } }]);
        let versions = json!([{ "count": 3, "plugin": { "package": "lasso", "name": HOSTILE }, "version": { "number": "1.0" } }]);
        let html = page(told(&downloads, &top, &versions));
        assert!(html.contains("12\u{202f}345") && html.contains("Germany"), "{html}");
        assert!(html.contains("4 downloads from 1 Mar 2026 to 4 Mar 2026"), "{html}");
        assert!(html.contains("href=\"/qgis/plugins/lasso/\""), "{html}");
        assert!(html.contains("href=\"/qgis/plugins/lasso/version/1.0/\""), "{html}");
        testing::is_tame(&html);
    }

    #[test]
    fn a_time_without_anything_says_so() {
        let html = page(told(&json!([]), &json!([]), &json!([])));
        assert!(html.contains("Nothing was downloaded in this time"), "{html}");
    }
}

//! `/statistics/` and `/plugins/<package>/statistics/`: what was downloaded, uploaded and approved in a time, as charts.

mod countries;
mod plugin;
mod whole;

use crate::ask::{Ask, refused};
use crate::chart::{Bars, Beat, Series, spread};
use crate::problem_page::sentence;
use axum::Router;
use axum::routing::get;
use cairn_api::App;
use cairn_api::problem::Problem;
use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use serde::Deserialize;

/// The routes of both.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/statistics", get(whole::show))
        .route("/plugins/{package}/statistics", get(plugin::show))
}

/// What the address asks for, as it is written there.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    by: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

/// The time that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Time {
    beat: Beat,
    /// None: as far back as suits the beat.
    from: Option<NaiveDate>,
    /// None: until today.
    to: Option<NaiveDate>,
}

impl Wanted {
    /// The time; what cannot be read as one is left out, as if it had not been asked for.
    fn time(&self) -> Time {
        let day = |text: &Option<String>| text.as_deref().and_then(|text| text.trim().parse().ok());
        let beat = match self.by.as_deref() {
            Some("week") => Beat::Week,
            Some("month") => Beat::Month,
            _ => Beat::Day,
        };
        Time { beat, from: day(&self.from), to: day(&self.to) }
    }

    fn is_none(&self) -> bool {
        self.by.is_none() && self.from.is_none() && self.to.is_none()
    }
}

/// A link to a time, or the one that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Preset {
    title: &'static str,
    href: String,
    shown: bool,
}

/// What the head of the page offers: links to usual times, and a form for any other.
#[derive(Debug)]
struct Choice {
    path: String,
    presets: Vec<Preset>,
    beats: [(&'static str, &'static str, bool); 3],
    from: NaiveDate,
    to: NaiveDate,
    /// Why the time that was asked for is not shown.
    problem: Option<String>,
}

impl Choice {
    /// For the page at `path`, which shows `time`, being the days from `from` to `to`.
    fn of(path: String, time: Time, (from, to): (NaiveDate, NaiveDate), now: DateTime<Utc>) -> Self {
        let today = now.date_naive();
        let usual: [(&str, Beat, Option<NaiveDate>); 5] = [
            ("30 days", Beat::Day, None),
            ("90 days", Beat::Day, today.checked_sub_days(Days::new(89))),
            ("Half a year by week", Beat::Week, None),
            ("A year by month", Beat::Month, None),
            ("5 years by month", Beat::Month, today.checked_sub_months(Months::new(59))),
        ];
        let presets = usual.into_iter().map(|(title, beat, from)| {
            let mut href = format!("{path}?by={}", word(beat));
            if let Some(from) = from {
                href.push_str(&format!("&from={from}"));
            }
            Preset { title, href, shown: time == Time { beat, from, to: None } }
        });
        let beat = |beat: Beat, title| (word(beat), title, time.beat == beat);
        Self {
            presets: presets.collect(),
            beats: [beat(Beat::Day, "Day"), beat(Beat::Week, "Week"), beat(Beat::Month, "Month")],
            path,
            from,
            to,
            problem: None,
        }
    }
}

fn word(beat: Beat) -> &'static str {
    match beat {
        Beat::Day => "day",
        Beat::Week => "week",
        Beat::Month => "month",
    }
}

impl Time {
    /// The usual time, to be shown in place of one that is refused, such as one that is too long; with the sentence that says why.
    fn instead(self, problem: Problem) -> Result<(Self, String), Problem> {
        if self.from.is_none() && self.to.is_none() {
            return Err(problem);
        }
        let why = sentence(&refused(problem)?.to_string());
        Ok((Self { from: None, to: None, ..self }, why))
    }
}

/// A line over the time, of counts that may leave parts of it out.
fn line(
    time: Time,
    days: (NaiveDate, NaiveDate),
    name: &str,
    counts: Vec<(NaiveDate, u64)>,
) -> (String, Vec<u64>) {
    (name.to_owned(), spread(&time.beat.starts(days.0, days.1), counts))
}

fn downloads(time: Time, days: (NaiveDate, NaiveDate), counts: Vec<(NaiveDate, u64)>) -> Series {
    let line = line(time, days, "Downloads", counts);
    let starts = time.beat.starts(days.0, days.1);
    Series::new("downloads", "Downloads", "download", time.beat, &starts, vec![line])
}

/// The newest version first, and those that did not say it where they are seen.
fn by_qgis(told: impl DoubleEndedIterator<Item = (Option<String>, u64)>) -> Bars {
    let mut rows = Vec::new();
    let mut untold = 0;
    for (qgis, n) in told.rev() {
        match qgis {
            Some(qgis) => rows.push((format!("QGIS {qgis}"), n)),
            None => untold += n,
        }
    }
    if untold > 0 {
        rows.insert(rows.len().min(Bars::SHOWN - 1), ("Not told".to_owned(), untold));
    }
    Bars::new("by-qgis", "By QGIS version", "download", "QGIS version", rows, Bars::SHOWN)
}

fn by_country(told: impl Iterator<Item = (Option<String>, u64)>) -> Bars {
    let name = |code: Option<String>| match code {
        Some(code) => countries::name_of(&code).map_or(code, str::to_owned),
        None => "Not known".to_owned(),
    };
    let rows = told.map(|(code, n)| (name(code), n)).collect();
    Bars::new("by-country", "By country", "download", "Country", rows, Bars::SHOWN)
}

/// The step of the schema that is this beat.
macro_rules! step {
    ($document:ident, $beat:expr) => {
        match $beat {
            crate::chart::Beat::Day => $document::StatisticsStep::DAY,
            crate::chart::Beat::Week => $document::StatisticsStep::WEEK,
            crate::chart::Beat::Month => $document::StatisticsStep::MONTH,
        }
    };
}

use step;

/// The time now, for links to times before it.
fn now(ask: &Ask) -> DateTime<Utc> {
    ask.app.clock.now()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_domain::Refusal;

    fn wanted(by: &str, from: &str, to: &str) -> Wanted {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Wanted { by: some(by), from: some(from), to: some(to) }
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let time = wanted("fortnight", "2026-02-30", "yesterday").time();
        assert_eq!(time, Time { beat: Beat::Day, from: None, to: None });
        let time = wanted("week", "2026-02-03", "").time();
        assert_eq!(time, Time { beat: Beat::Week, from: "2026-02-03".parse().ok(), to: None });
    }

    #[test]
    fn the_time_that_is_shown_is_marked_among_the_usual_ones() {
        let now: DateTime<Utc> = "2026-03-04T05:06:07Z".parse().unwrap();
        let days = (now.date_naive(), now.date_naive());
        let marked = |wanted: &Wanted| {
            let choice = Choice::of("/statistics/".into(), wanted.time(), days, now);
            choice
                .presets
                .into_iter()
                .filter(|preset| preset.shown)
                .map(|preset| preset.title)
                .collect::<Vec<_>>()
        };
        assert_eq!(marked(&wanted("", "", "")), ["30 days"]);
        assert_eq!(marked(&wanted("day", "2025-12-05", "")), ["90 days"]);
        assert_eq!(marked(&wanted("month", "", "")), ["A year by month"]);
        assert!(marked(&wanted("day", "2026-01-01", "2026-01-05")).is_empty());
    }

    #[test]
    fn in_place_of_a_time_that_is_refused_the_usual_one_is_shown() {
        let long = || Problem::from(Refusal::invalid("from", "is more than a year before the last day"));
        let (time, why) = wanted("week", "1990-01-01", "").time().instead(long()).unwrap();
        assert_eq!(time, wanted("week", "", "").time());
        assert!(why.contains("more than a year"), "{why}");
        assert!(time.instead(long()).is_err());
    }

    #[test]
    fn the_newest_qgis_stands_first_and_who_said_nothing_is_seen() {
        let told = (0..20).map(|n| (Some(format!("3.{n}")), 1)).chain([(None, 5)]);
        let html = by_qgis(told.collect::<Vec<_>>().into_iter()).to_string();
        let first = html.find("QGIS 3.19").unwrap();
        assert!(
            first < html.find("QGIS 3.18").unwrap() && html.contains("Not told") && html.contains("9 others"),
            "{html}"
        );
    }

    #[test]
    fn countries_have_names() {
        let html =
            by_country([(Some("CH".to_owned()), 3), (Some("Q1".to_owned()), 2), (None, 1)].into_iter())
                .to_string();
        assert!(html.contains("Switzerland") && html.contains("Q1") && html.contains("Not known"), "{html}");
    }
}

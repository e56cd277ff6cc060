//! `/staff/health/`: how the read models and the logs are doing, what is kept and what waits, and what to do where something is
//! wrong.

use super::who::Staff;
use crate::documents::{StaffHealth, staff_health};
use crate::frame::{Frame, Part};
use crate::page::page;
use crate::text::{Bytes, Count};
use askama::Template;
use axum::response::Response;
use cairn_api::problem::Problem;
use chrono::{DateTime, Utc};

/// Behind by more than this, a read model is named as late, in seconds: pages wait no longer than two for their own deeds.
pub(super) const LATE_SECONDS: f64 = 5.0;

/// A letter that waits longer than this, in seconds, is named as late: the mail server may not answer.
const LETTER_LATE_SECONDS: f64 = 900.0;

#[derive(Template)]
#[template(path = "staff/health.html")]
struct HealthPage {
    frame: Frame,
    tab: &'static str,
    well: bool,
    models: Vec<Row>,
    upkeep: Upkeep,
}

/// What is kept, and what waits.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Upkeep {
    feeds: Count,
    feed_bytes: Bytes,
    letters: Count,
    /// How long the oldest of them waits, and whether that is long.
    oldest: Option<(String, bool)>,
    staged: Count,
    staged_bytes: Bytes,
    database: Bytes,
}

/// How a read model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It has read all there is, or nearly.
    Well,
    /// It reads, and is behind.
    Late,
    /// It is made anew beside the one that answers.
    Building,
    /// It met an event that it cannot take in.
    Halted,
}

struct Row {
    name: String,
    generation: u64,
    state: State,
    position: Count,
    head: Count,
    /// How much of its log it has read, of a hundred.
    percent: u64,
    lag: String,
    halted_at: Option<u64>,
    reason: Option<String>,
}

impl State {
    fn of(model: &staff_health::StaffHealthStatus) -> Self {
        match (model.halted_at, model.live) {
            (Some(_), _) => Self::Halted,
            (None, false) => Self::Building,
            (None, true) if model.lag_seconds > LATE_SECONDS => Self::Late,
            (None, true) => Self::Well,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Late => "behind",
            Self::Building => "being built",
            Self::Halted => "halted",
        }
    }

    /// What to do about it.
    fn advice(self) -> Option<&'static str> {
        match self {
            Self::Well => None,
            Self::Late => Some(
                "It reads on by itself. If the number of what is left does not fall, look whether the database is busy and whether a server of this repository still runs.",
            ),
            Self::Building => Some(
                "It is made anew beside the one that answers, and takes over when it has caught up. Nothing needs to be done.",
            ),
            Self::Halted => Some(
                "It stands before an event that it cannot take in, and what it answers grows old. Install the newest version of the program; if that does not help, build it anew with “cairn rebuild”, and report the event by its position.",
            ),
        }
    }
}

impl From<staff_health::StaffHealthStatus> for Row {
    fn from(model: staff_health::StaffHealthStatus) -> Self {
        let percent = model.position.saturating_mul(100).checked_div(model.head).unwrap_or(100);
        Self {
            state: State::of(&model),
            generation: model.generation,
            position: Count(model.position),
            head: Count(model.head),
            percent: percent.min(100),
            lag: seconds(model.lag_seconds),
            halted_at: model.halted_at,
            reason: model.halted_reason,
            name: model.name,
        }
    }
}

impl Upkeep {
    fn of(told: &staff_health::StaffHealthUpkeep, now: DateTime<Utc>) -> Self {
        let waits = |at: DateTime<Utc>| (now - at).as_seconds_f64();
        Self {
            feeds: Count(told.feeds_kept),
            feed_bytes: Bytes(told.feeds_kept_bytes),
            letters: Count(told.letters_waiting),
            oldest: told.oldest_letter_at.map(waits).map(|it| (seconds(it), it > LETTER_LATE_SECONDS)),
            staged: Count(told.staged_packages),
            staged_bytes: Bytes(told.staged_bytes),
            database: Bytes(told.database_bytes),
        }
    }
}

/// A span of time in the unit that suits it.
fn seconds(lag: f64) -> String {
    match lag {
        lag if lag <= 0.0 => "none".to_owned(),
        lag if lag < 1.0 => "less than a second".to_owned(),
        lag if lag < 120.0 => format!("{lag:.0} s"),
        lag if lag < 7200.0 => format!("{:.0} min", lag / 60.0),
        lag => format!("{:.0} h", lag / 3600.0),
    }
}

pub(super) async fn show(staff: Staff) -> Result<Response, Problem> {
    let told = staff.ask.query::<StaffHealth>(staff_health::Variables {}).await?;
    let models: Vec<Row> = told.status.into_iter().map(Row::from).collect();
    let well = models.iter().all(|row| matches!(row.state, State::Well | State::Building));
    let upkeep = Upkeep::of(&told.upkeep, staff.ask.app.clock.now());
    Ok(page(&HealthPage { frame: staff.ask.frame(Part::Staff), tab: "health", well, models, upkeep }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn model(live: bool, lag_seconds: f64, halted_at: Option<u64>) -> staff_health::StaffHealthStatus {
        staff_health::StaffHealthStatus {
            name: HOSTILE.into(),
            generation: 2,
            live,
            position: 5,
            head: 10,
            lag_seconds,
            halted_at,
            halted_reason: halted_at.map(|_| HOSTILE.into()),
        }
    }

    fn upkeep(oldest_letter_at: Option<&str>) -> Upkeep {
        let told = staff_health::StaffHealthUpkeep {
            feeds_kept: 3,
            feeds_kept_bytes: 12_000_000,
            letters_waiting: oldest_letter_at.map_or(0, |_| 2),
            oldest_letter_at: oldest_letter_at.map(|at| at.parse().unwrap()),
            staged_packages: 1,
            staged_bytes: 5_000,
            database_bytes: 700_000_000,
        };
        Upkeep::of(&told, "2026-03-04T05:06:07Z".parse().unwrap())
    }

    #[test]
    fn what_waits_is_told_and_a_letter_that_waits_long_is_marked() {
        for (oldest, text, late) in [
            (None, "None waits.", false),
            (Some("2026-03-04T05:05:37Z"), "The oldest waits for 30 s.", false),
            (Some("2026-03-04T04:06:07Z"), "The oldest waits for 60 min.", true),
        ] {
            let page = HealthPage {
                frame: testing::frame(Part::Staff),
                tab: "health",
                well: true,
                models: vec![],
                upkeep: upkeep(oldest),
            };
            let html = page.render().unwrap();
            assert!(html.contains(text), "{html}");
            assert_eq!(html.contains("Look whether the mail server answers"), late, "{html}");
            assert!(html.contains("12 MB") && html.contains("5.0 kB") && html.contains("700 MB"), "{html}");
        }
    }

    #[test]
    fn each_bad_state_says_what_to_do() {
        for (told, state) in [
            (model(true, 0.0, None), State::Well),
            (model(true, 60.0, None), State::Late),
            (model(false, 60.0, None), State::Building),
            (model(true, 60.0, Some(5)), State::Halted),
        ] {
            let row = Row::from(told);
            assert_eq!((row.state, row.percent), (state, 50));
            let advice = state.advice();
            let page = HealthPage {
                frame: testing::frame(Part::Staff),
                tab: "health",
                well: state == State::Well,
                models: vec![row],
                upkeep: upkeep(None),
            };
            let html = page.render().unwrap();
            assert!(html.contains(state.word()), "{html}");
            assert!(advice.is_none_or(|advice| html.contains(&advice[..20])), "{html}");
            testing::is_tame(&html);
        }
    }

    #[test]
    fn a_lag_is_told_in_the_unit_that_suits_it() {
        for (lag, text) in [
            (0.0, "none"),
            (0.3, "less than a second"),
            (5.0, "5 s"),
            (119.0, "119 s"),
            (600.0, "10 min"),
            (7200.0, "2 h"),
        ] {
            assert_eq!(seconds(lag), text);
        }
    }
}

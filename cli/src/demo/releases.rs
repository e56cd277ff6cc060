//! The QGIS releases that the community lived through.

use chrono::{DateTime, Utc};

/// Year, month and day; the release; the long-term release of that time.
const RELEASES: [(i32, u32, u32, &str, &str); 15] = [
    (2021, 10, 22, "3.22", "3.16"),
    (2022, 2, 18, "3.24", "3.22"),
    (2022, 6, 17, "3.26", "3.22"),
    (2022, 10, 21, "3.28", "3.22"),
    (2023, 3, 3, "3.30", "3.28"),
    (2023, 6, 23, "3.32", "3.28"),
    (2023, 10, 27, "3.34", "3.28"),
    (2024, 2, 23, "3.36", "3.34"),
    (2024, 6, 21, "3.38", "3.34"),
    (2024, 10, 25, "3.40", "3.34"),
    (2025, 2, 21, "3.42", "3.40"),
    (2025, 6, 20, "3.44", "3.40"),
    (2026, 3, 6, "4.0", "3.44"),
    (2026, 7, 3, "4.2", "3.44"),
    (2026, 10, 30, "4.4", "3.44"),
];

/// A release and what was the long-term one when it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct QgisRelease {
    pub(super) at: DateTime<Utc>,
    pub(super) latest: &'static str,
    pub(super) ltr: &'static str,
}

/// The releases up to a time, oldest first; there is one whatever the time.
pub(super) fn until(time: DateTime<Utc>) -> Vec<QgisRelease> {
    let release = |&(year, month, day, latest, ltr): &(i32, u32, u32, &'static str, &'static str)| {
        let date =
            chrono::NaiveDate::from_ymd_opt(year, month, day).expect("the days above are in a calendar");
        QgisRelease { at: date.and_hms_opt(12, 0, 0).expect("noon is a time").and_utc(), latest, ltr }
    };
    let all: Vec<QgisRelease> = RELEASES.iter().map(release).collect();
    let known = all.iter().filter(|release| release.at <= time).count().max(1);
    all[..known].to_vec()
}

/// The newest release at a time.
pub(super) fn newest(time: DateTime<Utc>) -> QgisRelease {
    *until(time).last().expect("there is one whatever the time")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_newest_release_at_any_time() {
        let at = |text: &str| newest(text.parse().unwrap()).latest;
        assert_eq!(at("2001-01-01T00:00:00Z"), "3.22");
        assert_eq!(at("2025-06-21T00:00:00Z"), "3.44");
        assert_eq!(at("2099-01-01T00:00:00Z"), "4.4");
    }
}

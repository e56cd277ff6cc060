//! How finely time is cut: the beginnings of days, weeks and months, and how people write them.

use chrono::{Datelike, Days, Months, NaiveDate};
use std::collections::HashMap;

/// The length of what is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beat {
    /// A day in UTC.
    Day,
    /// Monday to Sunday.
    Week,
    /// A month of the calendar.
    Month,
}

/// The most beginnings that are made: more than any chart can show.
const STARTS_MAX: usize = 4_000;

impl Beat {
    /// The first days of all that touch the days from `first` to `last`, the earliest first.
    pub(crate) fn starts(self, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
        let mut starts = Vec::new();
        let mut start = self.start_of(first);
        while start <= last && starts.len() < STARTS_MAX {
            starts.push(start);
            match self.after(start) {
                Some(next) => start = next,
                None => break,
            }
        }
        starts
    }

    /// The first day of the one that a day is in.
    pub(crate) fn start_of(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => day,
            Self::Week => {
                let since_monday = u64::from(day.weekday().num_days_from_monday());
                day.checked_sub_days(Days::new(since_monday)).unwrap_or(day)
            }
            Self::Month => day.with_day(1).unwrap_or(day),
        }
    }

    fn after(self, start: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => start.succ_opt(),
            Self::Week => start.checked_add_days(Days::new(7)),
            Self::Month => start.checked_add_months(Months::new(1)),
        }
    }

    /// Below an axis: `4 Mar`, `Mar 2026`.
    pub(super) fn short(self, start: NaiveDate) -> String {
        let form = if self == Self::Month { "%b %Y" } else { "%-d %b" };
        start.format(form).to_string()
    }

    /// In a table: `4 Mar 2026`, `March 2026`.
    pub(super) fn long(self, start: NaiveDate) -> String {
        let form = if self == Self::Month { "%B %Y" } else { "%-d %b %Y" };
        start.format(form).to_string()
    }

    /// The head of the column of these.
    pub(super) fn column(self) -> &'static str {
        match self {
            Self::Day => "Day",
            Self::Week => "Week that begins on",
            Self::Month => "Month",
        }
    }
}

/// The counts for these beginnings; 0 where none is told.
pub(crate) fn spread(starts: &[NaiveDate], counts: impl IntoIterator<Item = (NaiveDate, u64)>) -> Vec<u64> {
    let mut told: HashMap<NaiveDate, u64> = HashMap::new();
    for (start, n) in counts {
        let sum = told.entry(start).or_default();
        *sum = sum.saturating_add(n);
    }
    starts.iter().map(|start| told.get(start).copied().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn weeks_begin_on_mondays_and_months_on_their_first() {
        // 4 March 2026 was a Wednesday.
        assert_eq!(Beat::Week.start_of(day("2026-03-04")), day("2026-03-02"));
        assert_eq!(Beat::Month.start_of(day("2026-03-04")), day("2026-03-01"));
        let weeks = Beat::Week.starts(day("2026-03-04"), day("2026-03-16"));
        assert_eq!(weeks, [day("2026-03-02"), day("2026-03-09"), day("2026-03-16")]);
        assert_eq!(Beat::Month.starts(day("2025-12-31"), day("2026-02-01")).len(), 3);
        assert!(Beat::Day.starts(day("2026-03-04"), day("2026-03-03")).is_empty());
        assert_eq!(Beat::Day.starts(NaiveDate::MIN, NaiveDate::MAX).len(), STARTS_MAX);
    }

    #[test]
    fn days_that_nobody_tells_of_count_nothing() {
        let starts = Beat::Day.starts(day("2026-03-01"), day("2026-03-03"));
        let counts =
            spread(&starts, [(day("2026-03-02"), 3), (day("2026-03-02"), 1), (day("2020-01-01"), 9)]);
        assert_eq!(counts, [0, 4, 0]);
    }

    #[test]
    fn times_are_written_as_people_do() {
        let it = day("2026-03-02");
        assert_eq!((Beat::Day.short(it), Beat::Day.long(it)), ("2 Mar".into(), "2 Mar 2026".into()));
        assert_eq!((Beat::Month.short(it), Beat::Month.long(it)), ("Mar 2026".into(), "March 2026".into()));
    }
}

//! Days and months as the columns have them, and a span of days cut at the borders of months.

use cairn_store::{Result, StoreError};
use chrono::{Datelike as _, NaiveDate};

/// Days since 1970-01-01.
pub(crate) fn day_column(day: NaiveDate) -> i64 {
    day.to_epoch_days().into()
}

/// The day of a column.
pub(crate) fn day(column: i64) -> Result<NaiveDate> {
    let day = i32::try_from(column).ok().and_then(NaiveDate::from_epoch_days);
    day.ok_or_else(|| StoreError::Damaged("a day beyond the calendar".into()))
}

/// Months since January 1970.
pub(super) fn month_column(day: NaiveDate) -> i64 {
    (i64::from(day.year()) - 1970) * 12 + i64::from(day.month0())
}

/// The month that a day column is in. Days beyond the calendar, which no clock tells, count to its ends.
pub(super) fn month_of_day(column: i64) -> i64 {
    let end = |end: NaiveDate| i64::from(end.to_epoch_days());
    let day = column.clamp(end(NaiveDate::MIN), end(NaiveDate::MAX));
    day_column_to_month(i32::try_from(day).expect("the calendar's days fit"))
}

fn day_column_to_month(day: i32) -> i64 {
    month_column(NaiveDate::from_epoch_days(day).expect("the day is in the calendar"))
}

/// The first day of the month after `day`; none at the end of the calendar.
fn next_month(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(chrono::Months::new(1))
}

/// A span of days as days before the first whole month, whole months, and days after the last: each from a
/// first to a last column, with nothing in it where the last comes before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) before: (i64, i64),
    pub(super) months: (i64, i64),
    pub(super) after: (i64, i64),
}

impl Parts {
    /// Cuts the days from `first` to `last`.
    pub(super) fn of(first: NaiveDate, last: NaiveDate) -> Self {
        let (from, to) = (day_column(first), day_column(last));
        let days_only = Self { before: (from, to), months: (1, 0), after: (1, 0) };
        let starts =
            first.with_day(1).and_then(|start| if start == first { Some(start) } else { next_month(first) });
        let ends = last.succ_opt().and_then(|after| after.with_day(1));
        let (Some(starts), Some(ends)) = (starts, ends) else { return days_only };
        if starts >= ends {
            return days_only;
        }
        Self {
            before: (from, day_column(starts) - 1),
            months: (month_column(starts), month_column(ends) - 1),
            after: (day_column(ends), to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_and_months_count_from_1970() {
        assert_eq!((day_column(date("1970-01-02")), month_column(date("1971-02-28"))), (1, 13));
        assert_eq!((month_of_day(-1), month_of_day(31)), (-1, 1));
        assert_eq!(month_of_day(i64::MAX), month_column(NaiveDate::MAX));
    }

    #[test]
    fn each_day_of_a_span_is_in_one_of_its_parts() {
        for (first, last) in [
            ("2024-01-01", "2024-12-31"),
            ("2024-01-02", "2024-12-30"),
            ("2024-02-29", "2024-02-29"),
            ("2024-02-10", "2024-03-10"),
            ("2024-01-31", "2024-03-01"),
            ("2023-12-01", "2023-12-31"),
        ] {
            let parts = Parts::of(date(first), date(last));
            let within = |column: i64, part: (i64, i64)| part.0 <= column && column <= part.1;
            for column in day_column(date(first)) - 40..=day_column(date(last)) + 40 {
                let times = [
                    within(column, parts.before),
                    within(month_of_day(column), parts.months),
                    within(column, parts.after),
                ];
                let asked = column >= day_column(date(first)) && column <= day_column(date(last));
                let found = times.iter().filter(|there| **there).count();
                assert_eq!(found, usize::from(asked), "{first} to {last}: {column}");
            }
        }
    }
}

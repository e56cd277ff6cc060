//! Numbers and times as people read them.

use chrono::{DateTime, SecondsFormat, Utc};
use std::fmt;

/// A count, in groups of three digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count(pub(crate) u64);

/// A number of bytes, in kB and MB of 1000, to two or three digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) u64);

/// A moment, shown as its day in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day(pub(crate) DateTime<Utc>);

impl Count {
    /// With its noun: `1 download`, `0 downloads`.
    pub(crate) fn of(self, noun: &str) -> String {
        if self.0 == 1 { format!("1 {noun}") } else { format!("{self} {noun}s") }
    }
}

impl Day {
    /// For `<time datetime>`.
    pub(crate) fn instant(&self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::Secs, true)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                // A space that is narrow and does not break.
                f.write_str("\u{202f}")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0;
        // What rounds up to 1000 of a unit is shown in the next one.
        match bytes {
            0..1_000 => write!(f, "{bytes} B"),
            1_000..9_950 => write!(f, "{} kB", tenths(bytes, 1_000)),
            9_950..999_500 => write!(f, "{} kB", (bytes + 500) / 1_000),
            999_500..9_950_000 => write!(f, "{} MB", tenths(bytes, 1_000_000)),
            _ => write!(f, "{} MB", Count(bytes.saturating_add(500_000) / 1_000_000)),
        }
    }
}

/// To one digit after the point, rounded.
fn tenths(n: u64, unit: u64) -> String {
    let tenths = (n * 10 + unit / 2) / unit;
    format!("{}.{}", tenths / 10, tenths % 10)
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format("%-d %b %Y").fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_in_groups_of_three() {
        for (n, text) in
            [(0, "0"), (999, "999"), (1_000, "1 000"), (123_456, "123 456"), (1_234_567, "1 234 567")]
        {
            assert_eq!(Count(n).to_string(), text.replace(' ', "\u{202f}"));
        }
        assert_eq!(Count(1).of("download"), "1 download");
        assert_eq!(Count(0).of("download"), "0 downloads");
    }

    #[test]
    fn sizes_have_two_or_three_digits() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (9_949, "9.9 kB"),
            (9_950, "10 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (9_949_999, "9.9 MB"),
            (24_600_000, "25 MB"),
        ] {
            assert_eq!(Bytes(bytes).to_string(), text);
        }
        assert!(Bytes(u64::MAX).to_string().ends_with(" MB"));
    }

    #[test]
    fn a_moment_is_shown_as_its_day_and_told_in_full() {
        let day = Day("2026-03-04T23:59:58.7Z".parse().unwrap());
        assert_eq!(day.to_string(), "4 Mar 2026");
        assert_eq!(day.instant(), "2026-03-04T23:59:58Z");
    }
}

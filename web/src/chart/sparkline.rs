//! A line as small as a word, for tables and lists.

use super::scale::{Axis, WHOLE, along};
use crate::text::Count;
use askama::Template;
use std::fmt::Write as _;

/// A small line without axes; its words say how much it is together.
#[derive(Debug, Clone, Template)]
#[template(path = "partials/chart_sparkline.html")]
pub(crate) struct Sparkline {
    label: String,
    points: String,
}

impl Sparkline {
    /// A line of these numbers. `label` says what they are.
    pub(crate) fn new(label: &str, counts: &[u64]) -> Self {
        let axis = Axis::to(counts.iter().copied().max().unwrap_or(0));
        let sum = counts.iter().fold(0_u64, |sum, n| sum.saturating_add(*n));
        let mut points = String::new();
        // One number is a level line.
        let drawn = if let [n] = counts { &[*n, *n] } else { counts };
        for (at, n) in drawn.iter().enumerate() {
            let down = WHOLE - axis.place(u128::from(*n));
            let _ = write!(points, "{},{} ", along(at, drawn.len()), down);
        }
        Self { label: format!("{label}: {} together", Count(sum)), points: points.trim_end().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn a_small_line_says_what_it_is() {
        let html = Sparkline::new("Downloads of 30 days", &[0, 2, 4]).render().unwrap();
        assert!(html.contains("Downloads of 30 days: 6 together"), "{html}");
        assert!(html.contains("points=\"0,10000 5000,5000 10000,0\""), "{html}");
    }

    #[test]
    fn nothing_one_and_hostile_are_drawn() {
        assert!(Sparkline::new("Downloads", &[]).render().unwrap().contains("points=\"\""));
        assert_eq!(Sparkline::new("D", &[4]).points, "0,0 10000,0");
        assert!(Sparkline::new("D", &[u64::MAX, u64::MAX]).points.starts_with("0,"));
        testing::is_tame(&Sparkline::new(HOSTILE, &[1, 2]).render().unwrap());
    }
}

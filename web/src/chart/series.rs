//! Numbers over time: an area when it is one line, else lines that differ by colour and by how they are dashed.

use super::beat::Beat;
use super::scale::{Axis, WHOLE, along, percent, short};
use crate::text::Count;
use askama::Template;
use chrono::NaiveDate;
use std::fmt::Write as _;

/// The most names below the axis; on a phone there is room for no more.
const NAMES_MAX: usize = 5;

/// A chart over time.
#[derive(Debug, Clone, Template)]
#[template(path = "partials/chart_series.html")]
pub(crate) struct Series {
    id: &'static str,
    title: String,
    summary: String,
    column: &'static str,
    lines: Vec<Line>,
    rows: Vec<Row>,
    marks: Vec<Mark>,
    names: Vec<Name>,
    top: u128,
}

/// One line of it.
#[derive(Debug, Clone)]
struct Line {
    name: String,
    /// Its number among the colours, from 1.
    colour: usize,
    /// The line as a path.
    path: String,
    /// What is below it, where it stands alone.
    area: Option<String>,
    /// The place of its one point, where it is no line.
    dot: Option<(String, String)>,
}

/// A line of the table.
#[derive(Debug, Clone)]
struct Row {
    instant: String,
    when: String,
    counts: Vec<Count>,
}

/// A line across the drawing.
#[derive(Debug, Clone)]
struct Mark {
    y: String,
    text: String,
    /// The axis itself.
    zero: bool,
}

/// A time below the axis.
#[derive(Debug, Clone)]
struct Name {
    x: String,
    anchor: &'static str,
    text: String,
}

impl Series {
    /// A chart of lines with a name each, which have a number for every one of `starts`. `noun` is what is counted, one of it.
    pub(crate) fn new(
        id: &'static str,
        title: impl Into<String>,
        noun: &str,
        beat: Beat,
        starts: &[NaiveDate],
        lines: Vec<(String, Vec<u64>)>,
    ) -> Self {
        let most = lines.iter().flat_map(|(_, counts)| counts).copied().max().unwrap_or(0);
        let axis = Axis::to(most);
        let alone = lines.len() == 1;
        let summary = summary(noun, beat, starts, &lines);
        let counts = |at: usize| -> Vec<Count> {
            lines.iter().map(|(_, counts)| Count(counts.get(at).copied().unwrap_or(0))).collect()
        };
        let row = |(at, start): (usize, &NaiveDate)| Row {
            instant: start.to_string(),
            when: beat.long(*start),
            counts: counts(at),
        };
        Self {
            id,
            title: title.into(),
            summary,
            column: beat.column(),
            rows: starts.iter().enumerate().map(row).collect(),
            marks: axis.ticks.iter().map(|tick| mark(&axis, *tick)).collect(),
            names: names(beat, starts),
            top: axis.top,
            lines: lines
                .into_iter()
                .enumerate()
                .map(|(at, (name, counts))| line(&axis, at + 1, name, &counts, alone))
                .collect(),
        }
    }

    /// Whether there is nothing to draw.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() || self.rows.iter().all(|row| row.counts.iter().all(|count| count.0 == 0))
    }
}

fn line(axis: &Axis, colour: usize, name: String, counts: &[u64], alone: bool) -> Line {
    let down = |n: u64| WHOLE - axis.place(u128::from(n));
    let mut path = String::new();
    for (at, n) in counts.iter().enumerate() {
        let letter = if at == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{letter}{} {}", along(at, counts.len()), down(*n));
    }
    let area = (alone && counts.len() > 1).then(|| format!("{path}L{WHOLE} {WHOLE}L0 {WHOLE}Z"));
    let dot = match counts {
        [n] => Some((percent(WHOLE / 2), percent(down(*n)))),
        _ => None,
    };
    Line { name, colour, path, area, dot }
}

fn mark(axis: &Axis, tick: u128) -> Mark {
    Mark { y: percent(WHOLE - axis.place(tick)), text: short(tick), zero: tick == 0 }
}

/// Some of the times, as evenly apart as whole steps can be, and always the first and the last.
fn names(beat: Beat, starts: &[NaiveDate]) -> Vec<Name> {
    let Some(last) = starts.len().checked_sub(1) else { return vec![] };
    let gaps = last.min(NAMES_MAX - 1);
    // Rounded, so that no gap is shorter than another by more than one.
    let at = |n: usize| (n * last + gaps / 2).checked_div(gaps).unwrap_or(0);
    let name = |at: usize| Name {
        x: percent(along(at, starts.len())),
        anchor: match at {
            _ if last == 0 => "middle",
            0 => "start",
            at if at == last => "end",
            _ => "middle",
        },
        text: beat.short(starts[at]),
    };
    (0..=gaps).map(|n| name(at(n))).collect()
}

/// What there is to see, in a sentence.
fn summary(noun: &str, beat: Beat, starts: &[NaiveDate], lines: &[(String, Vec<u64>)]) -> String {
    let (Some(first), Some(last)) = (starts.first(), starts.last()) else {
        return "There are no numbers for this time.".to_owned();
    };
    let time = format!("from {} to {}", beat.long(*first), beat.long(*last));
    if let [(_, counts)] = lines {
        let sum: u64 = counts.iter().fold(0, |sum, n| sum.saturating_add(*n));
        let most = counts.iter().zip(starts).max_by_key(|(n, start)| (**n, std::cmp::Reverse(**start)));
        let most = most.filter(|(n, _)| **n > 0 && counts.len() > 1);
        let most =
            most.map(|(n, start)| format!("; most {} {} ({})", on(beat), beat.long(*start), Count(*n)));
        return format!("{} {time}{}.", Count(sum).of(noun), most.unwrap_or_default());
    }
    let sums = lines.iter().map(|(name, counts)| {
        let sum = counts.iter().fold(0_u64, |sum, n| sum.saturating_add(*n));
        format!("{name}: {}", Count(sum))
    });
    let sums: Vec<String> = sums.collect();
    format!("{}, {time}.", sums.join(", "))
}

fn on(beat: Beat) -> &'static str {
    match beat {
        Beat::Day => "on",
        Beat::Week => "in the week of",
        Beat::Month => "in",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn days(n: u64) -> Vec<NaiveDate> {
        let first: NaiveDate = "2026-03-01".parse().unwrap();
        Beat::Day.starts(first, first.checked_add_days(chrono::Days::new(n - 1)).unwrap())
    }

    fn drawn(counts: &[u64]) -> String {
        let starts = days(counts.len() as u64);
        let lines = vec![("Downloads".to_owned(), counts.to_vec())];
        Series::new("chart", "Downloads", "download", Beat::Day, &starts, lines).render().unwrap()
    }

    #[test]
    fn a_line_goes_from_edge_to_edge_and_its_numbers_are_a_table() {
        let html = drawn(&[0, 5, 10]);
        assert!(html.contains("M0 10000L5000 5000L10000 0"), "{html}");
        assert!(
            html.contains("15 downloads from 1 Mar 2026 to 3 Mar 2026; most on 3 Mar 2026 (10)."),
            "{html}"
        );
        assert!(html.contains("<time datetime=\"2026-03-02\">2 Mar 2026</time>"), "{html}");
        assert!(html.contains("<td class=\"number\">5</td>"), "{html}");
    }

    #[test]
    fn nothing_one_value_equal_values_and_huge_ones_are_drawn() {
        let none = Series::new("chart", "Downloads", "download", Beat::Day, &[], vec![]);
        assert!(none.is_empty() && none.render().unwrap().contains("There are no numbers"));
        assert!(drawn(&[7]).contains("<circle cx=\"50.00%\""), "{}", drawn(&[7]));
        assert!(drawn(&[4, 4, 4]).contains("M0 0L5000 0L10000 0"), "{}", drawn(&[4, 4, 4]));
        let huge = drawn(&[u64::MAX, 0, u64::MAX]);
        assert!(huge.contains("M0 ") && !huge.contains("NaN"), "{huge}");
        let flat = Series::new("chart", "D", "download", Beat::Day, &days(2), vec![("D".into(), vec![0, 0])]);
        assert!(flat.is_empty());
    }

    #[test]
    fn lines_side_by_side_differ_by_more_than_colour() {
        let lines = vec![("Uploads".into(), vec![1, 2]), ("Approvals".into(), vec![2, 1])];
        let html = Series::new("chart", "Work", "version", Beat::Day, &days(2), lines).render().unwrap();
        assert!(html.contains("class=\"line c1\"") && html.contains("class=\"line c2\""), "{html}");
        assert!(html.contains("Uploads: 3, Approvals: 3") && !html.contains("class=\"area"), "{html}");
    }

    #[test]
    fn names_do_nothing() {
        let lines = vec![(HOSTILE.to_owned(), vec![1, 2]), (HOSTILE.to_owned(), vec![1, 2])];
        let html = Series::new("chart", HOSTILE, HOSTILE, Beat::Day, &days(2), lines).render().unwrap();
        testing::is_tame(&html);
    }

    #[test]
    fn a_year_of_days_has_few_names_below() {
        let names = names(Beat::Day, &days(366));
        assert_eq!(names.len(), NAMES_MAX);
        assert_eq!((names[0].anchor, names[NAMES_MAX - 1].anchor), ("start", "end"));
        assert_eq!(super::names(Beat::Day, &days(1))[0].anchor, "middle");
    }
}

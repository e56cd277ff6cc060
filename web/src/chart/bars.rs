//! Numbers by what they belong to: a bar for each, the table being the drawing's own text.

use super::scale::{WHOLE, percent};
use crate::text::Count;
use askama::Template;

/// A chart of bars.
#[derive(Debug, Clone, Template)]
#[template(path = "partials/chart_bars.html")]
#[expect(clippy::struct_field_names, reason = "a chart of bars has bars")]
pub(crate) struct Bars {
    id: &'static str,
    title: String,
    summary: String,
    column: String,
    bars: Vec<Bar>,
    sum: u128,
}

/// One of them.
#[derive(Debug, Clone)]
struct Bar {
    name: String,
    count: Count,
    width: String,
    share: String,
    /// What is left of many small ones together.
    rest: bool,
    /// Where its name leads.
    href: Option<String>,
}

impl Bars {
    /// How many bars a chart has at most, unless its page says otherwise.
    pub(crate) const SHOWN: usize = 12;

    /// A chart of these rows in their order; those past `shown` are added up as one. `noun` is what is counted, one of it, and
    /// `column` says what the rows are.
    pub(crate) fn new(
        id: &'static str,
        title: impl Into<String>,
        noun: &str,
        column: impl Into<String>,
        rows: Vec<(String, u64)>,
        shown: usize,
    ) -> Self {
        let sum: u128 = rows.iter().map(|(_, n)| u128::from(*n)).sum();
        let of = rows.len();
        let rows = with_rest(rows, shown);
        let most = rows.iter().map(|(_, n, _)| *n).max().unwrap_or(0).max(1);
        let named = rows.iter().filter(|(_, _, rest)| !rest);
        let first = named.max_by_key(|(_, n, _)| *n).map(|(name, n, _)| (name.clone(), *n));
        let bar = |(name, n, rest): (String, u64, bool)| Bar {
            name,
            count: Count(n),
            width: percent(part(n.into(), most.into())),
            share: share(n.into(), sum),
            rest,
            href: None,
        };
        Self {
            id,
            title: title.into(),
            summary: summary(noun, of, sum, first),
            column: column.into(),
            bars: rows.into_iter().map(bar).collect(),
            sum,
        }
    }

    /// A chart of rows whose names lead somewhere; each is shown.
    pub(crate) fn linked(
        id: &'static str,
        title: impl Into<String>,
        noun: &str,
        column: impl Into<String>,
        rows: Vec<(String, u64, String)>,
    ) -> Self {
        let (rows, links): (Vec<_>, Vec<_>) =
            rows.into_iter().map(|(name, n, href)| ((name, n), href)).unzip();
        let shown = rows.len();
        let mut bars = Self::new(id, title, noun, column, rows, shown);
        for (bar, href) in bars.bars.iter_mut().zip(links) {
            bar.href = Some(href);
        }
        bars
    }

    /// Whether there is nothing to draw.
    pub(crate) fn is_empty(&self) -> bool {
        self.sum == 0
    }
}

fn with_rest(mut rows: Vec<(String, u64)>, shown: usize) -> Vec<(String, u64, bool)> {
    // One that is left over takes no more room than a line that says so.
    let cut = if rows.len() > shown.max(1) + 1 { rows.split_off(shown.max(1)) } else { vec![] };
    let rest = cut.iter().fold(0_u64, |sum, (_, n)| sum.saturating_add(*n));
    let mut rows: Vec<_> = rows.into_iter().map(|(name, n)| (name, n, false)).collect();
    if !cut.is_empty() {
        rows.push((format!("{} others", cut.len()), rest, true));
    }
    rows
}

fn part(n: u128, of: u128) -> u64 {
    u64::try_from(n * u128::from(WHOLE) / of).map_or(WHOLE, |part| part.min(WHOLE))
}

/// In per cent of all.
fn share(n: u128, sum: u128) -> String {
    let tenths = part(n, sum.max(1)) / 10;
    match tenths {
        0 if n > 0 => "< 0.1 %".to_owned(),
        1..100 => format!("{}.{} %", tenths / 10, tenths % 10),
        _ => format!("{} %", (tenths + 5) / 10),
    }
}

fn summary(noun: &str, of: usize, sum: u128, first: Option<(String, u64)>) -> String {
    let sum = u64::try_from(sum).unwrap_or(u64::MAX);
    match first {
        Some((name, n)) if of > 1 => format!("{}; most: {name} ({}).", Count(sum).of(noun), Count(n)),
        Some(_) => format!("{}.", Count(sum).of(noun)),
        None => "There are no numbers for this time.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn bars(counts: &[u64], shown: usize) -> Bars {
        let rows = counts.iter().enumerate().map(|(at, n)| (format!("3.{at}"), *n)).collect();
        Bars::new("bars", "By QGIS version", "download", "QGIS version", rows, shown)
    }

    #[test]
    fn the_longest_bar_is_the_largest_number() {
        let bars = bars(&[50, 100, 1], 12);
        let widths: Vec<&str> = bars.bars.iter().map(|bar| bar.width.as_str()).collect();
        assert_eq!(widths, ["50.00%", "100.00%", "1.00%"]);
        assert_eq!(bars.summary, "151 downloads; most: 3.1 (100).");
        let html = bars.render().unwrap();
        assert!(
            html.contains("width=\"50.00%\"") && html.contains("66 %") && html.contains("0.6 %"),
            "{html}"
        );
    }

    #[test]
    fn small_ones_are_added_up_but_never_one_alone() {
        let names = |bars: &Bars| bars.bars.iter().map(|bar| bar.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&bars(&[5, 4, 3, 2], 2)), ["3.0", "3.1", "2 others"]);
        assert_eq!(bars(&[5, 4, 3, 2], 2).bars[2].count, Count(5));
        // What is left of many is none of them, however much it is.
        assert!(bars(&[5, 4, 3, 3], 2).summary.ends_with("most: 3.0 (5)."));
        assert_eq!(bars(&[5, 4, 3], 2).bars.len(), 3);
        assert_eq!(bars(&[5, 4, 3], 0).bars.len(), 2);
    }

    #[test]
    fn names_lead_where_they_are_told() {
        let rows = vec![("Lasso".to_owned(), 2, "/plugins/lasso/".to_owned())];
        let html = Bars::linked("top", "Top", "download", "Plugin", rows).render().unwrap();
        assert!(html.contains("<a href=\"/plugins/lasso/\">Lasso</a>"), "{html}");
    }

    #[test]
    fn nothing_equal_and_huge_numbers_are_drawn() {
        assert!(bars(&[], 5).is_empty() && bars(&[0], 5).is_empty());
        assert!(bars(&[], 5).render().unwrap().contains("There are no numbers"));
        assert!(bars(&[2, 2], 5).bars.iter().all(|bar| bar.width == "100.00%" && bar.share == "50 %"));
        assert_eq!(bars(&[u64::MAX, u64::MAX, 1], 5).bars[2].share, "< 0.1 %");
    }

    #[test]
    fn names_do_nothing() {
        let rows = vec![(HOSTILE.to_owned(), 1), (HOSTILE.to_owned(), 2)];
        let html = Bars::new("bars", HOSTILE, HOSTILE, HOSTILE, rows, 5).render().unwrap();
        testing::is_tame(&html);
    }
}

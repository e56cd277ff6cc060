//! Figures as people read them: medians with their spread.

use std::fmt;
use std::io::Write;
use std::time::Duration;

/// Prints a line.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("somebody reads the figures");
}

/// Several measurements of the same thing, none of them not a number.
#[derive(Debug, Clone)]
pub(crate) struct Figures(Vec<f64>);

impl Figures {
    /// At least one.
    pub(crate) fn of(mut values: Vec<f64>) -> Self {
        assert!(!values.is_empty(), "something was measured");
        values.sort_unstable_by(f64::total_cmp);
        Self(values)
    }

    /// Times in milliseconds.
    pub(crate) fn of_times(times: &[Duration]) -> Self {
        Self::of(times.iter().map(|time| time.as_secs_f64() * 1e3).collect())
    }

    /// One by one against the measurement of the same round.
    pub(crate) fn ratios(ours: &[f64], reference: &[f64]) -> Self {
        Self::of(ours.iter().zip(reference).map(|(ours, reference)| ours / reference).collect())
    }

    /// The value that `share` (0 to 1) of all do not exceed.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "there are far fewer than 2^52 measurements"
        )]
        let at = (share * self.0.len() as f64).ceil() as usize;
        self.0[at.clamp(1, self.0.len()) - 1]
    }

    /// The one in the middle.
    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

/// The median, and in parentheses the lowest and the highest; with the decimals asked for.
impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = f.precision().unwrap_or(0);
        let (low, high) = (self.quantile(0.0), self.quantile(1.0));
        let [median, low, high] = [self.median(), low, high].map(|value| grouped(value, decimals));
        if self.0.len() == 1 { f.write_str(&median) } else { write!(f, "{median} ({low}–{high})") }
    }
}

/// `1,234,567.8`.
fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) && out != "-" {
            out.push(',');
        }
        out.push(digit);
    }
    out + fraction
}

/// How many in a second.
pub(crate) fn per_second(n: usize, took: Duration) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 things were done")]
    let n = n as f64;
    n / took.as_secs_f64()
}

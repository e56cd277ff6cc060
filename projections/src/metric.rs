//! What operators see of projections in numbers.

use crate::Name;
use std::time::Duration;

/// A page was taken in.
pub(crate) fn page(name: Name, events: u64, took: Duration) {
    metrics::counter!("cairn_projection_events_total", "name" => name.as_str()).increment(events);
    metrics::histogram!("cairn_projection_page_seconds", "name" => name.as_str()).record(took);
}

/// How far the live generation is behind.
#[expect(clippy::cast_precision_loss, reason = "a lag of 2^52 positions is not to be told exactly")]
pub(crate) fn lag(name: Name, positions: u64, seconds: f64) {
    metrics::gauge!("cairn_projection_lag_positions", "name" => name.as_str()).set(positions as f64);
    metrics::gauge!("cairn_projection_lag_seconds", "name" => name.as_str()).set(seconds);
}

/// Whether the live generation stands still at an event.
pub(crate) fn halted(name: Name, halted: bool) {
    metrics::gauge!("cairn_projection_halted", "name" => name.as_str()).set(f64::from(u8::from(halted)));
}

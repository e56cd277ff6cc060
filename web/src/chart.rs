//! Charts that are drawn here, as SVG: they need no script, print well, and every one has its numbers as a table beside.
//!
//! A page makes a chart of plain numbers and writes it with `{{ chart|safe }}`; what is in it is escaped already:
//!
//! ```ignore
//! let beat = Beat::Week;
//! let starts = beat.starts(from, to);
//! let counts = spread(&starts, told.series.into_iter().map(|bucket| (bucket.start, bucket.n)));
//! let downloads = Series::new("downloads", "Downloads", "download", beat, starts, vec![("Downloads".into(), counts)]);
//! let by_qgis = Bars::new("by-qgis", "Downloads by QGIS version", "download", "QGIS version", rows, Bars::SHOWN);
//! let line = Sparkline::new("Downloads of the last 30 days", &counts);
//! ```
//!
//! The first argument is an id of which a page has one only. A page with a chart loads `chart.js` in its block `scripts`:
//! with it a reader points at a place, or walks along with the arrow keys, and is told the numbers there.

mod bars;
mod beat;
mod scale;
mod series;
mod sparkline;

pub(crate) use self::{
    bars::Bars,
    beat::{Beat, spread},
    series::Series,
    sparkline::Sparkline,
};

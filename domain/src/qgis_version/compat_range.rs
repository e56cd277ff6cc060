//! The QGIS versions a plugin version runs on.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{FeedVersion, QGIS_PART_MAX, QgisVersion};

/// From which QGIS version to which a plugin version runs; the minimum is never above the maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Bounds", into = "Bounds")]
pub struct CompatRange {
    min: QgisVersion,
    max: QgisVersion,
}

/// The minimum is above the maximum: no QGIS would show the plugin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "qgisMinimumVersion {min} is above qgisMaximumVersion {max}, so no QGIS would show the plugin; lower the one or raise the other"
)]
pub struct CompatFault {
    /// The minimum as given.
    pub min: QgisVersion,
    /// The maximum as given.
    pub max: QgisVersion,
}

impl CompatRange {
    /// The range between these bounds. A missing maximum is the last minor of the minimum's major: 3.4 alone means 3.4 to 3.99.
    pub fn new(min: QgisVersion, max: Option<QgisVersion>) -> Result<Self, CompatFault> {
        let max = max.unwrap_or(QgisVersion { major: min.major, minor: QGIS_PART_MAX, patch: None });
        if min.lowest() > max.highest() {
            return Err(CompatFault { min, max });
        }
        Ok(Self { min, max })
    }

    /// The first QGIS version that runs it.
    pub fn min(&self) -> QgisVersion {
        self.min
    }

    /// The last QGIS version that runs it; without a patch number, any patch of that minor does.
    pub fn max(&self) -> QgisVersion {
        self.max
    }

    /// Whether a feed for `feed` lists it: some QGIS that asks for this feed could run it.
    ///
    /// QGIS asks with `X.Y` and then tests its full version itself, so a feed for `X.Y` holds what any patch of `X.Y` runs.
    pub fn admits(&self, feed: &FeedVersion) -> bool {
        widen(self.min.lowest()) <= feed.highest() && widen(self.max.highest()) >= feed.lowest()
    }
}

fn widen((major, minor, patch): (u8, u8, u8)) -> (u16, u16, u16) {
    (major.into(), minor.into(), patch.into())
}

impl fmt::Display for CompatRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", String::from(self.min), String::from(self.max))
    }
}

/// How a range is written in an event.
#[derive(Serialize, Deserialize)]
struct Bounds {
    min: QgisVersion,
    max: QgisVersion,
}

impl TryFrom<Bounds> for CompatRange {
    type Error = CompatFault;

    fn try_from(bounds: Bounds) -> Result<Self, Self::Error> {
        Self::new(bounds.min, Some(bounds.max))
    }
}

impl From<CompatRange> for Bounds {
    fn from(range: CompatRange) -> Self {
        Self { min: range.min, max: range.max }
    }
}

//! QGIS versions: what a plugin says it runs on, and what a feed is asked for.

mod compat_range;
mod feed_version;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use compat_range::{CompatFault, CompatRange};
pub use feed_version::{FeedVersion, FeedVersionFault};

/// The greatest number in any part of a QGIS version; QGIS hides a plugin that names a greater one.
pub const QGIS_PART_MAX: u8 = 99;

/// A QGIS version as a plugin names it in `qgisMinimumVersion` or `qgisMaximumVersion`.
///
/// Each part is 0 to 99. A missing patch number is kept as missing: as a minimum it means 0, as a maximum 99.
/// Order is by number, and `3.4` is just before `3.4.0`. Shown as `3.4.0`, the form of the feed; serialised with the parts
/// that were given, so that nothing is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct QgisVersion {
    major: u8,
    minor: u8,
    patch: Option<u8>,
}

/// Why QGIS would not show a plugin with such a version bound, in a sentence for its author.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QgisVersionFault {
    /// No digit, or nothing between two dots.
    #[error("{text:?} is no QGIS version; write two or three numbers such as 3.22 or 3.22.16")]
    NotNumbers {
        /// The text as given, cut to 40 characters.
        text: String,
    },
    /// More than three parts.
    #[error(
        "{text:?} has {parts} parts and QGIS hides such a plugin; write two or three numbers such as 3.22 or 3.22.16"
    )]
    TooManyParts {
        /// The text as given, cut to 40 characters.
        text: String,
        /// How many parts it has.
        parts: usize,
    },
    /// A part above 99.
    #[error("{text:?} has a part above {QGIS_PART_MAX} and QGIS hides such a plugin; write for example 3.99")]
    PartTooGreat {
        /// The text as given, cut to 40 characters.
        text: String,
    },
}

impl QgisVersion {
    /// The version of these parts, or none where one is above 99.
    pub fn new(major: u8, minor: u8, patch: Option<u8>) -> Option<Self> {
        let good = [major, minor, patch.unwrap_or(0)].into_iter().all(|part| part <= QGIS_PART_MAX);
        good.then_some(Self { major, minor, patch })
    }

    /// The 3 of 3.40.5.
    pub fn major(self) -> u8 {
        self.major
    }

    /// The 40 of 3.40.5.
    pub fn minor(self) -> u8 {
        self.minor
    }

    /// The 5 of 3.40.5, if it was given.
    pub fn patch(self) -> Option<u8> {
        self.patch
    }

    /// The first version this can mean: a missing patch is 0.
    pub fn lowest(self) -> (u8, u8, u8) {
        (self.major, self.minor, self.patch.unwrap_or(0))
    }

    /// The last version this can mean: a missing patch is 99.
    pub fn highest(self) -> (u8, u8, u8) {
        (self.major, self.minor, self.patch.unwrap_or(QGIS_PART_MAX))
    }
}

impl FromStr for QgisVersion {
    type Err = QgisVersionFault;

    /// Reads as QGIS does: everything but digits and dots is dropped first, so `v3.0` and `3.0-x` are 3.0. One number alone is
    /// that number with minor 0, as the site behind plugins.qgis.org reads it.
    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let text = || given.chars().take(40).collect::<String>();
        let kept: String = given.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
        let parts: Vec<&str> = kept.split('.').collect();
        if parts.iter().any(|part| part.is_empty()) {
            return Err(QgisVersionFault::NotNumbers { text: text() });
        }
        if parts.len() > 3 {
            return Err(QgisVersionFault::TooManyParts { text: text(), parts: parts.len() });
        }
        let number = |index: usize| match parts.get(index).map(|part| part.trim_start_matches('0')) {
            None => Ok(None),
            Some("") => Ok(Some(0)),
            Some(digits) => match digits.parse::<u8>() {
                Ok(number) if number <= QGIS_PART_MAX => Ok(Some(number)),
                _ => Err(QgisVersionFault::PartTooGreat { text: text() }),
            },
        };
        Ok(Self {
            major: number(0)?.expect("split gives at least one part"),
            minor: number(1)?.unwrap_or(0),
            patch: number(2)?,
        })
    }
}

impl fmt::Display for QgisVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch.unwrap_or(0))
    }
}

impl TryFrom<String> for QgisVersion {
    type Error = QgisVersionFault;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<QgisVersion> for String {
    fn from(version: QgisVersion) -> Self {
        match version.patch {
            Some(_) => version.to_string(),
            None => format!("{}.{}", version.major, version.minor),
        }
    }
}

#[cfg(test)]
mod tests;

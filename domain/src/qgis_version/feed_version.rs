//! The QGIS version that a feed is asked for.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The greatest part of an asked version: three digits, as many as the site behind plugins.qgis.org keeps.
const PART_MAX: u16 = 999;

/// Which QGIS a feed is for. Any number does, also of a QGIS that nobody has released yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum FeedVersion {
    /// No `qgis` in the request, or an empty one: plugins for any QGIS.
    Every,
    /// `3`: plugins for any QGIS 3.
    Major(u16),
    /// `3.40`, as QGIS asks: plugins for any patch of 3.40.
    Minor(u16, u16),
    /// `3.40.5`: plugins for exactly this QGIS.
    Patch(u16, u16, u16),
}

/// The asked version is neither numbers nor a known label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{asked:?} is no QGIS version; ask for one such as 3.40 or 3.40.5, or leave it out")]
pub struct FeedVersionFault {
    /// The text as asked, cut to 40 characters.
    pub asked: String,
}

impl FeedVersion {
    /// Reads the text of a `qgis` parameter; a label such as `ltr`, `stable`, `latest` is looked up in `labels`, in lower case.
    pub fn resolve(asked: &str, labels: &BTreeMap<String, FeedVersion>) -> Result<Self, FeedVersionFault> {
        match labels.get(&asked.trim().to_ascii_lowercase()) {
            Some(version) => Ok(*version),
            None => asked.parse(),
        }
    }

    /// The first QGIS version that this can mean.
    pub fn lowest(&self) -> (u16, u16, u16) {
        match *self {
            Self::Every => (0, 0, 0),
            Self::Major(major) => (major, 0, 0),
            Self::Minor(major, minor) => (major, minor, 0),
            Self::Patch(major, minor, patch) => (major, minor, patch),
        }
    }

    /// The last QGIS version that this can mean.
    pub fn highest(&self) -> (u16, u16, u16) {
        match *self {
            Self::Every => (u16::MAX, u16::MAX, u16::MAX),
            Self::Major(major) => (major, u16::MAX, u16::MAX),
            Self::Minor(major, minor) => (major, minor, u16::MAX),
            Self::Patch(major, minor, patch) => (major, minor, patch),
        }
    }
}

impl FromStr for FeedVersion {
    type Err = FeedVersionFault;

    /// Reads one to three numbers of up to three digits; further parts are cut, as the site behind plugins.qgis.org does.
    fn from_str(asked: &str) -> Result<Self, Self::Err> {
        let text = asked.trim();
        if text.is_empty() {
            return Ok(Self::Every);
        }
        let fault = || FeedVersionFault { asked: asked.chars().take(40).collect() };
        let parts = text.split('.').map(part).collect::<Option<Vec<u16>>>().ok_or_else(fault)?;
        Ok(match parts[..] {
            [major] => Self::Major(major),
            [major, minor] => Self::Minor(major, minor),
            [major, minor, patch, ..] => Self::Patch(major, minor, patch),
            [] => unreachable!("split gives at least one part"),
        })
    }
}

fn part(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number <= PART_MAX)
}

impl fmt::Display for FeedVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Every => Ok(()),
            Self::Major(major) => write!(f, "{major}"),
            Self::Minor(major, minor) => write!(f, "{major}.{minor}"),
            Self::Patch(major, minor, patch) => write!(f, "{major}.{minor}.{patch}"),
        }
    }
}

impl TryFrom<String> for FeedVersion {
    type Error = FeedVersionFault;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<FeedVersion> for String {
    fn from(version: FeedVersion) -> Self {
        version.to_string()
    }
}

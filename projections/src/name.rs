//! The projections there are.

use cairn_store::Log;
use std::fmt;
use std::str::FromStr;

/// One projection, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// Plugins, versions, owners, tags, votes; feeds are made from it.
    Catalogue,
    /// Accounts and tokens.
    People,
    /// How often versions were downloaded.
    Downloads,
}

/// No projection has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no projection {0:?}; there are catalogue, people and downloads")]
pub struct UnknownName(pub String);

impl Name {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Catalogue, Self::People, Self::Downloads];

    /// As in tables, metrics and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::People => "people",
            Self::Downloads => "downloads",
        }
    }

    /// The log it reads.
    pub fn log(self) -> Log {
        match self {
            Self::Catalogue | Self::People => Log::Registry,
            Self::Downloads => Log::Downloads,
        }
    }

    /// Counted up whenever the fold or its tables change, so that everything is built anew beside what is
    /// live.
    pub(crate) fn code_version(self) -> u32 {
        match self {
            Self::Downloads => 3,
            Self::People => 4,
            Self::Catalogue => 5,
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Name {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|name| name.as_str() == text).ok_or_else(|| UnknownName(text.into()))
    }
}

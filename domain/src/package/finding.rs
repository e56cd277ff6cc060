//! One thing found in a package, where it is and how to mend it.

use serde::{Deserialize, Serialize};
use std::fmt;

use super::codes::{FindingCode, Severity};

/// Where a finding is; empty for the package as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The entry of the zip, by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// The line in that entry, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The key of metadata.txt, as the author wrote it or should write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Place {
    /// The package as a whole.
    pub fn package() -> Self {
        Self::default()
    }

    /// One entry. Its name is shown without control characters and cut to 300 characters.
    pub fn entry(name: &str) -> Self {
        let shown = name.chars().take(300).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        Self { entry: Some(shown), ..Self::default() }
    }
}

/// `lasso/metadata.txt:7, key version`, or as much of it as is known; `the package` for none.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.entry.as_deref().unwrap_or("the package"))?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        match &self.key {
            Some(key) => write!(f, ", key {key}"),
            None => Ok(()),
        }
    }
}

/// One thing found in a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is, for programs.
    pub code: FindingCode,
    /// Whether the package is refused for it.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What was seen, in a sentence for the author.
    pub message: String,
    /// How to mend it, in a sentence.
    pub mend: String,
}

/// Findings in the order they were made; beyond `max` they are counted only.
#[derive(Debug)]
pub(super) struct Findings {
    list: Vec<Finding>,
    max: usize,
    untold: usize,
    errors: usize,
}

impl Findings {
    pub(super) fn new(max: usize) -> Self {
        Self { list: Vec::new(), max, untold: 0, errors: 0 }
    }

    pub(super) fn add(&mut self, code: FindingCode, place: Place, message: impl Into<String>) {
        let severity = code.severity();
        let first_error = severity == Severity::Error && self.errors == 0;
        self.errors += usize::from(severity == Severity::Error);
        // The first error is always told, or the package would be refused without a word.
        if self.list.len() >= self.max && !first_error {
            self.untold += 1;
            return;
        }
        let mend = code.mend().to_owned();
        self.list.push(Finding { code, severity, place, message: message.into(), mend });
    }

    pub(super) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    pub(super) fn into_list(mut self) -> Vec<Finding> {
        if self.untold > 0 {
            let code = FindingCode::MoreFindings;
            self.list.push(Finding {
                code,
                severity: code.severity(),
                place: Place::package(),
                message: format!("{} more findings are not listed", self.untold),
                mend: code.mend().to_owned(),
            });
        }
        self.list
    }
}

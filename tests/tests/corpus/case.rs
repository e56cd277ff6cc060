//! One metadata.txt with what Python reads in it, and the package around it.

use cairn_domain::package::testing::PackageBuilder;
use cairn_domain::package::{Finding, FindingCode, Inspection, PackageLimits, Profile, inspect};
use serde_json::{Map, Value};
use std::path::Path;

/// One file.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// Its name in the folder.
    pub(crate) file: String,
    /// The package made around it; each file has one of its own.
    pub(crate) package: String,
    /// The package's bytes.
    pub(crate) zip: Vec<u8>,
    /// What Python's configparser reads, keys as written; none when it cannot.
    pub(crate) python: Option<Map<String, Value>>,
    /// The strictest profile that takes it; none when both refuse it.
    pub(crate) profile: Option<ProfileName>,
    /// What the inspection by that profile says, or by the minimal one.
    pub(crate) inspection: Inspection,
}

/// The two profiles there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ProfileName {
    Official,
    Minimal,
}

impl ProfileName {
    pub(crate) fn profile(self) -> Profile {
        match self {
            Self::Official => Profile::official(),
            Self::Minimal => Profile::minimal(),
        }
    }
}

impl Case {
    fn new(index: usize, file: &str, metadata: Vec<u8>, python: Option<Map<String, Value>>) -> Self {
        let package = format!("corpus_{index:04}");
        let zip = PackageBuilder::new(&package).raw_metadata(metadata).build();
        let by = |name: ProfileName| inspect(&zip, &name.profile(), &PackageLimits::default());
        let (official, minimal) = (by(ProfileName::Official), by(ProfileName::Minimal));
        let (profile, inspection) = match (&official.package, &minimal.package) {
            (Some(_), _) => (Some(ProfileName::Official), official),
            (None, Some(_)) => (Some(ProfileName::Minimal), minimal),
            (None, None) => (None, minimal),
        };
        Self { file: file.to_owned(), package, zip, python, profile, inspection }
    }

    /// What was said about one key, with this code.
    pub(crate) fn told(&self, code: FindingCode, key: &str) -> bool {
        let about = |finding: &Finding| finding.code == code && finding.place.key.as_deref() == Some(key);
        self.inspection.findings.iter().any(about)
    }

    /// The codes of all findings, in their order.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        self.inspection.findings.iter().map(|finding| finding.code.as_str()).collect()
    }
}

/// The files that a list of Python's readings names; none when the list is not there.
pub(crate) fn read(golden: &Path, folder: &Path) -> Option<Vec<Case>> {
    let list = std::fs::read_to_string(golden).ok()?;
    let case = |(index, line): (usize, &str)| {
        let record: Value = serde_json::from_str(line).expect("each line is an object");
        let file = record["file"].as_str().expect("each line names a file");
        let metadata = std::fs::read(folder.join(file)).unwrap_or_else(|fault| panic!("{file}: {fault}"));
        Case::new(index, file, metadata, record["general_cased"].as_object().cloned())
    };
    Some(list.lines().enumerate().map(case).collect())
}

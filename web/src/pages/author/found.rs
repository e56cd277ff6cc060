//! What the inspection of a package found, as its author reads it.

use crate::coded::Coded;

/// One thing that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The permanent code, which the list of all findings knows.
    pub(super) code: String,
    /// The package is refused for it.
    pub(super) error: bool,
    /// Where it is: entry, line, key.
    pub(super) place: Option<String>,
    /// What was seen.
    pub(super) message: Coded,
    /// How to mend it.
    pub(super) mend: Coded,
}

impl Found {
    /// `lasso/metadata.txt, line 7, key version`, as much of it as is known.
    pub(super) fn place(entry: Option<String>, line: Option<u64>, key: Option<&str>) -> Option<String> {
        let line = line.map(|line| format!("line {line}"));
        let key = key.map(|key| format!("key {key}"));
        let parts: Vec<String> = entry.into_iter().chain(line).chain(key).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// Lets findings be made of the fragment `Found` in a document, given the module of the document:
///
/// ```graphql
/// fragment Found on Finding { code severity entry line key message mend }
/// ```
macro_rules! found_of {
    ($document:ident) => {
        impl From<$document::Found> for $crate::pages::author::found::Found {
            fn from(told: $document::Found) -> Self {
                Self {
                    error: matches!(told.severity, $document::FindingSeverity::ERROR),
                    place: Self::place(told.entry, told.line, told.key.as_deref()),
                    code: told.code,
                    message: $crate::coded::Coded::sentence(&told.message),
                    mend: $crate::coded::Coded::sentence(&told.mend),
                }
            }
        }
    };
}

pub(super) use found_of;

/// Errors first: they are what keeps the package out.
pub(super) fn by_weight(found: impl IntoIterator<Item = impl Into<Found>>) -> Vec<Found> {
    let mut found: Vec<Found> = found.into_iter().map(Into::into).collect();
    found.sort_by_key(|one| !one.error);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_tells_what_is_known_of_it() {
        let place = |entry: Option<&str>, line, key| Found::place(entry.map(str::to_owned), line, key);
        assert_eq!(place(None, None, None), None);
        let whole = place(Some("lasso/metadata.txt"), Some(7), Some("version"));
        assert_eq!(whole.as_deref(), Some("lasso/metadata.txt, line 7, key version"));
        assert_eq!(place(None, None, Some("icon")).as_deref(), Some("key icon"));
    }
}

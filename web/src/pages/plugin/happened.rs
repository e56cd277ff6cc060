//! What happened to a plugin or a version, and how its file came here, as their pages tell it.

use crate::text::Day;

/// A line of a history.
#[derive(Debug, Clone)]
pub(in crate::pages) struct Happened {
    pub(in crate::pages) at: Day,
    /// One sentence.
    pub(in crate::pages) summary: String,
    /// A name, `the operator`, `the repository`.
    pub(in crate::pages) who: String,
    pub(in crate::pages) by_token: bool,
    pub(in crate::pages) reason: Option<String>,
    /// Its place in the log, where everything of it can be read.
    pub(in crate::pages) position: u64,
}

/// By whom and by what a file came.
#[derive(Debug, Clone)]
pub(in crate::pages) struct Published {
    /// In a few words.
    pub(in crate::pages) summary: String,
    /// The account, where it has a page.
    pub(in crate::pages) account: Option<String>,
    /// Of the source that it was built from.
    pub(in crate::pages) commit: Option<String>,
}

/// Lets lines be made of the fragment `HistoryLine` in a document, given its module:
///
/// ```graphql
/// fragment HistoryLine on HistoryEntry { position at kind who byToken version reason summary }
/// ```
macro_rules! happened_of {
    ($document:ident) => {
        impl From<$document::HistoryLine> for $crate::pages::plugin::Happened {
            fn from(told: $document::HistoryLine) -> Self {
                Self {
                    at: $crate::text::Day(told.at),
                    summary: $crate::problem_page::sentence(&told.summary),
                    who: told.who,
                    by_token: told.by_token,
                    reason: told.reason.filter(|reason| !reason.is_empty()),
                    position: told.position,
                }
            }
        }
    };
}

pub(in crate::pages) use happened_of;

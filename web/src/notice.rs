//! What a reader should know of a plugin or version before anything else.

use crate::frame::Frame;
use crate::text::{Count, Day};

/// A few words at the head of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) head: String,
    /// Why, in the words of whoever decided.
    pub(crate) reason: Option<String>,
    /// Where to go instead: label and address.
    pub(crate) instead: Option<(String, String)>,
}

impl Notice {
    fn plain(head: impl Into<String>) -> Self {
        Self { head: head.into(), reason: None, instead: None }
    }

    /// That a plugin is hidden or gone; only its owners and staff are shown that.
    pub(crate) fn deleted(restorable_until: Option<Day>, reason: Option<String>) -> Self {
        let head = restorable_until.map_or_else(
            || "Gone for good. Its name and numbers stay used.".to_owned(),
            |until| {
                format!(
                    "Marked for deletion. Only its owners and staff see this; it can be restored until {until}."
                )
            },
        );
        Self { reason, ..Self::plain(head) }
    }

    /// That a plugin is better not used; owners or staff may say why, and what to use.
    pub(crate) fn deprecated(frame: &Frame, successor: Option<&str>, reason: Option<String>) -> Self {
        let instead = successor.map(|package| (format!("Use {package} instead"), frame.plugin(package)));
        Self { reason, instead, ..Self::plain("Deprecated: better not begin to use it.") }
    }

    /// That nobody else sees a plugin yet.
    pub(crate) fn unpublished(waiting: u64) -> Self {
        Self::plain(match waiting {
            0 => "Not public: no version is approved. Only its owners and staff see this page.".to_owned(),
            1 => "Not public yet: a version waits for review. Only its owners and staff see this page."
                .to_owned(),
            _ => format!(
                "Not public yet: {} versions wait for review. Only its owners and staff see this page.",
                Count(waiting)
            ),
        })
    }

    /// That a version is not offered any more.
    pub(crate) fn yanked(reason: Option<String>) -> Self {
        Self { reason, ..Self::plain("Yanked: QGIS is not offered this version any more.") }
    }

    /// That a version waits for somebody who may approve it.
    pub(crate) fn waiting() -> Self {
        Self::plain("Waits for review. Only the owners of the plugin and staff see it until it is approved.")
    }

    /// That somebody who may approve said no.
    pub(crate) fn refused(reason: String) -> Self {
        Self {
            reason: Some(reason),
            ..Self::plain("Refused. Mend what is said here, and upload a new version or replace this one.")
        }
    }
}

//! What a reader should know of a plugin or version before anything else.

use crate::frame::Frame;
use crate::text::Day;
use cairn_domain::plugin::Deletion;
use cairn_projections::catalogue::{Plugin, Version};

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
    /// What owners and staff say of a plugin. That it is hidden, only they are shown.
    pub(crate) fn of_plugin(frame: &Frame, plugin: &Plugin) -> Vec<Self> {
        let deleted = plugin.deletion.map(|deletion| Self {
            head: match deletion {
                Deletion::Marked { until } => format!(
                    "Marked for deletion. Only its owners and staff see this; it can be restored until {}.",
                    Day(until)
                ),
                Deletion::Tombstone => "Gone for good. Its name and numbers stay used.".to_owned(),
            },
            reason: plugin.deletion_reason.clone(),
            instead: None,
        });
        let deprecated = plugin.deprecation.as_ref().map(|told| Self {
            head: "Deprecated: better not begin to use it.".to_owned(),
            reason: told.reason.clone(),
            instead: told
                .successor
                .as_ref()
                .map(|successor| (format!("Use {successor} instead"), frame.plugin(successor.as_str()))),
        });
        deleted.into_iter().chain(deprecated).collect()
    }

    /// That a version is not offered any more.
    pub(crate) fn of_version(version: &Version) -> Option<Self> {
        let reason = version.yanked.clone()?;
        let head = "Yanked: QGIS is not offered this version any more.".to_owned();
        Some(Self { head, reason: Some(reason), instead: None })
    }
}

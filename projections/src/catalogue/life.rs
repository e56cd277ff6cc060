//! What owners and staff make of a plugin beside what its metadata says.

use super::fold::At;
use super::plugin::PreviousNameJson;
use super::state::Plugin;
use crate::fact::Fault;
use cairn_domain::event::PluginDeprecated;
use cairn_domain::plugin::Channel;
use std::collections::BTreeSet;
use uuid::Uuid;

impl Plugin {
    /// Keeps the name that another one is about to replace. The package name, which stood for it before its first details
    /// came, was none.
    pub(super) fn rename(&mut self, at: &At, name: &str) -> Result<(), Fault> {
        let row = &mut self.row;
        let Some(told) = row.previous_names.as_deref() else {
            row.previous_names = Some("[]".to_owned());
            return Ok(());
        };
        if row.name == name {
            return Ok(());
        }
        let damaged = |fault: serde_json::Error| {
            Fault::contradiction(at.position, format!("the previous names of {}: {fault}", row.package))
        };
        let mut before: Vec<PreviousNameJson> = serde_json::from_str(told).map_err(damaged)?;
        before.push(PreviousNameJson { name: row.name.clone(), until_us: at.us });
        row.previous_names =
            Some(serde_json::to_string(&before).expect("names and numbers can be written as JSON"));
        Ok(())
    }

    pub(super) fn deprecate(&mut self, deprecated: PluginDeprecated) {
        self.row.deprecated_by_owner = true;
        self.row.successor = deprecated.successor.map(String::from);
        self.row.deprecated_reason = deprecated.reason;
    }

    pub(super) fn undeprecate(&mut self) {
        self.row.deprecated_by_owner = false;
        (self.row.successor, self.row.deprecated_reason) = (None, None);
    }

    /// Ends the pin in a channel.
    pub(super) fn unpin(&mut self, channel: Channel) {
        let experimental = channel == Channel::Experimental;
        let pinned = self.versions.values_mut().filter(|version| version.row.pinned);
        for version in pinned.filter(|version| version.row.experimental == experimental) {
            (version.row.pinned, version.changed) = (false, true);
        }
    }

    /// Leaves of the plugin its number, its names and the downloads it had.
    pub(super) fn bury(&mut self) {
        self.undeprecate();
        let row = &mut self.row;
        (row.marked_until_us, row.marked_reason, row.tombstone) = (None, None, true);
        (row.featured, row.maintainer_id, row.renaming_allowed) = (false, None, false);
        self.deleted.extend(std::mem::take(&mut self.versions).into_keys());
        self.owners.clear();
        self.owners_changed = true;
    }

    /// Makes whoever was given a buried plugin stand where the one stood who registered it: no trust is inherited.
    pub(super) fn revive(&mut self, owner: Uuid, trusted: bool) {
        self.row.tombstone = false;
        (self.row.creator_id, self.row.creator_trusted) = (owner, trusted);
        self.owners = BTreeSet::from([owner]);
        self.owners_changed = true;
    }
}

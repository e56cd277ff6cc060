//! What the next decision needs to know of a plugin.

use crate::event::Event;
use crate::ids::AccountId;
use crate::names::{PackageName, Sha256};
use crate::plugin::PluginDetails;
use crate::version_number::{self, VersionNumber};
use std::collections::BTreeSet;

/// A plugin as its history left it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plugin {
    /// Its number in feeds and answers: position of its registration + 1.
    pub id: u64,
    /// Its package name, as first written.
    pub package: PackageName,
    /// Who may change it.
    pub owners: BTreeSet<AccountId>,
    /// What visitors see; `None` only between the first two events of its history.
    pub details: Option<PluginDetails>,
    /// All versions ever uploaded, in that order, deleted ones too.
    pub versions: Vec<Version>,
    /// Numbers that were given up by replacing a file; used all the same.
    pub given_up: Vec<VersionNumber>,
}

/// One version of a plugin.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its number in answers and in the downloads log: position of its upload + 1.
    pub id: u64,
    /// The version number, as its author wrote it.
    pub number: VersionNumber,
    /// The file.
    pub sha256: Sha256,
    /// What its metadata says of the plugin.
    pub details: PluginDetails,
    /// It is public.
    pub approved: bool,
    /// It was public once, so its bytes are fixed for ever.
    pub approved_once: bool,
    /// It is gone.
    pub deleted: bool,
}

impl Plugin {
    /// The plugin that `PluginRegistered` at `position` brought into being.
    pub fn registered(position: u64, package: PackageName, owner: AccountId) -> Self {
        Self {
            id: position + 1,
            package,
            owners: BTreeSet::from([owner]),
            details: None,
            versions: Vec::new(),
            given_up: Vec::new(),
        }
    }

    /// Takes in what happened at `position`. Never fails, whatever the order.
    pub fn evolve(&mut self, position: u64, event: &Event) {
        match event {
            Event::PluginDetailsEdited(edited) => self.details = Some(edited.details.clone()),
            Event::VersionUploaded(uploaded) => self.versions.push(Version {
                id: position + 1,
                number: uploaded.version.clone(),
                sha256: uploaded.file.sha256,
                details: uploaded.file.details.clone(),
                approved: false,
                approved_once: false,
                deleted: false,
            }),
            Event::VersionReplaced(replaced) => {
                if let Some(version) = self.version_mut(&replaced.replaced) {
                    version.number = replaced.version.clone();
                    version.sha256 = replaced.file.sha256;
                    version.details = replaced.file.details.clone();
                }
                if replaced.replaced != replaced.version {
                    self.given_up.push(replaced.replaced.clone());
                }
            }
            Event::VersionApproved(approved) => {
                if let Some(version) = self.version_mut(&approved.version) {
                    version.approved = true;
                    version.approved_once = true;
                }
            }
            Event::VersionUnapproved(unapproved) => {
                if let Some(version) = self.version_mut(&unapproved.version) {
                    version.approved = false;
                }
            }
            Event::VersionDeleted(deleted) => {
                if let Some(version) = self.version_mut(&deleted.version) {
                    version.deleted = true;
                    version.approved = false;
                }
            }
            Event::OwnerAdded(added) => {
                self.owners.insert(added.account);
            }
            Event::OwnerRemoved(removed) => {
                self.owners.remove(&removed.account);
            }
            Event::OwnershipTransferred(transferred) => {
                self.owners.remove(&transferred.from);
                self.owners.insert(transferred.to);
            }
            Event::PluginRegistered(_)
            | Event::PluginNameClaimed(_)
            | Event::AccountRegistered(_)
            | Event::TrustGranted(_)
            | Event::TrustWithdrawn(_)
            | Event::StaffGranted(_)
            | Event::StaffWithdrawn(_)
            | Event::AccountBlocked(_)
            | Event::AccountUnblocked(_)
            | Event::TokenIssued(_)
            | Event::TokenRevoked(_)
            | Event::VoteCast(_) => {}
        }
    }

    /// The version a caller asks for, in any of the forms that real clients write; never a deleted one.
    pub fn find(&self, asked: &str) -> Option<&Version> {
        let present = || self.versions.iter().filter(|version| !version.deleted);
        let number = version_number::find(asked, present().map(|version| &version.number))?;
        present().find(|version| version.number == *number)
    }

    /// The number under which this number was used before, if it was; deleted and given-up ones count.
    pub fn used_as(&self, number: &VersionNumber) -> Option<&VersionNumber> {
        self.versions.iter().map(|version| &version.number).chain(&self.given_up).find(|used| *used == number)
    }

    /// The highest approved version, stable or not.
    pub fn newest_approved(&self) -> Option<&Version> {
        self.versions.iter().filter(|version| version.approved).max_by(|a, b| a.number.cmp(&b.number))
    }

    fn version_mut(&mut self, number: &VersionNumber) -> Option<&mut Version> {
        self.versions.iter_mut().find(|version| version.number == *number)
    }
}

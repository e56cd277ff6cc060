//! What the next decision needs to know of a plugin.

use crate::event::PluginEvent;
use crate::ids::{AccountId, InvitationId};
use crate::names::{PackageName, Sha256};
use crate::plugin::{Channel, PluginDetails};
use crate::refusal::Refusal;
use crate::version_number::{self, VersionNumber};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// A plugin as its history left it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plugin {
    /// Its number in feeds and answers: position of its registration + 1.
    pub id: u64,
    /// Its package name, as first written.
    pub package: PackageName,
    /// Who brought it into being, or got it from them: of all owners, the one who sees everybody's tokens for it.
    pub founder: AccountId,
    /// Accounts that may change it.
    pub owners: BTreeSet<AccountId>,
    /// Teams whose members may change it, by their folded names.
    pub teams: BTreeSet<String>,
    /// Who was asked to own it and has not answered.
    pub invitations: BTreeMap<InvitationId, Invitation>,
    /// Whom visitors should write to.
    pub maintainer: Option<AccountId>,
    /// Its name may change with the metadata of its next versions.
    pub renaming_allowed: bool,
    /// Its owner or staff advise against using it; its metadata may do so as well.
    pub deprecated: bool,
    /// What to use instead.
    pub successor: Option<PackageName>,
    /// Staff recommend it.
    pub featured: bool,
    /// It is hidden or gone.
    pub deletion: Option<Deletion>,
    /// What visitors see; `None` only between the first two events of its history.
    pub details: Option<PluginDetails>,
    /// All versions ever uploaded, in that order, deleted ones too.
    pub versions: Vec<Version>,
    /// Numbers that were given up by replacing a file; used all the same.
    pub given_up: Vec<VersionNumber>,
    /// The version that feeds offer in a channel, whatever the numbers say.
    pub pins: BTreeMap<Channel, VersionNumber>,
}

/// A question whether an account wants to own the plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Who was asked.
    pub account: AccountId,
    /// The owner whose place it is.
    pub replaces: Option<AccountId>,
    /// The owner who asked; nobody in particular when staff did.
    pub inviter: Option<AccountId>,
    /// When the question ends.
    pub expires_at: DateTime<Utc>,
}

/// That a plugin is not there for visitors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// It is hidden and can be restored.
    Marked {
        /// Until then.
        until: DateTime<Utc>,
    },
    /// It is gone; its names and numbers stay used.
    Tombstone,
}

/// One version of a plugin.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a state that comes and goes by itself")]
pub struct Version {
    /// Its number in answers and in the downloads log: position of its upload + 1.
    pub id: u64,
    /// The version number, as its author wrote it.
    pub number: VersionNumber,
    /// The file.
    pub sha256: Sha256,
    /// What its metadata says of the plugin.
    pub details: PluginDetails,
    /// Its author calls it experimental.
    pub experimental: bool,
    /// It is public.
    pub approved: bool,
    /// It was public once, so its bytes are fixed for ever.
    pub approved_once: bool,
    /// Somebody who may approve said no to this very file.
    pub refused: bool,
    /// It is public and somebody should look at it again.
    pub review_asked: bool,
    /// It is not offered any more; its page and its file stay.
    pub yanked: bool,
    /// It is gone.
    pub deleted: bool,
}

impl Version {
    /// Whether feeds may offer it.
    pub fn is_offered(&self) -> bool {
        self.approved && !self.yanked
    }

    /// Which of the plugin's newest versions it can be.
    pub fn channel(&self) -> Channel {
        if self.experimental { Channel::Experimental } else { Channel::Stable }
    }
}

impl Plugin {
    /// The plugin that `PluginRegistered` at `position` brought into being.
    pub fn registered(position: u64, package: PackageName, owner: AccountId) -> Self {
        Self {
            id: position + 1,
            package,
            founder: owner,
            owners: BTreeSet::from([owner]),
            teams: BTreeSet::new(),
            invitations: BTreeMap::new(),
            maintainer: None,
            renaming_allowed: false,
            deprecated: false,
            successor: None,
            featured: false,
            deletion: None,
            details: None,
            versions: Vec::new(),
            given_up: Vec::new(),
            pins: BTreeMap::new(),
        }
    }

    /// Takes in what happened at `position`. Never fails, whatever the order.
    #[expect(clippy::too_many_lines, reason = "one arm for each kind, so that a new one is looked at here")]
    pub fn evolve(&mut self, position: u64, event: &PluginEvent) {
        match event {
            PluginEvent::PluginRegistered(_) => {}
            PluginEvent::PluginDetailsEdited(edited) => self.details = Some(edited.details.clone()),
            PluginEvent::VersionUploaded(uploaded) => self.versions.push(Version {
                id: position + 1,
                number: uploaded.version.clone(),
                sha256: uploaded.file.sha256,
                details: uploaded.file.details.clone(),
                experimental: uploaded.file.experimental,
                approved: false,
                approved_once: false,
                refused: false,
                review_asked: false,
                yanked: false,
                deleted: false,
            }),
            PluginEvent::VersionReplaced(replaced) => {
                self.change(&replaced.replaced, |version| {
                    version.number = replaced.version.clone();
                    version.sha256 = replaced.file.sha256;
                    version.details = replaced.file.details.clone();
                    version.experimental = replaced.file.experimental;
                    version.refused = false;
                });
                if replaced.replaced != replaced.version {
                    self.given_up.push(replaced.replaced.clone());
                }
            }
            PluginEvent::VersionApproved(approved) => self.change(&approved.version, |version| {
                (version.approved, version.approved_once) = (true, true);
                (version.refused, version.review_asked) = (false, false);
            }),
            PluginEvent::VersionUnapproved(unapproved) => self.change(&unapproved.version, |version| {
                (version.approved, version.review_asked) = (false, false);
            }),
            PluginEvent::VersionRefused(refused) => {
                self.change(&refused.version, |version| version.refused = true);
            }
            PluginEvent::VersionReviewAsked(asked) => {
                self.change(&asked.version, |version| version.review_asked = true);
            }
            PluginEvent::VersionDeleted(deleted) => self.change(&deleted.version, |version| {
                (version.deleted, version.approved) = (true, false);
            }),
            PluginEvent::VersionYanked(yanked) => {
                self.change(&yanked.version, |version| version.yanked = true);
            }
            PluginEvent::VersionUnyanked(unyanked) => {
                self.change(&unyanked.version, |version| version.yanked = false);
            }
            PluginEvent::VersionPinned(pinned) => {
                self.pins.insert(pinned.channel, pinned.version.clone());
            }
            PluginEvent::VersionUnpinned(unpinned) => {
                self.pins.remove(&unpinned.channel);
            }
            PluginEvent::OwnerAdded(added) => {
                self.owners.insert(added.account);
            }
            PluginEvent::OwnerRemoved(removed) => {
                self.owners.remove(&removed.account);
            }
            PluginEvent::OwnershipTransferred(transferred) => {
                self.owners.remove(&transferred.from);
                self.owners.insert(transferred.to);
                if self.founder == transferred.from {
                    self.founder = transferred.to;
                }
            }
            PluginEvent::OwnerInvited(invited) => {
                let invitation = Invitation {
                    account: invited.account,
                    replaces: invited.replaces,
                    inviter: invited.inviter,
                    expires_at: invited.expires_at,
                };
                self.invitations.insert(invited.invitation, invitation);
            }
            PluginEvent::InvitationAccepted(accepted) => self.answered(accepted.invitation),
            PluginEvent::InvitationDeclined(declined) => self.answered(declined.invitation),
            PluginEvent::InvitationWithdrawn(withdrawn) => self.answered(withdrawn.invitation),
            PluginEvent::TeamOwnerAdded(added) => {
                self.teams.insert(added.team.folded());
            }
            PluginEvent::TeamOwnerRemoved(removed) => {
                self.teams.remove(&removed.team.folded());
            }
            PluginEvent::MaintainerNamed(named) => self.maintainer = named.account,
            PluginEvent::RenamingAllowed(renaming) => self.renaming_allowed = renaming.allowed,
            PluginEvent::PluginDeprecated(deprecated) => {
                self.deprecated = true;
                self.successor.clone_from(&deprecated.successor);
            }
            PluginEvent::PluginUndeprecated(_) => (self.deprecated, self.successor) = (false, None),
            PluginEvent::PluginFeatured(_) => self.featured = true,
            PluginEvent::PluginUnfeatured(_) => self.featured = false,
            PluginEvent::PluginMarkedForDeletion(marked) => {
                self.deletion = Some(Deletion::Marked { until: marked.until });
            }
            PluginEvent::PluginRestored(_) => self.deletion = None,
            PluginEvent::PluginTombstoned(_) => self.buried(),
            PluginEvent::PluginRevived(revived) => {
                self.deletion = None;
                self.founder = revived.owner;
                self.owners = BTreeSet::from([revived.owner]);
            }
        }
    }

    fn buried(&mut self) {
        self.deletion = Some(Deletion::Tombstone);
        self.owners.clear();
        self.teams.clear();
        self.invitations.clear();
        self.pins.clear();
        (self.maintainer, self.renaming_allowed) = (None, false);
        (self.deprecated, self.successor, self.featured) = (false, None, false);
        for version in &mut self.versions {
            (version.deleted, version.approved) = (true, false);
        }
    }

    fn answered(&mut self, invitation: InvitationId) {
        self.invitations.remove(&invitation);
    }

    fn change(&mut self, number: &VersionNumber, change: impl FnOnce(&mut Version)) {
        if let Some(version) = self.versions.iter_mut().find(|version| version.number == *number) {
            change(version);
        }
    }

    /// Refuses every deed to a plugin that is marked for deletion or gone, but those that end this.
    pub fn must_live(&self) -> Result<(), Refusal> {
        let package = || self.package.to_string();
        match self.deletion {
            None => Ok(()),
            Some(Deletion::Marked { .. }) => Err(Refusal::PluginDeleted { package: package() }),
            Some(Deletion::Tombstone) => Err(Refusal::PluginGone { package: package() }),
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

    /// The highest version that is offered, stable or not.
    pub fn newest_approved(&self) -> Option<&Version> {
        self.versions.iter().filter(|version| version.is_offered()).max_by(|a, b| a.number.cmp(&b.number))
    }
}

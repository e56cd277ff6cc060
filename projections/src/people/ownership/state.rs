//! What a page of events does to teams, to what they own, and to invitations. Nothing of earlier pages is needed for it. Pure.

use crate::fact::Fact;
use cairn_domain::Event;
use cairn_domain::event::{OwnerInvited, PluginEvent, TeamEvent};
use cairn_domain::names::PackageName;
use cairn_store::{rows, to_us};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What the page leaves behind, each thing as its last event has it.
#[derive(Debug, Default)]
pub(crate) struct Ownership {
    /// Formed teams by folded name: name and when.
    pub(super) teams: BTreeMap<String, (String, i64)>,
    /// Whether an account is in a team: by team and account.
    pub(super) members: BTreeMap<(String, Uuid), bool>,
    /// Whether a team owns a plugin: by plugin and team.
    pub(super) owned: BTreeMap<(String, String), bool>,
    /// Invitations, and none where it was answered or taken back.
    pub(super) invitations: BTreeMap<Uuid, Option<InvitationRow>>,
    /// Plugins that were buried: nothing of before holds.
    pub(super) buried: BTreeSet<String>,
}

rows! {
    /// The columns of `people_invitation`.
    #[derive(Clone)]
    pub(crate) struct InvitationRow {
        pub(crate) invitation_id: Uuid,
        pub(crate) package: String,
        pub(crate) package_key: String,
        pub(crate) account_id: Uuid,
        pub(crate) replaces_id: Option<Uuid>,
        pub(crate) inviter_id: Option<Uuid>,
        pub(crate) asked_at_us: i64,
        pub(crate) expires_at_us: i64,
    }
}

impl Ownership {
    /// Whether an event of this kind says anything here.
    pub(crate) fn wants(kind: &str) -> bool {
        matches!(
            kind,
            "TeamFormed"
                | "TeamMemberAdded"
                | "TeamMemberRemoved"
                | "TeamOwnerAdded"
                | "TeamOwnerRemoved"
                | "OwnerInvited"
                | "InvitationAccepted"
                | "InvitationDeclined"
                | "InvitationWithdrawn"
                | "PluginTombstoned"
        )
    }

    /// Takes in one event.
    pub(crate) fn take(&mut self, fact: &Fact) {
        match &fact.event {
            Event::Team(event) => self.take_team_event(fact.at_us, event),
            Event::Plugin(event) => self.take_plugin_event(fact.at_us, event),
            Event::Account(_)
            | Event::Session(_)
            | Event::PluginName(_)
            | Event::Publisher(_)
            | Event::Token(_)
            | Event::SignUp(_)
            | Event::Site(_)
            | Event::Votes(_) => {}
        }
    }

    fn take_team_event(&mut self, at_us: i64, event: &TeamEvent) {
        match event {
            TeamEvent::TeamFormed(formed) => {
                let key = formed.team.folded();
                self.members.insert((key.clone(), formed.founder.0), true);
                self.teams.insert(key, (formed.team.to_string(), at_us));
            }
            TeamEvent::TeamMemberAdded(added) => {
                self.members.insert((added.team.folded(), added.account.0), true);
            }
            TeamEvent::TeamMemberRemoved(removed) => {
                self.members.insert((removed.team.folded(), removed.account.0), false);
            }
        }
    }

    fn take_plugin_event(&mut self, at_us: i64, event: &PluginEvent) {
        match event {
            PluginEvent::TeamOwnerAdded(added) => {
                self.owned.insert((added.package.folded(), added.team.folded()), true);
            }
            PluginEvent::TeamOwnerRemoved(removed) => {
                self.owned.insert((removed.package.folded(), removed.team.folded()), false);
            }
            PluginEvent::OwnerInvited(invited) => {
                self.invitations.insert(invited.invitation.0, Some(InvitationRow::of(at_us, invited)));
            }
            PluginEvent::InvitationAccepted(accepted) => {
                self.invitations.insert(accepted.invitation.0, None);
            }
            PluginEvent::InvitationDeclined(declined) => {
                self.invitations.insert(declined.invitation.0, None);
            }
            PluginEvent::InvitationWithdrawn(withdrawn) => {
                self.invitations.insert(withdrawn.invitation.0, None);
            }
            PluginEvent::PluginTombstoned(gone) => self.bury(&gone.package),
            PluginEvent::PluginRegistered(_)
            | PluginEvent::PluginDetailsEdited(_)
            | PluginEvent::VersionUploaded(_)
            | PluginEvent::VersionReplaced(_)
            | PluginEvent::VersionApproved(_)
            | PluginEvent::VersionUnapproved(_)
            | PluginEvent::VersionRefused(_)
            | PluginEvent::VersionReviewAsked(_)
            | PluginEvent::VersionDeleted(_)
            | PluginEvent::VersionYanked(_)
            | PluginEvent::VersionUnyanked(_)
            | PluginEvent::VersionPinned(_)
            | PluginEvent::VersionUnpinned(_)
            | PluginEvent::OwnerAdded(_)
            | PluginEvent::OwnerRemoved(_)
            | PluginEvent::OwnershipTransferred(_)
            | PluginEvent::MaintainerNamed(_)
            | PluginEvent::RenamingAllowed(_)
            | PluginEvent::PluginDeprecated(_)
            | PluginEvent::PluginUndeprecated(_)
            | PluginEvent::PluginFeatured(_)
            | PluginEvent::PluginUnfeatured(_)
            | PluginEvent::PluginMarkedForDeletion(_)
            | PluginEvent::PluginRestored(_)
            | PluginEvent::PluginRevived(_) => {}
        }
    }

    fn bury(&mut self, package: &PackageName) {
        let key = package.folded();
        self.owned.retain(|(plugin, _), _| *plugin != key);
        self.invitations.retain(|_, row| row.as_ref().is_none_or(|row| row.package_key != key));
        self.buried.insert(key);
    }
}

impl InvitationRow {
    fn of(at_us: i64, invited: &OwnerInvited) -> Self {
        Self {
            invitation_id: invited.invitation.0,
            package: invited.package.to_string(),
            package_key: invited.package.folded(),
            account_id: invited.account.0,
            replaces_id: invited.replaces.map(|account| account.0),
            inviter_id: invited.inviter.map(|account| account.0),
            asked_at_us: at_us,
            expires_at_us: to_us(invited.expires_at),
        }
    }
}

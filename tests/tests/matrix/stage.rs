//! The states that plugins and accounts are in before a deed.

use crate::world::{Cell, Fact, some_day};
use cairn_domain::event::*;
use cairn_domain::names::{PackageName, TeamName};
use cairn_domain::plugin::Channel;

/// What a plugin must be before a deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nobody has uploaded anything.
    Nothing,
    /// Version 1.0 waits.
    Waiting,
    /// Version 1.0 is public.
    Public,
    /// Version 1.0 is public and yanked.
    Yanked,
    /// Version 1.0 is public and pinned.
    Pinned,
    /// It is deprecated.
    Deprecated,
    /// Staff recommend it.
    Featured,
    /// It is marked for deletion.
    Marked,
    /// It is gone.
    Buried,
    /// The asker is invited to own it.
    AskerInvited,
    /// The subject is invited to own it.
    SubjectInvited,
    /// The subject owns it too.
    SubjectOwns,
    /// No team owns it.
    Teamless,
    /// The subject is a member of the team.
    SubjectInTeam,
    /// Staff trust the subject.
    SubjectTrusted,
    /// The subject is blocked.
    SubjectBlocked,
    /// The subject is staff.
    SubjectStaff,
    /// The subject is an admin.
    SubjectAdmin,
}

impl Stage {
    /// What has to happen after the upload.
    pub(crate) fn facts(self, cell: &Cell<'_>, name: &PackageName) -> Vec<Fact> {
        let package = || name.clone();
        let version = || "1.0".parse().unwrap();
        let account = cell.subject.id();
        let of_plugin = |event: Event| (Stream::plugin(name), event);
        let of_subject = |event: Event| (Stream::Account(account), event);
        let (sha256, base) = (cell.sha256(), None);
        let public = || {
            of_plugin(
                VersionApproved { package: package(), version: version(), sha256, base: base.clone() }.into(),
            )
        };
        let invited = |account| {
            let (invitation, expires_at) = (cell.invitation, some_day());
            let (replaces, inviter) = (None, None);
            of_plugin(
                OwnerInvited { package: package(), invitation, account, replaces, expires_at, inviter }
                    .into(),
            )
        };
        let staff = || of_subject(StaffGranted { account }.into());
        match self {
            Self::Nothing | Self::Waiting => vec![],
            Self::Public => vec![public()],
            Self::Yanked => {
                let reason = "eats layers".to_owned();
                vec![
                    public(),
                    of_plugin(VersionYanked { package: package(), version: version(), reason }.into()),
                ]
            }
            Self::Pinned => {
                let channel = Channel::Stable;
                vec![
                    public(),
                    of_plugin(VersionPinned { package: package(), channel, version: version() }.into()),
                ]
            }
            Self::Deprecated => {
                let (successor, reason) = (None, None);
                vec![of_plugin(PluginDeprecated { package: package(), successor, reason }.into())]
            }
            Self::Featured => vec![of_plugin(PluginFeatured { package: package() }.into())],
            Self::Marked => {
                let (until, reason) = (some_day(), None);
                vec![of_plugin(PluginMarkedForDeletion { package: package(), until, reason }.into())]
            }
            Self::Buried => vec![of_plugin(PluginTombstoned { package: package(), reason: None }.into())],
            Self::AskerInvited => cell.asker.account.into_iter().map(invited).collect(),
            Self::SubjectInvited => vec![invited(account)],
            Self::SubjectOwns => {
                vec![of_plugin(OwnerAdded { package: package(), account, reason: None }.into())]
            }
            Self::Teamless => {
                let team = cell.team.parse().unwrap();
                vec![of_plugin(TeamOwnerRemoved { package: package(), team }.into())]
            }
            Self::SubjectInTeam => {
                let team: TeamName = cell.team.parse().unwrap();
                vec![(Stream::team(&team), TeamMemberAdded { team: team.clone(), account }.into())]
            }
            Self::SubjectTrusted => vec![of_subject(TrustGranted { account, reason: None }.into())],
            Self::SubjectBlocked => {
                vec![of_subject(AccountBlocked { account, reason: None, until: None }.into())]
            }
            Self::SubjectStaff => vec![staff()],
            Self::SubjectAdmin => vec![staff(), of_subject(AdminGranted { account }.into())],
        }
    }
}

//! The single things that a deed can change, and what each is.

use cairn_domain::Known;
use cairn_domain::account::Block;
use cairn_domain::event::{
    AccountEvent, Event, PluginEvent, PublisherEvent, SiteEvent, Stream, TeamEvent, TokenEvent,
};
use cairn_domain::ids::{AccountId, InvitationId, PublisherId, TokenId};
use cairn_domain::names::{PackageName, TeamName};
use cairn_domain::plugin::{Channel, Deletion, Plugin, PluginDetails, Version};
use cairn_domain::site::{Policy, QgisReleases};
use cairn_domain::version_number::VersionNumber;

/// One thing that a deed can change. Versions are known by their numbers in answers, since a replaced file may change the number
/// that its author gave.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Aspect {
    Trust(AccountId),
    Staff(AccountId),
    Admin(AccountId),
    Block(AccountId),
    Public(PackageName, u64),
    Yanked(PackageName, u64),
    Refused(PackageName, u64),
    ReviewAsked(PackageName, u64),
    Deleted(PackageName, u64),
    Pin(PackageName, Channel),
    Owner(PackageName, AccountId),
    Team(PackageName, TeamName),
    Invitation(PackageName, InvitationId),
    Maintainer(PackageName),
    Renaming(PackageName),
    Deprecation(PackageName),
    Featured(PackageName),
    Details(PackageName),
    Deletion(PackageName),
    Member(TeamName, AccountId),
    Token(TokenId),
    Publisher(PackageName, PublisherId),
    Policy,
    Releases,
}

/// What a thing is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// It is so, or is not.
    Is(bool),
    Account(Option<AccountId>),
    Version(Option<VersionNumber>),
    Details(Option<Box<PluginDetails>>),
    Deprecation(bool, Option<PackageName>),
    Deletion(Option<Deletion>),
    Block(Option<Block>),
    Policy(Policy),
    Releases(Option<QgisReleases>),
}

/// The things that an event at `position` changes, as it meets what was known before it.
pub(super) fn aspects(known: &Known, position: u64, stream: &Stream, event: &Event) -> Vec<Aspect> {
    match event {
        Event::Account(event) => of_account(event),
        Event::Plugin(event) => of_plugin(known, position, event),
        Event::Publisher(PublisherEvent::PublisherNamed(named)) => {
            vec![Aspect::Publisher(named.package.clone(), named.publisher)]
        }
        Event::Publisher(PublisherEvent::PublisherRemoved(removed)) => {
            vec![Aspect::Publisher(removed.package.clone(), removed.publisher)]
        }
        Event::Token(event) => match (stream, event) {
            (
                Stream::Token(token),
                TokenEvent::TokenIssued(_) | TokenEvent::CiTokenIssued(_) | TokenEvent::TokenRevoked(_),
            ) => vec![Aspect::Token(*token)],
            _ => vec![],
        },
        Event::Team(TeamEvent::TeamMemberAdded(added)) => {
            vec![Aspect::Member(added.team.clone(), added.account)]
        }
        Event::Team(TeamEvent::TeamMemberRemoved(removed)) => {
            vec![Aspect::Member(removed.team.clone(), removed.account)]
        }
        Event::Site(SiteEvent::PolicySet(_)) => vec![Aspect::Policy],
        Event::Site(SiteEvent::QgisReleasesSet(_)) => vec![Aspect::Releases],
        Event::Site(SiteEvent::StaffCounted(_))
        | Event::Team(TeamEvent::TeamFormed(_))
        | Event::Session(_)
        | Event::PluginName(_)
        | Event::SignUp(_)
        | Event::Votes(_) => vec![],
    }
}

fn of_account(event: &AccountEvent) -> Vec<Aspect> {
    match event {
        AccountEvent::TrustGranted(event) => vec![Aspect::Trust(event.account)],
        AccountEvent::TrustWithdrawn(event) => vec![Aspect::Trust(event.account)],
        AccountEvent::StaffGranted(event) => vec![Aspect::Staff(event.account)],
        AccountEvent::StaffWithdrawn(event) => {
            vec![Aspect::Staff(event.account), Aspect::Admin(event.account)]
        }
        AccountEvent::AdminGranted(event) => vec![Aspect::Admin(event.account)],
        AccountEvent::AdminWithdrawn(event) => vec![Aspect::Admin(event.account)],
        AccountEvent::AccountBlocked(event) => vec![Aspect::Block(event.account)],
        AccountEvent::AccountUnblocked(event) => vec![Aspect::Block(event.account)],
        AccountEvent::AccountRegistered(_)
        | AccountEvent::EmailConfirmationAsked(_)
        | AccountEvent::EmailConfirmed(_)
        | AccountEvent::EmailChanged(_)
        | AccountEvent::PasswordResetAsked(_)
        | AccountEvent::PasswordChanged(_)
        | AccountEvent::SessionsEnded(_)
        | AccountEvent::SecondFactorAdded(_)
        | AccountEvent::SecondFactorRemoved(_)
        | AccountEvent::RecoveryCodesMade(_)
        | AccountEvent::RecoveryCodeUsed(_)
        | AccountEvent::IdentityLinked(_)
        | AccountEvent::IdentityUnlinked(_)
        | AccountEvent::AccountErased(_) => vec![],
    }
}

fn of_plugin(known: &Known, position: u64, event: &PluginEvent) -> Vec<Aspect> {
    let package = event.package().clone();
    let of_version = |number: &VersionNumber, aspect: fn(PackageName, u64) -> Aspect| {
        let plugin = known.plugin_like(event.package());
        let version =
            plugin.and_then(|plugin| plugin.versions.iter().find(|version| version.number == *number));
        version.map(|version| aspect(event.package().clone(), version.id)).into_iter().collect()
    };
    match event {
        PluginEvent::PluginRegistered(_) => vec![],
        PluginEvent::PluginDetailsEdited(_) => vec![Aspect::Details(package)],
        PluginEvent::VersionUploaded(_) => vec![Aspect::Public(package, position + 1)],
        PluginEvent::VersionReplaced(event) => of_version(&event.replaced, Aspect::Public),
        PluginEvent::VersionApproved(event) => of_version(&event.version, Aspect::Public),
        PluginEvent::VersionUnapproved(event) => of_version(&event.version, Aspect::Public),
        PluginEvent::VersionRefused(event) => of_version(&event.version, Aspect::Refused),
        PluginEvent::VersionReviewAsked(event) => of_version(&event.version, Aspect::ReviewAsked),
        PluginEvent::VersionDeleted(event) => of_version(&event.version, Aspect::Deleted),
        PluginEvent::VersionYanked(event) => of_version(&event.version, Aspect::Yanked),
        PluginEvent::VersionUnyanked(event) => of_version(&event.version, Aspect::Yanked),
        PluginEvent::VersionPinned(event) => vec![Aspect::Pin(package, event.channel)],
        PluginEvent::VersionUnpinned(event) => vec![Aspect::Pin(package, event.channel)],
        PluginEvent::OwnerAdded(event) => vec![Aspect::Owner(package, event.account)],
        PluginEvent::OwnerRemoved(event) => vec![Aspect::Owner(package, event.account)],
        PluginEvent::OwnershipTransferred(event) => {
            vec![Aspect::Owner(package.clone(), event.from), Aspect::Owner(package, event.to)]
        }
        PluginEvent::OwnerInvited(event) => vec![Aspect::Invitation(package, event.invitation)],
        PluginEvent::InvitationAccepted(event) => vec![Aspect::Invitation(package, event.invitation)],
        PluginEvent::InvitationDeclined(event) => vec![Aspect::Invitation(package, event.invitation)],
        PluginEvent::InvitationWithdrawn(event) => vec![Aspect::Invitation(package, event.invitation)],
        PluginEvent::TeamOwnerAdded(event) => vec![Aspect::Team(package, event.team.clone())],
        PluginEvent::TeamOwnerRemoved(event) => vec![Aspect::Team(package, event.team.clone())],
        PluginEvent::MaintainerNamed(_) => vec![Aspect::Maintainer(package)],
        PluginEvent::RenamingAllowed(_) => vec![Aspect::Renaming(package)],
        PluginEvent::PluginDeprecated(_) | PluginEvent::PluginUndeprecated(_) => {
            vec![Aspect::Deprecation(package)]
        }
        PluginEvent::PluginFeatured(_) | PluginEvent::PluginUnfeatured(_) => vec![Aspect::Featured(package)],
        PluginEvent::PluginMarkedForDeletion(_)
        | PluginEvent::PluginRestored(_)
        | PluginEvent::PluginTombstoned(_)
        | PluginEvent::PluginRevived(_) => vec![Aspect::Deletion(package)],
    }
}

impl Aspect {
    /// The stream that its events are in.
    pub(super) fn stream(&self) -> Stream {
        match self {
            Self::Trust(account) | Self::Staff(account) | Self::Admin(account) | Self::Block(account) => {
                Stream::Account(*account)
            }
            Self::Member(team, _) => Stream::team(team),
            Self::Token(token) => Stream::Token(*token),
            Self::Publisher(package, _) => Stream::publishers(package),
            Self::Policy | Self::Releases => Stream::Site,
            Self::Public(package, _)
            | Self::Yanked(package, _)
            | Self::Refused(package, _)
            | Self::ReviewAsked(package, _)
            | Self::Deleted(package, _)
            | Self::Pin(package, _)
            | Self::Owner(package, _)
            | Self::Team(package, _)
            | Self::Invitation(package, _)
            | Self::Maintainer(package)
            | Self::Renaming(package)
            | Self::Deprecation(package)
            | Self::Featured(package)
            | Self::Details(package)
            | Self::Deletion(package) => Stream::plugin(package),
        }
    }

    /// What it is, as far as is known; what never was is not so.
    pub(super) fn value(&self, known: &Known) -> Value {
        let account = |id: &AccountId| known.account(*id).ok();
        let plugin = |package: &PackageName| known.plugin_like(package);
        let is =
            |package: &PackageName, of: &dyn Fn(&Plugin) -> bool| Value::Is(plugin(package).is_some_and(of));
        let version_is = |package: &PackageName, id: u64, of: fn(&Version) -> bool| {
            is(package, &|plugin| version(plugin, id).is_some_and(of))
        };
        match self {
            Self::Trust(id) => Value::Is(account(id).is_some_and(|account| account.trusted)),
            Self::Staff(id) => Value::Is(account(id).is_some_and(|account| account.staff)),
            Self::Admin(id) => Value::Is(account(id).is_some_and(|account| account.admin)),
            Self::Block(id) => Value::Block(account(id).and_then(|account| account.block)),
            Self::Public(package, id) => version_is(package, *id, |version| version.approved),
            Self::Yanked(package, id) => version_is(package, *id, |version| version.yanked),
            Self::Refused(package, id) => version_is(package, *id, |version| version.refused),
            Self::ReviewAsked(package, id) => version_is(package, *id, |version| version.review_asked),
            Self::Deleted(package, id) => version_is(package, *id, |version| version.deleted),
            Self::Pin(package, channel) => {
                Value::Version(plugin(package).and_then(|plugin| plugin.pins.get(channel).cloned()))
            }
            Self::Owner(package, account) => is(package, &|plugin| plugin.owners.contains(account)),
            Self::Team(package, team) => is(package, &|plugin| plugin.teams.contains(&team.folded())),
            Self::Invitation(package, id) => is(package, &|plugin| plugin.invitations.contains_key(id)),
            Self::Maintainer(package) => Value::Account(plugin(package).and_then(|plugin| plugin.maintainer)),
            Self::Renaming(package) => is(package, &|plugin| plugin.renaming_allowed),
            Self::Deprecation(package) => {
                let told = plugin(package).map(|plugin| (plugin.deprecated, plugin.successor.clone()));
                let (deprecated, successor) = told.unwrap_or_default();
                Value::Deprecation(deprecated, successor)
            }
            Self::Featured(package) => is(package, &|plugin| plugin.featured),
            Self::Details(package) => {
                Value::Details(plugin(package).and_then(|plugin| plugin.details.clone()).map(Box::new))
            }
            Self::Deletion(package) => Value::Deletion(plugin(package).and_then(|plugin| plugin.deletion)),
            Self::Member(team, account) => {
                Value::Is(known.team(team).is_ok_and(|team| team.members.contains(account)))
            }
            Self::Token(token) => Value::Is(known.token(*token).is_ok_and(|token| !token.revoked)),
            Self::Publisher(package, id) => Value::Is(known.publishers(package).named.contains_key(id)),
            Self::Policy => Value::Policy(known.site().policy),
            Self::Releases => Value::Releases(known.site().releases.clone()),
        }
    }
}

/// The version with this number in answers.
pub(super) fn version(plugin: &Plugin, id: u64) -> Option<&Version> {
    plugin.versions.iter().find(|version| version.id == id)
}

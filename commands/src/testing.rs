//! Given–when–then: rules told as stories, without a runtime or a database.

use crate::{Command, Fact};
use cairn_domain::account::{FactorSort, Origin};
use cairn_domain::event::{
    AccountBlocked, AccountErased, AccountRegistered, AdminGranted, Event, OwnerAdded, OwnerInvited,
    PluginDetailsEdited, PluginMarkedForDeletion, PluginNameClaimed, PluginRegistered, PluginTombstoned,
    RenamingAllowed, SecondFactorAdded, StaffCounted, StaffGranted, Stream, TeamFormed, TeamOwnerAdded,
    TokenIssued, TrustGranted, UploadedPackage, VersionApproved, VersionDeleted, VersionPinned,
    VersionUploaded, VersionYanked,
};
use cairn_domain::ids::{AccountId, FactorId, InvitationId, TokenId};
use cairn_domain::names::{PackageName, Sha256, TeamName};
use cairn_domain::plugin::{Channel, PluginDetails};
use cairn_domain::qgis_version::CompatRange;
use cairn_domain::{Actor, Known, Moment, Refusal};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub(crate) const ANN: AccountId = AccountId(Uuid::from_u128(0xa));
pub(crate) const BOB: AccountId = AccountId(Uuid::from_u128(0xb));
pub(crate) const SUE: AccountId = AccountId(Uuid::from_u128(0x5));
pub(crate) const MIA: AccountId = AccountId(Uuid::from_u128(0x31a));
pub(crate) const TOKEN: TokenId = TokenId(Uuid::from_u128(0x70));

/// A history to decide upon.
pub(crate) struct Given(Vec<Fact>);

/// What came of a command.
pub(crate) struct Outcome(pub(crate) Result<Vec<Fact>, Refusal>);

pub(crate) fn given(history: impl IntoIterator<Item = Facts>) -> Given {
    Given(history.into_iter().flat_map(|facts| facts.0).collect())
}

/// One or several events told in one word.
#[derive(Clone)]
pub(crate) struct Facts(Vec<Fact>);

impl Facts {
    /// The events one by one.
    pub(crate) fn all(self) -> Vec<Fact> {
        self.0
    }
}

impl From<Fact> for Facts {
    fn from(fact: Fact) -> Self {
        Self(vec![fact])
    }
}

impl Given {
    pub(crate) fn when<C: Command>(&self, command: &C, actor: Actor) -> Outcome {
        let mut known = Known::default();
        for (position, (stream, event)) in (0..).zip(&self.0) {
            known.evolve(stream, position, event);
        }
        Outcome(command.decide(&known, &Moment { now: noon(), actor }))
    }
}

impl Outcome {
    #[track_caller]
    pub(crate) fn then(self, expected: impl IntoIterator<Item = Fact>) {
        assert_eq!(self.0, Ok(expected.into_iter().collect()));
    }

    #[track_caller]
    pub(crate) fn refused(self, refusal: &Refusal) {
        assert_eq!(self.0.as_ref(), Err(refusal));
    }
}

pub(crate) fn noon() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn by(account: AccountId) -> Actor {
    Actor::Account { account }
}

pub(crate) fn by_token_of(account: AccountId) -> Actor {
    Actor::Token { token: TOKEN, account }
}

pub(crate) fn account_event(account: AccountId, event: impl Into<Event>) -> Fact {
    (Stream::Account(account), event.into())
}

pub(crate) fn plugin_event(event: impl Into<Event>) -> Fact {
    (Stream::plugin(&lasso()), event.into())
}

pub(crate) fn registered(account: AccountId) -> Facts {
    account_event(account, AccountRegistered { account, commitment: Sha256::of(b""), origin: Origin::Local })
        .into()
}

pub(crate) fn trusted(account: AccountId) -> Facts {
    account_event(account, TrustGranted { account, reason: None }).into()
}

pub(crate) fn staff(account: AccountId) -> Facts {
    account_event(account, StaffGranted { account }).into()
}

pub(crate) fn admin(account: AccountId) -> Facts {
    account_event(account, AdminGranted { account }).into()
}

pub(crate) fn staff_counted(staff: u32, admins: u32) -> Facts {
    Fact::from((Stream::Site, StaffCounted { staff, admins }.into())).into()
}

pub(crate) fn factor_of(account: AccountId) -> Facts {
    let factor = FactorId(account.0);
    account_event(account, SecondFactorAdded { account, factor, sort: FactorSort::Totp }).into()
}

pub(crate) fn erased(account: AccountId) -> Facts {
    account_event(account, AccountErased { account }).into()
}

pub(crate) fn group() -> TeamName {
    "Group".parse().unwrap()
}

pub(crate) fn team_event(event: impl Into<Event>) -> Fact {
    (Stream::team(&group()), event.into())
}

/// The team `Group`, formed by `founder`.
pub(crate) fn group_of(founder: AccountId) -> Facts {
    team_event(TeamFormed { team: group(), founder }).into()
}

/// The team `Group` owns `lasso` too.
pub(crate) fn group_owns() -> Facts {
    plugin_event(TeamOwnerAdded { package: lasso(), team: group() }).into()
}

/// The id of the invitation of this account.
pub(crate) fn invitation_of(account: AccountId) -> InvitationId {
    InvitationId(account.0)
}

/// An invitation that ends an hour after noon.
pub(crate) fn invitation(
    account: AccountId,
    inviter: Option<AccountId>,
    replaces: Option<AccountId>,
) -> Facts {
    plugin_event(OwnerInvited {
        package: lasso(),
        invitation: invitation_of(account),
        account,
        replaces,
        inviter,
        expires_at: noon() + TimeDelta::hours(1),
    })
    .into()
}

pub(crate) fn bob_owns_too() -> Facts {
    plugin_event(OwnerAdded { package: lasso(), account: BOB, reason: None }).into()
}

pub(crate) fn blocked(account: AccountId) -> Facts {
    account_event(account, AccountBlocked { account, reason: None, until: None }).into()
}

pub(crate) fn lasso() -> PackageName {
    "lasso".parse().unwrap()
}

pub(crate) fn details(name: &str) -> PluginDetails {
    PluginDetails {
        name: name.parse().unwrap(),
        description: "Selects by lasso".into(),
        about: None,
        homepage: None,
        tracker: None,
        repository: None,
        tags: vec![],
        category: None,
        plugin_dependencies: None,
        external_dependencies: None,
        server: false,
        deprecated: false,
        has_processing_provider: false,
        icon: None,
    }
}

/// A file whose digest comes from `content` and whose plugin name is Lasso.
pub(crate) fn file(content: &str) -> UploadedPackage {
    UploadedPackage {
        sha256: Sha256::of(content.as_bytes()),
        size_bytes: content.len() as u64,
        experimental: false,
        qgis: CompatRange::new("3.4".parse().unwrap(), None).unwrap(),
        changelog: None,
        details: details("Lasso"),
        warnings: vec![],
        license: None,
    }
}

pub(crate) fn uploaded(version: &str) -> Fact {
    plugin_event(VersionUploaded { package: lasso(), version: version.parse().unwrap(), file: file(version) })
}

pub(crate) fn approved(version: &str) -> Fact {
    plugin_event(VersionApproved {
        package: lasso(),
        version: version.parse().unwrap(),
        sha256: Sha256::of(version.as_bytes()),
        base: None,
    })
}

/// As [`approved`], when `base` was the newest approved version.
pub(crate) fn approved_beside(version: &str, base: &str) -> Fact {
    plugin_event(VersionApproved {
        package: lasso(),
        version: version.parse().unwrap(),
        sha256: Sha256::of(version.as_bytes()),
        base: Some(base.parse().unwrap()),
    })
}

pub(crate) fn name_claimed() -> Fact {
    let name = "Lasso".parse().unwrap();
    (Stream::plugin_name(&name), PluginNameClaimed { name, package: lasso() }.into())
}

pub(crate) fn edited(version: &str) -> Fact {
    plugin_event(PluginDetailsEdited {
        package: lasso(),
        details: details("Lasso"),
        from_version: Some(version.parse().unwrap()),
    })
}

/// Ann's plugin `lasso` with its first version 1.0, which waits for approval.
pub(crate) fn lasso_of_ann() -> Facts {
    Facts(vec![
        registered(ANN).0.remove(0),
        plugin_event(PluginRegistered { package: lasso(), owner: ANN }),
        name_claimed(),
        uploaded("1.0"),
        edited("1.0"),
    ])
}

pub(crate) fn deleted(version: &str) -> Fact {
    plugin_event(VersionDeleted { package: lasso(), version: version.parse().unwrap(), reason: None })
}

pub(crate) fn yanked(version: &str) -> Fact {
    let version = version.parse().unwrap();
    plugin_event(VersionYanked { package: lasso(), version, reason: "eats layers".into() })
}

pub(crate) fn renaming_allowed() -> Fact {
    plugin_event(RenamingAllowed { package: lasso(), allowed: true })
}

/// As the stable version that feeds offer.
pub(crate) fn pinned(version: &str) -> Fact {
    let (channel, version) = (Channel::Stable, version.parse().unwrap());
    plugin_event(VersionPinned { package: lasso(), channel, version })
}

/// Lasso can be restored for a month from now.
pub(crate) fn marked() -> Facts {
    let until = noon() + TimeDelta::days(30);
    plugin_event(PluginMarkedForDeletion { package: lasso(), until, reason: None }).into()
}

pub(crate) fn tombstoned() -> Facts {
    plugin_event(PluginTombstoned { package: lasso(), reason: None }).into()
}

/// Claims that a deed of lasso's owners is refused to everybody else, and to tokens.
#[track_caller]
pub(crate) fn stranger_and_token_are_refused<C: Command>(command: &C) {
    let history = [lasso_of_ann(), registered(BOB), trusted(BOB), token_of(ANN)];
    let not_owner = Refusal::NotOwner { package: "lasso".into() };
    given(history.clone()).when(command, by(BOB)).refused(&not_owner);
    given(history.clone()).when(command, by_token_of(ANN)).refused(&Refusal::TokenScope);
    given(history.clone()).when(command, Actor::Anonymous).refused(&Refusal::Unauthenticated);
    given(history.into_iter().chain([blocked(ANN)])).when(command, by(ANN)).refused(&Refusal::AccountBlocked);
}

/// Claims that a deed is refused while lasso is marked for deletion, and when it is gone.
#[track_caller]
pub(crate) fn dead_plugins_refuse<C: Command>(command: &C) {
    let marked_now = [lasso_of_ann(), marked()];
    let restore_first = Refusal::PluginDeleted { package: "lasso".into() };
    given(marked_now.clone()).when(command, Actor::Operator).refused(&restore_first);
    let gone = Refusal::PluginGone { package: "lasso".into() };
    given(marked_now.into_iter().chain([tombstoned()])).when(command, Actor::Operator).refused(&gone);
}

pub(crate) fn token_of(account: AccountId) -> Facts {
    token(account, true)
}

/// As [`token_of`], and it may not approve.
pub(crate) fn upload_only_token_of(account: AccountId) -> Facts {
    token(account, false)
}

fn token(account: AccountId, may_approve: bool) -> Facts {
    let issued = TokenIssued {
        token: TOKEN,
        account,
        package: lasso(),
        secret_sha256: Sha256::of(b"secret"),
        expires_at: Some("2026-04-01T00:00:00Z".parse().unwrap()),
        may_approve,
    };
    Fact::from((Stream::Token(TOKEN), issued.into())).into()
}

//! Given–when–then: rules told as stories, without a runtime or a database.

use crate::{Command, Fact};
use cairn_domain::account::Origin;
use cairn_domain::event::{
    AccountBlocked, AccountRegistered, Event, PluginDetailsEdited, PluginNameClaimed, PluginRegistered,
    StaffGranted, Stream, TokenIssued, TrustGranted, UploadedPackage, VersionApproved, VersionUploaded,
};
use cairn_domain::ids::{AccountId, TokenId};
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::plugin::PluginDetails;
use cairn_domain::qgis_version::CompatRange;
use cairn_domain::{Actor, Known, Moment, Refusal};
use chrono::{DateTime, Utc};
use uuid::Uuid;

pub(crate) const ANN: AccountId = AccountId(Uuid::from_u128(0xa));
pub(crate) const BOB: AccountId = AccountId(Uuid::from_u128(0xb));
pub(crate) const SUE: AccountId = AccountId(Uuid::from_u128(0x5));
pub(crate) const TOKEN: TokenId = TokenId(Uuid::from_u128(0x70));

/// A history to decide upon.
pub(crate) struct Given(Vec<Fact>);

/// What came of a command.
pub(crate) struct Outcome(Result<Vec<Fact>, Refusal>);

pub(crate) fn given(history: impl IntoIterator<Item = Facts>) -> Given {
    Given(history.into_iter().flat_map(|facts| facts.0).collect())
}

/// One or several events told in one word.
#[derive(Clone)]
pub(crate) struct Facts(Vec<Fact>);

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

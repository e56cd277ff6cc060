//! What tests of reactors share: a log that things happened in, people in the vault, and a clock to move.

use crate::follow::Tools;
use cairn_commands::Commands;
use cairn_domain::event::{
    AccountRegistered, Event, EventMeta, PluginRegistered, Stream, UploadedPackage, VersionUploaded,
};
use cairn_domain::ids::{AccountId, CommandId};
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::plugin::PluginDetails;
use cairn_domain::qgis_version::CompatRange;
use cairn_domain::{Actor, account::Origin};
use cairn_store::testing::TestDb;
use cairn_store::vault::{self, Person};
use cairn_store::{Clock, Expected, FixedClock, Ids, NewEvent, Registry, Subscriptions};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use uuid::Uuid;

pub(crate) const ANN: AccountId = AccountId(Uuid::from_u128(0xa));
pub(crate) const BOB: AccountId = AccountId(Uuid::from_u128(0xb));
pub(crate) const SUE: AccountId = AccountId(Uuid::from_u128(0x5));

pub(crate) fn noon() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn lasso() -> PackageName {
    "lasso".parse().unwrap()
}

pub(crate) fn by(account: AccountId) -> Actor {
    Actor::Account { account }
}

/// One node on a database.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) commands: Commands,
    pub(crate) tools: Tools,
}

impl Node {
    pub(crate) fn on(t: &TestDb) -> Self {
        let fixed = Arc::new(FixedClock::at(noon()));
        let clock: Arc<dyn Clock> = Arc::<FixedClock>::clone(&fixed);
        let ids = Arc::new(Ids::random());
        let registry = Registry::new(t.db.clone(), Arc::clone(&clock));
        let commands = Commands::new(registry.clone(), Arc::clone(&ids));
        let subscriptions = Subscriptions::new(t.db.clone(), Arc::clone(&clock));
        Self {
            clock: fixed,
            commands,
            tools: Tools { db: t.db.clone(), registry, clock, subscriptions, ids },
        }
    }

    pub(crate) fn later(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// Something happened, whoever did it; answers its id.
    pub(crate) async fn happened(&self, actor: Actor, stream: &Stream, event: impl Into<Event>) -> Uuid {
        let event = event.into();
        let id = self.tools.ids.v4();
        let meta = EventMeta { actor, command: CommandId(id) };
        let new = NewEvent {
            id,
            stream: stream.to_string(),
            expected: Expected::Any,
            kind: event.kind().to_owned(),
            schema: event.schema(),
            payload: event.encode(),
            metadata: serde_json::to_vec(&meta).unwrap(),
        };
        let mut tx = self.tools.registry.begin().await.unwrap();
        tx.append(vec![new]).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Something happened to an account.
    pub(crate) async fn to(&self, account: AccountId, event: impl Into<Event>) -> Uuid {
        self.happened(Actor::Operator, &Stream::Account(account), event).await
    }

    /// Something happened to the plugin.
    pub(crate) async fn to_lasso(&self, actor: Actor, event: impl Into<Event>) -> Uuid {
        self.happened(actor, &Stream::plugin(&lasso()), event).await
    }

    /// Somebody with an account, a name and an address.
    pub(crate) async fn person(&self, account: AccountId, name: &str) {
        self.person_at(account, name, &format!("{name}@example.org")).await;
    }

    pub(crate) async fn person_at(&self, account: AccountId, name: &str, email: &str) {
        let person = Person {
            account_id: account.0,
            name: name.into(),
            name_folded: name.into(),
            email: email.into(),
            password_hash: None,
            salt: vec![0; 32],
            created_at: self.clock.now(),
        };
        let mut tx = self.tools.db.begin().await.unwrap();
        vault::put_person(&mut tx, &person).await.unwrap();
        tx.commit().await.unwrap();
        let registered = AccountRegistered { account, commitment: Sha256::of(b""), origin: Origin::Local };
        self.to(account, registered).await;
    }

    /// Ann's plugin with its first version 1.0, which waits for approval.
    pub(crate) async fn lasso_of_ann(&self) {
        self.to_lasso(by(ANN), PluginRegistered { package: lasso(), owner: ANN }).await;
        self.to_lasso(by(ANN), uploaded("1.0")).await;
    }
}

pub(crate) fn uploaded(version: &str) -> VersionUploaded {
    let details = PluginDetails {
        name: "Lasso".parse().unwrap(),
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
    };
    let file = UploadedPackage {
        sha256: Sha256::of(version.as_bytes()),
        size_bytes: 1,
        experimental: false,
        qgis: CompatRange::new("3.4".parse().unwrap(), None).unwrap(),
        changelog: None,
        details,
        warnings: vec![],
        license: None,
    };
    VersionUploaded { package: lasso(), version: version.parse().unwrap(), file }
}

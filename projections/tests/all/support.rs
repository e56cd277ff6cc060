//! A repository of logs and read models, and short words for what happens in it.

use cairn_domain::account::Origin;
use cairn_domain::event::{
    AccountRegistered, Event, PluginDetailsEdited, PluginRegistered, Stream, UploadedPackage,
    VersionApproved, VersionUploaded,
};
use cairn_domain::ids::AccountId;
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::plugin::PluginDetails;
use cairn_domain::qgis_version::CompatRange;
use cairn_projections::{Name, Projections, testing};
use cairn_store::testing::TestDb;
use cairn_store::{Clock, Downloads, FixedClock, Ids, Registry};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use uuid::Uuid;

pub(crate) const ANN: AccountId = AccountId(Uuid::from_u128(0xa));
pub(crate) const BOB: AccountId = AccountId(Uuid::from_u128(0xb));

pub(crate) struct House {
    pub(crate) registry: Registry,
    pub(crate) downloads: Downloads,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) ids: Arc<Ids>,
    pub(crate) projections: Projections,
}

pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

impl House {
    pub(crate) async fn new(t: &TestDb) -> Self {
        let clock = Arc::new(FixedClock::at(start()));
        let told: Arc<dyn Clock> = clock.clone();
        let registry = Registry::new(t.db.clone(), told.clone());
        let downloads = Downloads::new(t.db.clone(), told.clone());
        let ids = Arc::new(Ids::random());
        let projections =
            Projections::new(registry.clone(), downloads.clone(), told, ids.clone()).await.unwrap();
        Self { registry, downloads, clock, ids, projections }
    }

    /// Appends a second after what came before, and answers the log's length.
    pub(crate) async fn happened<F: IntoIterator<Item = (Stream, Event)>>(&self, facts: F) -> u64 {
        self.clock.advance(TimeDelta::seconds(1));
        let facts: Vec<_> = facts.into_iter().collect();
        testing::append(&self.registry, &facts).await.unwrap()
    }

    /// Appends and brings all read models up to it.
    pub(crate) async fn seen<F: IntoIterator<Item = (Stream, Event)>>(&self, facts: F) -> u64 {
        let head = self.happened(facts).await;
        self.projections.catch_up().await.unwrap();
        head
    }

    /// The same repository with other pages, as another process would have it.
    pub(crate) async fn beside(&self, rows_per_page: u32) -> Projections {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let beside = Projections::new(self.registry.clone(), self.downloads.clone(), clock, self.ids.clone());
        beside.await.unwrap().with_rows_per_page(rows_per_page)
    }

    pub(crate) async fn digest(&self, name: Name) -> Sha256 {
        let digests = self.projections.digests().await.unwrap();
        digests.into_iter().find(|(of, _)| *of == name).unwrap().1
    }
}

pub(crate) fn package(name: &str) -> PackageName {
    name.parse().unwrap()
}

pub(crate) fn details(name: &str, tags: &[&str]) -> PluginDetails {
    PluginDetails {
        name: name.parse().unwrap(),
        description: format!("{name} does it."),
        about: None,
        homepage: None,
        tracker: Some("https://example.org/issues".into()),
        repository: Some("https://example.org/code".into()),
        tags: tags.iter().map(|tag| tag.parse().unwrap()).collect(),
        category: None,
        plugin_dependencies: None,
        external_dependencies: None,
        server: false,
        deprecated: false,
        has_processing_provider: false,
        icon: None,
    }
}

/// A file of its own for each plugin and number.
pub(crate) fn file(name: &str, number: &str) -> UploadedPackage {
    UploadedPackage {
        sha256: Sha256::of(format!("{name} {number}").as_bytes()),
        size_bytes: 1234,
        experimental: number.contains("rc"),
        qgis: CompatRange::new("3.16".parse().unwrap(), None).unwrap(),
        changelog: Some("Less <slow> & more fast".into()),
        details: details(name, &[]),
        warnings: vec!["icon_missing".into()],
        license: None,
    }
}

pub(crate) fn of<E: Into<Event>>(name: &str, event: E) -> (Stream, Event) {
    (Stream::plugin(&package(name)), event.into())
}

pub(crate) fn joined(account: AccountId) -> (Stream, Event) {
    (
        Stream::Account(account),
        AccountRegistered { account, commitment: Sha256::of(b""), origin: Origin::Local }.into(),
    )
}

pub(crate) fn registered(name: &str, owner: AccountId) -> (Stream, Event) {
    of(name, PluginRegistered { package: package(name), owner })
}

pub(crate) fn edited(name: &str, called: &str, tags: &[&str]) -> (Stream, Event) {
    of(
        name,
        PluginDetailsEdited { package: package(name), details: details(called, tags), from_version: None },
    )
}

pub(crate) fn uploaded(name: &str, number: &str) -> (Stream, Event) {
    let version = number.parse().unwrap();
    of(name, VersionUploaded { package: package(name), version, file: file(name, number) })
}

pub(crate) fn approved(name: &str, number: &str) -> (Stream, Event) {
    let sha256 = file(name, number).sha256;
    of(name, VersionApproved { package: package(name), version: number.parse().unwrap(), sha256, base: None })
}

/// A plugin with one version that waits: events at positions p to p + 2, so plugin p + 1 and version p + 2.
pub(crate) fn new_plugin(name: &str, owner: AccountId) -> [(Stream, Event); 3] {
    [registered(name, owner), uploaded(name, "1.0"), edited(name, name, &["raster"])]
}

//! The plugins that plugins.qgis.org showed in February 2024, as if they had been published here.

use crate::support::{House, start};
use cairn_domain::download::{Channel, Download, OsClass};
use cairn_domain::event::{
    Event, PluginDetailsEdited, PluginRegistered, Stream, UploadedPackage, VersionApproved, VersionUploaded,
};
use cairn_domain::ids::AccountId;
use cairn_domain::names::{PackageName, PluginName, Sha256, Tag, author_key, author_words};
use cairn_domain::plugin::PluginDetails;
use cairn_domain::qgis_version::CompatRange;
use cairn_projections::testing::{append, append_downloads};
use cairn_store::testing::TestDb;
use cairn_store::vault::{self, AuthorWords, PackageAuthor};
use chrono::TimeDelta;
use flate2::read::GzDecoder;
use serde_json::Value;
use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use uuid::Uuid;

/// So many downloads of the list are one here.
const DOWNLOADS_IN_ONE: u64 = 1_000;

/// A tag that every plugin has here besides its own.
pub(crate) const TAG_OF_ALL: &str = "onthelist";

/// A plugin of the list.
struct Told {
    package: PackageName,
    details: PluginDetails,
    author: String,
    downloads: u64,
}

/// All plugins that names allow, as many as there are.
fn told() -> Vec<Told> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/catalogue-2024-02.jsonl.gz");
    let lines = BufReader::new(GzDecoder::new(std::fs::File::open(path).unwrap())).lines();
    let (mut names, mut packages) = (HashSet::new(), HashSet::new());
    let new = lines.filter_map(|line| one(&serde_json::from_str(&line.unwrap()).unwrap()));
    new.filter(|told| names.insert(told.details.name.folded()) && packages.insert(told.package.folded()))
        .collect()
}

fn one(line: &Value) -> Option<Told> {
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let name: PluginName = text("name").parse().ok()?;
    let own = text("tags");
    let tags: Vec<Tag> = own.split(',').chain([TAG_OF_ALL]).filter_map(|tag| tag.parse().ok()).collect();
    let details = PluginDetails {
        name,
        description: text("description"),
        about: Some(text("about")),
        homepage: None,
        tracker: None,
        repository: None,
        tags,
        category: None,
        plugin_dependencies: None,
        external_dependencies: None,
        server: false,
        deprecated: false,
        has_processing_provider: false,
        icon: None,
    };
    let downloads = line["downloads"].as_u64().unwrap_or_default();
    Some(Told { package: text("package").parse().ok()?, details, author: text("author"), downloads })
}

/// Everybody's plugin is published with one version, and downloaded.
pub(crate) async fn happened(house: &House, t: &TestDb) {
    let owner = AccountId(Uuid::from_u128(0xa));
    let all = told();
    assert!(all.len() > 1_100, "only {} plugins were read", all.len());
    let registry = &house.registry;
    let (mut happened, mut items) = (Vec::new(), Vec::new());
    let at_ms = start().timestamp_millis();
    let from = registry.head().await.unwrap();
    let mut tx = t.db.begin().await.unwrap();
    for one in all {
        let package = one.package;
        let stream = || Stream::plugin(&package);
        let version = || "1.0".parse().unwrap();
        let sha256 = Sha256::of(package.as_str().as_bytes());
        let file = UploadedPackage {
            sha256,
            size_bytes: 1_000,
            experimental: false,
            qgis: CompatRange::new("3.4".parse().unwrap(), None).unwrap(),
            changelog: None,
            details: one.details.clone(),
            warnings: Vec::new(),
            license: None,
        };
        let events: [Event; 4] = [
            PluginRegistered { package: package.clone(), owner }.into(),
            VersionUploaded { package: package.clone(), version: version(), file }.into(),
            PluginDetailsEdited { package: package.clone(), details: one.details, from_version: None }.into(),
            VersionApproved { package: package.clone(), version: version(), sha256, base: None }.into(),
        ];
        let version_id = from + happened.len() as u64 + 2;
        happened.extend(events.map(|event| (stream(), event)));
        let item = Download {
            version_id,
            at_ms,
            qgis: None,
            os: OsClass::Linux,
            country: None,
            channel: Channel::Qgis,
        };
        items.extend((0..one.downloads / DOWNLOADS_IN_ONE).map(|_| item));
        let found_by = AuthorWords { key: author_key(&one.author), words: author_words(&one.author) };
        let author = PackageAuthor { sha256: sha256.to_string(), author: one.author, email: String::new() };
        vault::put_package_author(&mut tx, &author, &found_by).await.unwrap();
    }
    tx.commit().await.unwrap();
    for some in happened.chunks(1_000) {
        // A second after those before, so that each has its time.
        house.clock.advance(TimeDelta::seconds(1));
        append(registry, some).await.unwrap();
    }
    append_downloads(&house.downloads, &items, 10_000).await.unwrap();
    house.projections.catch_up().await.unwrap();
}

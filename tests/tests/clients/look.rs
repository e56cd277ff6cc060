//! Looking behind the doors after a client has been there: events, stored files, counted downloads, the feed.

use crate::tools::Tools;
use cairn_commands::secret::PluginToken;
use cairn_commands::token::IssueToken;
use cairn_domain::download::{self, Download};
use cairn_domain::event::{EventMeta, PluginEvent, VersionUploaded};
use cairn_domain::ids::TokenId;
use cairn_domain::{Actor, Event};
use cairn_store::testing::TestDb;
use cairn_tests::feed::{self, Entry};
use cairn_tests::{Person, TestApp};
use std::path::{Path, PathBuf};

/// The kinds of all events of one plugin's stream, in order.
pub(crate) async fn kinds(app: &TestApp, package: &str) -> Vec<String> {
    let events = app.house.commands.registry().read_stream(&format!("plugin/{package}"), 0).await;
    events.expect("the log answers").into_iter().map(|event| event.kind).collect()
}

/// The newest upload of a plugin, and whose deed it was.
pub(crate) async fn last_upload(app: &TestApp, package: &str) -> (VersionUploaded, Actor) {
    let events = app.house.commands.registry().read_stream(&format!("plugin/{package}"), 0).await;
    let mut uploads =
        events.expect("the log answers").into_iter().filter(|event| event.kind == "VersionUploaded");
    let event = uploads.next_back().expect("the plugin has an upload");
    let meta: EventMeta = serde_json::from_slice(&event.metadata).expect("metadata is what we wrote");
    match Event::decode(&event.kind, event.schema, &event.payload).expect("the event reads back") {
        Event::Plugin(PluginEvent::VersionUploaded(upload)) => (upload, meta.actor),
        other => panic!("{other:?}"),
    }
}

/// The file that lies in the package store under the digest that the newest upload names.
pub(crate) async fn stored(app: &TestApp, t: &TestDb, package: &str) -> Vec<u8> {
    let (upload, _) = last_upload(app, package).await;
    let digest = upload.file.sha256.to_string();
    let path = t.folder().join("packages/sha256").join(&digest[..2]).join(&digest[2..]);
    let bytes = std::fs::read(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    assert_eq!(bytes.len() as u64, upload.file.size_bytes);
    bytes
}

/// The feed for QGIS 3.40, strictly read.
pub(crate) async fn feed(app: &TestApp) -> Vec<Entry> {
    app.settle().await;
    feed::entries(&app.stranger().text("/plugins/plugins.xml?qgis=3.40").await)
}

/// The package that the feed's address of this entry gives.
pub(crate) async fn downloaded(app: &TestApp, entry: &Entry) -> Vec<u8> {
    let path = entry["download_url"].strip_prefix(&app.base).expect("the address is this server's");
    app.stranger().get(path).await.bytes().await.expect("a body").to_vec()
}

/// Every download in the log.
pub(crate) async fn counted(app: &TestApp) -> Vec<Download> {
    let batches = app.house.downloads.read(0, 1000).await.expect("the log answers");
    let downloads = batches.iter().map(|batch| {
        let first_at = batch.first_at.timestamp_millis();
        download::decode(i32::from(batch.format), first_at, &batch.body).expect("a batch reads back")
    });
    downloads.flatten().collect()
}

/// A token for uploads of this plugin in this person's name, as `cairn token create` makes it.
pub(crate) async fn token(app: &TestApp, person: &Person, package: &str) -> String {
    let token = PluginToken::new(TokenId(app.house.ids.v4()), app.house.ids.bytes());
    let command = IssueToken {
        token: token.id,
        package: package.parse().expect("a package name"),
        secret_sha256: token.secret_sha256(),
        expires_at: None,
        may_approve: true,
        note: None,
    };
    let actor = Actor::Account { account: person.id() };
    app.house.commands.send(&command, actor, None).await.expect("an owner may");
    token.reveal()
}

/// What an author has on disk: a git repository with a plugin.
#[derive(Debug)]
pub(crate) struct Repository<'a> {
    tools: &'a Tools,
    /// Its folder.
    pub(crate) folder: PathBuf,
    package: String,
}

impl<'a> Repository<'a> {
    /// A new one; `settings` are lines `key=value` of metadata.txt.
    pub(crate) fn begin(tools: &'a Tools, package: &str, name: &str, settings: &[&str]) -> Self {
        let folder = tools.path(package);
        tools.succeed(
            tools.script("author.py").arg("begin").arg(&folder).args([package, name]).args(settings),
        );
        Self { tools, folder, package: package.to_owned() }
    }

    /// Writes the changelog, commits and tags.
    pub(crate) fn tag(&self, version: &str, change: &str) {
        self.tools
            .succeed(self.tools.script("author.py").arg("tag").arg(&self.folder).args([version, change]));
    }

    /// The package of the last commit.
    pub(crate) fn zip(&self, version: &str) -> PathBuf {
        let file = self.tools.path(&format!("{}.{version}.zip", self.package));
        self.tools.succeed(self.tools.script("author.py").arg("zip").args([&self.folder, &file]));
        file
    }

    /// The package of a new version, from changelog to file.
    pub(crate) fn release(&self, version: &str) -> Vec<u8> {
        self.tag(version, "Small repairs");
        read(&self.zip(version))
    }
}

/// The bytes of a file that must be there.
pub(crate) fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

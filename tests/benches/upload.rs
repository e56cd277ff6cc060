//! How long an upload of a zip of 100 kB takes over HTTP with a plugin token: inspected, stored, in the log, all durable.
//!
//! Reference: what the disk and the database need for that at least, which is to write and sync such a file and its folder, and
//! to commit a row.

use crate::Size;
use crate::bare::Bare;
use crate::downloads::zipf;
use crate::figures::{Figures, say};
use crate::server::{Server, house, staff};
use cairn_commands::secret::PluginToken;
use cairn_commands::token::IssueToken;
use cairn_domain::Actor;
use cairn_domain::ids::TokenId;
use cairn_domain::package::testing::PackageBuilder;
use cairn_projections::testing::{Chance, new_batch};
use cairn_store::Engine;
use cairn_store::testing::TestDb;
use reqwest::multipart::{Form, Part};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// Plugins that take turns.
const PLUGINS: usize = 20;

/// What does not compress, so that the zip has the size wanted.
const NOISE_BYTES: usize = 99_000;

pub(crate) fn measure(engine: Engine, size: Size) {
    cairn_store::testing::run(engine, move |t| async move { run(&t, size).await });
}

async fn run(t: &TestDb, size: Size) {
    let tokens = tokens(t).await;
    let server = Server::start(t).await;
    let mut bare = Bare::open(t).await;
    let (mut ours, mut reference, mut bytes) = (Vec::new(), Vec::new(), 0);
    for turn in 0..size.of(200, 6) {
        let (package, version) = (format!("plugin_{}", turn % PLUGINS), format!("1.{}.0", turn / PLUGINS));
        let zip = zip(&package, &version, turn);
        bytes = zip.len();
        reference.push(stored_bare(&mut bare, t.folder(), &zip, turn).await);
        ours.push(upload(&server, &package, &tokens[turn % PLUGINS], zip).await);
    }
    let (ours, reference) = (Figures::of_times(&ours), Figures::of_times(&reference));
    let [(p50, p99), (bare_p50, bare_p99)] =
        [&ours, &reference].map(|times| (times.quantile(0.5), times.quantile(0.99)));
    say(&format!("{}: uploads of {bytes} bytes", bare.version().await));
    say(&format!("  Cairn p50 {p50:.1} ms, p99 {p99:.1} ms, at most {:.1} ms", ours.quantile(1.0)));
    say(&format!(
        "  file and commit, bare p50 {bare_p50:.1} ms, p99 {bare_p99:.1} ms; ratio of p50 {:.2}",
        p50 / bare_p50
    ));
}

/// A token for each plugin, all of one account.
async fn tokens(t: &TestDb) -> Vec<String> {
    let house = house(t).await;
    let (account, _) = staff(&house).await;
    let mut tokens = Vec::new();
    for at in 0..PLUGINS {
        let token = PluginToken::new(TokenId(house.ids.v4()), house.ids.bytes());
        let issue = IssueToken {
            token: token.id,
            package: format!("plugin_{at}").parse().expect("a package name"),
            secret_sha256: token.secret_sha256(),
            expires_at: None,
            may_approve: true,
            note: None,
        };
        house.commands.send(&issue, Actor::Account { account }, None).await.expect("anybody may");
        tokens.push(token.reveal());
    }
    house.close().await;
    tokens
}

fn zip(package: &str, version: &str, turn: usize) -> Vec<u8> {
    let mut chance = Chance::new(turn as u64);
    let noise: Vec<u8> = (0..NOISE_BYTES / 8).flat_map(|_| chance.number().to_le_bytes()).collect();
    PackageBuilder::new(package)
        .version(version)
        .file("plugin.py", "class Plugin:\n    pass\n")
        .file("data.bin", noise)
        .build()
}

async fn upload(server: &Server, package: &str, token: &str, zip: Vec<u8>) -> Duration {
    let form = Form::new().part("package", Part::bytes(zip).file_name(format!("{package}.zip")));
    let address = format!("{}/plugins/api/{package}/version/add/", server.base);
    let started = Instant::now();
    let answer = server
        .http
        .post(address)
        .bearer_auth(token)
        .multipart(form)
        .send()
        .await
        .expect("the server answers");
    let status = answer.status();
    let said = answer.text().await.expect("a text");
    assert_eq!(status, reqwest::StatusCode::CREATED, "{said}");
    started.elapsed()
}

async fn stored_bare(bare: &mut Bare, folder: &Path, zip: &[u8], turn: usize) -> Duration {
    let item = zipf(1, 1, &[1]);
    let (path, position) = (folder.join(format!("bare-{turn}")), i64::try_from(turn).expect("some hundreds"));
    let started = Instant::now();
    let written = File::create(&path).and_then(|mut file| {
        file.write_all(zip)?;
        file.sync_all()?;
        File::open(folder)?.sync_all()
    });
    written.expect("the folder takes a file");
    bare.insert_batch(position, &new_batch(uuid::Uuid::nil(), 1, &item)).await;
    started.elapsed()
}

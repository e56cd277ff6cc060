//! The way of packages through a running server: upload by the author, approval by staff, feed.

use crate::case::{Case, ProfileName};
use crate::expected;
use cairn_commands::version::ApproveVersion;
use cairn_domain::Actor;
use cairn_store::Engine;
use cairn_store::testing::TestDb;
use cairn_tests::feed::{self, Entry};
use cairn_tests::{Person, TestApp};
use reqwest::StatusCode;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use tokio::task::block_in_place;

/// What became of all files.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// How many repositories they went through; none where the engine is missing.
    pub(crate) repositories: usize,
    /// How many texts came back, by key of metadata.txt.
    pub(crate) texts: BTreeMap<&'static str, usize>,
    pub(crate) taken_official: usize,
    pub(crate) taken_minimal: usize,
    pub(crate) refused: usize,
}

/// Sends every file through. Several files may have one plugin name, which belongs to one plugin for ever, so each
/// of them meets a repository of its own; and one that the official profile refuses meets one with the minimal
/// profile.
pub(crate) fn travel(engine: Engine, cases: Vec<Case>) -> Told {
    let mut repositories: BTreeMap<(ProfileName, usize), Vec<Case>> = BTreeMap::new();
    let mut named: HashMap<(ProfileName, String), usize> = HashMap::new();
    for case in cases {
        let profile = case.profile.unwrap_or(ProfileName::Minimal);
        let name = case.inspection.package.as_ref().map(|package| package.details.name.folded());
        let earlier = name.map_or(0, |name| {
            let met = named.entry((profile, name)).or_default();
            *met += 1;
            *met - 1
        });
        repositories.entry((profile, earlier)).or_default().push(case);
    }
    let told = Arc::new(Mutex::new(Told::default()));
    for ((profile, _), cases) in repositories {
        let told = Arc::clone(&told);
        cairn_store::testing::run(engine, move |t| async move {
            let here = through(&t, profile, &cases).await;
            let mut told = told.lock().expect("no test panicked with it");
            for (key, count) in here.texts {
                *told.texts.entry(key).or_default() += count;
            }
            told.repositories += 1;
            told.taken_official += here.taken_official;
            told.taken_minimal += here.taken_minimal;
            told.refused += here.refused;
        });
    }
    let told = Arc::into_inner(told).expect("all repositories are done");
    told.into_inner().expect("no test panicked with it")
}

async fn through(t: &TestDb, profile: ProfileName, cases: &[Case]) -> Told {
    let app = TestApp::with(t, |config| config.profile = profile.profile()).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    let mut told = Told::default();
    for case in cases {
        let head = app.house.commands.registry().head().await.expect("the log answers");
        upload(&ann, case).await;
        if case.profile.is_some() {
            approve(&app, &sue, case).await;
        } else {
            let now = app.house.commands.registry().head().await.expect("the log answers");
            assert_eq!(now, head, "{}: a refused package is no event", case.file);
            told.refused += 1;
        }
        told.taken_official += usize::from(case.profile == Some(ProfileName::Official));
        told.taken_minimal += usize::from(case.profile == Some(ProfileName::Minimal));
    }
    app.settle().await;

    let xml = app.stranger().text("/plugins/plugins.xml").await;
    let entries = feed::entries(&xml);
    let taken: Vec<&Case> = cases.iter().filter(|case| case.profile.is_some()).collect();
    assert_eq!(entries.len(), taken.len(), "without a QGIS version the feed has everything");
    assert_eq!(feed::entries(&xml.replace("& ", "&amp; ")), entries, "QGIS's replacement changes nothing");
    agrees_with_python(&xml, &entries);
    for case in &taken {
        let entry =
            entries.iter().find(|entry| key(entry) == case.package).expect("each package is in the feed");
        expected::compare(case, entry, &app.base, &mut told.texts);
    }
    each_is_in_the_feed_of_its_oldest_qgis(&app, &taken).await;
    told
}

/// QGIS's key of a plugin.
fn key(entry: &Entry) -> &str {
    entry["file_name"].split('.').next().expect("a split has a first part")
}

/// The token API says the same as the inspection.
async fn upload(ann: &Person, case: &Case) {
    let response = ann.upload_to(&case.package, case.zip.clone()).await;
    let status = response.status();
    let answer: Value = response.json().await.expect("JSON");
    if case.profile.is_some() {
        assert_eq!(status, StatusCode::CREATED, "{}: {answer}", case.file);
        return;
    }
    assert_eq!(status, StatusCode::BAD_REQUEST, "{}: {answer}", case.file);
    let findings = answer["findings"].as_array().expect("a refused package has findings");
    let codes: Vec<_> = findings.iter().map(|finding| finding["code"].as_str().expect("a code")).collect();
    assert_eq!(codes, case.codes(), "{}", case.file);
}

/// Without waiting for readers after each of hundreds.
async fn approve(app: &TestApp, sue: &Person, case: &Case) {
    let package = case.inspection.package.as_ref().expect("it was taken");
    let command = ApproveVersion {
        package: package.package_name.clone(),
        version: package.version.to_string(),
        sha256: Some(package.sha256),
        base: None,
    };
    let actor = Actor::Account { account: sue.id() };
    app.house
        .commands
        .send(&command, actor, None)
        .await
        .unwrap_or_else(|fault| panic!("{}: {fault}", case.file));
}

/// Python's XML parser, as qgis-plugin-manager uses it, after what QGIS does to the bytes.
fn agrees_with_python(xml: &str, entries: &[Entry]) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/clients/read_feed.py");
    let output = block_in_place(|| {
        let mut python = Command::new("python3");
        python.args(["-B", script]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = python.spawn().expect("python3 is installed");
        let mut input = child.stdin.take().expect("it was piped");
        // The script reads everything before it writes.
        input.write_all(xml.as_bytes()).expect("the script reads");
        drop(input);
        child.wait_with_output().expect("a child can be waited for")
    });
    assert!(output.status.success(), "Python reads the feed");
    let read: Vec<Value> = serde_json::from_slice(&output.stdout).expect("the script tells JSON");
    assert_eq!(read.len(), entries.len());
    for (python, entry) in read.iter().zip(entries) {
        let names =
            ["name", "description", "about", "author_name", "homepage", "tracker", "repository", "tags"];
        for name in names.into_iter().chain(["category", "changelog", "download_url", "plugin_dependencies"])
        {
            assert_eq!(python[name], entry[name].trim(), "{}: {name}", entry["file_name"]);
        }
        assert_eq!(python["id"], key(entry));
        assert_eq!(python["version_available"], entry["version"]);
    }
}

async fn each_is_in_the_feed_of_its_oldest_qgis(app: &TestApp, taken: &[&Case]) {
    let mut oldest: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for case in taken {
        let (major, minor, _) = case.inspection.package.as_ref().expect("it was taken").compat.min().lowest();
        oldest.entry(format!("{major}.{minor}")).or_default().push(&case.package);
    }
    for (version, packages) in oldest {
        let entries =
            feed::entries(&app.stranger().text(&format!("/plugins/plugins.xml?qgis={version}")).await);
        let listed: BTreeSet<&str> = entries.iter().map(key).collect();
        for package in packages {
            assert!(listed.contains(package), "{package} runs on {version}");
        }
    }
}

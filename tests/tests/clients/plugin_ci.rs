//! qgis-plugin-ci 2.10.0: `release` by name and password over XML-RPC, and by token.

use crate::look::{Repository, downloaded, feed, kinds, last_upload, read, stored, token};
use crate::tools::{Ran, Tools};
use cairn_domain::Actor;
use cairn_store::both;
use cairn_tests::{PASSWORD, TestApp};
use reqwest::StatusCode;

const ABOUT: &str = "Reads building footprints, adds them up in hexagons and styles the result.
The texts are in English & Türkçe; <em>markup</em> is shown as it is written.

Needs a project in metres.";

/// `qgis-plugin-ci release VERSION` in the repository, by XML-RPC.
fn release(tools: &Tools, repository: &Repository<'_>, version: &str, password: &str) -> Ran {
    let mut command = tools.command("qgis-plugin-ci");
    command.current_dir(&repository.folder).args([
        "-vv",
        "release",
        version,
        "--release-tag",
        &format!("v{version}"),
    ]);
    command.args(["--osgeo-username", "ann", "--osgeo-password", password]);
    command.args(["--alternative-repo-url", &format!("{}/plugins/RPC2/", tools.base)]);
    tools.run(&mut command)
}

/// The same by token; this way knows one address only.
fn release_by_token(tools: &Tools, repository: &Repository<'_>, version: &str, token: &str) -> Ran {
    let mut command = tools.at_the_official_address("qgis-plugin-ci");
    command.current_dir(&repository.folder).args([
        "-vv",
        "release",
        version,
        "--release-tag",
        &format!("v{version}"),
    ]);
    tools.run(command.args(["--qgis-token", token]))
}

both!(a_release_with_name_and_password_is_listed_when_staff_approve_it, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let (ann, sue) = (app.person_with_password("ann").await, app.staff("sue").await);
    let repository = Repository::begin(&tools, "urban_lens", "Urban Lens", &[]);
    repository.tag("1.0.0", "First release & more");

    let ran = release(&tools, &repository, "1.0.0", PASSWORD);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let archive = read(&repository.folder.join("urban_lens.1.0.0.zip"));
    assert_eq!(stored(&app, &t, "urban_lens").await, archive, "what the tool packed is what is kept");
    let (upload, actor) = last_upload(&app, "urban_lens").await;
    assert_eq!(actor, Actor::Account { account: ann.id() });
    assert_eq!(upload.file.changelog.as_deref(), Some("Version 1.0.0:\n- First release & more"));
    assert!(feed(&app).await.is_empty(), "nobody has approved it");

    sue.approve("urban_lens", "1.0.0").await;
    let [entry] = &feed(&app).await[..] else { panic!("one entry") };
    ran.said(&format!("Plugin ID: {}", entry["plugin_id"]));
    for (name, text) in [
        ("name", "Urban Lens"),
        ("version", "1.0.0"),
        ("description", "Shows how dense a city is & where it grows"),
        ("about", ABOUT),
        ("author_name", "Ann Author, Städtebau & Söhne"),
        ("homepage", "https://cairn-clients.example.org/urban_lens?lang=en&from=qgis"),
        ("tracker", "https://github.com/cairn-clients/urban_lens/issues"),
        ("repository", "https://github.com/cairn-clients/urban_lens"),
        ("tags", "vector,density,urban planning"),
        ("category", "Vector"),
        ("changelog", "Version 1.0.0:\n- First release & more"),
        ("qgis_minimum_version", "3.22.0"),
        ("qgis_maximum_version", "3.99.99"),
        ("experimental", "False"),
        ("uploaded_by", "ann"),
        ("file_name", "urban_lens.1.0.0.zip"),
    ] {
        assert_eq!(entry[name], text, "{name}");
    }
    assert_eq!(downloaded(&app, entry).await, archive);
    let icon = app.stranger().get(entry["icon"].strip_prefix(&app.base).expect("an absolute address")).await;
    assert_eq!(icon.headers()["content-type"], "image/png");
    assert_eq!(icon.bytes().await.unwrap(), read(&repository.folder.join("urban_lens/icons/icon.png")));
    assert_eq!(kinds(&app, "urban_lens").await.iter().filter(|kind| *kind == "VersionApproved").count(), 1);
});

both!(a_prerelease_tag_makes_an_experimental_version_beside_the_stable_one, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let (_ann, sue) = (app.person_with_password("ann").await, app.staff("sue").await);
    let repository = Repository::begin(&tools, "urban_lens", "Urban Lens", &[]);
    for version in ["1.0.0", "1.1.0-beta.1"] {
        repository.tag(version, "Small repairs");
        assert_eq!(release(&tools, &repository, version, PASSWORD).code, Some(0));
        app.settle().await;
        sue.approve("urban_lens", version).await;
    }
    let entries = feed(&app).await;
    let listed: Vec<_> =
        entries.iter().map(|entry| (entry["version"].as_str(), entry["experimental"].as_str())).collect();
    assert_eq!(listed, [("1.0.0", "False"), ("1.1.0-beta.1", "True")]);
});

both!(the_tool_tells_its_user_why_a_release_was_refused, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    app.person_with_password("ann").await;
    let repository = Repository::begin(&tools, "urban_lens", "Urban Lens", &[]);
    repository.tag("1.0.0", "First release");

    let wrong = release(&tools, &repository, "1.0.0", "not her password");
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    wrong.said("=== A protocol error occurred ===");
    wrong.said("Error code: 401");
    assert!(kinds(&app, "urban_lens").await.is_empty());

    assert_eq!(release(&tools, &repository, "1.0.0", PASSWORD).code, Some(0));
    let again = release(&tools, &repository, "1.0.0", PASSWORD);
    assert_eq!(again.code, Some(2), "{again:?}");
    again.said("Fault code: 1");
    again.said("version 1.0.0");
    let uploads =
        kinds(&app, "urban_lens").await.into_iter().filter(|kind| kind == "VersionUploaded").count();
    assert_eq!(uploads, 1, "a number is used once");
});

both!(a_release_with_a_token_makes_the_plugin_and_its_next_version, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    let token = token(&app, &ann, "urban_lens").await;
    let repository = Repository::begin(&tools, "urban_lens", "Urban Lens", &[]);
    for version in ["1.0.0", "1.1"] {
        repository.tag(version, "Small repairs");
        let ran = release_by_token(&tools, &repository, version, &token);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        ran.said("response HTTP 201");
        let archive = read(&repository.folder.join(format!("urban_lens.{version}.zip")));
        assert_eq!(stored(&app, &t, "urban_lens").await, archive);
        let (upload, actor) = last_upload(&app, "urban_lens").await;
        assert_eq!(upload.version.as_str(), version);
        assert!(matches!(actor, Actor::Token { account, .. } if account == ann.id()), "{actor:?}");
        app.settle().await;
        sue.approve("urban_lens", version).await;
        let [entry] = &feed(&app).await[..] else { panic!("one entry") };
        assert_eq!((entry["version"].as_str(), entry["uploaded_by"].as_str()), (version, "ann"));
    }
});

both!(a_token_of_another_plugin_or_of_nobody_is_refused, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let ann = app.person("ann").await;
    let other = token(&app, &ann, "other_plugin").await;
    let repository = Repository::begin(&tools, "urban_lens", "Urban Lens", &[]);
    repository.tag("1.0.0", "First release");
    for wrong in [other.as_str(), "eyJhbGciOiJIUzI1NiJ9.e30.x", "cairn_nothing"] {
        let ran = release_by_token(&tools, &repository, "1.0.0", wrong);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        ran.said("HTTP Error 403");
    }
    assert!(kinds(&app, "urban_lens").await.is_empty());
    assert_eq!(app.stranger().get("/plugins/urban_lens/json").await.status(), StatusCode::NOT_FOUND);
});

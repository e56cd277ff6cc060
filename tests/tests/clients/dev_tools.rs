//! qgis-plugin-dev-tools 0.13.2: `build`, then `publish` over JSON-RPC.

use crate::look::{Repository, downloaded, feed, kinds, last_upload, read, stored};
use crate::tools::{Ran, Tools};
use cairn_domain::Actor;
use cairn_store::both;
use cairn_tests::{PASSWORD, TestApp};
use std::path::Path;

/// Builds as the tool does, from the changelog, and answers the file.
fn build(tools: &Tools, repository: &Repository<'_>, version: &str) -> std::path::PathBuf {
    // As a module, so that the sources in the current folder are found without being installed.
    let mut command = tools.command("python");
    tools.succeed(command.current_dir(&repository.folder).args(["-m", "qgis_plugin_dev_tools", "build"]));
    repository.folder.join(format!("dist/urban_lens-{version}.zip"))
}

fn publish(tools: &Tools, file: &Path, password: &str) -> Ran {
    let mut command = tools.at_the_official_address("qgis-plugin-dev-tools");
    command.args(["publish", "--verbose"]).arg(file);
    tools.run(command.env("QPDT_PUBLISH_USERNAME", "ann").env("QPDT_PUBLISH_PASSWORD", password))
}

both!(what_the_tool_builds_and_publishes_is_listed_when_staff_approve_it, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let (ann, sue) = (app.person_with_password("ann").await, app.staff("sue").await);
    let repository = Repository::begin(&tools, "urban_lens", "Urban Lens", &[]);
    repository.tag("2.0.0", "Hexagons of any size");
    let file = build(&tools, &repository, "2.0.0");

    let ran = publish(&tools, &file, PASSWORD);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let (upload, actor) = last_upload(&app, "urban_lens").await;
    assert_eq!(actor, Actor::Account { account: ann.id() });
    assert_eq!(upload.file.changelog.as_deref(), Some("-- 2.0.0 - 2026-02-03\n\n- Hexagons of any size"));
    assert_eq!(stored(&app, &t, "urban_lens").await, read(&file));

    app.settle().await;
    sue.approve("urban_lens", "2.0.0").await;
    let [entry] = &feed(&app).await[..] else { panic!("one entry") };
    ran.said(&format!("uploaded plugin id {} & version id", entry["plugin_id"]));
    assert_eq!((entry["version"].as_str(), entry["uploaded_by"].as_str()), ("2.0.0", "ann"));
    assert_eq!(downloaded(&app, entry).await, read(&file));
});

both!(the_tool_tells_its_user_why_nothing_was_published, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    app.person_with_password("ann").await;
    let repository = Repository::begin(&tools, "urban_lens", "Urban Lens", &[]);
    repository.tag("2.0.0", "Hexagons of any size");
    let file = build(&tools, &repository, "2.0.0");

    let wrong = publish(&tools, &file, "not her password");
    assert_eq!(wrong.code, Some(1), "{wrong:?}");
    wrong.said("HTTP request failed with status 401");
    assert!(kinds(&app, "urban_lens").await.is_empty());

    assert_eq!(publish(&tools, &file, PASSWORD).code, Some(0));
    let again = publish(&tools, &file, PASSWORD);
    assert_eq!(again.code, Some(1), "{again:?}");
    again.said("request returned error response");
    again.said("version 2.0.0");
});

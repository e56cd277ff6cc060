//! qgis-plugin-manager 1.7.5: init, update, search, versions, install, list, upgrade, as on a QGIS server.

use crate::look::{Repository, counted, read, token};
use crate::tools::{Ran, Tools};
use cairn_domain::download::{Channel, OsClass, QgisRelease};
use cairn_store::both;
use cairn_tests::{Person, TestApp};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A folder of installed plugins that the tool looks after.
struct Managed<'a> {
    tools: &'a Tools,
    folder: PathBuf,
}

impl<'a> Managed<'a> {
    fn begin(tools: &'a Tools) -> Self {
        let managed = Self { tools, folder: tools.path("server-plugins") };
        std::fs::create_dir(&managed.folder).expect("a new folder");
        let ran = managed.does(&["init", "--qgis-version", "3.40.6"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let source = String::from_utf8(read(&managed.folder.join("sources.list"))).expect("UTF-8");
        assert_eq!(source.trim(), format!("{}/plugins/plugins.xml?qgis=3.40", tools.base));
        managed
    }

    /// One command of the tool, which takes the QGIS version from the environment where there is no QGIS.
    fn does(&self, words: &[&str]) -> Ran {
        let mut command = self.tools.command("qgis-plugin-manager");
        let source = format!("{}/plugins/plugins.xml?qgis={{version}}", self.tools.base);
        command.env("QGIS_PLUGIN_MANAGER_DEFAULT_SOURCE_URL", source).env("QGIS_PLUGINPATH", &self.folder);
        self.tools.run(command.env("QGIS_PLUGIN_MANAGER_QGIS_VERSION", "3.40.6").args(words))
    }

    fn succeeds(&self, words: &[&str]) -> Ran {
        let ran = self.does(words);
        assert_eq!(ran.code, Some(0), "{words:?}: {ran:?}");
        assert!(!ran.out.contains("ERROR") && !ran.err.contains("Traceback"), "{words:?}: {ran:?}");
        ran
    }

    /// What is installed, by `list --format json`: the version of each name.
    fn installed(&self) -> BTreeMap<String, String> {
        let told = json_of(&self.succeeds(&["list", "--format", "json"]));
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        let plugins = told.as_array().expect("a list").iter();
        plugins.map(|plugin| (text(&plugin["name"]), text(&plugin["version"]))).collect()
    }
}

/// The JSON behind the lines that tell where the folder is.
fn json_of(ran: &Ran) -> serde_json::Value {
    let at = ran.out.find(['[', '{']).unwrap_or_else(|| panic!("no JSON: {ran:?}"));
    serde_json::from_str(&ran.out[at..]).unwrap_or_else(|fault| panic!("{fault}: {ran:?}"))
}

async fn publish(author: &Person, repository: &Repository<'_>, package: &str, version: &str) -> u64 {
    let zip = repository.release(version);
    author.upload_zip(package, zip).await["version_id"].as_u64().expect("a number")
}

// Odd versions are real: `1.0` and `v1.2` are not semver, and the tool asks for their semver form.
both!(plugins_are_installed_and_upgraded_though_the_tool_asks_for_other_numbers, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let ann = app.trusted("ann").await;
    let two = Repository::begin(&tools, "odd_two", "Odd Two", &["server=True"]);
    let lens = Repository::begin(&tools, "lens", "Lens", &[]);
    let plain = Repository::begin(&tools, "plain", "Plain & Simple", &[]);
    let lab = Repository::begin(&tools, "lab", "Lab", &["experimental=True"]);
    publish(&ann, &two, "odd_two", "1.0").await;
    publish(&ann, &lens, "lens", "v1.2").await;
    publish(&ann, &plain, "plain", "2.4.0").await;
    publish(&ann, &lab, "lab", "0.9").await;
    app.settle().await;

    let managed = Managed::begin(&tools);
    managed.succeeds(&["update"]).said("Ok");
    managed.succeeds(&["search", "odd two"]).said("Odd Two==1.0");
    let versions = json_of(&managed.succeeds(&["versions", "Odd Two", "--format", "json"]));
    assert_eq!(
        (&versions[0]["version"], &versions[0]["author"]),
        (&json!("1.0"), &json!("Ann Author, Städtebau & Söhne"))
    );
    assert_eq!((&versions[0]["trusted"], &versions[0]["experimental"]), (&json!(true), &json!(false)));

    managed.succeeds(&["install", "Odd Two", "Lens", "Plain & Simple"]).said("Ok Odd Two 1.0");
    let lab_refused = managed.does(&["install", "Lab"]);
    assert_eq!(lab_refused.code, Some(1), "an experimental version is not taken unasked: {lab_refused:?}");
    managed.succeeds(&["install", "--pre", "Lab"]);
    let expected = [("Lab", "0.9"), ("Lens", "v1.2"), ("Odd Two", "1.0"), ("Plain & Simple", "2.4.0")];
    assert_eq!(
        managed.installed(),
        expected.map(|(name, version)| (name.to_owned(), version.to_owned())).into()
    );
    managed.succeeds(&["list", "--outdated", "--pre", "--format", "json"]).said("No outdated plugins");
    let code = read(&managed.folder.join("lens/plugin.py"));
    assert_eq!(code, read(&lens.folder.join("lens/plugin.py")));

    let two_next = publish(&ann, &two, "odd_two", "1.1").await;
    let lens_next = publish(&ann, &lens, "lens", "v1.3").await;
    app.settle().await;
    managed.succeeds(&["update"]);
    let outdated = json_of(&managed.succeeds(&["list", "--outdated", "--pre", "--format", "json"]));
    let outdated: Vec<_> =
        outdated.as_array().unwrap().iter().map(|row| (&row["name"], &row["latest"])).collect();
    assert_eq!(outdated, [(&json!("Lens"), &json!("v1.3")), (&json!("Odd Two"), &json!("1.1"))]);
    app.settle_downloads().await;
    let before = counted(&app).await.len();
    let upgraded = managed.succeeds(&["upgrade", "--pre"]);
    upgraded.said("1.1.0");
    upgraded.said("1.3.0");
    let expected = [("Lab", "0.9"), ("Lens", "v1.3"), ("Odd Two", "1.1"), ("Plain & Simple", "2.4.0")];
    assert_eq!(
        managed.installed(),
        expected.map(|(name, version)| (name.to_owned(), version.to_owned())).into()
    );
    let again = managed.succeeds(&["upgrade", "--pre"]);
    assert!(!again.out.contains("Installed"), "all is up to date: {again:?}");

    let downloads = counted(&app).await;
    assert_eq!(before, 4, "one for each install");
    let mut upgrades: Vec<_> = downloads[before..].iter().map(|download| download.version_id).collect();
    upgrades.sort_unstable();
    let mut expected = [two_next, lens_next];
    expected.sort_unstable();
    assert_eq!(upgrades, expected);
    for download in &downloads {
        assert_eq!(download.channel, Channel::PluginManager);
        assert_eq!((download.qgis, download.os), (Some(QgisRelease { major: 3, minor: 40 }), OsClass::Linux));
    }
});

both!(an_older_version_can_be_installed_by_its_number_in_any_form, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let ann = app.trusted("ann").await;
    let two = Repository::begin(&tools, "odd_two", "Odd Two", &[]);
    for version in ["1.0", "1.1", "2.4.0.1"] {
        publish(&ann, &two, "odd_two", version).await;
    }
    app.settle().await;
    let managed = Managed::begin(&tools);
    managed.succeeds(&["update"]);
    // The tool takes the address of the newest version and puts the asked number into it.
    for (asked, got) in [("1.0", "1.0"), ("1.1.0", "1.1"), ("2.4.0+1", "2.4.0.1"), ("1.0.0", "1.0")] {
        managed.succeeds(&["install", "--force", &format!("Odd Two=={asked}")]);
        assert_eq!(managed.installed()["Odd Two"], got, "{asked}");
    }
    let missing = managed.does(&["install", "--force", "Odd Two==3.0.0"]);
    assert_eq!(missing.code, Some(1), "{missing:?}");
    missing.said("No matching version found for 'Odd Two==3.0.0'");
    assert_eq!(managed.installed()["Odd Two"], "1.0", "a version that is not there leaves the old one alone");
});

both!(a_version_that_staff_take_back_is_gone_for_the_tool, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    let two = Repository::begin(&tools, "odd_two", "Odd Two", &[]);
    let ci = ann.with_bearer(&token(&app, &ann, "odd_two").await);
    publish(&ci, &two, "odd_two", "1.0").await;
    app.settle().await;
    let managed = Managed::begin(&tools);
    managed.succeeds(&["update"]);
    assert_eq!(managed.does(&["install", "Odd Two"]).code, Some(1), "nobody has approved it");

    sue.approve("odd_two", "1.0").await;
    managed.succeeds(&["update"]);
    managed.succeeds(&["install", "Odd Two"]);

    let query = "mutation($input: UnapproveVersionInput!) { unapproveVersion(input: $input) { position } }";
    let answer = sue.graphql(query, json!({ "input": { "package": "odd_two", "version": "1.0" } })).await;
    assert!(answer["errors"].is_null(), "{answer}");
    app.settle().await;
    managed.succeeds(&["update"]);
    managed.succeeds(&["list", "--outdated"]).said("Removed");
    let gone = managed.does(&["install", "--force", "Odd Two"]);
    assert_eq!(gone.code, Some(1), "{gone:?}");
    gone.said("No matching plugin found");
});

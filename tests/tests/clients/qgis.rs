//! QGIS's plugin manager, as `clients/qgis_client.py` speaks, caches, reads and unpacks for it.

use crate::look::{Repository, counted};
use crate::tools::{Ran, Tools};
use cairn_domain::download::{Channel, OsClass, QgisRelease};
use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{Person, TestApp};
use serde_json::{Value, json};

/// One profile of one QGIS.
struct Qgis<'a> {
    tools: &'a Tools,
    version: &'static str,
    profile: String,
}

impl<'a> Qgis<'a> {
    fn new(tools: &'a Tools, version: &'static str) -> Self {
        Self { tools, version, profile: format!("profile-{version}") }
    }

    fn does(&self, options: &[&str], deed: &str, path: &str, key: &[&str]) -> Ran {
        let url = format!("{}{path}", self.tools.base);
        let mut command = self.tools.script("qgis_client.py");
        self.tools.run(command.args(options).args([&self.profile, self.version, deed, &url]).args(key))
    }

    /// What the plugin manager shows and what was asked for that; the address is the usual one.
    fn tells(&self, options: &[&str], deed: &str, key: &[&str]) -> Value {
        let ran = self.does(options, deed, "/plugins/plugins.xml", key);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        ran.json()
    }

    fn opens(&self) -> Value {
        self.tells(&[], "open", &[])
    }
}

/// The status of each request and whether it was conditional.
fn asked(told: &Value) -> Vec<(u64, bool)> {
    let requests = told["asked"].as_array().expect("a list").iter();
    let seen = |one: &Value| Some((one["status"].as_u64()?, one["conditional"].as_bool()?));
    requests.map(|one| seen(one).expect("each request has a status")).collect()
}

async fn publish(author: &Person, package: PackageBuilder, name: &str) {
    author.upload_zip(name, package.metadata_key("name", &format!("The {name}")).build()).await;
}

both!(qgis_lists_installs_and_updates_a_plugin, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let ann = app.trusted("ann").await;
    let lens = Repository::begin(&tools, "urban_lens", "Urban Lens", &[]);
    let first = ann.upload_zip("urban_lens", lens.release("v1.9")).await["version_id"].as_u64().unwrap();
    app.settle().await;

    let qgis = Qgis::new(&tools, "3.40.6");
    let told = qgis.opens();
    let [plugin] = &told["listed"].as_array().unwrap()[..] else { panic!("{told}") };
    for (name, text) in [
        ("id", "urban_lens"),
        ("name", "Urban Lens"),
        ("version_available", "v1.9"),
        ("description", "Shows how dense a city is & where it grows"),
        ("author_name", "Ann Author, Städtebau & Söhne"),
        ("homepage", "https://cairn-clients.example.org/urban_lens?lang=en&from=qgis"),
        ("tags", "vector,density,urban planning"),
    ] {
        assert_eq!(plugin[name], text, "{name}");
    }
    assert!(
        plugin["about"].as_str().unwrap().contains("in English & Türkçe; <em>markup</em> is"),
        "{plugin}"
    );
    assert_eq!(told["status"], json!({ "urban_lens": "not installed" }));

    let told = qgis.tells(&[], "install", &["urban_lens"]);
    assert_eq!(asked(&told), [(304, true), (200, false)], "the feed was known, the package not");
    assert_eq!(told["status"], json!({ "urban_lens": "installed" }));
    assert_eq!(told["installed"], json!({ "urban_lens": "v1.9" }), "the very text, or it stays upgradeable");

    let second = ann.upload_zip("urban_lens", lens.release("1.10")).await["version_id"].as_u64().unwrap();
    app.settle().await;
    assert_eq!(qgis.opens()["status"], json!({ "urban_lens": "upgradeable" }));
    let told = qgis.tells(&[], "install", &["urban_lens"]);
    assert_eq!(told["status"], json!({ "urban_lens": "installed" }));
    assert_eq!(told["installed"], json!({ "urban_lens": "1.10" }));

    // An install of what is in the profile's cache is a conditional request, and counts as well.
    let told = qgis.tells(&[], "install", &["urban_lens"]);
    assert_eq!(asked(&told), [(304, true), (304, true)]);
    app.settle_downloads().await;
    let downloads = counted(&app).await;
    assert_eq!(downloads.iter().map(|one| one.version_id).collect::<Vec<_>>(), [first, second, second]);
    for one in &downloads {
        let seen = (one.channel, one.os, one.qgis);
        assert_eq!(seen, (Channel::Qgis, OsClass::Linux, Some(QgisRelease { major: 3, minor: 40 })));
    }
});

both!(qgis_takes_304_until_something_changes_and_reload_is_always_whole, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    sue.approve("lasso", "1.0").await;
    let qgis = Qgis::new(&tools, "3.40.6");
    let listed = |told: &Value| told["listed"].as_array().unwrap().len();

    let told = qgis.opens();
    assert_eq!((asked(&told), listed(&told)), (vec![(200, false)], 1));
    let told = qgis.opens();
    assert_eq!((asked(&told), listed(&told)), (vec![(304, true)], 1));
    ann.upload("other", "1.0").await;
    app.settle().await;
    assert_eq!(asked(&qgis.opens()), [(304, true)], "what waits for approval changes nothing");
    sue.approve("other", "1.0").await;
    let told = qgis.opens();
    assert_eq!((asked(&told), listed(&told)), (vec![(200, true)], 2));
    let told = qgis.tells(&[], "reload", &[]);
    assert_eq!((asked(&told), listed(&told)), (vec![(200, false)], 2));
});

both!(qgis_sees_what_it_can_run_and_what_its_user_allows, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let ann = app.trusted("ann").await;
    let plugin = |name: &str, min: &str| PackageBuilder::new(name).metadata_key("qgisMinimumVersion", min);
    publish(&ann, plugin("old_one", "3.4"), "old_one").await;
    publish(&ann, plugin("patched", "3.40.7"), "patched").await;
    publish(&ann, plugin("ends_at_22", "3.4").metadata_key("qgisMaximumVersion", "3.22"), "ends_at_22").await;
    publish(&ann, plugin("both_majors", "3.22").metadata_key("qgisMaximumVersion", "4.99"), "both_majors")
        .await;
    publish(&ann, plugin("given_up", "3.4").metadata_key("deprecated", "True"), "given_up").await;
    publish(&ann, plugin("beta", "3.4").version("1.0"), "beta").await;
    publish(&ann, plugin("beta", "3.4").version("2.0").metadata_key("experimental", "True"), "beta").await;
    app.settle().await;

    let keys = |told: &Value| told["offered"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for (version, expected) in [
        ("3.22.16", vec!["beta", "both_majors", "ends_at_22", "old_one"]),
        ("3.40.6", vec!["beta", "both_majors", "old_one"]),
        ("3.40.9", vec!["beta", "both_majors", "old_one", "patched"]),
        ("3.99.0", vec!["both_majors"]),
        ("4.0.1", vec!["both_majors"]),
    ] {
        let told = Qgis::new(&tools, version).opens();
        let mut seen = keys(&told);
        seen.sort_unstable();
        // 3.99 asks as 4.0, so the feed for it leaves out what ends with 3.99.
        assert_eq!(seen, expected, "{version}");
    }

    let qgis = Qgis::new(&tools, "3.40.6");
    assert_eq!(qgis.opens()["offered"]["beta"], "1.0");
    assert_eq!(qgis.tells(&["--experimental"], "open", &[])["offered"]["beta"], "2.0");
    assert_eq!(qgis.tells(&["--deprecated"], "open", &[])["offered"]["given_up"], "1.0.0");
    let listed = qgis.opens()["listed"].clone();
    let order: Vec<_> = listed.as_array().unwrap().iter().filter(|one| one["id"] == "beta").collect();
    let order: Vec<_> = order.iter().map(|one| (&one["version_available"], &one["experimental"])).collect();
    assert_eq!(order, [(&json!("1.0"), &json!(false)), (&json!("2.0"), &json!(true))], "stable first");
});

both!(addresses_that_people_type_into_qgis_work, |t| {
    let app = TestApp::start(&t).await;
    let Some(tools) = Tools::ready(&app) else { return };
    let ann = app.trusted("ann").await;
    let old = PackageBuilder::new("old_one").metadata_key("qgisMaximumVersion", "3.22");
    publish(&ann, old, "old_one").await;
    publish(&ann, PackageBuilder::new("new_one"), "new_one").await;
    app.settle().await;
    let qgis = Qgis::new(&tools, "3.40.6");
    // QGIS glues `?qgis=3.40` to each of them.
    for path in [
        "/plugins/plugins.xml",
        "/plugins/plugins.xml?k=1",
        "/plugins/plugins.xml?qgis=3.22",
        "/plugins/plugins.xml?qgis=3.22&stable_only=1",
        "/plugins/plugins_new.xml",
    ] {
        let ran = qgis.does(&[], "open", path, &[]);
        assert_eq!(ran.code, Some(0), "{path}: {ran:?}");
        let told = ran.json();
        let keys: Vec<_> = told["offered"].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["new_one"], "{path}");
    }
});

//! Plugins and versions as JSON.

use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::TestApp;
use reqwest::StatusCode;
use serde_json::Value;

both!(a_plugin_is_described_in_the_present_sites_keys, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    for version in ["1.0", "v1.2", "1.10"] {
        let zip = PackageBuilder::new("lasso")
            .version(version)
            .metadata_key("tags", "b,A")
            .metadata_key("changelog", "new")
            .build();
        ann.upload_zip("lasso", zip).await;
    }
    app.person("bob").await;
    app.settle().await;
    let text = app.stranger().text("/plugins/lasso/json").await;
    let keys = [
        "name",
        "package_name",
        "description",
        "about",
        "homepage",
        "repository",
        "tracker",
        "author",
        "tags",
        "downloads",
        "latest_version",
        "versions",
    ];
    let found: Vec<usize> = keys
        .iter()
        .map(|key| text.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key}: {text}")))
        .collect();
    assert!(found.is_sorted(), "the order of keys: {text}");
    let plugin: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(plugin["latest_version"], "1.10");
    let versions: Vec<_> =
        plugin["versions"].as_array().unwrap().iter().map(|one| one["version"].as_str().unwrap()).collect();
    assert_eq!(versions, ["1.10", "v1.2", "1.0"]);
    assert_eq!(plugin["versions"][0]["uploaded_by"], "ann");

    let version = app.stranger().json("/plugins/lasso/version/1.2.0/json").await;
    assert_eq!((version["version"].as_str(), version["changelog"].as_str()), (Some("v1.2"), Some("new")));
    assert_eq!(version["download_url"], format!("{}/plugins/lasso/version/v1.2/download/", app.base));

    for (path, target) in [("latest/", "version/1.10/"), ("latest/json", "version/1.10/json")] {
        let response = app.stranger().get(&format!("/plugins/lasso/{path}")).await;
        assert_eq!(response.status(), StatusCode::FOUND);
        assert_eq!(response.headers()["location"], format!("{}/plugins/lasso/{target}", app.base));
    }
});

both!(what_is_not_public_is_not_described, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person("ann").await;
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    for path in [
        "/plugins/lasso/json",
        "/plugins/lasso/version/1.0/json",
        "/plugins/lasso/latest/",
        "/plugins/nothing/json",
    ] {
        assert_eq!(app.stranger().get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
});

//! The main job: upload → approve → feed → counted download, every step an event.

use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{TestApp, feed};
use reqwest::StatusCode;
use serde_json::json;

both!(an_upload_becomes_public_when_staff_approve_it, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);

    let told = ann.upload("lasso", "1.0").await;
    assert_eq!((&told["success"], &told["approved"]), (&json!(true), &json!(false)));
    app.settle().await;
    assert_eq!(feed::entries(&ann.text("/plugins/plugins.xml?qgis=3.34").await).len(), 0);
    let hidden = app.stranger().get("/plugins/lasso/version/1.0/download/").await;
    assert_eq!(hidden.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        ann.get("/plugins/lasso/version/1.0/download/").await.status(),
        StatusCode::OK,
        "its owner reviews it"
    );

    sue.approve("lasso", "1.0").await;
    for path in
        ["/plugins/plugins.xml?qgis=3.34", "/plugins/plugins_3.44.xml", "/plugins/version_filtered/3.4.xml"]
    {
        let entries = feed::entries(&app.stranger().text(path).await);
        assert_eq!(entries.len(), 1, "{path}");
        assert_eq!((entries[0]["name"].as_str(), entries[0]["version"].as_str()), ("lasso", "1.0"));
        assert_eq!(entries[0]["uploaded_by"], "ann");
        assert_eq!(entries[0]["file_name"], "lasso.1.0.zip");
        assert_eq!(entries[0]["download_url"], format!("{}/plugins/lasso/version/1.0/download/", app.base));
    }
    let zip = app.stranger().get("/plugins/lasso/version/1.0/download/").await;
    let expected = PackageBuilder::new("lasso").version("1.0").metadata_key("name", "lasso").build();
    assert_eq!(zip.bytes().await.unwrap(), expected);
    app.settle_downloads().await;
    assert_eq!(app.stranger().json("/plugins/lasso/json").await["downloads"], 1);
});

both!(a_trusted_author_needs_no_approval_and_the_newest_of_each_kind_is_listed, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    for (version, experimental) in
        [("1.9", "False"), ("1.10", "False"), ("2.0-beta", "True"), ("0.9", "True")]
    {
        let zip =
            PackageBuilder::new("lasso").version(version).metadata_key("experimental", experimental).build();
        assert_eq!(ann.upload_zip("lasso", zip).await["approved"], true);
    }
    app.settle().await;
    let xml = app.stranger().text("/plugins/plugins.xml?qgis=3.34").await;
    let listed: Vec<_> = feed::entries(&xml)
        .into_iter()
        .map(|entry| (entry["version"].clone(), entry["experimental"].clone()))
        .collect();
    assert_eq!(listed, [("1.10".into(), "False".into()), ("2.0-beta".into(), "True".into())]);
    let stable = app.stranger().text("/plugins/plugins.xml?qgis=3.34&stable_only=1").await;
    assert_eq!(feed::entries(&stable).len(), 1);
});

both!(a_refused_package_tells_everything_that_is_wrong, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person("ann").await;
    let zip = PackageBuilder::new("lasso")
        .metadata_key("qgisMinimumVersion", "soon")
        .without_key("tracker")
        .without_file("LICENSE")
        .build();
    let before = app.house.commands.registry().head().await.unwrap();
    let response = ann.upload_to("lasso", zip).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!((&body["success"], &body["code"]), (&json!(false), &json!("package_refused")));
    let codes: Vec<_> = body["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect();
    for expected in ["qgis_minimum_invalid", "key_missing", "license_missing"] {
        assert!(codes.contains(&expected), "{expected} in {codes:?}");
    }
    assert_eq!(body["errors"]["__all__"].as_array().unwrap().len(), codes.len());
    assert_eq!(app.house.commands.registry().head().await.unwrap(), before, "nothing happened");
});

both!(everything_that_people_read_can_be_thrown_away, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.trusted("ann").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    ann.upload("lasso", "1.1").await;
    app.person("bob").await.upload("other", "0.1").await;
    sue.approve("other", "0.1").await;
    assert_eq!(app.stranger().get("/plugins/lasso/version/1.1/download/").await.status(), StatusCode::OK);
    app.settle_downloads().await;
    let before = app.house.projections.digests().await.unwrap();
    for (name, _) in &before {
        app.house.projections.rebuild(*name, |_, _| {}).await.unwrap();
    }
    assert_eq!(app.house.projections.digests().await.unwrap(), before);
});

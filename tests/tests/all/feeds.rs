//! Feeds: for every QGIS there is or may be, in every coding, and again only when something changed.

use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{TestApp, feed};
use reqwest::{Method, StatusCode};
use std::io::Read;
use std::time::Duration;

both!(any_well_formed_qgis_version_gets_a_feed, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    let old = PackageBuilder::new("old")
        .metadata_key("name", "old")
        .metadata_key("qgisMinimumVersion", "2.0")
        .build();
    let new =
        PackageBuilder::new("new").metadata_key("name", "new").metadata_key("qgisMinimumVersion", "3.34.7");
    let new = new.metadata_key("qgisMaximumVersion", "4.99").build();
    ann.upload_zip("old", old).await;
    ann.upload_zip("new", new).await;
    app.settle().await;
    for (query, names) in [
        ("?qgis=2.18", &["old"][..]),
        ("?qgis=3.34", &["new"]),
        ("?qgis=3.34.6", &[]),
        ("?qgis=3.34.7", &["new"]),
        ("?qgis=4.0", &["new"]),
        ("?qgis=97.3", &[]),
        ("?qgis=ltr", &["new"]),
        ("?qgis=latest", &["new"]),
        ("?k=1?qgis=2.8", &["old"]),
        ("?qgis=3.40?qgis=2.8", &["old"]),
        ("", &["old", "new"]),
        ("?qgis=", &["old", "new"]),
        ("?qgis=3.34&package_name=new", &["new"]),
        ("?package_name=nothing", &[]),
    ] {
        for file in ["plugins.xml", "plugins_new.xml"] {
            let xml = app.stranger().text(&format!("/plugins/{file}{query}")).await;
            let listed: Vec<_> = feed::entries(&xml).into_iter().map(|entry| entry["name"].clone()).collect();
            assert_eq!(listed, names, "{file}{query}");
        }
    }
    assert_eq!(
        app.stranger().get("/plugins/plugins.xml?qgis=newest").await.status(),
        StatusCode::BAD_REQUEST
    );
    assert_eq!(app.stranger().get("/plugins/plugins_x.xml").await.status(), StatusCode::BAD_REQUEST);
});

both!(a_feed_comes_in_the_coding_that_was_asked_for_and_once, |t| {
    let app = TestApp::start(&t).await;
    let (ann, path) = (app.trusted("ann").await, "/plugins/plugins.xml?qgis=3.34");
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    let visitor = app.stranger();
    let plain = visitor.text(path).await;
    let ask = async |coding: &str| {
        visitor.request(Method::GET, path).header("accept-encoding", coding).send().await.unwrap()
    };
    let gzip = ask("gzip, deflate").await;
    assert_eq!(gzip.headers()["content-encoding"], "gzip");
    assert_eq!(
        (&gzip.headers()["cache-control"], &gzip.headers()["vary"]),
        (&"no-cache".parse().unwrap(), &"Accept-Encoding".parse().unwrap())
    );
    assert!(gzip.headers().get("last-modified").is_none(), "QGIS would not ask again for weeks");
    let etag = gzip.headers()["etag"].clone();
    let mut unpacked = String::new();
    let packed = gzip.bytes().await.unwrap();
    flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain);
    let again = ask("gzip").await;
    assert_eq!(again.content_length(), Some(packed.len() as u64));
    assert_eq!(again.bytes().await.unwrap(), packed, "sent in parts first, in one piece then");
    for (asked, given) in [("zstd, br, gzip, deflate", "zstd"), ("br", "br")] {
        let response = ask(asked).await;
        assert_eq!(response.headers()["content-encoding"], given);
        assert_ne!(response.headers()["etag"], etag, "a strong ETag names one coding");
    }

    let conditional = async || {
        let request = visitor
            .request(Method::GET, path)
            .header("accept-encoding", "gzip")
            .header("if-none-match", &etag);
        request.send().await.unwrap().status()
    };
    assert_eq!(conditional().await, StatusCode::NOT_MODIFIED);
    ann.upload("lasso", "1.1").await;
    app.settle().await;
    assert_eq!(conditional().await, StatusCode::OK);
});

both!(numbers_in_feeds_follow_on_a_slow_beat, |t| {
    let app = TestApp::with(&t, |config| config.feed_counts_every = Duration::from_millis(300)).await;
    app.trusted("ann").await.upload("lasso", "1.0").await;
    app.settle().await;
    let visitor = app.stranger();
    assert_eq!(feed::entries(&visitor.text("/plugins/plugins.xml?qgis=3.34").await)[0]["downloads"], "0");
    visitor.get("/plugins/lasso/version/1.0/download/").await;
    for _ in 0..100 {
        let entries = feed::entries(&visitor.text("/plugins/plugins.xml?qgis=3.34").await);
        if entries[0]["downloads"] == "1" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the feed never showed the download");
});

both!(what_is_unapproved_or_deleted_leaves_every_feed, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.trusted("ann").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    ann.upload("lasso", "1.1").await;
    app.settle().await;
    let listed = async || {
        let entries = feed::entries(&app.stranger().text("/plugins/plugins.xml?qgis=3.34").await);
        entries.into_iter().map(|entry| entry["version"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(listed().await, ["1.1"]);
    let unapprove =
        "mutation($input: UnapproveVersionInput!) { unapproveVersion(input: $input) { position } }";
    let answer = sue
        .graphql(
            unapprove,
            serde_json::json!({ "input": { "package": "lasso", "version": "1.1", "reason": "crashes" } }),
        )
        .await;
    assert!(answer["errors"].is_null(), "{answer}");
    app.settle().await;
    assert_eq!(listed().await, ["1.0"]);
    let delete = cairn_commands::version::DeleteVersion {
        package: "lasso".parse().unwrap(),
        version: "1.0".into(),
        reason: None,
    };
    app.operate(&delete).await;
    app.settle().await;
    assert_eq!(listed().await, Vec::<String>::new());
});

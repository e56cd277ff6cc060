//! The made-up community of `cairn serve --demo`.

use cairn_cli::args::SettingsArgs;
use cairn_cli::config::Config;
use cairn_cli::demo;
use cairn_store::both;
use cairn_store::testing::TestDb;
use cairn_tests::{TestApp, feed};
use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use serde_json::{Value, json};

fn config(t: &TestDb) -> Config {
    let args = SettingsArgs {
        data_dir: Some(t.folder().to_owned()),
        database_url: Some(t.url().to_owned()),
        ..SettingsArgs::default()
    };
    Config::load(&args).expect("these settings are good")
}

fn noon() -> DateTime<Utc> {
    "2026-11-20T12:00:00Z".parse().expect("a time")
}

both!(an_empty_repository_is_filled_with_life, |t| {
    demo::fill_until(&config(&t), noon()).await.expect("it is empty");
    let app = TestApp::start(&t).await;
    app.settle().await;

    let entries = feed::entries(&app.stranger().text("/plugins/plugins.xml?qgis=3.44").await);
    assert!(entries.len() > 170, "{} entries in the feed", entries.len());
    let stable = entries.iter().filter(|entry| entry["experimental"] == "False").count();
    assert!((150..entries.len()).contains(&stable), "{stable} stable ones");
    assert!(entries.iter().any(|entry| entry["deprecated"] == "True"), "one is given up");
    let downloads: u64 = entries.iter().map(|entry| entry["downloads"].parse::<u64>().unwrap()).sum();
    assert!(downloads > 80_000, "{downloads} downloads");

    for name in [demo::AUTHOR, demo::STAFF] {
        let body = json!({ "username": name, "password": demo::PASSWORD });
        let request = app.stranger().request(reqwest::Method::POST, "/api/token/").json(&body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{name} signs in");
        let answer: Value = answer.json().await.unwrap();
        let person = app.stranger().with_bearer(answer["access"].as_str().unwrap());
        let asked = person.graphql("{ me { name staff } }", json!({})).await;
        assert_eq!(asked["data"]["me"]["staff"], name == demo::STAFF, "{asked}");
    }
});

both!(a_repository_in_which_something_happened_is_left_alone, |t| {
    let app = TestApp::start(&t).await;
    app.person("ann").await;
    let fault = demo::fill_until(&config(&t), noon()).await.unwrap_err().to_string();
    assert!(fault.contains("an empty repository only"), "{fault}");
});

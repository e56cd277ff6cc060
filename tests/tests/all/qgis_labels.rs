//! What feeds mean by `latest`, `stable` and `ltr`.

use cairn_store::both;
use cairn_tests::{Person, TestApp};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const SET: &str = "mutation($input: SetQgisReleasesInput!) \
    { setQgisReleases(input: $input) { position releases { latest stable ltr configured } } }";

const ASK: &str = "{ qgisReleases { latest stable ltr configured } \
    latest: feed(qgis: \"latest\") { qgis } stable: feed(qgis: \"stable\") { qgis } ltr: feed(qgis: \"ltr\") { qgis } }";

async fn set(person: &Person, latest: &str, ltr: &str) -> Value {
    person.graphql(SET, json!({ "input": { "latest": latest, "ltr": ltr } })).await
}

/// Waits until feeds mean these.
async fn mean(app: &TestApp, latest: &str, ltr: &str) {
    let begun = Instant::now();
    loop {
        let answer = app.stranger().graphql(ASK, json!({})).await;
        let told = ["latest", "stable", "ltr"].map(|label| answer["data"][label]["qgis"].clone());
        if told == [latest, ltr, ltr] {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{answer}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

both!(feeds_follow_what_staff_say_of_qgis, |t| {
    let (app, other) = (TestApp::start(&t).await, TestApp::start(&t).await);
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    let before = app.stranger().graphql(ASK, json!({})).await;
    let configured = json!({ "latest": "3.44", "stable": "3.40", "ltr": "3.40", "configured": true });
    assert_eq!(before["data"]["qgisReleases"], configured);
    mean(&app, "3.44", "3.40").await;

    let refused = set(&ann, "4.0", "3.44").await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "not_staff", "{refused}");
    let refused = set(&sue, "newest", "3.44").await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "invalid_input", "{refused}");

    let done = set(&sue, "4.0.1", "3.44").await;
    let told = json!({ "latest": "4.0", "stable": "3.44", "ltr": "3.44", "configured": false });
    assert_eq!(done["data"]["setQgisReleases"]["releases"], told, "{done}");
    for node in [&app, &other] {
        mean(node, "4.0", "3.44").await;
        assert_eq!(node.stranger().graphql(ASK, json!({})).await["data"]["qgisReleases"], told);
    }
    // A node that starts later knows it from its start.
    mean(&TestApp::start(&t).await, "4.0", "3.44").await;
});

//! For operators: alive, ready, metrics, positions, and what a stranger sees of our faults.

use cairn_store::both;
use cairn_tests::TestApp;
use reqwest::{Method, StatusCode};
use serde_json::Value;

both!(a_running_server_says_so, |t| {
    let app = TestApp::start(&t).await;
    app.trusted("ann").await.upload("lasso", "1.0").await;
    app.settle().await;
    assert_eq!(app.stranger().text("/healthz").await, "ok\n");
    let ready = app.stranger().json("/readyz").await;
    assert_eq!(ready["ready"], true, "{ready}");
    assert!(ready["projections"].as_array().unwrap().iter().all(|one| one["halted"].is_null()));
    let metrics = app.stranger().text("/metrics").await;
    for name in ["cairn_commands_total", "cairn_http_requests_total", "cairn_projection_lag_positions"] {
        assert!(metrics.contains(name), "{name}");
    }
});

both!(an_address_where_nothing_is_says_so, |t| {
    let app = TestApp::start(&t).await;
    let answer = app.stranger().get("/elsewhere").await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let told: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(told["code"], "nothing_here", "{told}");
});

both!(a_read_may_demand_what_a_write_has_done, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    for version in 0..20 {
        let position = ann.upload("lasso", &format!("1.{version}")).await["position"].as_u64().unwrap();
        let read = app
            .stranger()
            .request(Method::GET, "/plugins/plugins.xml?qgis=3.34")
            .header("cairn-at-least", position);
        let xml = read.send().await.unwrap().text().await.unwrap();
        assert!(
            xml.contains(&format!("version=\"1.{version}\"")),
            "version 1.{version} at {position}: {xml}"
        );
    }
    let future =
        app.stranger().request(Method::GET, "/plugins/lasso/json").header("cairn-at-least", "999999");
    let response = future.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.json::<Value>().await.unwrap()["code"], "behind");
});

both!(what_is_not_there_and_what_is_too_large_is_said_clearly, |t| {
    let app = TestApp::with(&t, |config| config.package_limits.size_bytes_max = 20_000).await;
    let ann = app.person("ann").await;
    let nothing = app.stranger().get("/no/such/thing").await;
    assert_eq!(nothing.status(), StatusCode::NOT_FOUND);
    assert!(nothing.headers().contains_key("x-request-id"));
    assert_eq!(ann.upload_to("lasso", vec![b'P'; 20_001]).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        ann.upload_to("lasso", vec![b'P'; 20_000]).await.status(),
        StatusCode::BAD_REQUEST,
        "read, and no zip"
    );
    assert_eq!(ann.upload_to("lasso", vec![b'P'; 200_000]).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
});

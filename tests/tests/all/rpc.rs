//! Old clients: XML-RPC, JSON-RPC and QGIS's votes.

use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{PASSWORD, TestApp, feed};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

fn base64(bytes: &[u8]) -> String {
    use std::fmt::Write;
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS[(number >> (18 - 6 * place) & 63) as usize] as char;
            let _ = write!(text, "{}", if place > chunk.len() { '=' } else { digit });
        }
    }
    text
}

async fn rpc(
    app: &TestApp,
    credentials: Option<&str>,
    content_type: &str,
    body: String,
) -> (StatusCode, String) {
    let mut request = app
        .stranger()
        .request(Method::POST, "/plugins/RPC2/")
        .header("content-type", content_type)
        .body(body);
    if let Some(name) = credentials {
        request = request.basic_auth(name, Some(PASSWORD));
    }
    let response = request.send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

fn xml_upload(zip: &[u8]) -> String {
    format!(
        "<?xml version='1.0'?><methodCall><methodName>plugin.upload</methodName><params><param><value><base64>\n{}\n</base64></value></param></params></methodCall>",
        base64(zip)
    )
}

both!(xml_rpc_uploads, |t| {
    let app = TestApp::start(&t).await;
    app.person_with_password("ann").await;
    let zip = PackageBuilder::new("lasso").version("1.0").build();
    let (status, body) = rpc(&app, Some("ann"), "text/xml", xml_upload(&zip)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body.matches("<int>").count(), 2, "{body}");
    let (status, body) = rpc(&app, Some("ann"), "text/xml", xml_upload(&zip)).await;
    assert!(
        status == StatusCode::OK && body.contains("<fault>") && body.contains("was used before"),
        "{body}"
    );
    let (_, body) = rpc(&app, Some("ann"), "text/xml", xml_upload(b"not a zip")).await;
    assert!(body.contains("File upload must be a valid QGIS Python plugin compressed archive."), "{body}");
    assert_eq!(rpc(&app, None, "text/xml", xml_upload(&zip)).await.0, StatusCode::UNAUTHORIZED);
});

both!(json_rpc_uploads_and_never_says_error_when_there_is_none, |t| {
    let app = TestApp::start(&t).await;
    app.person_with_password("ann").await;
    let zip = base64(&PackageBuilder::new("lasso").version("1.0").build());
    let body = json!({ "jsonrpc": "2.0", "method": "plugin.upload", "params": [zip], "id": "x" }).to_string();
    let (status, answer) = rpc(&app, Some("ann"), "application/json", body.clone()).await;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(
        (status, answer["result"].as_array().unwrap().len(), answer.get("error")),
        (StatusCode::OK, 2, None)
    );
    let (_, answer) = rpc(&app, Some("ann"), "application/json", body).await;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert!(
        answer.get("result").is_none()
            && answer["error"]["message"].as_str().unwrap().contains("used before"),
        "{answer}"
    );
});

both!(a_vote_counts_once_a_day_for_an_unknown_voter, |t| {
    let app =
        TestApp::with(&t, |config| config.feed_counts_every = std::time::Duration::from_millis(200)).await;
    let told = app.trusted("ann").await.upload("lasso", "1.0").await;
    app.settle().await;
    let vote = |score: &str| {
        format!(
            r#"{{"id": "djangorpc", "method": "plugin.vote", "params": ["{}", "{score}"]}}"#,
            told["plugin_id"]
        )
    };
    for score in ["1", "4"] {
        let (status, answer) = rpc(&app, None, "application/json", vote(score)).await;
        assert!(status == StatusCode::OK && answer.contains("cookie"), "{answer}");
    }
    let (_, answer) = rpc(&app, None, "application/json", vote("9")).await;
    assert!(answer.contains("error"), "{answer}");
    for _ in 0..100 {
        let entries = feed::entries(&app.stranger().text("/plugins/plugins.xml?qgis=3.34").await);
        if entries[0]["rating_votes"] == "1" {
            assert!(entries[0]["average_vote"].starts_with("3.99"), "{}", entries[0]["average_vote"]);
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the feed never showed the vote");
});

both!(tags_and_maintainers_are_listed, |t| {
    let app = TestApp::start(&t).await;
    let zip = PackageBuilder::new("lasso").metadata_key("tags", "vector, Select").build();
    app.trusted("ann").await.upload_zip("lasso", zip).await;
    app.person_with_password("bob").await;
    let sue = app.person_with_password("sue").await;
    app.operate(&cairn_commands::account::GrantStaff { account: sue.id() }).await;
    app.settle().await;
    let call = |method: &str| format!("<methodCall><methodName>{method}</methodName></methodCall>");
    let (_, tags) = rpc(&app, None, "text/xml", call("plugin.tags")).await;
    assert!(tags.find("select").unwrap() < tags.find("vector").unwrap(), "{tags}");
    let (_, refused) = rpc(&app, Some("bob"), "text/xml", call("plugin.maintainers")).await;
    assert!(refused.contains("<fault>") && !refused.contains('@'), "{refused}");
    let (_, told) = rpc(&app, Some("sue"), "text/xml", call("plugin.maintainers")).await;
    assert!(told.contains("ann@example.org") && !told.contains("bob@"), "{told}");
});

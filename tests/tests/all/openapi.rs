//! What `/openapi.json` tells of is there, and answers as it is told.

use cairn_store::both;
use cairn_tests::TestApp;
use reqwest::Method;
use serde_json::Value;

both!(every_documented_route_answers, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    let document = app.stranger().json("/openapi.json").await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut probed = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        let filled = path
            .replace("{package}", "lasso")
            .replace("{version}", "1.0")
            .replace("{qgis}", "3.40")
            .replace("{tag}", "raster")
            .replace("{sha256}", &"0".repeat(64))
            .replace("{file}", if path.starts_with("/icons") { "0.png" } else { "3.40.xml" });
        assert!(!filled.contains('{'), "{path} has a parameter that this test does not know");
        for (method, operation) in item.as_object().expect("methods") {
            let method: Method = method.to_uppercase().parse().expect("a method");
            let answer = app.stranger().request(method.clone(), &filled).send().await.expect("an answer");
            let status = answer.status();
            let media_type = answer.headers().get("content-type").and_then(|value| value.to_str().ok());
            let media_type = media_type.map(|text| text.split(';').next().unwrap_or_default().to_owned());
            let body = answer.text().await.expect("a body");
            // There is no icon of this digest, nor such a file, nor such a tag.
            let may_be_nothing = ["/replaced/", "/icons/", "/tags/"].iter().any(|part| filled.contains(part));
            assert!(may_be_nothing || !body.contains("\"nothing_here\""), "{method} {path}: {body}");
            assert!(status != 405 || path == "/graphql", "{method} {path}: {status}");
            assert!(!status.is_server_error(), "{method} {path}: {status} {body}");
            let told = &operation["responses"];
            let reference = told.get(status.as_str()).unwrap_or(&told["default"]);
            let told = match reference["$ref"].as_str() {
                Some(to) => document.pointer(to.trim_start_matches('#')).expect("it is there"),
                None => reference,
            };
            let known =
                |kind: &String| told["content"].as_object().is_some_and(|content| content.contains_key(kind));
            let empty = body.is_empty() && (told["content"].is_null() || method == Method::HEAD);
            assert!(
                empty || media_type.as_ref().is_some_and(known),
                "{method} {path}: {status} {media_type:?}"
            );
            probed += 1;
        }
    }
    assert!(probed > 25, "{probed}");
    let wrong: Value =
        serde_json::from_str(&app.stranger().get("/openapi.json/x").await.text().await.unwrap()).unwrap();
    assert_eq!(wrong["code"], "nothing_here");
});

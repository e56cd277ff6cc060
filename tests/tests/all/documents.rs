//! Documents that are known beforehand: named by their digests, and where an operator wants it, the only ones that are answered.

use cairn_domain::names::Sha256;
use cairn_store::both;
use cairn_tests::{Person, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

const OPERATORS: &str = "query Head { events(last: 1) { head } }";
const FREE: &str = "{ events(last: 1) { head } }";

fn digest(text: &str) -> String {
    Sha256::of(text.as_bytes()).to_string()
}

async fn send(person: &Person, body: &Value) -> Value {
    let request = person.request(Method::POST, "/graphql").json(body);
    request.send().await.expect("the server answers").json().await.expect("JSON")
}

/// `data` when there were no errors, else the code of the first.
async fn outcome(person: &Person, body: Value) -> String {
    let answer = send(person, &body).await;
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => code.to_owned(),
        None if answer["data"]["events"]["head"].is_u64() => "data".to_owned(),
        None => panic!("{answer}"),
    }
}

/// The ways to name a document.
fn named(digest: &str) -> [Value; 3] {
    [
        json!({ "documentId": digest }),
        json!({ "documentId": format!("sha256:{digest}") }),
        json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": digest } } }),
    ]
}

/// A server whose operator knows one document.
async fn started(t: &cairn_store::testing::TestDb, only_known: bool) -> TestApp {
    let folder = t.folder().join("documents");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("head.graphql"), OPERATORS).unwrap();
    TestApp::with(t, |config| {
        config.documents.only_known = only_known;
        config.documents.folder = Some(folder);
    })
    .await
}

both!(a_known_document_is_asked_by_its_digest, |t| {
    let app = started(&t, false).await;
    let stranger = app.stranger();
    for body in named(&digest(OPERATORS)) {
        assert_eq!(outcome(&stranger, body).await, "data");
    }
    for body in named(&digest(FREE)) {
        assert_eq!(outcome(&stranger, body).await, "PERSISTED_QUERY_NOT_FOUND");
    }
    let own = cairn_web::DOCUMENTS[0];
    let answer = send(&stranger, &json!({ "documentId": digest(own.text) })).await;
    assert!(answer["errors"][0]["extensions"]["code"] != "PERSISTED_QUERY_NOT_FOUND", "{answer}");
    assert_eq!(outcome(&stranger, json!({ "query": FREE })).await, "data");
    let both = json!({ "query": FREE, "documentId": digest(FREE) });
    assert_eq!(outcome(&stranger, both).await, "data");
    for bad in [
        json!({ "query": FREE, "documentId": digest(OPERATORS) }),
        json!({ "query": FREE, "documentId": "nonsense" }),
        json!({ "query": FREE, "extensions": { "persistedQuery": 1 } }),
    ] {
        assert_eq!(outcome(&stranger, bad).await, "invalid_document");
    }
});

both!(where_only_known_documents_are_answered_staff_may_still_ask_any, |t| {
    let app = started(&t, true).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    for nobody in [&app.stranger(), &ann] {
        for body in named(&digest(OPERATORS)) {
            assert_eq!(outcome(nobody, body).await, "data", "{}", nobody.name);
        }
        assert_eq!(outcome(nobody, json!({ "query": OPERATORS })).await, "data");
        assert_eq!(outcome(nobody, json!({ "query": FREE })).await, "document_unknown");
        let named = json!({ "query": FREE, "documentId": digest(FREE) });
        assert_eq!(outcome(nobody, named).await, "document_unknown");
        let deed =
            json!({ "query": "mutation { events: leavePlugin(input: { package: \"x\" }) { position } }" });
        assert_eq!(outcome(nobody, deed).await, "document_unknown");
    }
    assert_eq!(outcome(&sue, json!({ "query": FREE })).await, "data");
    // Pages ask within the program.
    assert!(ann.get("/").await.status().is_success());
});

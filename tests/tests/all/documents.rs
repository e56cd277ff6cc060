//! Documents that are known beforehand: named by their digests, and where an operator wants it, the only ones that are answered.

use cairn_domain::names::Sha256;
use cairn_store::both;
use cairn_tests::pages::PAGES;
use cairn_tests::world::World;
use cairn_tests::{PASSWORD, Person, TestApp};
use reqwest::{Method, StatusCode};
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

both!(where_only_known_documents_are_answered_pages_go_on_as_before, |t| {
    let world = World::plain(started(&t, true).await).await;
    let mut faults = Vec::new();
    for page in PAGES {
        let status = world.page(page).await.status();
        if status.is_server_error() || status == StatusCode::FORBIDDEN {
            faults.push(format!("{} as {:?}: {status}", page.route, page.who));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    world.app.person_with_password("eve").await;
    let form = [("name", "eve"), ("password", PASSWORD)];
    let signed_in =
        world.post(cairn_tests::pages::Who::Visitor, "/account/sign-in/", "same-origin", &form).await;
    assert_eq!(signed_in.status(), StatusCode::SEE_OTHER, "a form does its deed");
    assert!(signed_in.headers().contains_key("set-cookie"));
});

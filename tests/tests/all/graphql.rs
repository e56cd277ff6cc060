//! Everything over GraphQL: the main job, who sees what, and what each refusal says.

use cairn_commands::site::SetPolicy;
use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{Person, TestApp, feed};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const UPLOAD: &str = "mutation($input: UploadPluginInput!) { uploadPlugin(input: $input) {
    position package number approved findings { code } plugin { name listed } version { number approved } } }";

/// Sends a package by the GraphQL multipart request specification.
async fn upload(person: &Person, zip: Vec<u8>) -> Value {
    let operations = json!({ "query": UPLOAD, "variables": { "input": { "file": null } } });
    let form = Form::new()
        .text("operations", operations.to_string())
        .text("map", json!({ "zip": ["variables.input.file"] }).to_string())
        .part("zip", Part::bytes(zip).file_name("lasso.zip"));
    let request = person.request(Method::POST, "/graphql").header("GraphQL-Preflight", "1").multipart(form);
    let response = request.send().await.expect("the server answers");
    response.json().await.expect("JSON")
}

/// The data of an answer without errors.
async fn ask(person: &Person, query: &str, variables: Value) -> Value {
    let answer = person.graphql(query, variables).await;
    assert!(answer["errors"].is_null(), "{query}: {answer}");
    answer["data"].clone()
}

/// The code of the only error of an answer.
async fn code(person: &Person, query: &str, variables: Value) -> String {
    let answer = person.graphql(query, variables).await;
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{query}: {answer}");
    answer["errors"][0]["extensions"]["code"].as_str().expect("every error has a code").to_owned()
}

fn lasso(version: &str) -> Vec<u8> {
    PackageBuilder::new("lasso").version(version).build()
}

both!(an_upload_is_read_back_in_the_same_request, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    let uploaded = upload(&ann, lasso("1.0")).await;
    assert!(uploaded["errors"].is_null(), "{uploaded}");
    let payload = &uploaded["data"]["uploadPlugin"];
    assert_eq!((&payload["number"], &payload["approved"]), (&json!("1.0"), &json!(false)));
    assert_eq!(payload["plugin"]["listed"], false);
    assert_eq!(payload["version"], json!({ "number": "1.0", "approved": false }));

    let approve = "mutation { approveVersion(input: { package: \"lasso\", version: \"1.0.0\" }) {
        position number approved version { approved plugin { listed stable { number } } } } }";
    let approved = &ask(&sue, approve, json!({})).await["approveVersion"];
    assert_eq!((&approved["number"], &approved["approved"]), (&json!("1.0"), &json!(true)));
    assert_eq!(approved["version"]["plugin"], json!({ "listed": true, "stable": { "number": "1.0" } }));
    assert!(approved["position"].as_u64() > payload["position"].as_u64());

    let query =
        "query($at: Position) { plugin(package: \"LASSO\", atLeast: $at) { package owners { name email } } }";
    let seen = ask(&app.stranger(), query, json!({ "at": approved["position"] })).await;
    assert_eq!(seen["plugin"], json!({ "package": "lasso", "owners": [{ "name": "ann", "email": null }] }));
});

both!(what_waits_is_seen_by_owners_and_staff_only, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.person("ann").await, app.person("bob").await, app.staff("sue").await);
    upload(&ann, lasso("1.0")).await;
    app.settle().await;
    let query = "{ plugin(package: \"lasso\") { waitingVersions versions { number } }
        version(package: \"lasso\", version: \"1.0\") { sha256 }
        plugins { totalCount } }";
    for nobody in [&app.stranger(), &bob] {
        let seen = ask(nobody, query, json!({})).await;
        assert_eq!(seen, json!({ "plugin": null, "version": null, "plugins": { "totalCount": 0 } }));
    }
    for somebody in [&ann, &sue] {
        let seen = ask(somebody, query, json!({})).await;
        assert_eq!(seen["plugin"], json!({ "waitingVersions": 1, "versions": [{ "number": "1.0" }] }));
    }
    let waiting = "{ plugins(filter: { state: WAITING }) { totalCount nodes { package } } }";
    for (who, count) in [(&ann, 1), (&sue, 1), (&bob, 0)] {
        assert_eq!(ask(who, waiting, json!({})).await["plugins"]["totalCount"], count, "{}", who.name);
    }
    assert_eq!(code(&app.stranger(), waiting, json!({})).await, "unauthenticated");

    sue.approve("lasso", "1.0").await;
    upload(&ann, lasso("1.1")).await;
    app.settle().await;
    let versions = "{ plugin(package: \"lasso\") { waitingVersions versions { number } version(number: \"1.1\") { number } } }";
    let public = ask(&bob, versions, json!({})).await;
    assert_eq!(
        public["plugin"],
        json!({ "waitingVersions": null, "versions": [{ "number": "1.0" }], "version": null })
    );
    let own = ask(&ann, versions, json!({})).await;
    assert_eq!(own["plugin"]["versions"], json!([{ "number": "1.1" }, { "number": "1.0" }]));
});

both!(addresses_are_told_to_their_owner_and_staff_only, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.trusted("ann").await, app.person("bob").await, app.staff("sue").await);
    upload(&ann, lasso("1.0")).await;
    app.settle().await;
    let query = "{ plugin(package: \"lasso\") { owners { email tokens { tokenId } } stable { author authorEmail uploadedBy { email } } } }";
    for (who, knows) in [(&app.stranger(), false), (&bob, false), (&ann, true), (&sue, true)] {
        let seen = ask(who, query, json!({})).await;
        let email = if knows { json!("ann@example.org") } else { Value::Null };
        assert_eq!(seen["plugin"]["owners"][0]["email"], email, "{}", who.name);
        assert_eq!(seen["plugin"]["stable"]["uploadedBy"]["email"], email, "{}", who.name);
        assert_eq!(seen["plugin"]["stable"]["authorEmail"].is_null(), !knows, "{}", who.name);
        assert!(seen["plugin"]["stable"]["author"].is_string(), "{seen}");
    }
    let me = ask(&ann, "{ me { name email trusted staff plugins { package } } }", json!({})).await;
    let expected = json!({ "name": "ann", "email": "ann@example.org", "trusted": true, "staff": false, "plugins": [{ "package": "lasso" }] });
    assert_eq!(me["me"], expected);
    assert_eq!(ask(&app.stranger(), "{ me { name } }", json!({})).await, json!({ "me": null }));
});

both!(every_deed_of_staff_is_refused_to_others_with_its_code, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, sue) = (app.person("ann").await, app.person("bob").await, app.admin("sue").await);
    let no_factor = Some(cairn_domain::site::StaffFactor::Never);
    app.operate(&SetPolicy { staff_factor: no_factor, ..SetPolicy::default() }).await;
    for (deed, field, after) in [
        ("grantTrust", "trusted", true),
        ("withdrawTrust", "trusted", false),
        ("blockAccount", "blocked", true),
        ("unblockAccount", "blocked", false),
        ("grantStaff", "staff", true),
        ("grantAdmin", "admin", true),
        ("withdrawAdmin", "admin", false),
        ("withdrawStaff", "staff", false),
    ] {
        let query = format!(
            "mutation {{ {deed}(input: {{ account: \"ann\" }}) {{ accountId account {{ name {field} }} }} }}"
        );
        assert_eq!(code(&bob, &query, json!({})).await, "not_staff", "{deed}");
        assert_eq!(code(&app.stranger(), &query, json!({})).await, "unauthenticated", "{deed}");
        let done = ask(&sue, &query, json!({})).await;
        assert_eq!(done[deed]["accountId"], ann.id().to_string());
        assert_eq!(done[deed]["account"][field], after, "{deed}");
    }
    let unknown = "mutation { grantTrust(input: { account: \"nobody\" }) { position } }";
    assert_eq!(code(&sue, unknown, json!({})).await, "account_unknown");
});

both!(ownership_is_given_and_taken, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, _) = (app.trusted("ann").await, app.person("bob").await, app.person("cid").await);
    let sue = app.staff("sue").await;
    upload(&ann, lasso("1.0")).await;
    let deed = |deed: &str, rest: &str| {
        format!(
            "mutation {{ {deed}(input: {{ package: \"lasso\", {rest} }}) {{ ownerIds owners {{ name }} plugin {{ owners {{ name }} }} }} }}"
        )
    };
    let names = |names: &[&str]| -> Vec<String> {
        let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        names.sort();
        names
    };
    let owners = |payload: &Value| {
        let mut owners: Vec<String> = payload["owners"]
            .as_array()
            .unwrap()
            .iter()
            .map(|owner| owner["name"].as_str().unwrap().to_owned())
            .collect();
        owners.sort();
        owners
    };
    let add = deed("addOwner", "account: \"bob\", reason: \"asked\"");
    assert_eq!(code(&ann, &add, json!({})).await, "not_staff", "owners invite");
    let added = ask(&sue, &add, json!({})).await;
    assert_eq!(owners(&added["addOwner"]), names(&["ann", "bob"]));
    assert_eq!(owners(&added["addOwner"]["plugin"]), names(&["ann", "bob"]));
    let give = deed("transferOwnership", "from: \"ann\", to: \"cid\", reason: \"asked\"");
    assert_eq!(code(&ann, &give, json!({})).await, "not_staff", "owners offer");
    let given = ask(&sue, &give, json!({})).await;
    assert_eq!(owners(&given["transferOwnership"]), names(&["bob", "cid"]));
    let removed = ask(&bob, &deed("removeOwner", "account: \"cid\""), json!({})).await;
    assert_eq!(owners(&removed["removeOwner"]), names(&["bob"]));
    assert_eq!(code(&bob, &deed("removeOwner", "account: \"bob\""), json!({})).await, "last_owner");
});

both!(a_token_is_shown_once_uploads_and_dies, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person("ann").await;
    let issue = "mutation { issueToken(input: { package: \"lasso\", idempotencyKey: \"k\" }) { repeated tokenId secret token { package } } }";
    let first = ask(&ann, issue, json!({})).await["issueToken"].clone();
    let again = ask(&ann, issue, json!({})).await["issueToken"].clone();
    assert_eq!(
        (&again["repeated"], &again["secret"], &again["tokenId"]),
        (&json!(true), &Value::Null, &first["tokenId"])
    );
    assert_eq!(first["token"]["package"], "lasso");

    let ci = ann.with_bearer(first["secret"].as_str().unwrap());
    assert!(upload(&ci, lasso("1.0")).await["errors"].is_null());
    assert_eq!(code(&ci, "{ me { name } }", json!({})).await, "token_scope");
    assert_eq!(code(&ci, issue, json!({})).await, "token_scope");
    let email = "{ plugin(package: \"lasso\") { owners { name email } } }";
    app.settle().await;
    assert_eq!(
        ask(&ci, email, json!({})).await["plugin"]["owners"][0],
        json!({ "name": "ann", "email": null })
    );

    let revoke = "mutation($id: String!) { revokeToken(input: { token: $id }) { token { revokedAt } } }";
    assert_eq!(
        code(&app.person("bob").await, revoke, json!({ "id": first["tokenId"] })).await,
        "token_unknown"
    );
    let revoked = ask(&ann, revoke, json!({ "id": first["tokenId"] })).await;
    assert!(revoked["revokeToken"]["token"]["revokedAt"].is_string(), "{revoked}");
    let refused = ci
        .request(Method::POST, "/graphql")
        .json(&json!({ "query": "{ me { name } }" }))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
});

both!(a_refused_package_comes_with_all_findings, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person("ann").await;
    let answer =
        upload(&ann, PackageBuilder::new("lasso").without_key("about").without_key("email").build()).await;
    let told = &answer["errors"][0]["extensions"];
    assert_eq!(told["code"], "package_refused", "{answer}");
    assert!(told["findings"].as_array().is_some_and(|findings| findings.len() >= 2), "{told}");
    assert!(told["findings"][0]["mend"].is_string(), "{told}");
});

both!(the_log_tells_everything_but_who_voted, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.trusted("ann").await, app.staff("sue").await);
    upload(&ann, lasso("1.0")).await;
    let vote = "mutation { castVote(input: { package: \"lasso\", score: 4 }) { position rating { votes average } } }";
    let voted = ask(&sue, vote, json!({})).await;
    assert_eq!(voted["castVote"]["rating"], json!({ "votes": 1, "average": 4.0 }));
    ask(&ann, "mutation { issueToken(input: { package: \"lasso\" }) { position } }", json!({})).await;

    let query = "query($after: Position!, $first: Int, $kinds: [String!], $plugin: String) {
        events(after: $after, first: $first, kinds: $kinds, plugin: $plugin) {
            next head events { position kind stream payload actor actorAccountId } } }";
    let (mut after, mut all) = (json!(0), Vec::new());
    loop {
        let page = ask(&app.stranger(), query, json!({ "after": after, "first": 3 })).await["events"].clone();
        all.extend(page["events"].as_array().unwrap().clone());
        after = page["next"].clone();
        if after == page["head"] {
            break;
        }
    }
    let positions: Vec<u64> = all.iter().map(|event| event["position"].as_u64().unwrap()).collect();
    assert_eq!(positions, (0..app.house.commands.registry().head().await.unwrap()).collect::<Vec<u64>>());
    let text = json!(all).to_string();
    assert!(
        !text.contains("secret_sha256") && !text.contains("voter") && !text.contains("@example.org"),
        "{text}"
    );
    let vote = all.iter().find(|event| event["kind"] == "VoteCast").unwrap();
    assert_eq!((&vote["actor"], &vote["actorAccountId"]), (&Value::Null, &Value::Null));

    let approvals = json!({ "after": 0, "kinds": ["VersionApproved", "VoteCast"], "plugin": "lasso" });
    let page = ask(&app.stranger(), query, approvals).await["events"].clone();
    let kinds: Vec<&str> =
        page["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["VersionApproved", "VoteCast"]);
    assert_eq!(page["next"], page["head"]);
    assert_eq!(code(&ann, query, json!({ "after": 0, "kinds": ["PluginSold"] })).await, "invalid_input");
});

both!(the_feed_as_a_list_is_the_feed_as_xml, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    for (package, version, experimental, min) in [
        ("lasso", "1.9", "False", "3.0"),
        ("lasso", "1.10", "False", "3.0"),
        ("lasso", "1.11", "False", "3.40"),
        ("lasso", "2.0-beta", "True", "3.0"),
        ("hatch", "0.1", "True", "3.0"),
        ("later", "1.0", "False", "3.50"),
    ] {
        let zip = PackageBuilder::new(package).version(version).metadata_key("name", package);
        let zip = zip.metadata_key("experimental", experimental).metadata_key("qgisMinimumVersion", min);
        assert!(upload(&ann, zip.build()).await["errors"].is_null());
    }
    app.settle().await;
    let query =
        "query($qgis: String!, $stable: Boolean!, $after: String) { feed(qgis: $qgis, stableOnly: $stable) {
        address etag entries(first: 1, after: $after) { next
            entries { plugin { package } stable { number } experimental { number } } } } }";
    for (qgis, stable) in [("3.34", false), ("3.34", true), ("3.44", false), ("3.60", false), ("", false)] {
        let (mut listed, mut variables) = (Vec::new(), json!({ "qgis": qgis, "stable": stable }));
        let feed = loop {
            let feed = ask(&ann, query, variables.clone()).await["feed"].clone();
            for entry in feed["entries"]["entries"].as_array().unwrap() {
                let versions = [&entry["stable"]["number"], &entry["experimental"]["number"]];
                let versions = versions.into_iter().filter(|number| number.is_string());
                listed.extend(versions.map(|number| (entry["plugin"]["package"].clone(), number.clone())));
            }
            if feed["entries"]["next"].is_null() {
                break feed;
            }
            variables["after"] = feed["entries"]["next"].clone();
        };
        let address = feed["address"].as_str().unwrap().strip_prefix(&app.base).unwrap().to_owned();
        let response = app.stranger().get(&address).await;
        assert_eq!(response.headers()["etag"], feed["etag"].as_str().unwrap());
        let xml = feed::entries(&response.text().await.unwrap());
        let xml: Vec<_> = xml.iter().map(|entry| (json!(entry["name"]), json!(entry["version"]))).collect();
        assert_eq!(listed, xml, "{address}");
        assert!(!listed.is_empty(), "{address}");
    }
});

both!(pages_follow_each_other, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    for package in ["lasso", "hatch", "graticule", "zonal", "clip_it"] {
        ann.upload(package, "1.0").await;
    }
    app.settle().await;
    let query = "query($after: String) { plugins(first: 2, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { name tags downloads } } }";
    let (mut names, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = ask(&app.stranger(), query, json!({ "after": after })).await["plugins"].clone();
        assert_eq!(page["totalCount"], 5);
        names.extend(
            page["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|plugin| plugin["name"].as_str().unwrap().to_owned()),
        );
        if page["pageInfo"]["hasNextPage"] != true {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(names, ["clip_it", "graticule", "hatch", "lasso", "zonal"]);
    assert_eq!(code(&ann, query, json!({ "after": "nonsense" })).await, "invalid_input");
    assert_eq!(code(&ann, "{ plugins(first: 101) { totalCount } }", json!({})).await, "invalid_input");
    let owned = "{ plugins(filter: { owner: \"ann\", text: \"LASS\" }) { nodes { name } } }";
    assert_eq!(ask(&ann, owned, json!({})).await["plugins"]["nodes"], json!([{ "name": "lasso" }]));
    let nobodys = "{ plugins(filter: { owner: \"nobody\" }) { totalCount } }";
    assert_eq!(ask(&ann, nobodys, json!({})).await["plugins"]["totalCount"], 0);
});

both!(a_reader_that_asks_for_the_future_is_told, |t| {
    let app = TestApp::start(&t).await;
    let answer = app.stranger().graphql("{ status(atLeast: 1000000) { name } }", json!({})).await;
    let told = &answer["errors"][0]["extensions"];
    assert_eq!((&told["code"], &told["want"]), (&json!("behind"), &json!(1_000_000)), "{answer}");
    let status =
        ask(&app.stranger(), "{ status(atLeast: 0) { name live position head haltedAt } }", json!({})).await;
    assert_eq!(status["status"].as_array().map(Vec::len), Some(3), "{status}");
});

both!(two_deeds_of_one_document_are_two_and_each_is_done_once, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    upload(&ann, lasso("1.0")).await;
    upload(&ann, lasso("1.1")).await;
    let query =
        "mutation { a: approveVersion(input: { package: \"lasso\", version: \"1.0\" }) { position repeated }
        b: approveVersion(input: { package: \"lasso\", version: \"1.1\" }) { position repeated } }";
    let send = async || {
        let request = sue.request(Method::POST, "/graphql").header("Idempotency-Key", "k");
        let response = request.json(&json!({ "query": query })).send().await.unwrap();
        let position = response.headers()["cairn-position"].to_str().unwrap().to_owned();
        (position, response.json::<Value>().await.unwrap()["data"].clone())
    };
    let (position, first) = send().await;
    assert_eq!(first["b"]["repeated"], false, "{first}");
    assert_eq!(position, first["b"]["position"].to_string());
    let (_, again) = send().await;
    for deed in ["a", "b"] {
        assert_eq!(
            (&again[deed]["repeated"], &again[deed]["position"]),
            (&json!(true), &first[deed]["position"])
        );
    }
});

both!(what_comes_in_is_bounded, |t| {
    let app = TestApp::with(&t, |config| config.package_limits.size_bytes_max = 100_000).await;
    let ann = app.person("ann").await;
    let send = async |body: Vec<u8>, content_type: &str| {
        let request = ann.request(Method::POST, "/graphql").header("content-type", content_type).body(body);
        request.send().await.unwrap().status()
    };
    let document = |bytes: usize| {
        let mut body = br#"{"query":"{ me { name } }"}"#.to_vec();
        body.resize(bytes, b' ');
        body
    };
    let limit = app.app.settings.limits.body_bytes_max;
    assert_eq!(send(document(limit), "application/json").await, StatusCode::OK);
    assert_eq!(send(document(limit + 1), "application/json").await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(send(document(100), "text/plain").await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(send(b"[]".to_vec(), "application/json").await, StatusCode::BAD_REQUEST);
    assert_eq!(ann.get("/graphql").await.status(), StatusCode::METHOD_NOT_ALLOWED);

    let past = upload(&ann, vec![b'P'; 100_001]).await;
    assert_eq!(past["code"], "too_large", "{past}");
    let at = upload(&ann, vec![b'P'; 100_000]).await;
    assert_eq!(at["errors"][0]["extensions"]["code"], "package_refused", "{at}");

    let elsewhere = ann.request(Method::POST, "/graphql").header("origin", "https://elsewhere.example");
    let elsewhere = elsewhere.json(&json!({ "query": "{ me { name } }" })).send().await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::FORBIDDEN);
    let form = Form::new().text("operations", r#"{"query":"{ me { name } }"}"#).text("map", "{}");
    let forged = app.stranger().request(Method::POST, "/graphql").multipart(form).send().await.unwrap();
    assert_eq!(forged.status(), StatusCode::FORBIDDEN, "a form without anything that a form cannot bring");
});

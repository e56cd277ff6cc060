//! Credentials: passwords, short tokens, plugin tokens, and their end.

use cairn_commands::account::BlockAccount;
use cairn_commands::secret::PluginToken;
use cairn_commands::token::{IssueToken, RevokeToken};
use cairn_domain::Actor;
use cairn_domain::ids::TokenId;
use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{PASSWORD, Person, TestApp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn plugin_token(app: &TestApp, owner: &Person, package: &str) -> PluginToken {
    let token = PluginToken::new(TokenId(app.house.ids.v4()), app.house.ids.bytes());
    let command = IssueToken {
        token: token.id,
        package: package.parse().unwrap(),
        secret_sha256: token.secret_sha256(),
        expires_at: None,
        may_approve: true,
        note: None,
    };
    app.house.commands.send(&command, Actor::Account { account: owner.id() }, None).await.unwrap();
    token
}

fn zip(version: &str) -> Vec<u8> {
    PackageBuilder::new("lasso").version(version).metadata_key("name", "lasso").build()
}

async fn post(app: &TestApp, path: &str, body: Value) -> (StatusCode, Value) {
    let response = app.stranger().request(Method::POST, path).json(&body).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

both!(name_and_password_are_changed_for_a_short_token_and_refreshed, |t| {
    let app = TestApp::start(&t).await;
    app.person_with_password("ann").await;
    let (status, tokens) =
        post(&app, "/api/token/", json!({ "username": "Ann", "password": PASSWORD })).await;
    assert_eq!((status, &tokens["expires_in"]), (StatusCode::OK, &json!(900)));
    let ann = app.stranger().with_bearer(tokens["access"].as_str().unwrap());
    ann.upload_zip("lasso", zip("1.0")).await;

    let (status, fresh) = post(&app, "/api/token/refresh", json!({ "refresh": tokens["refresh"] })).await;
    assert_eq!(status, StatusCode::OK);
    app.stranger().with_bearer(fresh["access"].as_str().unwrap()).upload_zip("lasso", zip("1.1")).await;

    for wrong in [
        json!({ "username": "ann", "password": "wrong" }),
        json!({ "username": "nobody", "password": PASSWORD }),
    ] {
        let (status, told) = post(&app, "/api/token/", wrong).await;
        assert_eq!((status, &told["code"]), (StatusCode::UNAUTHORIZED, &json!("wrong_credentials")));
    }
    let (status, told) = post(&app, "/api/token/refresh", json!({ "refresh": tokens["access"] })).await;
    assert_eq!((status, &told["code"]), (StatusCode::FORBIDDEN, &json!("token_invalid")));
});

both!(a_plugin_token_uploads_its_plugin_and_nothing_else, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person("ann").await;
    let token = plugin_token(&app, &ann, "lasso").await;
    let ci = app.stranger().with_bearer(&token.reveal());
    assert_eq!(
        ci.upload_zip("lasso", zip("1.0")).await["plugin_id"].as_u64().unwrap(),
        4,
        "it made the plugin"
    );
    assert_eq!(ci.upload_zip("lasso", zip("1.1")).await["approved"], false);

    let other = PackageBuilder::new("other").build();
    let refused = ci.upload_to("other", other).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "token_for_another_plugin");

    let revoke = RevokeToken { token: token.id, reason: None };
    app.house.commands.send(&revoke, Actor::Account { account: ann.id() }, None).await.unwrap();
    assert_eq!(ci.upload_to("lasso", zip("1.2")).await.status(), StatusCode::FORBIDDEN);
});

both!(a_token_dies_when_its_owner_owns_the_plugin_no_longer, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    ann.upload("lasso", "1.0").await;
    let ci = app.stranger().with_bearer(&plugin_token(&app, &ann, "lasso").await.reveal());
    let transfer = cairn_commands::plugin::TransferOwnership {
        package: "lasso".parse().unwrap(),
        from: ann.id(),
        to: bob.id(),
        reason: "moved on".into(),
    };
    app.operate(&transfer).await;
    let refused = ci.upload_to("lasso", zip("1.1")).await;
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "token_invalid");
});

both!(a_blocked_account_can_do_nothing_with_any_credential, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person_with_password("ann").await;
    let (_, tokens) = post(&app, "/api/token/", json!({ "username": "ann", "password": PASSWORD })).await;
    let ci = app.stranger().with_bearer(&plugin_token(&app, &ann, "lasso").await.reveal());
    app.operate(&BlockAccount { account: ann.id(), reason: None, until: None, published: vec![] }).await;

    for credential in [&ann, &ci] {
        let refused = credential.upload_to("lasso", zip("1.0")).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        assert_eq!(refused.json::<Value>().await.unwrap()["code"], "account_blocked");
    }
    let (status, _) = post(&app, "/api/token/", json!({ "username": "ann", "password": PASSWORD })).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = post(&app, "/api/token/refresh/", json!({ "refresh": tokens["refresh"] })).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let rpc = app.stranger().request(Method::POST, "/plugins/RPC2/").basic_auth("ann", Some(PASSWORD));
    let rpc = rpc
        .header("content-type", "text/xml")
        .body("<methodCall><methodName>plugin.tags</methodName></methodCall>");
    assert_eq!(rpc.send().await.unwrap().status(), StatusCode::FORBIDDEN);
});

both!(the_token_api_answers_as_scripts_expect, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person("ann").await;
    let add = "/plugins/api/lasso/version/add";
    assert_eq!(app.stranger().get(add).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(app.stranger().with_bearer("nonsense").get(add).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(ann.get(add).await.status(), StatusCode::METHOD_NOT_ALLOWED);
    let empty = ann.request(Method::POST, add).body("").send().await.unwrap();
    assert_eq!(empty.status(), StatusCode::BAD_REQUEST);
    assert_eq!(ann.upload_to("lasso", b"not a zip".to_vec()).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(ann.upload_to("other", zip("1.0")).await.status(), StatusCode::BAD_REQUEST, "folder mismatch");

    ann.upload_zip("lasso", zip("1.0")).await;
    let form = |bytes: Vec<u8>| {
        let part = reqwest::multipart::Part::bytes(bytes).file_name("lasso.zip");
        reqwest::multipart::Form::new().text("changelog", "ignored").part("package", part)
    };
    let better = PackageBuilder::new("lasso")
        .version("1.0")
        .metadata_key("name", "lasso")
        .file("more.py", b"1")
        .build();
    let update = ann.request(Method::POST, "/plugins/api/lasso/version/1.0.0/update").multipart(form(better));
    assert_eq!(update.send().await.unwrap().status(), StatusCode::CREATED);
    app.staff("sue").await.approve("lasso", "1.0").await;
    let update =
        ann.request(Method::POST, "/plugins/api/lasso/version/1.0/update/").multipart(form(zip("1.0")));
    let refused: Value = update.send().await.unwrap().json().await.unwrap();
    assert_eq!(refused["code"], "version_approved");
});

both!(a_used_refresh_token_ends_its_family_and_keys_are_published, |t| {
    let app = TestApp::start(&t).await;
    app.person_with_password("ann").await;
    let (_, first) = post(&app, "/api/token/", json!({ "username": "ann", "password": PASSWORD })).await;
    let refresh = |pair: &Value| post(&app, "/api/token/refresh/", json!({ "refresh": pair["refresh"] }));
    let (_, second) = refresh(&first).await;
    let (status, third) = refresh(&second).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(refresh(&first).await.1["code"], "token_invalid", "two steps old: there is a copy");
    assert_eq!(refresh(&third).await.1["code"], "token_invalid");
    let thief = app.stranger().with_bearer(third["access"].as_str().unwrap());
    let refused = thief.upload_to("lasso", zip("1.0")).await.json::<Value>().await.unwrap();
    assert_eq!(refused["code"], "token_invalid", "access tokens of the family end with it");

    let published = app.stranger().json("/.well-known/jwks.json").await;
    assert_eq!(
        (&published["keys"][0]["alg"], &published["keys"][0]["crv"]),
        (&json!("EdDSA"), &json!("Ed25519"))
    );
});

both!(who_finds_a_token_ends_it, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person("ann").await;
    let token = plugin_token(&app, &ann, "lasso").await;
    let ci = app.stranger().with_bearer(&token.reveal());
    ci.upload_zip("lasso", zip("1.0")).await;
    let report = async |body: String| {
        let request = app.stranger().request(Method::POST, "/plugins/api/tokens/leaked/").body(body);
        let response = request.send().await.unwrap();
        (response.status(), response.json::<Value>().await.unwrap())
    };
    let guess = PluginToken::new(token.id, [1; 32]);
    let unknown = report(guess.reveal()).await;
    assert_eq!(unknown.0, StatusCode::OK);
    ci.upload_zip("lasso", zip("1.1")).await;
    assert_eq!(report(json!({ "token": token.reveal() }).to_string()).await, unknown, "the same answer");
    let refused = ci.upload_to("lasso", zip("1.2")).await.json::<Value>().await.unwrap();
    assert_eq!(refused["code"], "token_invalid");
    app.settle().await;
    let query = "{ me { tokens { revokedAt lastUsed description } } }";
    let mine = ann.graphql(query, json!({})).await;
    assert!(mine["data"]["me"]["tokens"][0]["revokedAt"].is_string(), "{mine}");
    assert!(mine["data"]["me"]["tokens"][0]["lastUsed"].is_string(), "{mine}");
    let list = report(json!([{ "token": token.reveal(), "type": "cairn", "url": "x" }]).to_string()).await;
    assert_eq!(list.1["code"], "invalid_input", "a list needs a signature");
});

both!(whoever_keeps_reporting_what_is_no_token_waits, |t| {
    let app = TestApp::start(&t).await;
    for attempt in 0..30 {
        let request = app.stranger().request(Method::POST, "/plugins/api/tokens/leaked/");
        let response = request.body(format!("cairn_{attempt}")).send().await.unwrap();
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            assert!(attempt >= 20, "people make mistakes: {attempt}");
            return;
        }
        assert_eq!(response.status(), StatusCode::OK);
    }
    panic!("nobody had to wait");
});

both!(a_token_is_issued_described_listed_and_revoked_over_graphql, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob) = (app.trusted("ann").await, app.person("bob").await);
    ann.upload("lasso", "1.0").await;
    let issue = "mutation($input: IssueTokenInput!) { issueToken(input: $input) { secret tokenId token { mayApprove expiresAt description } } }";
    let input = json!({ "package": "lasso", "description": "release of Ann" });
    let made = ann.graphql(issue, json!({ "input": input })).await["data"]["issueToken"].clone();
    assert_eq!(
        (&made["token"]["mayApprove"], &made["token"]["description"]),
        (&json!(false), &json!("release of Ann"))
    );
    assert!(made["token"]["expiresAt"].is_string(), "a token has an end");
    let long = json!({ "package": "lasso", "description": "x".repeat(513) });
    let refused = ann.graphql(issue, json!({ "input": long })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "invalid_input");
    let late = json!({ "package": "lasso", "expiresAt": "2999-01-01T00:00:00Z" });
    let refused = ann.graphql(issue, json!({ "input": late })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "invalid_input");

    let ci = app.stranger().with_bearer(made["secret"].as_str().unwrap());
    assert_eq!(ci.upload_zip("lasso", zip("1.1")).await["approved"], false);
    let approve = "mutation($input: ApproveVersionInput!) { approveVersion(input: $input) { approved } }";
    let version = json!({ "input": { "package": "lasso", "version": "1.1" } });
    let refused = ci.graphql(approve, version.clone()).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "token_scope", "{refused}");
    let input = json!({ "package": "lasso", "mayApprove": true });
    let approver = ann.graphql(issue, json!({ "input": input })).await["data"]["issueToken"].clone();
    let ci = app.stranger().with_bearer(approver["secret"].as_str().unwrap());
    let done = ci.graphql(approve, version).await;
    assert_eq!(done["data"]["approveVersion"]["approved"], true, "{done}");

    let edit = "mutation($input: EditTokenDescriptionInput!) { editTokenDescription(input: $input) { token { description } } }";
    let input = json!({ "input": { "token": made["tokenId"], "description": "other" } });
    assert_eq!(
        ann.graphql(edit, input.clone()).await["data"]["editTokenDescription"]["token"]["description"],
        "other"
    );
    let refused = bob.graphql(edit, input).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "token_unknown");
    app.settle().await;
    let list = "{ plugin(package: \"lasso\") { tokens { tokenId } publishers { publisherId } } }";
    assert_eq!(ann.graphql(list, json!({})).await["data"]["plugin"]["tokens"].as_array().unwrap().len(), 2);
    let seen = bob.graphql(list, json!({})).await;
    assert_eq!(seen["data"]["plugin"]["tokens"], json!([]), "{seen}");
    let seen = ci.graphql(list, json!({})).await;
    assert_eq!(seen["data"]["plugin"]["tokens"], json!([]), "{seen}");
});

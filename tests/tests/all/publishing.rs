//! Publishing from CI: a run shows what its service says of it, gets a token of some minutes, and uploads.

use cairn_commands::account::BlockAccount;
use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::ci_service::{AUDIENCE, CiService};
use cairn_tests::{Person, TestApp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::process::Command;

const NAME: &str = "mutation($input: NamePublisherInput!) { namePublisher(input: $input) { publisherId publisher { package } } }";

async fn app_and_ci(t: &cairn_store::testing::TestDb) -> (TestApp, CiService) {
    let ci = CiService::start().await;
    let app = TestApp::with(t, |config| ci.believed(config)).await;
    (app, ci)
}

/// Names `release.yml` of `ann/lasso` for tags, and answers the publisher's id.
async fn name(person: &Person, ci: &CiService, package: &str) -> String {
    let input = json!({
        "package": package,
        "issuer": ci.issuer,
        "repository": "Ann/Lasso",
        "workflow": "release.yml",
        "refPattern": "refs/tags/v*",
    });
    let answer = person.graphql(NAME, json!({ "input": input })).await;
    assert!(answer["errors"].is_null(), "{answer}");
    assert_eq!(answer["data"]["namePublisher"]["publisher"]["package"], package);
    answer["data"]["namePublisher"]["publisherId"].as_str().unwrap().to_owned()
}

async fn exchange(app: &TestApp, body: Value) -> (StatusCode, Value) {
    let path = "/plugins/api/publish/exchange/";
    let response = app.stranger().request(Method::POST, path).json(&body).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

async fn refusal(app: &TestApp, token: String) -> (u16, String) {
    let (status, told) = exchange(app, json!({ "token": token, "package": "lasso" })).await;
    (status.as_u16(), told["code"].as_str().unwrap_or_default().to_owned())
}

fn zip(version: &str) -> Vec<u8> {
    PackageBuilder::new("lasso").version(version).metadata_key("name", "lasso").build()
}

/// What a workflow runs: the status and the answer.
async fn curl(arguments: Vec<String>) -> (u16, Value) {
    let ran = tokio::task::spawn_blocking(move || {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--max-time", "60", "--write-out", "\n%{http_code}"]);
        command.args(arguments).output().expect("curl is installed")
    });
    let ran = ran.await.unwrap();
    let out = String::from_utf8(ran.stdout).unwrap();
    let (body, status) = out.rsplit_once('\n').unwrap();
    (status.parse().unwrap(), serde_json::from_str(body).unwrap_or(Value::Null))
}

both!(a_workflow_publishes_with_curl_and_without_any_kept_secret, |t| {
    let (app, ci) = app_and_ci(&t).await;
    let ann = app.trusted("ann").await;
    ann.upload("lasso", "1.0").await;
    name(&ann, &ci, "lasso").await;
    let told = app.stranger().json("/plugins/api/publish/audience/").await;
    assert_eq!(told["audience"], AUDIENCE);

    let body = json!({ "token": ci.token(&[]), "package": "lasso" }).to_string();
    let json_type = "Content-Type: application/json".to_owned();
    let address = format!("{}/plugins/api/publish/exchange/", app.base);
    let (status, got) = curl(vec!["-H".into(), json_type, "-d".into(), body, address]).await;
    assert_eq!((status, &got["success"]), (200, &json!(true)), "{got}");
    let life = got["expires"].as_i64().unwrap() - ci.now();
    assert!((590..=600).contains(&life), "{life}");

    let file = t.folder().join("lasso.zip");
    std::fs::write(&file, zip("1.1")).unwrap();
    let bearer = format!("Authorization: Bearer {}", got["token"].as_str().unwrap());
    let upload = |package: &str| {
        let form = format!("package=@{}", file.display());
        let address = format!("{}/plugins/api/{package}/version/add/", app.base);
        curl(vec!["-H".into(), bearer.clone(), "-F".into(), form, address])
    };
    let (status, answer) = upload("lasso").await;
    assert_eq!((status, &answer["version"]), (201, &json!("1.1")), "{answer}");
    assert_eq!(answer["approved"], false, "the publisher was not named to do that");
    let (status, answer) = upload("other").await;
    assert_eq!((status, &answer["code"]), (403, &json!("token_for_another_plugin")), "{answer}");
});

both!(a_publisher_may_wait_for_its_plugin_and_need_not_be_told_its_name, |t| {
    let (app, ci) = app_and_ci(&t).await;
    let ann = app.person("ann").await;
    name(&ann, &ci, "lasso").await;
    app.settle().await;
    let (status, got) = exchange(&app, json!({ "token": ci.token(&[]) })).await;
    assert_eq!((status, &got["package_name"]), (StatusCode::OK, &json!("lasso")), "{got}");
    let run = app.stranger().with_bearer(got["token"].as_str().unwrap());
    run.upload_zip("lasso", zip("1.0")).await;
    app.settle().await;
    let mine =
        ann.graphql("{ me { plugins { package publishers { repository refPattern } } } }", json!({})).await;
    let plugin = &mine["data"]["me"]["plugins"][0];
    assert_eq!(plugin["package"], "lasso", "{mine}");
    assert_eq!(plugin["publishers"][0]["repository"], "Ann/Lasso");

    name(&ann, &ci, "tools").await;
    app.settle().await;
    let (status, told) = exchange(&app, json!({ "token": ci.token(&[]) })).await;
    assert_eq!((status, &told["code"]), (StatusCode::BAD_REQUEST, &json!("invalid_input")), "which of two?");
});

both!(a_run_that_is_not_the_publishers_gets_nothing, |t| {
    let (app, ci) = app_and_ci(&t).await;
    let ann = app.person("ann").await;
    ann.upload("lasso", "1.0").await;
    name(&ann, &ci, "lasso").await;
    let none = (403, "no_trusted_publisher".to_owned());
    let elsewhere = "ann/lasso/.github/workflows/test.yml@refs/tags/v1.0";
    assert_eq!(refusal(&app, ci.token(&[("workflow_ref", json!(elsewhere))])).await, none);
    let branch = "ann/lasso/.github/workflows/release.yml@refs/heads/main";
    let on_branch = [("ref", json!("refs/heads/main")), ("workflow_ref", json!(branch))];
    assert_eq!(refusal(&app, ci.token(&on_branch)).await, none);
    let fork = "bob/lasso/.github/workflows/release.yml@refs/tags/v1.0";
    let forked = [("repository", json!("bob/lasso")), ("workflow_ref", json!(fork))];
    assert_eq!(refusal(&app, ci.token(&forked)).await, none);
    let (status, told) = exchange(&app, json!({ "token": ci.token(&[]), "package": "other" })).await;
    assert_eq!((status.as_u16(), &told["code"]), (403, &json!("no_trusted_publisher")));
});

both!(a_word_is_believed_once_in_its_time_and_from_who_may_give_it, |t| {
    let (app, ci) = app_and_ci(&t).await;
    let ann = app.person("ann").await;
    ann.upload("lasso", "1.0").await;
    name(&ann, &ci, "lasso").await;
    let once = ci.token(&[]);
    assert_eq!(refusal(&app, once.clone()).await.0, 200);
    assert_eq!(refusal(&app, once).await, (409, "identity_token_spent".into()));
    assert_eq!(refusal(&app, ci.token(&[])).await.0, 200, "a new one is good");

    let invalid = (401, "identity_token_invalid".to_owned());
    let now = ci.now();
    let times =
        |issued: i64, ends: i64| [("iat", json!(issued)), ("nbf", json!(issued)), ("exp", json!(ends))];
    assert_eq!(refusal(&app, ci.token(&times(now - 600, now - 70))).await, invalid, "expired");
    assert_eq!(refusal(&app, ci.token(&times(now - 600, now - 30))).await.0, 200, "clocks differ");
    assert_eq!(refusal(&app, ci.token(&times(now + 30, now + 300))).await.0, 200, "clocks differ");
    assert_eq!(refusal(&app, ci.token(&times(now + 90, now + 300))).await, invalid, "to come");
    assert_eq!(refusal(&app, ci.token(&[("aud", json!("elsewhere"))])).await, invalid);
    assert_eq!(refusal(&app, "nonsense".into()).await, invalid);
    let stranger = CiService::start().await;
    assert_eq!(refusal(&app, stranger.token(&[])).await, invalid, "another issuer");
    assert_eq!(refusal(&app, stranger.token(&[("iss", json!(ci.issuer))])).await, invalid, "another key");
});

both!(a_publisher_ends_with_its_account_and_where_it_is_removed, |t| {
    let (app, ci) = app_and_ci(&t).await;
    let ann = app.person("ann").await;
    ann.upload("lasso", "1.0").await;
    let publisher = name(&ann, &ci, "lasso").await;
    let (_, got) = exchange(&app, json!({ "token": ci.token(&[]), "package": "lasso" })).await;
    let run = app.stranger().with_bearer(got["token"].as_str().unwrap());
    let remove = "mutation($input: RemovePublisherInput!) { removePublisher(input: $input) { position } }";
    let input = json!({ "input": { "package": "lasso", "publisher": publisher } });
    let bob = app.person("bob").await;
    let refused = bob.graphql(remove, input.clone()).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "publisher_unknown", "{refused}");
    let done = ann.graphql(remove, input).await;
    assert!(done["errors"].is_null(), "{done}");
    let refused = run.upload_to("lasso", zip("1.1")).await.json::<Value>().await.unwrap();
    assert_eq!(refused["code"], "token_invalid", "what its runs got ends with it");
    assert_eq!(refusal(&app, ci.token(&[])).await, (403, "no_trusted_publisher".into()));

    name(&ann, &ci, "lasso").await;
    let (_, got) = exchange(&app, json!({ "token": ci.token(&[]), "package": "lasso" })).await;
    let run = app.stranger().with_bearer(got["token"].as_str().unwrap());
    let block = BlockAccount { account: ann.id(), reason: None, until: None, published: vec![] };
    app.operate(&block).await;
    let refused = run.upload_to("lasso", zip("1.1")).await.json::<Value>().await.unwrap();
    assert_eq!(refused["code"], "account_blocked");
    assert_eq!(refusal(&app, ci.token(&[])).await, (403, "no_trusted_publisher".into()));
});

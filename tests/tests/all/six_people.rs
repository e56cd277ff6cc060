//! A plugin's whole life, led by six people through GraphQL, the token API, XML-RPC and the command line: Ann writes it, Sue
//! reviews, Bob joins, Tess is of the team that takes it over, Max uses it, and Mallory is stopped.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_store::testing::TestDb;
use cairn_tests::{PASSWORD, Person, TestApp, feed};
use clap::Parser;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Gives a mutation with its arguments and waits until everybody sees it.
async fn does(who: &Person, deed: &str) -> Value {
    let answer = who.graphql(&format!("mutation {{ {deed} }}"), json!({})).await;
    assert!(answer["errors"].is_null(), "{} does {deed}: {answer}", who.name);
    who.settle().await;
    answer["data"].as_object().unwrap().values().next().unwrap().clone()
}

/// The code of the refusal of a mutation.
async fn is_refused(who: &Person, deed: &str) -> String {
    let answer = who.graphql(&format!("mutation {{ {deed} }}"), json!({})).await;
    let code = answer["errors"][0]["extensions"]["code"].as_str();
    code.unwrap_or_else(|| panic!("{} was not refused {deed}: {answer}", who.name)).to_owned()
}

/// What the command line does on the same database, as the operator or `--as` somebody.
async fn types(t: &TestDb, app: &TestApp, line: &str) {
    let folder = t.folder().display().to_string();
    let settings = ["cairn", "--data-dir", &folder, "--database-url", t.url()];
    let words = settings.into_iter().chain(line.split(' '));
    let args = cairn_cli::args::Args::try_parse_from(words).unwrap();
    Box::pin(cairn_cli::carry_out(args)).await.unwrap_or_else(|fault| panic!("cairn {line}: {fault:#}"));
    app.settle().await;
}

/// What `qgis=3.44` sees: package and version.
async fn offered(app: &TestApp) -> Vec<(String, String)> {
    let xml = app.stranger().text("/plugins/plugins.xml?qgis=3.44").await;
    feed::entries(&xml).into_iter().map(|entry| (entry["name"].clone(), entry["version"].clone())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, version)| ((*name).to_owned(), (*version).to_owned())).collect()
}

fn zip(version: &str) -> Vec<u8> {
    PackageBuilder::new("lasso").version(version).metadata_key("name", "lasso").build()
}

/// Uploads as `qgis-plugin-ci` does: XML-RPC, name and password.
async fn uploads_by_xml_rpc(app: &TestApp, name: &str, version: &str) -> (StatusCode, String) {
    let body = format!(
        "<?xml version='1.0'?><methodCall><methodName>plugin.upload</methodName><params><param><value><base64>{}</base64>\
         </value></param></params></methodCall>",
        STANDARD.encode(zip(version))
    );
    let request = app.stranger().request(Method::POST, "/plugins/RPC2/").header("content-type", "text/xml");
    let response = request.basic_auth(name, Some(PASSWORD)).body(body).send().await.unwrap();
    app.settle().await;
    (response.status(), response.text().await.unwrap())
}

/// Signs up by a form of GraphQL and gets a short token for the password.
async fn signs_up(app: &TestApp, name: &str) -> Person {
    let deed = format!(
        "register(input: {{ name: \"{name}\", email: \"{name}@example.org\", password: \"{PASSWORD}\" }}) {{ __typename }}"
    );
    does(&app.stranger(), &deed).await;
    let request = app.stranger().request(Method::POST, "/api/token/");
    let body = json!({ "username": name, "password": PASSWORD });
    let tokens: Value = request.json(&body).send().await.unwrap().json().await.unwrap();
    app.stranger().with_bearer(tokens["access"].as_str().unwrap()).called(name)
}

both!(a_plugins_whole_life, |t| {
    let app = TestApp::start(&t).await;
    let sue = app.staff("sue").await;
    let ann = signs_up(&app, "ann").await;
    let bob = signs_up(&app, "bob").await;
    let tess = signs_up(&app, "tess").await;
    let mallory = signs_up(&app, "mallory").await;
    let max = app.stranger();
    let again = "register(input: { name: \"ANN\", email: \"else@example.org\", password: \"correct horse\" }) { __typename }";
    assert_eq!(is_refused(&max, again).await, "account_name_taken");
    let unlink = "unlinkIdentity(input: { identity: \"nobody\" }) { __typename }";
    assert_eq!(is_refused(&ann, unlink).await, "identity_unknown");

    // Ann uploads as her CI has done for years; Sue looks, says no, and then yes to what Ann sends instead.
    let (status, body) = uploads_by_xml_rpc(&app, "ann", "1.0").await;
    assert!(status == StatusCode::OK && !body.contains("<fault>"), "{body}");
    assert_eq!(offered(&app).await, pairs(&[]));
    let sha256 = cairn_domain::names::Sha256::of(&zip("1.0"));
    does(
        &sue,
        &format!(
            "refuseVersion(input: {{ package: \"lasso\", version: \"1.0\", sha256: \"{sha256}\", reason: \"no licence\" }}) \
             {{ position }}"
        ),
    )
    .await;
    let token =
        does(&ann, "issueToken(input: { package: \"lasso\", description: \"laptop\" }) { secret }").await;
    let ci = app.stranger().with_bearer(token["secret"].as_str().unwrap());
    ci.upload_zip("lasso", zip("1.1")).await;
    app.settle().await;
    let looked_at = cairn_domain::names::Sha256::of(&zip("1.1"));
    let approve = |sha256| {
        format!(
            "approveVersion(input: {{ package: \"lasso\", version: \"1.1\", sha256: \"{sha256}\" }}) {{ position }}"
        )
    };
    assert_eq!(is_refused(&sue, &approve(sha256)).await, "package_changed");
    assert_eq!(is_refused(&ann, &approve(looked_at)).await, "not_approver");
    does(&sue, &approve(looked_at)).await;
    assert_eq!(offered(&app).await, pairs(&[("lasso", "1.1")]));
    assert_eq!(max.get("/plugins/lasso/version/1.1/download/").await.status(), StatusCode::OK);
    does(&max, "castVote(input: { package: \"lasso\", score: 5 }) { position }").await;

    // Bob is asked to join and does; Ann is trusted now, so her next version is public at once.
    let invited =
        does(&ann, "inviteOwner(input: { package: \"lasso\", account: \"bob\" }) { invitationId }").await;
    let invitation = invited["invitationId"].as_str().unwrap();
    let accept = format!(
        "acceptInvitation(input: {{ package: \"lasso\", invitation: \"{invitation}\" }}) {{ position }}"
    );
    assert_eq!(is_refused(&mallory, &accept).await, "not_invited");
    does(&bob, &accept).await;
    types(&t, &app, "user grant ann --trusted").await;
    let (_, body) = uploads_by_xml_rpc(&app, "ann", "1.2").await;
    assert!(!body.contains("<fault>"), "{body}");
    assert_eq!(offered(&app).await, pairs(&[("lasso", "1.2")]));

    // The new version eats layers: Bob yanks it, and pins the one before until there is a better one.
    does(
        &bob,
        "yankVersion(input: { package: \"lasso\", version: \"1.2\", reason: \"eats layers\" }) { position }",
    )
    .await;
    assert_eq!(offered(&app).await, pairs(&[("lasso", "1.1")]));
    assert_eq!(max.get("/plugins/lasso/version/1.2/download/").await.status(), StatusCode::OK);
    does(&bob, "pinVersion(input: { package: \"lasso\", version: \"1.1\", channel: STABLE }) { position }")
        .await;

    // A team takes the plugin over, and Tess publishes as its member with a token that the block of Bob does not end.
    types(&t, &app, "team form crew --as ann").await;
    does(&ann, "addTeamMember(input: { team: \"crew\", account: \"tess\" }) { position }").await;
    does(&ann, "addTeamOwner(input: { package: \"lasso\", team: \"crew\" }) { position }").await;
    tess.upload_zip("lasso", zip("1.3")).await;
    types(&t, &app, "approve lasso 1.3 --as sue").await;
    assert_eq!(offered(&app).await, pairs(&[("lasso", "1.1")]), "the pin holds");
    does(&tess, "unpinVersion(input: { package: \"lasso\", channel: STABLE }) { position }").await;
    assert_eq!(offered(&app).await, pairs(&[("lasso", "1.3")]));

    // Mallory cannot touch it, talks Bob out of his place all the same, and is stopped: what he did is undone.
    let stranger = mallory.upload_to("lasso", zip("6.6")).await;
    assert_eq!(stranger.status(), StatusCode::FORBIDDEN);
    let since = app.house.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let invited = does(
        &bob,
        "inviteOwner(input: { package: \"lasso\", account: \"mallory\", transfer: true }) { invitationId }",
    )
    .await;
    let invitation = invited["invitationId"].as_str().unwrap();
    does(
        &mallory,
        &format!(
            "acceptInvitation(input: {{ package: \"lasso\", invitation: \"{invitation}\" }}) {{ position }}"
        ),
    )
    .await;
    mallory.upload_zip("lasso", zip("6.6")).await;
    does(&mallory, "deprecatePlugin(input: { package: \"lasso\", reason: \"buy mine\" }) { position }").await;
    does(&sue, "blockAccount(input: { account: \"mallory\", reason: \"sabotage\" }) { position }").await;
    let stopped =
        mallory.graphql("mutation { formTeam(input: { team: \"gang\" }) { position } }", json!({})).await;
    assert_eq!(stopped["code"], "account_blocked", "{stopped}");
    types(&t, &app, &format!("undo-actor mallory --since {since}")).await;
    let plugin =
        max.graphql("{ plugin(package: \"lasso\") { deprecated owners { name } } }", json!({})).await;
    let plugin = &plugin["data"]["plugin"];
    assert_eq!(plugin["deprecated"], false, "{plugin}");
    let owners: Vec<&str> =
        plugin["owners"].as_array().unwrap().iter().map(|owner| owner["name"].as_str().unwrap()).collect();
    assert!(owners.contains(&"ann") && owners.contains(&"bob") && !owners.contains(&"mallory"), "{owners:?}");

    // It is deprecated for a better one, marked for deletion by mistake, restored, and in the end buried; its name stays its own.
    does(&ann, "deprecatePlugin(input: { package: \"lasso\", reason: \"QGIS has it\" }) { position }").await;
    does(&ann, "markForDeletion(input: { package: \"lasso\" }) { position }").await;
    assert_eq!(offered(&app).await, pairs(&[]));
    assert_eq!(max.get("/plugins/lasso/").await.status(), StatusCode::NOT_FOUND);
    does(&bob, "restorePlugin(input: { package: \"lasso\" }) { position }").await;
    assert_eq!(offered(&app).await, pairs(&[("lasso", "1.3")]));
    does(&ann, "markForDeletion(input: { package: \"lasso\" }) { position }").await;
    types(&t, &app, "plugin bury lasso --as sue").await;
    let again = ann.upload_to("lasso", zip("2.0")).await;
    let told: Value = again.json().await.unwrap();
    assert!(told.to_string().contains("deleted for good"), "{told}");
    types(&t, &app, "plugin revive lasso --owner tess --as sue").await;
    let used = tess.upload_to("lasso", zip("1.3")).await;
    assert_eq!(used.status(), StatusCode::BAD_REQUEST, "a used number stays used");
    tess.upload_zip("lasso", zip("2.0")).await;
    types(&t, &app, "approve lasso 2.0 --as sue").await;
    assert_eq!(offered(&app).await, pairs(&[("lasso", "2.0")]));
});

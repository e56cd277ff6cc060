//! Signing in over GraphQL, as the pages do it: what it answers continues a session, once.

use cairn_commands::factor::TotpKey;
use cairn_commands::link::Link;
use cairn_commands::sign_in::Device;
use cairn_domain::ids::ChallengeId;
use cairn_store::{Clock, SystemClock, both};
use cairn_tests::{PASSWORD, Person, TestApp};
use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { secret pending position } }";
const SHOW: &str =
    "mutation($input: ShowSecondFactorInput!) { showSecondFactor(input: $input) { secret pending } }";

async fn sign_in(app: &TestApp, name: &str, password: &str) -> Value {
    app.stranger().graphql(SIGN_IN, json!({ "input": { "name": name, "password": password } })).await
}

/// The code of the first error.
fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("not refused: {answer}"))
}

/// Asks with a session's cookie.
async fn with_session(app: &TestApp, secret: &str, query: &str, variables: Value) -> Value {
    let request = app.stranger().request(Method::POST, "/graphql");
    let request = request.header("cookie", format!("cairn_session={secret}"));
    let request = request.json(&json!({ "query": query, "variables": variables }));
    request.send().await.unwrap().json().await.unwrap()
}

/// The code that an app with this key shows `steps` half minutes from now.
fn code_of(key: &str, steps: i32) -> String {
    let key = TotpKey::from_text(key).expect("a key");
    key.code_at(SystemClock.now() + TimeDelta::seconds(30) * steps).unwrap()
}

async fn session_of(app: &TestApp, person: &Person) -> String {
    app.app.sign_in.open_session(person.id(), None, Device::default()).await.unwrap().secret.reveal()
}

both!(a_name_and_a_password_open_a_session_that_its_holder_ends, |t| {
    let app = TestApp::start(&t).await;
    app.person_with_password("ann").await;
    app.settle().await;
    assert_eq!(code(&sign_in(&app, "ann", "wrong horse battery").await), "wrong_credentials");
    assert_eq!(code(&sign_in(&app, "nobody", PASSWORD).await), "wrong_credentials");
    let opened = sign_in(&app, " Ann ", PASSWORD).await;
    let secret = opened["data"]["signIn"]["secret"].as_str().unwrap();
    assert!(opened["data"]["signIn"]["pending"].is_null(), "{opened}");
    assert!(opened["data"]["signIn"]["position"].is_u64(), "{opened}");

    let me = "{ me { name hasPassword sessions { sessionId sort } } }";
    let told = with_session(&app, secret, me, json!({})).await;
    assert_eq!(told["data"]["me"]["name"], "ann", "{told}");
    assert_eq!(told["data"]["me"]["hasPassword"], true);
    let web = told["data"]["me"]["sessions"].as_array().unwrap().iter().find(|one| one["sort"] == "WEB");
    let session = web.unwrap()["sessionId"].clone();
    let out = "mutation($session: String!) { signOut(session: $session) }";
    let bob = app.person("bob").await;
    assert_eq!(code(&bob.graphql(out, json!({ "session": session })).await), "session_unknown");
    let ended = with_session(&app, secret, out, json!({ "session": session })).await;
    assert!(ended["data"]["signOut"].is_u64(), "{ended}");
    let told = with_session(&app, secret, me, json!({})).await;
    assert!(told["data"]["me"].is_null(), "{told}");
});

both!(who_guesses_over_graphql_waits_as_on_the_page, |t| {
    let app = TestApp::start(&t).await;
    app.person_with_password("ann").await;
    // Several in one document count one by one.
    let one = |n: usize| {
        format!("a{n}: signIn(input: {{ name: \"ann\", password: \"guess number {n}\" }}) {{ secret }}")
    };
    let guesses: Vec<String> = (0..8).map(one).collect();
    let answer = app.stranger().graphql(&format!("mutation {{ {} }}", guesses.join(" ")), json!({})).await;
    assert!(answer["data"].is_null(), "{answer}");
    for _ in 0..40 {
        if code(&sign_in(&app, "ann", "another guess").await) == "too_many" {
            return;
        }
    }
    panic!("nobody had to wait");
});

both!(a_second_factor_is_shown_before_there_is_a_session, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person_with_password("ann").await;
    app.settle().await;
    let secret = session_of(&app, &ann).await;
    let begun = with_session(&app, &secret, "mutation { beginTotp { ceremony key } }", json!({})).await;
    let (ceremony, key) =
        (&begun["data"]["beginTotp"]["ceremony"], begun["data"]["beginTotp"]["key"].as_str().unwrap());
    let again = "query($ceremony: String!) { totpBegun(ceremony: $ceremony) { key } }";
    let shown = with_session(&app, &secret, again, json!({ "ceremony": ceremony })).await;
    assert_eq!(shown["data"]["totpBegun"]["key"], key);
    let others = app.person("bob").await.graphql(again, json!({ "ceremony": ceremony })).await;
    assert!(others["data"]["totpBegun"].is_null() && others["errors"].is_null(), "{others}");

    // The first factor ends all sessions; whoever wants to go on gets a new one.
    let confirm = "mutation($input: ConfirmTotpInput!) { confirmTotp(input: $input) { secret } }";
    let input = json!({ "input": { "ceremony": ceremony, "code": code_of(key, 0), "signIn": true } });
    let added = with_session(&app, &secret, confirm, input).await;
    let fresh = added["data"]["confirmTotp"]["secret"].as_str().unwrap_or_else(|| panic!("{added}"));
    assert_ne!(fresh, secret);
    let me = "{ me { name } }";
    assert!(with_session(&app, &secret, me, json!({})).await["data"]["me"].is_null());
    assert_eq!(with_session(&app, fresh, me, json!({})).await["data"]["me"]["name"], "ann");

    let opened = sign_in(&app, "ann", PASSWORD).await;
    assert!(opened["data"]["signIn"]["secret"].is_null(), "{opened}");
    let pending = opened["data"]["signIn"]["pending"].as_str().unwrap();
    let ways = "query($pending: String!) { pendingSignIn(pending: $pending) { totp passkey } }";
    let told = app.stranger().graphql(ways, json!({ "pending": pending })).await;
    assert_eq!(told["data"]["pendingSignIn"], json!({ "totp": true, "passkey": false }), "{told}");
    let told = app.stranger().graphql(ways, json!({ "pending": "made up" })).await;
    assert!(told["data"]["pendingSignIn"].is_null() && told["errors"].is_null(), "{told}");

    let show = async |pending: &str, code: &str| {
        app.stranger().graphql(SHOW, json!({ "input": { "pending": pending, "code": code } })).await
    };
    assert_eq!(code(&show(pending, "000000").await), "second_factor_wrong");
    assert_eq!(code(&show("made up", &code_of(key, 1)).await), "unauthenticated");
    let both = json!({ "input": { "pending": pending, "code": "1", "recoveryCode": "2" } });
    assert_eq!(code(&app.stranger().graphql(SHOW, both).await), "invalid_input");
    let in_ = show(pending, &code_of(key, 1)).await;
    let secret = in_["data"]["showSecondFactor"]["secret"].as_str().unwrap_or_else(|| panic!("{in_}"));
    assert_eq!(with_session(&app, secret, me, json!({})).await["data"]["me"]["name"], "ann");
});

both!(a_mailed_link_is_looked_at_without_being_used_and_linked_nowhere, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person_with_password("ann").await;
    let challenge = ChallengeId(app.house.ids.v4());
    let path = app.app.links.path(Link::ResetPassword { account: ann.id(), challenge });
    let text = path.rsplit('/').next().unwrap();
    let look = "query($sort: MailedLinkSort!, $link: String!) { mailedLink(sort: $sort, link: $link) { sort email } }";
    let told = app.stranger().graphql(look, json!({ "sort": "RESET_PASSWORD", "link": text })).await;
    assert_eq!(told["data"]["mailedLink"], json!({ "sort": "RESET_PASSWORD", "email": null }), "{told}");
    for (sort, link) in [("CONFIRM_EMAIL", text), ("SIGN_UP", text), ("RESET_PASSWORD", "made.up")] {
        let refused = app.stranger().graphql(look, json!({ "sort": sort, "link": link })).await;
        assert_eq!(code(&refused), "link_invalid", "{sort}");
    }
    let page = app.stranger().request(Method::GET, &path).header("accept", "text/html").send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let page = page.text().await.unwrap();
    assert!(!page.contains(text) && !page.contains("operation=MailedLink"), "{page}");
});

both!(what_publishes_a_plugin_is_told_to_whom_it_belongs, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    let look = "query($package: String!) { credentials(package: $package) { package tokens { package } publishers { repository } } }";
    let issue = "mutation($input: IssueTokenInput!) { issueToken(input: $input) { position } }";
    for package in ["lasso", "to_come"] {
        let issued = ann.graphql(issue, json!({ "input": { "package": package } })).await;
        assert!(issued["errors"].is_null(), "{issued}");
        app.settle().await;
        let told = ann.graphql(look, json!({ "package": package })).await;
        let wanted = json!({ "package": package, "tokens": [{ "package": package }], "publishers": [] });
        assert_eq!(told["data"]["credentials"], wanted, "{told}");
    }
    assert_eq!(code(&bob.graphql(look, json!({ "package": "lasso" })).await), "not_owner");
    let told = bob.graphql(look, json!({ "package": "to_come" })).await;
    assert_eq!(told["data"]["credentials"]["tokens"], json!([]), "{told}");
    let stranger = app.stranger().graphql(look, json!({ "package": "to_come" })).await;
    assert_eq!(code(&stranger), "unauthenticated");

    let may = "{ plugin(package: \"lasso\") { mayApprove } }";
    assert_eq!(ann.graphql(may, json!({})).await["data"]["plugin"]["mayApprove"], false);
    let sue = app.staff("sue").await;
    assert_eq!(sue.graphql(may, json!({})).await["data"]["plugin"]["mayApprove"], true);
});

both!(whoever_has_just_made_an_account_is_somebody_at_once, |t| {
    // Readers of another process take their time.
    let app = TestApp::without_workers(&t).await;
    let ann = app.person("ann").await;
    let told = ann.graphql("{ me { name } }", json!({})).await;
    assert_eq!(code(&told), "behind", "{told}");
});

//! Who is erased is gone from every stored byte, from the lines of the log, from metrics and from what is told.

use cairn_commands::plugin::AddOwner;
use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_store::testing::every_value;
use cairn_tests::{PASSWORD, TestApp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

const NAME: &str = "planted-name-7";
const EMAIL: &str = "planted.mail.7@example.org";
const NEXT_EMAIL: &str = "planted.next.7@example.org";
const AUTHOR: &str = "Planted Author Seven";
const ADDRESS: &str = "203.0.113.77";
const LABEL: &str = "planted label 7";

/// Lower case, since columns for comparison are folded.
const PLANTED: [&str; 6] = [NAME, EMAIL, NEXT_EMAIL, "planted author seven", ADDRESS, LABEL];

/// The lines that the program logs in this process, at the most talkative level of ours.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

static LINES: LazyLock<Lines> = LazyLock::new(|| {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("debug,hyper=info,sqlx=debug")
        .with_writer(move || writer.clone())
        .finish();
    // Another test of this process may have been faster; then there are its lines only, which fails below.
    let _ = tracing_subscriber::util::SubscriberInitExt::try_init(subscriber);
    lines
});

fn planted_in(bytes: &[u8]) -> Option<&'static str> {
    let lower = bytes.to_ascii_lowercase();
    PLANTED.into_iter().find(|planted| lower.windows(planted.len()).any(|part| part == planted.as_bytes()))
}

/// So that each request has a key of its own, whose outcome is kept.
static KEYS: AtomicU64 = AtomicU64::new(0);

/// Somebody who speaks from [`ADDRESS`].
async fn ask(app: &TestApp, bearer: Option<&str>, query: &str, input: Value) -> Value {
    let person = bearer.map_or_else(|| app.stranger(), |token| app.stranger().with_bearer(token));
    let body = json!({ "query": query, "variables": { "input": input } });
    let request = person.request(Method::POST, "/graphql").header("x-forwarded-for", ADDRESS);
    let request =
        request.header("idempotency-key", format!("key {}", KEYS.fetch_add(1, Ordering::SeqCst))).json(&body);
    request.send().await.unwrap().json().await.unwrap()
}

async fn token(app: &TestApp, password: &str) -> (StatusCode, Value) {
    let body = json!({ "username": NAME, "password": password });
    let request = app.stranger().request(Method::POST, "/api/token/").header("x-forwarded-for", ADDRESS);
    let answer = request.json(&body).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

both!(who_is_erased_leaves_no_trace, |t| {
    let lines = LazyLock::force(&LINES).clone();
    let app = TestApp::with(&t, |config| {
        config.behind_proxy = true;
        config.feed_author_email = true;
    })
    .await;
    let register = "mutation($input: RegisterInput!) { register(input: $input) { accountId } }";
    let input = json!({ "name": NAME, "email": EMAIL, "password": PASSWORD });
    let answer = ask(&app, None, register, input.clone()).await;
    let account = answer["data"]["register"]["accountId"].as_str().expect("an account").to_owned();
    let again = json!({ "name": NAME.to_uppercase(), "email": NEXT_EMAIL, "password": PASSWORD });
    assert!(ask(&app, None, register, again).await["errors"].is_array(), "the name is taken");
    assert_eq!(token(&app, "wrong horse").await.0, StatusCode::UNAUTHORIZED);
    let (_, tokens) = token(&app, PASSWORD).await;
    let bearer = tokens["access"].as_str().unwrap().to_owned();
    let planted = app.stranger().with_bearer(&bearer);

    let zip = PackageBuilder::new("lasso").version("1.0").metadata_key("author", AUTHOR);
    planted.upload_zip("lasso", zip.metadata_key("email", EMAIL).build()).await;
    let change = "mutation($input: ChangeEmailInput!) { changeEmail(input: $input) { position } }";
    let changed =
        ask(&app, Some(&bearer), change, json!({ "email": NEXT_EMAIL, "password": PASSWORD })).await;
    assert!(changed["errors"].is_null(), "{changed}");
    let issue = "mutation($input: IssueTokenInput!) { issueToken(input: $input) { position } }";
    let issued = ask(&app, Some(&bearer), issue, json!({ "package": "lasso", "description": LABEL })).await;
    assert!(issued["errors"].is_null(), "{issued}");
    let sue = app.staff("sue").await;
    sue.approve("lasso", "1.0").await;
    let stored = every_value(&app.house.db).await.unwrap();
    let found = |needle: &str| stored.iter().any(|(_, bytes)| planted_in(bytes) == Some(needle));
    assert!(found(NAME) && found(EMAIL) && found(LABEL), "the search finds what is there");
    assert!(app.stranger().text("/plugins/plugins.xml").await.contains(AUTHOR));

    let erase = "mutation($input: EraseAccountInput!) { eraseAccount(input: $input) { position } }";
    let own = json!({ "password": PASSWORD });
    let refused = ask(&app, Some(&bearer), erase, own.clone()).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "owns_plugins", "{refused}");
    let bob = app.person("bob").await;
    let reason = "he takes over".to_owned();
    app.operate(&AddOwner { package: "lasso".parse().unwrap(), account: bob.id(), reason }).await;
    let again = json!({ "query": erase, "variables": { "input": own } });
    let erased = planted.request(Method::POST, "/graphql").header("x-forwarded-for", ADDRESS).json(&again);
    let erased: Value = erased.send().await.unwrap().json().await.unwrap();
    assert!(erased["errors"].is_null(), "{erased}");
    app.settle().await;

    assert_eq!(token(&app, PASSWORD).await.0, StatusCode::UNAUTHORIZED);
    assert_ne!(planted.upload_to("lasso", vec![]).await.status(), StatusCode::CREATED);
    for (place, bytes) in every_value(&app.house.db).await.unwrap() {
        assert_eq!(planted_in(&bytes), None, "in {place} of {account}");
    }
    for path in ["/plugins/lasso/", "/plugins/lasso/version/1.0/", "/plugins/", "/", "/metrics"] {
        assert_eq!(planted_in(app.stranger().text(path).await.as_bytes()), None, "{path}");
    }
    assert_eq!(planted_in(app.app.metrics.render().as_bytes()), None, "in metrics");
    let logged = lines.0.lock().unwrap().clone();
    assert!(!logged.is_empty(), "the log is listened to");
    assert_eq!(planted_in(&logged), None, "in the log: {}", String::from_utf8_lossy(&logged));
    let feed = app.stranger().text("/plugins/plugins.xml").await;
    assert_eq!(planted_in(feed.as_bytes()), None, "in the feed");
});

//! People who come from elsewhere: a real directory and a real identity provider, started by the test that needs them.

#![expect(clippy::unwrap_used, reason = "what helps a story fails as the story does")]

mod operator;
mod people;
mod provider;
mod trouble;

use cairn_cli::config::LdapTable;
use cairn_domain::account::Account;
use cairn_domain::event::Stream;
use cairn_domain::{Actor, Known};
use cairn_outside::testing::{NotInstalled, Slapd};
use cairn_store::testing::TestDb;
use cairn_tests::{Person, TestApp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// A directory with people in it. Where slapd is not installed the test is skipped with the reason; with `CI=true` it
/// fails.
fn slapd() -> Option<Slapd> {
    match Slapd::start() {
        Ok(slapd) => Some(slapd),
        Err(NotInstalled(reason)) => {
            assert!(!in_ci(), "there is no directory, and CI=true: {reason}");
            eprintln!("SKIPPED: there is no directory: {reason}");
            None
        }
    }
}

fn in_ci() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment tells whether a skipped test is a failure"
    )]
    let ci = std::env::var("CI");
    ci.is_ok_and(|value| value == "true")
}

/// The `[ldap]` table for this directory, where people are looked for and groups mean something.
fn table(slapd: &Slapd) -> LdapTable {
    LdapTable {
        name: "osgeo".into(),
        title: Some("OSGeo".into()),
        url: slapd.url().parse().unwrap(),
        starttls: None,
        allow_plaintext: None,
        ca_file: Some(slapd.ca_file()),
        user_dn: None,
        user_base: Some(Slapd::PEOPLE.into()),
        user_filter: Some("(uid={name})".into()),
        bind_dn: Some(Slapd::READER.into()),
        bind_password: Some(Slapd::READER_PASSWORD.into()),
        name_attribute: None,
        mail_attribute: None,
        group_attribute: None,
        group_base: None,
        group_filter: None,
        staff_groups: vec![Slapd::STAFF.into()],
        trusted_groups: vec![Slapd::TRUSTED.into()],
    }
}

/// A repository whose people are in this directory.
async fn start(t: &TestDb, slapd: &Slapd) -> TestApp {
    start_with(t, table(slapd)).await
}

async fn start_with(t: &TestDb, table: LdapTable) -> TestApp {
    TestApp::with(t, |config| config.ldap = Some(table)).await
}

/// Name and password for a short token: the answer.
async fn sign_in(app: &TestApp, name: &str, password: &str) -> (StatusCode, Value) {
    let body = json!({ "username": name, "password": password });
    let response = app.stranger().request(Method::POST, "/api/token/").json(&body).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

/// Signs in with the password that the person of that name has in the directory.
async fn greet(app: &TestApp, name: &str) -> Person {
    let (status, tokens) = sign_in(app, name, &Slapd::password(name)).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    app.stranger().with_bearer(tokens["access"].as_str().unwrap())
}

/// Claims that signing in is refused with this status and code.
async fn refused(app: &TestApp, name: &str, password: &str, status: u16, code: &str) -> Value {
    let (got, told) = sign_in(app, name, password).await;
    assert_eq!((got.as_u16(), told["code"].as_str()), (status, Some(code)), "{told}");
    told
}

/// The account of this name, as its history left it.
async fn account(app: &TestApp, name: &str) -> Account {
    let id = app.house.account(name).await.unwrap();
    let known: Known = app.house.commands.look(vec![Stream::Account(id)], Actor::Operator).await.unwrap();
    known.account(id).unwrap().clone()
}

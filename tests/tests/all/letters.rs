//! Mail of the whole server: what people do brings letters to others.

use cairn_cli::args::SettingsArgs;
use cairn_cli::config::{Config, MailConfig};
use cairn_outside::testing::{NotInstalled, Received, SmtpServer};
use cairn_store::both;
use cairn_tests::TestApp;
use serde_json::json;
use std::time::{Duration, Instant};

/// A mail server. Where it cannot be installed the test is skipped with the reason; with `CI=true` it fails.
fn server() -> Option<SmtpServer> {
    match SmtpServer::start() {
        Ok(server) => Some(server),
        Err(NotInstalled(reason)) => {
            #[expect(clippy::disallowed_methods, reason = "it tells whether a skipped test is a failure")]
            let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!in_ci, "there is no mail server, and CI=true: {reason}");
            eprintln!("SKIPPED: there is no mail server: {reason}");
            None
        }
    }
}

fn settings(server: &SmtpServer) -> Option<MailConfig> {
    let args = SettingsArgs {
        smtp_url: Some(server.url().parse().unwrap()),
        mail_from_address: Some("QGIS plugins <noreply@plugins.example.org>".into()),
        ..SettingsArgs::default()
    };
    Config::load(&args).unwrap().mail
}

/// Waits until somebody has a mail with these words in its subject.
async fn arrives(server: &SmtpServer, to: &str, words: &str) -> Received {
    let begun = Instant::now();
    loop {
        let mails = server.mails();
        let found = mails.iter().find(|mail| {
            let subject = mail.header("Subject").unwrap_or_default();
            mail.recipients == [format!("{to}@example.org")] && subject.contains(words)
        });
        if let Some(found) = found {
            return found.clone();
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{to} is not told {words}: {mails:?}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

both!(what_staff_do_to_an_authors_plugin_is_told_to_the_author, |t| {
    let Some(mut server) = server() else { return };
    let app = TestApp::with(&t, |config| config.mail = settings(&server)).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    arrives(&server, "sue", "You are staff").await;
    ann.upload("lasso", "1.0").await;
    sue.approve("lasso", "1.0").await;
    let mail = arrives(&server, "ann", "lasso 1.0 is public").await;
    let link = format!("{}/plugins/lasso/version/1.0/", app.base);
    assert!(mail.text.unwrap().lines().any(|line| line == link), "the link leads here");
    let shown = app.stranger().get("/plugins/lasso/version/1.0/").await;
    assert!(shown.status().is_success(), "and is a page");

    // The server is away for a while; the letter waits, and nobody else does.
    server.kill();
    let query = "mutation($input: GrantTrustInput!) { grantTrust(input: $input) { position } }";
    let answer = sue.graphql(query, json!({ "input": { "account": "ann", "reason": "good plugins" } })).await;
    assert!(answer["errors"].is_null(), "{answer}");
    assert!(app.stranger().get("/readyz").await.status().is_success(), "readiness does not depend on mail");
    server.restart();
    let mail = arrives(&server, "ann", "You are trusted").await;
    assert!(mail.text.unwrap().contains("good plugins"));
    let twice =
        server.mails().iter().filter(|mail| mail.header("Subject").unwrap().contains("trusted")).count();
    assert_eq!(twice, 1);
});

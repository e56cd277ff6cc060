//! A new author makes an account, and proves the address by the letter that comes there.

use crate::browser::{Browser, Scripts, in_ci};
use crate::site::site_with;
use cairn_cli::args::SettingsArgs;
use cairn_cli::config::{Config, MailConfig};
use cairn_outside::testing::{NotInstalled, SmtpServer};
use cairn_store::both;
use cairn_store::testing::TestDb;
use std::time::{Duration, Instant};

/// A mail server. Where it cannot be installed the test is skipped with the reason; with `CI=true` it fails.
fn server() -> Option<SmtpServer> {
    match SmtpServer::start() {
        Ok(server) => Some(server),
        Err(NotInstalled(reason)) => {
            assert!(!in_ci(), "there is no mail server, and CI=true: {reason}");
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

/// The link in the letter that asks for a proof of the address.
async fn link(server: &SmtpServer) -> String {
    let begun = Instant::now();
    loop {
        let texts = server.mails().into_iter().filter_map(|mail| mail.text);
        let link = texts
            .flat_map(|text| text.lines().map(str::trim).map(str::to_owned).collect::<Vec<_>>())
            .find(|line| line.contains("/account/confirm/"));
        if let Some(link) = link {
            return link;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "no letter comes: {:?}", server.mails());
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

async fn sign_up_and_confirm(t: &TestDb, scripts: Scripts, name: &str) {
    let Some(browser) = Browser::ready(scripts).await else { return };
    let Some(server) = server() else { return };
    let app = site_with(t, |config| config.mail = settings(&server)).await;
    let story = async {
        browser.sign_up(&app, "ann").await;
        browser.open_page(&link(&server).await).await;
        browser.sees("One press shows that this mail reached you").await;
        browser.presses("Confirm my address").await;
        browser.sees("confirmed").await;
        app.settle().await;
        let ann = app.house.account("ann").await.unwrap();
        let known = app.house.commands.look(vec![], cairn_domain::Actor::Account { account: ann }).await;
        assert!(known.unwrap().account(ann).unwrap().email_confirmed, "the log has it");
    };
    browser.tells(name, story).await;
}

both!(a_new_author_confirms_the_address_by_the_letter, |t| {
    sign_up_and_confirm(&t, Scripts::Run, "sign_up").await;
});

both!(without_scripts_too, |t| {
    sign_up_and_confirm(&t, Scripts::Off, "sign_up_without_scripts").await;
});

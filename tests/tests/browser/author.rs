//! An author's way from a new account to a public plugin, and what owners do.

use crate::browser::{Browser, Scripts};
use crate::site::site;
use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_store::testing::TestDb;
use cairn_tests::feed;
use std::path::PathBuf;
use std::process::Command;
use tokio::task::block_in_place;

/// A zip on the author's disk.
fn on_disk(t: &TestDb, name: &str, package: &PackageBuilder) -> PathBuf {
    let file = t.folder().join(name);
    std::fs::write(&file, package.build()).unwrap();
    file
}

fn lasso(version: &str) -> PackageBuilder {
    PackageBuilder::new("lasso").version(version).metadata_key("name", "Lasso Tool")
}

both!(an_author_uploads_mends_what_is_found_and_staff_publish_it, |t| {
    from_upload_to_feed(&t, Scripts::Run, "upload").await;
});

both!(all_of_that_works_without_scripts_too, |t| {
    from_upload_to_feed(&t, Scripts::Off, "upload_without_scripts").await;
});

async fn from_upload_to_feed(t: &TestDb, scripts: Scripts, name: &str) {
    let Some(browser) = Browser::ready(scripts).await else { return };
    let app = site(t).await;
    app.person_with_password("sue").await;
    let sue = app.house.account("sue").await.unwrap();
    app.operate(&cairn_commands::account::GrantStaff { account: sue }).await;
    let story = async {
        browser.sign_up(&app, "ann").await;
        let bad = on_disk(t, "bad.zip", &lasso("1.0").without_key("tracker"));
        browser.open_page(&format!("{}/plugins/add/", app.base)).await;
        browser.chooses("package", &bad).await;
        browser.presses("Look at it").await;
        browser.sees("required key tracker is missing").await;
        browser.sees("Nothing was published").await;
        assert!(!app.stranger().text("/plugins/plugins.xml").await.contains("lasso"));

        let good = on_disk(t, "good.zip", &lasso("1.0"));
        browser.chooses("package", &good).await;
        browser.presses("Look at it").await;
        browser.sees("Lasso Tool 1.0").await;
        browser.sees("It waits for review").await;
        browser.presses("Publish this version").await;
        browser.sees("lasso").await;
        browser.open_page(&format!("{}/plugins/my/", app.base)).await;
        browser.sees("Lasso Tool").await;
        browser.sign_out(&app).await;

        browser.types_password(&app, "sue").await;
        browser.is_signed_in(&app).await;
        browser.open_page(&format!("{}/staff/queue/", app.base)).await;
        browser.follows("Lasso Tool 1.0").await;
        browser.presses("Approve 1.0").await;
        browser.sees("Nothing waits for you").await;
        app.settle().await;
        let entries = feed::entries(&app.stranger().text("/plugins/plugins.xml?qgis=3.40").await);
        assert_eq!(entries.len(), 1, "the feed shows it");
        browser.open_page(&format!("{}/plugins/lasso/", app.base)).await;
        browser.sees("Lasso Tool").await;
    };
    browser.tells(name, story).await;
}

both!(an_owner_invites_somebody_who_says_yes, |t| {
    let Some(browser) = Browser::ready(Scripts::Run).await else { return };
    let app = site(&t).await;
    for name in ["ann", "bob"] {
        app.person_with_password(name).await;
    }
    let ann = app.house.account("ann").await.unwrap();
    let ann = app.stranger().with_bearer(&app.sign_in(ann).await);
    ann.upload_zip("lasso", lasso("1.0").build()).await;
    app.settle().await;
    let story = async {
        browser.types_password(&app, "ann").await;
        browser.is_signed_in(&app).await;
        browser.open_page(&format!("{}/plugins/lasso/owners/", app.base)).await;
        browser.types("account", "bob").await;
        browser.presses("Invite").await;
        browser.sees("Asked and not answered yet").await;
        browser.sign_out(&app).await;

        browser.types_password(&app, "bob").await;
        browser.is_signed_in(&app).await;
        browser.open_page(&format!("{}/account/invitations/", app.base)).await;
        browser.presses("Accept lasso").await;
        browser.sees("You own this plugin now").await;
        browser.open_page(&format!("{}/plugins/lasso/owners/", app.base)).await;
        browser.sees("bob (you)").await;
    };
    browser.tells("invite", story).await;
});

both!(a_token_from_the_page_uploads_by_curl, |t| {
    let Some(browser) = Browser::ready(Scripts::Run).await else { return };
    let app = site(&t).await;
    app.person_with_password("ann").await;
    let account = app.house.account("ann").await.unwrap();
    let ann = app.stranger().with_bearer(&app.sign_in(account).await);
    ann.upload_zip("lasso", lasso("1.0").build()).await;
    app.settle().await;
    let story = async {
        browser.types_password(&app, "ann").await;
        browser.is_signed_in(&app).await;
        browser.open_page(&format!("{}/plugins/lasso/tokens/", app.base)).await;
        browser.types("description", "from my laptop").await;
        browser.presses("Make a token").await;
        browser.sees("cairn_").await;
        let text = browser.text().await;
        let token = text.split_whitespace().find(|word| word.starts_with("cairn_")).unwrap().to_owned();
        let zip = on_disk(&t, "lasso.zip", &lasso("1.1"));
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--fail-with-body", "-H"])
            .arg(format!("Authorization: Bearer {token}"))
            .arg("-F")
            .arg(format!("package=@{}", zip.display()))
            .arg(format!("{}/plugins/api/lasso/version/add/", app.base));
        let curl = block_in_place(|| curl.output()).unwrap();
        let said = String::from_utf8_lossy(&curl.stdout).into_owned();
        assert!(curl.status.success(), "{said}{}", String::from_utf8_lossy(&curl.stderr));
        assert!(said.contains("\"version\":\"1.1\""), "{said}");
        app.settle().await;
        browser.open_page(&format!("{}/plugins/lasso/tokens/", app.base)).await;
        browser.sees("from my laptop").await;
        browser.open_page(&format!("{}/plugins/lasso/versions/", app.base)).await;
        browser.sees("1.1").await;
    };
    browser.tells("token", story).await;
});

both!(staff_block_an_account_which_is_then_out, |t| {
    let Some(browser) = Browser::ready(Scripts::Run).await else { return };
    let app = site(&t).await;
    for name in ["mallory", "sue"] {
        app.person_with_password(name).await;
    }
    let sue = app.house.account("sue").await.unwrap();
    app.operate(&cairn_commands::account::GrantStaff { account: sue }).await;
    app.settle().await;
    let story = async {
        browser.types_password(&app, "sue").await;
        browser.is_signed_in(&app).await;
        browser.open_page(&format!("{}/staff/accounts/", app.base)).await;
        browser.types("q", "mall").await;
        browser.presses("Search").await;
        browser.sees("1 account,").await;
        browser.follows("mallory").await;
        browser.sees("Block this account").await;
        browser.finds("#block-reason").await.send_keys("sells things").await.unwrap();
        browser.presses("Block this account").await;
        browser.sees("Unblock").await;
        browser.sign_out(&app).await;
        browser.types_password(&app, "mallory").await;
        browser.sees("blocked").await;
        let here = browser.client.current_url().await.unwrap();
        assert!(here.path().starts_with("/account/sign-in"), "{here}");
    };
    browser.tells("block", story).await;
});

//! Every page of the list, in a living repository, as a visitor, an author and somebody of the staff see it: on a wide screen and
//! a phone, in light and dark.

use crate::axe::Axe;
use crate::browser::{Browser, Scripts};
use crate::look::LOOKS;
use crate::site::site;
use cairn_cli::args::SettingsArgs;
use cairn_cli::config::Config;
use cairn_cli::demo;
use cairn_store::testing::{TestDb, run};
use cairn_store::{Clock, Engine, SystemClock};
use cairn_tests::pages::{NOWHERE, PAGES, Page, Who};
use cairn_tests::world::World;
use serde_json::json;

/// What a page may weigh with everything that it brings, in bytes on the wire.
const PAGE_BYTES_MAX: u64 = 150_000;

// What a page looks like does not depend on the database: one engine shows all of them.

#[test]
fn visitors_can_use_every_page() {
    run(Engine::Sqlite, |t| async move { Box::pin(walk(t, Who::Visitor)).await });
}

#[test]
fn authors_can_use_every_page() {
    run(Engine::Sqlite, |t| async move { Box::pin(walk(t, Who::Author)).await });
}

#[test]
fn staff_can_use_every_page() {
    run(Engine::Sqlite, |t| async move { Box::pin(walk(t, Who::Staff)).await });
}

async fn walk(t: TestDb, who: Who) {
    let Some(axe) = Axe::ready() else { return };
    let Some(browser) = Browser::ready(Scripts::Run).await else { return };
    let args = SettingsArgs {
        data_dir: Some(t.folder().to_owned()),
        database_url: Some(t.url().to_owned()),
        ..SettingsArgs::default()
    };
    let config = Config::load(&args).unwrap();
    demo::fill_until(&config, SystemClock.now()).await.unwrap();
    let world = World::of_demo(site(&t).await).await;
    let story = async {
        browser.open_page(&world.app.base).await;
        if let Some((name, value)) = world.cookie(who) {
            let cookie = json!({ "name": name, "value": value, "url": world.app.base, "httpOnly": true });
            browser.developer("Network.setCookie", cookie).await;
        }
        browser.complaints().await;
        let mut faults = Vec::new();
        for page in PAGES.iter().filter(|page| page.who == who) {
            look_at(&browser, &axe, &world, page, &mut faults).await;
        }
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    };
    browser.tells(&format!("every_page_{who:?}").to_lowercase(), story).await;
}

async fn look_at(browser: &Browser, axe: &Axe, world: &World, page: &Page, faults: &mut Vec<String>) {
    let path = page.path(&world.values);
    browser.looks(LOOKS[0]).await;
    browser.open_page(&format!("{}{path}", world.app.base)).await;
    let mut tell = |fault: String| faults.push(format!("{path}: {fault}"));

    let brought = browser.brought().await;
    let weight: u64 = brought.iter().map(|(_, bytes)| bytes).sum();
    if weight > PAGE_BYTES_MAX {
        tell(format!("weighs {weight} bytes: {brought:?}"));
    }
    for (address, _) in brought.iter().filter(|(address, _)| !address.starts_with(&world.app.base)) {
        tell(format!("asks another site: {address}"));
    }
    let title = browser.client.title().await.unwrap();
    if title.len() < 8 || !(title.contains("Cairn")) {
        tell(format!("is called {title:?}"));
    }
    for look in LOOKS {
        browser.looks(look).await;
        for fault in axe.faults(browser).await {
            tell(format!("{look:?}: {fault}"));
        }
        if browser.is_too_wide().await {
            tell(format!("{look:?}: is wider than its screen"));
        }
    }
    // Some pages say that something is wrong by their status too, which browsers note.
    let says_no = page.route == NOWHERE || page.query.contains("wrong");
    for complaint in browser.complaints().await {
        if !says_no || !complaint.contains("the server responded with a status of 40") {
            tell(complaint);
        }
    }
}

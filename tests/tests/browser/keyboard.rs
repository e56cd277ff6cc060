//! Somebody without a mouse finds a plugin and copies the address that QGIS wants.

use crate::browser::{Browser, Scripts};
use crate::keys::Focus;
use crate::site::site;
use crate::visitor::two_plugins;
use cairn_store::Engine;
use cairn_store::testing::run;
use fantoccini::key::Key;

const SKIP: &str = "Skip to the content";

fn named(name: &str) -> impl Fn(&Focus) -> bool {
    move |focus| focus.name == name
}

#[test]
fn a_plugin_is_found_by_keys_alone() {
    run(Engine::Sqlite, |t| async move {
        let Some(browser) = Browser::ready(Scripts::Run).await else { return };
        let app = site(&t).await;
        two_plugins(&app).await;
        Box::pin(browser.tells("keyboard", walk(&browser, &app.base))).await;
    });
}

async fn walk(browser: &Browser, base: &str) {
    browser.open_page(base).await;
    let way = browser.tabs_to(named("Sign in")).await;
    let names: Vec<&str> = way.iter().map(|focus| focus.name.as_str()).collect();
    assert_eq!(names[0], SKIP, "the way past the menu comes first");
    assert_eq!(names[1..], ["Cairn", "Plugins", "Statistics", "Docs", "Publish", "Sign in"]);
    let search = browser.tabs().await;
    assert_eq!(search.name, "Search plugins", "the search comes after the menu");

    // The menu, from a fresh page.
    browser.open_page(base).await;
    browser.tabs_to(named("Plugins")).await;
    browser.hits(Key::Enter).await;
    browser.comes_true("location.pathname === '/plugins/' && document.readyState === 'complete'").await;

    // Past the menu, and on to the plugin.
    assert_eq!(browser.tabs().await.name, SKIP);
    browser.hits(Key::Enter).await;
    browser.comes_true("location.hash === '#main'").await;
    let way = browser.tabs_to(named("Contour Lines")).await;
    assert!(way.iter().all(|focus| focus.name != "Statistics"), "the menu was left behind: {way:#?}");
    assert!(way.iter().any(|focus| focus.name == "Search"), "the search is on the way: {way:#?}");
    browser.hits(Key::Enter).await;
    browser
        .comes_true("location.pathname === '/plugins/contours/' && document.readyState === 'complete'")
        .await;

    // Everything on the page, to the button that copies.
    let way = browser.tabs_to(named("Copy")).await;
    assert!(
        way.iter().any(|focus| focus.path.as_deref() == Some("/plugins/contours/version/1.0.0/")),
        "{way:#?}"
    );
    browser.hits(Key::Enter).await;
    browser.sees("Copied").await;
}

#[test]
fn suggestions_are_chosen_by_arrows() {
    run(Engine::Sqlite, |t| async move {
        let Some(browser) = Browser::ready(Scripts::Run).await else { return };
        let app = site(&t).await;
        two_plugins(&app).await;
        let story = async {
            browser.open_page(&app.base).await;
            browser.tabs_to(named("Search plugins")).await;
            browser.finds("#q").await.send_keys("conto").await.unwrap();
            browser.comes_true("document.querySelector('#q[aria-expanded=true]')").await;
            browser.hits(Key::Down).await;
            browser.comes_true("document.querySelector('#q-list [aria-selected=true]')").await;
            let chosen = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).innerText";
            assert!(browser.value(chosen).await.as_str().unwrap().starts_with("Contour Lines"));
            browser.hits(Key::Escape).await;
            browser.comes_true("document.querySelector('#q-list').hidden").await;
            browser.hits(Key::Enter).await;
            browser.comes_true("location.search === '?q=conto'").await;
            browser.sees("Contour Lines").await;
        };
        browser.tells("suggestions", story).await;
    });
}

//! That the stories can tell a browser with scripts from one without, and that pages are shown at all.

use crate::browser::{Browser, Scripts};
use crate::site::site;
use cairn_store::both;

both!(the_first_page_is_shown_and_its_script_runs, |t| {
    let Some(browser) = Browser::ready(Scripts::Run).await else { return };
    let app = site(&t).await;
    let story = async {
        browser.open_page(&app.base).await;
        browser.sees("A plugin repository for QGIS").await;
        let copies = browser.finds("[data-copy]").await;
        assert!(copies.is_displayed().await.unwrap(), "the script shows the button");
    };
    browser.tells("first_page", story).await;
});

both!(a_browser_without_scripts_shows_the_page_too, |t| {
    let Some(browser) = Browser::ready(Scripts::Off).await else { return };
    let app = site(&t).await;
    let story = async {
        browser.open_page(&app.base).await;
        browser.sees("A plugin repository for QGIS").await;
        let copies = browser.finds("[data-copy]").await;
        assert!(!copies.is_displayed().await.unwrap(), "the script does not run");
    };
    browser.tells("first_page_without_scripts", story).await;
});

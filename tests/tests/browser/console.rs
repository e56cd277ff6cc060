//! The GraphQL console follows what happens.

use crate::browser::{Browser, Scripts};
use crate::site::site;
use crate::visitor::two_plugins;
use cairn_store::both;

both!(the_console_shows_what_happens_meanwhile, |t| {
    let Some(browser) = Browser::ready(Scripts::Run).await else { return };
    let app = site(&t).await;
    let story = async {
        browser.open_page(&format!("{}/graphql/console/", app.base)).await;
        browser.presses("What happens now").await;
        browser.presses("Run").await;
        browser.sees("following; nothing happened yet").await;
        two_plugins(&app).await;
        browser.sees("\"kind\": \"VersionApproved\"").await;
        browser.sees("\"stream\": \"plugin/contours\"").await;
        browser.sees("shown, the newest first").await;
        let answer = browser.finds("#answer").await.text().await.unwrap();
        let newest = answer.find("plugin/contours").unwrap();
        assert!(answer.find("plugin/lasso").is_some_and(|older| newest < older), "{answer}");

        browser.presses("Stop").await;
        browser.sees("stopped").await;
        app.person("bob").await.upload("after", "1.0").await;
        app.settle().await;
        assert!(!browser.text().await.contains("plugin/after"), "nothing is followed any more");
        assert_eq!(browser.complaints().await, Vec::<String>::new());
    };
    browser.tells("console", story).await;
});

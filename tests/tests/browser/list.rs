//! The list of plugins follows what somebody types and chooses, and no other page takes its place.

use crate::browser::{Browser, Scripts};
use crate::site::site;
use crate::visitor::two_plugins;
use cairn_store::Engine;
use cairn_store::testing::run;
use fantoccini::Locator;
use fantoccini::key::Key;

#[test]
fn a_list_follows_what_is_typed_and_chosen() {
    run(Engine::Sqlite, |t| async move {
        let Some(browser) = Browser::ready(Scripts::Run).await else { return };
        let app = site(&t).await;
        two_plugins(&app).await;
        app.settle().await;
        let story = async {
            browser.open_page(&format!("{}/plugins/", app.base)).await;
            browser.sees("2 plugins").await;
            browser.marks_the_page().await;

            // Words, without a button.
            let field = browser.finds("main [name=q]").await;
            field.send_keys("elev").await.unwrap();
            browser.lists(&["Contour Lines"]).await;
            browser.comes_true("location.search === '?q=elev'").await;
            browser.comes_true("document.getElementById('list-status').innerText === '1 plugin'").await;
            assert_eq!(browser.value("document.activeElement.name").await, "q", "typing goes on");
            browser.empties("q").await;
            browser.lists(&["Contour Lines", "Lasso Tool"]).await;

            // Filters.
            browser.finds(".filters summary").await.click().await.unwrap();
            browser.finds("[name=processing]").await.click().await.unwrap();
            browser.lists(&["Contour Lines"]).await;
            browser.comes_true("location.search === '?processing=1'").await;
            browser.finds(".chips a").await.click().await.unwrap();
            browser.lists(&["Contour Lines", "Lasso Tool"]).await;
            browser.comes_true("!document.querySelector('[name=processing]').checked").await;

            // What cannot be is told, and mended, in place.
            browser.types("qgis", "old").await;
            browser.comes_true("document.querySelector('[name=qgis][aria-invalid=true]')").await;
            browser.finds("#problem").await;
            browser.types("qgis", "3.40").await;
            browser.comes_true("document.getElementById('problem') === null").await;
            browser.lists(&["Contour Lines", "Lasso Tool"]).await;

            // An order, and back.
            let order = browser.finds("#sort").await;
            order.select_by_value("name").await.unwrap();
            browser.comes_true("new URLSearchParams(location.search).get('sort') === 'name'").await;
            browser.client.back().await.unwrap();
            browser
                .comes_true(
                    "!location.search.includes('sort') && document.getElementById('sort').value === ''",
                )
                .await;
            browser.lists(&["Contour Lines", "Lasso Tool"]).await;
            assert!(browser.is_the_marked_page().await, "no other page took its place");
            let old = browser.client.find_all(Locator::Css("#list[aria-busy]")).await.unwrap();
            assert!(old.is_empty(), "nothing is still asked for");
        };
        browser.tells("list", story).await;
    });
}

impl Browser {
    /// Empties the field with this name as people do: all of it is chosen and deleted.
    async fn empties(&self, name: &str) {
        let keys = format!("{}a{}{}", Key::Control, Key::Null, Key::Delete);
        self.finds(&format!("main [name='{name}']")).await.send_keys(&keys).await.unwrap();
    }

    /// Waits until the list has these plugins and no others, in any order.
    async fn lists(&self, names: &[&str]) {
        let names = serde_json::to_string(names).unwrap();
        let shown = "[...document.querySelectorAll('#list .plugins h3')].map((it) => it.innerText).sort()";
        self.comes_true(&format!("JSON.stringify({shown}) === '{names}'")).await;
    }
}

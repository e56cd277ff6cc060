//! A zip is dropped on the page for uploads.

use crate::browser::{Browser, Scripts};
use crate::site::site;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cairn_domain::package::testing::PackageBuilder;
use cairn_store::Engine;
use cairn_store::testing::run;
use serde_json::json;

/// Notes, beyond the life of the page, what its line of progress shows.
const WATCH: &str = r#"
const line = document.querySelector(".progress"), bar = line.querySelector("progress");
const note = () => {
  if (line.hidden) return;
  const seen = JSON.parse(sessionStorage.getItem("seen") ?? "[]");
  seen.push({ said: line.innerText.trim(), bar: bar.getBoundingClientRect().width > 0 });
  sessionStorage.setItem("seen", JSON.stringify(seen));
};
new MutationObserver(note).observe(line, { subtree: true, childList: true, attributes: true, characterData: true });
"#;

/// Holds a file of these bytes over the place for it.
const HOLD: &str = r#"
const bytes = Uint8Array.from(atob(arguments[0]), (c) => c.charCodeAt(0));
window.held = new DataTransfer();
held.items.add(new File([bytes], arguments[1], { type: "application/zip" }));
for (const kind of ["dragenter", "dragover"]) {
  const event = new DragEvent(kind, { dataTransfer: held, bubbles: true, cancelable: true });
  document.querySelector(".drop label").dispatchEvent(event);
  if (!event.defaultPrevented) throw new Error(`the browser would not let it be dropped: ${kind}`);
}
"#;

/// Lets it go there.
const LET_GO: &str = r#"
const event = new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true });
document.querySelector(".drop label").dispatchEvent(event);
if (!event.defaultPrevented) throw new Error("the browser would open the file");
"#;

impl Browser {
    async fn drops(&self, name: &str, zip: &[u8]) {
        self.client.execute(WATCH, vec![]).await.unwrap();
        self.client.execute(HOLD, vec![json!(STANDARD.encode(zip)), json!(name)]).await.unwrap();
        self.comes_true("document.querySelector('.drop.over')").await;
        self.client.execute(LET_GO, vec![]).await.unwrap();
    }
}

#[test]
fn a_zip_is_dropped_and_its_way_is_shown() {
    run(Engine::Sqlite, |t| async move {
        let Some(browser) = Browser::ready(Scripts::Run).await else { return };
        let app = site(&t).await;
        let lasso = || PackageBuilder::new("lasso").version("1.0").metadata_key("name", "Lasso Tool");
        let story = async {
            browser.sign_up(&app, "ann").await;
            browser.open_page(&format!("{}/plugins/add/", app.base)).await;
            browser.sees("Drop it here").await;

            // What is found is told on the same page.
            browser.marks_the_page().await;
            browser.drops("bad.zip", &lasso().without_key("tracker").build()).await;
            browser.sees("required key tracker is missing").await;
            assert!(browser.is_the_marked_page().await, "no other page took its place");
            assert_eq!(browser.value("document.activeElement.id").await, "problem", "it is told at once");

            // A good one leads on.
            browser.drops("good.zip", &lasso().build()).await;
            browser.sees("Lasso Tool 1.0").await;
            browser.sees("It waits for review").await;
            let seen = browser.value("JSON.parse(sessionStorage.getItem('seen'))").await;
            let seen = seen.as_array().unwrap();
            assert!(seen.iter().any(|one| one["bar"] == true && one["said"] == "On its way …"), "{seen:?}");
            assert!(
                seen.iter().any(|one| one["said"].as_str().unwrap().starts_with("It is there")),
                "{seen:?}"
            );
        };
        browser.tells("drop", story).await;
    });
}

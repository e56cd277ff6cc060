//! What people do on a page: look, type, press.

use crate::browser::Browser;
use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// How long a page may take to show what is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

impl Browser {
    /// Opens an address.
    pub(crate) async fn open_page(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    /// Waits until the page has this text, or fails with what it has.
    pub(crate) async fn sees(&self, words: &str) {
        let begun = std::time::Instant::now();
        loop {
            let text = self.text().await;
            if text.contains(words) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{words:?} is not on the page:\n{text}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The text of the page.
    pub(crate) async fn text(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Types into the field with this name, instead of what was in it.
    pub(crate) async fn types(&self, name: &str, text: &str) {
        let field = self.finds(&format!("main [name='{name}']")).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Presses the button, or follows the link, with this text.
    pub(crate) async fn presses(&self, text: &str) {
        let path = format!("//main//*[self::button or self::a][normalize-space()='{text}']");
        self.finds_by(Locator::XPath(&path)).await.click().await.unwrap();
    }

    /// Follows the first link whose text has these words.
    pub(crate) async fn follows(&self, words: &str) {
        let path = format!("//main//a[contains(normalize-space(), '{words}')]");
        self.finds_by(Locator::XPath(&path)).await.click().await.unwrap();
    }

    /// Chooses a file of this machine in the field with this name.
    pub(crate) async fn chooses(&self, name: &str, file: &Path) {
        let field = self.finds(&format!("input[type='file'][name='{name}']")).await;
        field.send_keys(&file.display().to_string()).await.unwrap();
    }

    /// Waits until this expression is true on the page, or fails with the page's text.
    pub(crate) async fn comes_true(&self, expression: &str) {
        let script = format!("return Boolean({expression})");
        let begun = std::time::Instant::now();
        // While a page gives way to the next there is nothing to ask.
        while self.client.execute(&script, vec![]).await.ok() != Some(json!(true)) {
            assert!(begun.elapsed() < PATIENCE, "{expression} is not true:\n{}", self.text().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What this expression is on the page.
    pub(crate) async fn value(&self, expression: &str) -> Value {
        self.client.execute(&format!("return {expression}"), vec![]).await.unwrap()
    }

    /// Marks the page, so that it can be told whether another took its place.
    pub(crate) async fn marks_the_page(&self) {
        self.client.execute("window.marked = true", vec![]).await.unwrap();
    }

    /// Whether this is still the page that was marked.
    pub(crate) async fn is_the_marked_page(&self) -> bool {
        self.value("window.marked === true").await == json!(true)
    }

    /// The first thing that a CSS selector finds.
    pub(crate) async fn finds(&self, css: &str) -> Element {
        self.finds_by(Locator::Css(css)).await
    }

    async fn finds_by(&self, what: Locator<'_>) -> Element {
        match self.client.wait().at_most(PATIENCE).for_element(what).await {
            Ok(element) => element,
            Err(fault) => panic!("{what:?}: {fault}\n{}", self.text().await),
        }
    }
}

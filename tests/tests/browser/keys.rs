//! A keyboard, and where it stands on a page.

use crate::browser::Browser;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::Value;

/// What has the focus, and whether somebody who looks at the page sees that.
const FOCUS: &str = r#"
const it = document.activeElement;
const box = it.getBoundingClientRect(), style = getComputedStyle(it);
const name = it.getAttribute("aria-label") ?? it.labels?.[0]?.innerText ?? it.innerText ?? "";
return {
  name: name.trim().replace(/\s+/g, " "),
  path: it.pathname ?? null,
  css: it.id ? `#${it.id}` : it.className ? `.${it.className}` : it.localName,
  ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
};
"#;

/// Where the keyboard stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Focus {
    /// As readers of screens call it.
    pub(crate) name: String,
    /// Where it leads, if it is a link.
    pub(crate) path: Option<String>,
    css: String,
}

impl Browser {
    /// Presses a key wherever the keyboard stands.
    pub(crate) async fn hits(&self, key: Key) {
        let value = key.into();
        let keys = KeyActions::new("keyboard".to_owned()).then(KeyAction::Down { value });
        self.client.perform_actions(keys.then(KeyAction::Up { value })).await.unwrap();
    }

    /// Goes on by Tab. What it comes to must be seen, and be seen to have the focus.
    pub(crate) async fn tabs(&self) -> Focus {
        self.hits(Key::Tab).await;
        let told = self.client.execute(FOCUS, vec![]).await.unwrap();
        let text = |name: &str| told[name].as_str().map(str::to_owned);
        assert_eq!((&told["ring"], &told["seen"]), (&Value::Bool(true), &Value::Bool(true)), "{told}");
        Focus {
            name: text("name").unwrap_or_default(),
            path: text("path"),
            css: text("css").unwrap_or_default(),
        }
    }

    /// Goes on by Tab until it comes to what is wanted, and answers everything on the way, the last included.
    pub(crate) async fn tabs_to(&self, wanted: impl Fn(&Focus) -> bool) -> Vec<Focus> {
        /// Stops on the way: more than any page has before its list.
        const STOPS_MAX: usize = 60;
        let mut way: Vec<Focus> = Vec::new();
        while !way.last().is_some_and(&wanted) {
            let stop = self.tabs().await;
            assert!(way.last() != Some(&stop), "the keyboard is caught at {stop:?}");
            way.push(stop);
            assert!(way.len() < STOPS_MAX, "it is not on the way: {way:#?}");
        }
        way
    }
}

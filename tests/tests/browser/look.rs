//! How a page is looked at: on which screen, in which light, and what it says to developers.

use crate::browser::Browser;
use serde_json::{Value, json};

/// A screen and its light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) dark: bool,
    pub(crate) phone: bool,
}

/// Each light on each screen.
pub(crate) const LOOKS: [Look; 4] = [
    Look { dark: false, phone: false },
    Look { dark: true, phone: false },
    Look { dark: true, phone: true },
    Look { dark: false, phone: true },
];

/// What a page brought with it.
const BROUGHT: &str = r#"
const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
return all.map((one) => [one.name, one.encodedBodySize]);
"#;

impl Browser {
    /// Shows pages from now on as on this screen in this light, with nothing in motion.
    pub(crate) async fn looks(&self, look: Look) {
        let light = if look.dark { "dark" } else { "light" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": light },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.developer("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        let (width, height) = if look.phone { (390, 844) } else { (1280, 900) };
        let screen =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": look.phone });
        self.developer("Emulation.setDeviceMetricsOverride", screen).await;
    }

    /// A command of the developer tools.
    pub(crate) async fn developer(&self, cmd: &str, params: Value) -> Value {
        self.driver_asks("goog/cdp/execute", &json!({ "cmd": cmd, "params": params })).await
    }

    /// What pages have said to developers since the last time: errors, and what their policy refused.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let said = self.driver_asks("se/log", &json!({ "type": "browser" })).await;
        let said = said["value"].as_array().cloned().unwrap_or_default();
        let told = |one: &Value| format!("{}: {}", one["level"], one["message"]);
        said.iter().filter(|one| one["level"] != "INFO" && one["level"] != "DEBUG").map(told).collect()
    }

    /// The addresses that the page loaded, itself too, with their bytes on the wire.
    pub(crate) async fn brought(&self) -> Vec<(String, u64)> {
        let told = self.client.execute(BROUGHT, vec![]).await.unwrap();
        let told = told.as_array().expect("the script answers a list").clone();
        told.iter()
            .map(|one| (one[0].as_str().unwrap_or_default().to_owned(), one[1].as_u64().unwrap_or_default()))
            .collect()
    }

    /// Whether the page is wider than its screen, so that a reader has to push it to and fro.
    pub(crate) async fn is_too_wide(&self) -> bool {
        let script = "return document.documentElement.scrollWidth > window.innerWidth + 1";
        self.client.execute(script, vec![]).await.unwrap() == json!(true)
    }
}

//! axe-core, which knows what keeps people from using a page.

use crate::browser::{Browser, in_ci};
use serde_json::{Value, json};
use std::fs::File;
use std::path::Path;
use std::process::Command;

/// The version that the tests were written for.
const PACKAGE: &str = r#"{ "private": true, "dependencies": { "axe-core": "4.11.0" } }"#;

/// Runs axe on the page as it is, and answers what it found.
const RUN: &str = r#"
const done = arguments[arguments.length - 1];
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const told = (node) => `${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`;
axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }).then(
  (result) => done(result.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map(told).join(" | ")}`)),
  (fault) => done([`axe failed: ${fault}`]));
"#;

/// The text of axe-core.
#[derive(Debug)]
pub(crate) struct Axe(String);

impl Axe {
    /// axe-core, fetched by npm when it is not there yet. Where that fails the test is skipped with the reason; with `CI=true`
    /// it fails.
    pub(crate) fn ready() -> Option<Self> {
        match fetch(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("axe-core")) {
            Ok(text) => Some(Self(text)),
            Err(reason) => {
                assert!(!in_ci(), "there is no axe-core, and CI=true: {reason}");
                eprintln!("SKIPPED: there is no axe-core: {reason}");
                None
            }
        }
    }

    /// What keeps people from using the page that the browser shows.
    pub(crate) async fn faults(&self, browser: &Browser) -> Vec<String> {
        let loaded = "return typeof axe";
        if browser.client.execute(loaded, vec![]).await.unwrap() == json!("undefined") {
            browser.client.execute(&self.0, vec![]).await.unwrap();
        }
        let found: Value = browser.client.execute_async(RUN, vec![]).await.unwrap();
        let found = found.as_array().expect("the script answers a list");
        found.iter().map(|one| one.as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// One process fetches, the others wait and find it done.
fn fetch(folder: &Path) -> Result<String, String> {
    let fault = |fault: std::io::Error| format!("{}: {fault}", folder.display());
    std::fs::create_dir_all(folder).map_err(fault)?;
    let lock = File::create(folder.join("lock")).map_err(fault)?;
    lock.lock().map_err(fault)?;
    let (wanted, program) = (folder.join("package.json"), folder.join("node_modules/axe-core/axe.min.js"));
    if std::fs::read_to_string(&wanted).is_ok_and(|there| there == PACKAGE)
        && let Ok(text) = std::fs::read_to_string(&program)
    {
        return Ok(text);
    }
    std::fs::write(&wanted, PACKAGE).map_err(fault)?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"])
        .current_dir(folder);
    let ran = npm.output().map_err(|fault| format!("npm: {fault}"))?;
    if !ran.status.success() {
        return Err(format!("npm: {}", String::from_utf8_lossy(&ran.stderr)));
    }
    std::fs::read_to_string(&program).map_err(fault)
}

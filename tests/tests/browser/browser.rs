//! A browser with a fresh profile, for one story.

use crate::driver::Driver;
use fantoccini::{Client, ClientBuilder};
use futures_util::FutureExt;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::panic::AssertUnwindSafe;
use std::path::Path;
use tempfile::TempDir;

/// What Chromium is told: no window, nothing of its own accord to the outside, and no sandbox, which root cannot have.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1200,1600",
];

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scripts {
    Run,
    Off,
}

/// A browser.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) client: Client,
    driver: Driver,
    http: reqwest::Client,
    _folder: TempDir,
}

impl Browser {
    /// A browser; none where there is no Chromium, which with `CI=true` is a failure.
    pub(crate) async fn ready(scripts: Scripts) -> Option<Self> {
        let folder = tempfile::tempdir().expect("the system gives a folder for temporary files");
        let driver = match Driver::start(folder.path()) {
            Ok(driver) => driver,
            Err(reason) => {
                assert!(!in_ci(), "there is no browser, and CI=true: {reason}");
                eprintln!("SKIPPED: there is no browser: {reason}");
                return None;
            }
        };
        let mut flags: Vec<String> = FLAGS.iter().map(|&flag| flag.to_owned()).collect();
        flags.push(format!("--user-data-dir={}", folder.path().join("profile").display()));
        let mut options = json!({ "args": flags });
        if scripts == Scripts::Off {
            options["prefs"] = json!({ "profile.default_content_setting_values.javascript": 2 });
        }
        let wanted = json!({
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
            "webauthn:virtualAuthenticators": true,
        });
        let Value::Object(wanted) = wanted else { unreachable!("it is written as an object above") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .expect("chromium opens");
        Some(Self { client, driver, http: reqwest::Client::new(), _folder: folder })
    }

    /// Tells a story in this browser and closes it. When the story fails, a picture of the page is left in `target/`.
    pub(crate) async fn tells(&self, name: &str, story: impl Future<Output = ()> + Send) {
        let told = AssertUnwindSafe(story).catch_unwind().await;
        if told.is_err() {
            self.leave_picture(name).await;
        }
        // Before its driver is killed, which would leave it behind.
        if let Err(fault) = self.client.clone().close().await {
            eprintln!("chromium was not closed: {fault}");
        }
        if let Err(cause) = told {
            std::panic::resume_unwind(cause);
        }
    }

    /// Plugs a passkey into this browser: it knows its user and says yes. Works on https and on localhost.
    pub(crate) async fn plug_in_passkey(&self) {
        let authenticator = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserVerified": true,
            "isUserConsenting": true,
        });
        self.driver_asks("webauthn/authenticator", &authenticator).await;
    }

    /// What the driver answers to a request of its session that fantoccini does not know.
    pub(crate) async fn driver_asks(&self, what: &str, body: &Value) -> Value {
        let session = self.client.session_id().await.expect("the driver answers").expect("a session is open");
        let address = format!("http://127.0.0.1:{}/session/{session}/{what}", self.driver.port);
        let answer = self.http.post(address).json(body).send().await.expect("the driver answers");
        let good = answer.status().is_success();
        let text = answer.text().await.unwrap_or_default();
        assert!(good, "{what}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn leave_picture(&self, name: &str) {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
        let source = self.client.source().await.unwrap_or_default();
        let address = self.client.current_url().await.map(|url| url.to_string()).unwrap_or_default();
        let written = match self.client.screenshot().await {
            Ok(picture) => std::fs::write(&place, picture).is_ok(),
            Err(_) => false,
        };
        let shown = if written { place.display().to_string() } else { "no picture".to_owned() };
        eprintln!("{name} failed at {address}, {shown}\n{source}");
    }
}

pub(crate) fn in_ci() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment tells whether a skipped test is a failure"
    )]
    let ci = std::env::var("CI");
    ci.is_ok_and(|value| value == "true")
}

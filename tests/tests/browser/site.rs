//! The server that a browser looks at.

use cairn_cli::config::Config;
use cairn_store::testing::TestDb;
use cairn_tests::TestApp;

/// A server that is called `localhost`, where browsers allow passkeys without TLS.
pub(crate) async fn site(t: &TestDb) -> TestApp {
    site_with(t, |_| {}).await
}

/// [`site`] with other settings.
pub(crate) async fn site_with(t: &TestDb, change: impl FnOnce(&mut Config)) -> TestApp {
    let mut app = TestApp::with(t, |config| {
        config.base_url.set_host(Some("localhost")).expect("an http address takes a host");
        change(config);
    })
    .await;
    app.base = app.base.replace("127.0.0.1", "localhost");
    app
}

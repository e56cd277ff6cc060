//! A visitor looks for a plugin and is told how to install it.

use crate::browser::{Browser, Scripts};
use crate::site::site;
use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_store::testing::TestDb;
use cairn_tests::TestApp;

both!(a_visitor_finds_a_plugin_and_reads_how_to_install_it, |t| {
    find_and_install(&t, Scripts::Run, "search").await;
});

both!(a_visitor_without_scripts_does_so_too, |t| {
    find_and_install(&t, Scripts::Off, "search_without_scripts").await;
});

/// Two plugins, of which one is looked for: it alone has algorithms for Processing.
pub(crate) async fn two_plugins(app: &TestApp) {
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    for (package, name, about, processing) in [
        ("lasso", "Lasso Tool", "Selects features by drawing around them", "no"),
        ("contours", "Contour Lines", "Draws contour lines of an elevation model", "yes"),
    ] {
        let zip = PackageBuilder::new(package)
            .metadata_key("name", name)
            .metadata_key("description", about)
            .metadata_key("hasProcessingProvider", processing);
        ann.upload_zip(package, zip.build()).await;
        sue.approve(package, "1.0.0").await;
    }
}

async fn find_and_install(t: &TestDb, scripts: Scripts, name: &str) {
    let Some(browser) = Browser::ready(scripts).await else { return };
    let app = site(t).await;
    two_plugins(&app).await;
    let story = async {
        browser.open_page(&app.base).await;
        browser.types("q", "elevation").await;
        browser.presses("Search").await;
        browser.sees("Contour Lines").await;
        assert!(!browser.text().await.contains("Lasso Tool"), "only what was looked for is shown");
        browser.follows("Contour Lines").await;
        browser.sees("Install in QGIS").await;
        browser.sees("search for Contour Lines").await;
        browser.finds(&format!("[value='{}/plugins/plugins.xml']", app.base)).await;
    };
    browser.tells(name, story).await;
}

//! Where downloads come from: by country, if a GeoIP file is configured; the address itself is kept nowhere.

use cairn_projections::downloads;
use cairn_store::both;
use cairn_tests::TestApp;
use chrono::NaiveDate;
use reqwest::Method;
use std::path::Path;

both!(downloads_are_counted_by_country_and_addresses_are_not_kept, |t| {
    let app = TestApp::with(&t, |config| {
        config.geoip_file = Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/countries.mmdb"));
        config.behind_proxy = true;
    })
    .await;
    app.trusted("ann").await.upload("lasso", "1.0").await;
    app.settle().await;
    for address in ["192.0.2.7", "192.0.2.8", "10.0.0.1, 198.51.100.1", "203.0.113.9", "nonsense"] {
        let request = app.stranger().request(Method::GET, "/plugins/lasso/version/1.0/download/");
        assert!(request.header("x-forwarded-for", address).send().await.unwrap().status().is_success());
    }
    app.settle_downloads().await;
    let mut read = app.house.projections.read().await.unwrap();
    let plugin =
        cairn_projections::catalogue::plugin_by_package(&mut read, &"lasso".parse().unwrap()).await.unwrap();
    let mut counted: Vec<(Option<String>, u64)> =
        downloads::countries_of_plugin(&mut read, plugin.unwrap().id, NaiveDate::MIN, NaiveDate::MAX)
            .await
            .unwrap()
            .into_iter()
            .map(|one| (one.country, one.n))
            .collect();
    counted.sort();
    let expected = [(None, 1), (Some("CH".into()), 2), (Some("FR".into()), 1), (Some("ID".into()), 1)];
    assert_eq!(counted, expected, "the unreadable header falls back to the peer, 127.0.0.1");

    for row in app.house.downloads.read(0, 100).await.unwrap() {
        let text = String::from_utf8_lossy(&row.body).into_owned();
        assert!(!text.contains("192.0.2") && !row.body.windows(4).any(|bytes| bytes == [192, 0, 2, 7]));
    }
});

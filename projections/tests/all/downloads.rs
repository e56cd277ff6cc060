use crate::support::*;
use cairn_domain::download::{Channel, Download, OsClass, QgisRelease};
use cairn_domain::event::VersionDeleted;
use cairn_projections::downloads::{self, ByCountry, ByDay, ByQgis};
use cairn_projections::testing::append_downloads;
use cairn_store::both;
use chrono::NaiveDate;

fn download(version_id: u64, at: &str, minor: Option<u16>, country: Option<[u8; 2]>) -> Download {
    let at: chrono::DateTime<chrono::Utc> = at.parse().unwrap();
    Download {
        version_id,
        at_ms: at.timestamp_millis(),
        qgis: minor.map(|minor| QgisRelease { major: 3, minor }),
        os: OsClass::Windows,
        country,
        channel: Channel::Qgis,
    }
}

both!(downloads_are_told_by_version_plugin_day_qgis_and_country, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN).into_iter().chain([uploaded("lasso", "1.1")])).await;
    let (late, early) = ("2026-03-01T23:59:59.999Z", "2026-03-02T00:00:00Z");
    let items = [
        download(2, late, Some(40), Some(*b"CH")),
        download(2, early, Some(40), Some(*b"DE")),
        download(4, early, None, None),
        download(99, early, None, None),
    ];
    append_downloads(&house.downloads, &items, 2).await.unwrap();
    house.projections.catch_up().await.unwrap();
    append_downloads(&house.downloads, &items[..1], 2).await.unwrap();
    house.projections.catch_up().await.unwrap();
    let gone = VersionDeleted { package: package("lasso"), version: "1.1".parse().unwrap(), reason: None };
    house.seen([of("lasso", gone)]).await;

    let mut read = house.projections.read().await.unwrap();
    let counts = downloads::downloads_of_versions(&mut read, &[1, 2, 4, 99]).await.unwrap();
    assert_eq!((counts.get(&1), counts[&2], counts[&4], counts[&99]), (None, 3, 1, 1));
    let of_plugins = downloads::downloads_of_plugins(&mut read, &[1, 2]).await.unwrap();
    assert_eq!((of_plugins.len(), of_plugins[&1]), (1, 4), "a deleted version's downloads count on");
    let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
    let days = downloads::days_of_plugin(&mut read, 1, day(1), day(2)).await.unwrap();
    assert_eq!(days, [ByDay { day: day(1), n: 2 }, ByDay { day: day(2), n: 2 }]);
    assert_eq!(downloads::days_of_plugin(&mut read, 1, day(2), day(9)).await.unwrap().len(), 1);
    let qgis = downloads::qgis_of_plugin(&mut read, 1).await.unwrap();
    let release = QgisRelease { major: 3, minor: 40 };
    assert_eq!(qgis, [ByQgis { qgis: None, n: 1 }, ByQgis { qgis: Some(release), n: 3 }]);
    let countries = downloads::countries_of_plugin(&mut read, 1).await.unwrap();
    let from = |country: Option<&str>, n| ByCountry { country: country.map(Into::into), n };
    assert_eq!(countries, [from(Some("CH"), 2), from(None, 1), from(Some("DE"), 1)]);
});

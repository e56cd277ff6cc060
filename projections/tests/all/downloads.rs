use crate::support::*;
use cairn_domain::download::{Channel, Download, OsClass, QgisRelease};
use cairn_domain::event::VersionDeleted;
use cairn_projections::Name;
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
    let qgis = downloads::qgis_of_plugin(&mut read, 1, day(1), day(2)).await.unwrap();
    let release = QgisRelease { major: 3, minor: 40 };
    assert_eq!(qgis, [ByQgis { qgis: None, n: 1 }, ByQgis { qgis: Some(release), n: 3 }]);
    let countries =
        downloads::countries_of_plugin(&mut read, 1, NaiveDate::MIN, NaiveDate::MAX).await.unwrap();
    let from = |country: Option<&str>, n| ByCountry { country: country.map(Into::into), n };
    assert_eq!(countries, [from(Some("CH"), 2), from(None, 1), from(Some("DE"), 1)]);
});

both!(recent_is_the_30_days_that_end_with_the_newest_day, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN).into_iter().chain(new_plugin("other", BOB))).await;
    let on = |version: u64, day: &str| download(version, &format!("{day}T12:00:00Z"), Some(40), None);
    let told = async |items: &[Download]| {
        append_downloads(&house.downloads, items, 1).await.unwrap();
        house.projections.catch_up().await.unwrap();
        let mut read = house.projections.read().await.unwrap();
        let recent = downloads::recent_downloads_of_plugins(&mut read, &[1, 4]).await.unwrap();
        [1, 4].map(|plugin| recent.get(&plugin).copied().unwrap_or(0))
    };
    assert_eq!(told(&[on(2, "2026-01-01"), on(5, "2026-01-30")]).await, [1, 1], "the first of 30 days");
    assert_eq!(told(&[on(5, "2026-01-31")]).await, [0, 2], "a day later it is not recent");
    assert_eq!(
        told(&[on(2, "2026-01-01"), on(2, "2026-01-02")]).await,
        [1, 2],
        "late ones count by their day"
    );
    assert_eq!(told(&[on(2, "2027-01-01")]).await, [1, 0], "all leave at once after a silence");
    let counted = house.digest(Name::Downloads).await;
    for rows in [1, 2, 1_000] {
        house.beside(rows).await.rebuild(Name::Downloads, |_, _| {}).await.unwrap();
        assert_eq!(house.digest(Name::Downloads).await, counted, "in pages of {rows}");
    }
});

both!(the_whole_is_told_by_day_qgis_country_and_plugin, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN).into_iter().chain([approved("lasso", "1.0")])).await;
    house.seen(new_plugin("other", BOB).into_iter().chain([approved("other", "1.0")])).await;
    house.seen(new_plugin("waits", BOB)).await;
    let on = |version: u64, day: &str| download(version, &format!("{day}T12:00:00Z"), Some(34), Some(*b"CH"));
    let items = [
        on(2, "2025-11-30"),
        on(2, "2025-12-31"),
        on(6, "2025-12-05"),
        on(6, "2026-01-02"),
        on(6, "2026-01-03"),
        on(10, "2026-01-02"),
    ];
    append_downloads(&house.downloads, &items, 2).await.unwrap();
    house.projections.catch_up().await.unwrap();

    let mut read = house.projections.read().await.unwrap();
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    let (first, last) = (date("2025-11-30"), date("2026-01-02"));
    assert_eq!(downloads::all_downloads(&mut read).await.unwrap(), 6);
    let days = downloads::days_of_all(&mut read, first, last).await.unwrap();
    assert_eq!(days.iter().map(|it| it.n).collect::<Vec<_>>(), [1, 1, 1, 2]);
    let qgis = downloads::qgis_of_all(&mut read, first, last).await.unwrap();
    assert_eq!(qgis, [ByQgis { qgis: Some(QgisRelease { major: 3, minor: 34 }), n: 5 }]);
    let countries = downloads::countries_of_all(&mut read, first, last).await.unwrap();
    assert_eq!(countries, [ByCountry { country: Some("CH".into()), n: 5 }]);
    let top =
        async |read: &mut _, last, limit| downloads::top_plugins(read, first, last, limit).await.unwrap();
    assert_eq!(
        top(&mut read, last, 9).await,
        [(1, 2), (5, 2)],
        "days, a whole month, days; hidden ones left out"
    );
    assert_eq!(top(&mut read, date("2026-01-03"), 1).await, [(5, 3)]);
    let versions = downloads::versions_of_plugin(&mut read, 5, first, last).await.unwrap();
    assert_eq!((versions.len(), versions[0].version_id, versions[0].n), (1, 6, 2));
});

both!(the_most_downloaded_of_a_time_may_be_the_least_of_all_times, |t| {
    let house = House::new(&t).await;
    let names: Vec<String> = (0..305).map(|n| format!("plugin{n}")).collect();
    let public =
        names.iter().flat_map(|name| new_plugin(name, ANN).into_iter().chain([approved(name, "1.0")]));
    house.seen(public).await;
    // Each plugin takes four events, its first version is the second of them.
    let version = |n: u64| n * 4 + 2;
    let old = (0..304).flat_map(|n| [download(version(n), "2025-05-05T12:00:00Z", None, None); 3]);
    let new = [download(version(304), "2026-03-05T12:00:00Z", None, None); 2];
    append_downloads(&house.downloads, &old.chain(new).collect::<Vec<_>>(), 500).await.unwrap();
    house.projections.catch_up().await.unwrap();
    let mut read = house.projections.read().await.unwrap();
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    let top = downloads::top_plugins(&mut read, date("2026-03-01"), date("2026-03-31"), 5).await.unwrap();
    assert_eq!(top, [(304 * 4 + 1, 2)]);
    let top = downloads::top_plugins(&mut read, date("2025-01-01"), date("2026-03-31"), 2).await.unwrap();
    assert_eq!(top, [(1, 3), (5, 3)], "of equal ones the older");
});

both!(the_most_downloaded_version_may_be_of_a_plugin_that_is_not_among_the_first, |t| {
    let house = House::new(&t).await;
    // The first version of a plugin is the second of its four events.
    let plugins = ["many0", "many1", "many2", "many3", "many4", "one"];
    for name in plugins {
        house.seen(new_plugin(name, ANN).into_iter().chain([approved(name, "1.0")])).await;
    }
    // From here on an upload and an approval are two events: 24, 25, 26, …
    for name in &plugins[..5] {
        let more = ["1.1", "1.2"].into_iter().flat_map(|it| [uploaded(name, it), approved(name, it)]);
        house.seen(more).await;
    }
    house.seen([uploaded("one", "2.0")]).await;
    let waiting = 24 + 20 + 1;
    let mut items = Vec::new();
    for plugin in 0..5 {
        let versions = [plugin * 4 + 2, 24 + plugin * 4 + 1, 24 + plugin * 4 + 3];
        for (version, n) in versions.into_iter().zip([3, 2, 2]) {
            items.extend((0..n).map(|_| download(version, "2026-01-31T12:00:00Z", None, None)));
        }
    }
    for (version, at, n) in [
        (22, "2025-12-31T12:00:00Z", 1),
        (22, "2026-01-15T12:00:00Z", 2),
        (22, "2026-02-15T12:00:00Z", 3),
        (22, "2026-03-01T12:00:00Z", 1),
        (waiting, "2026-02-15T12:00:00Z", 1),
    ] {
        items.extend((0..n).map(|_| download(version, at, None, None)));
    }
    append_downloads(&house.downloads, &items, 7).await.unwrap();
    house.projections.catch_up().await.unwrap();
    let mut read = house.projections.read().await.unwrap();
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    let (first, last) = (date("2026-01-10"), date("2026-03-01"));
    let plugins = downloads::top_plugins(&mut read, first, last, 6).await.unwrap();
    assert_eq!(plugins.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [7, 7, 7, 7, 7, 7]);
    let top =
        async |read: &mut _, last, limit| downloads::top_versions(read, first, last, limit).await.unwrap();
    assert_eq!(top(&mut read, last, 1).await, [(22, 6)], "days, a whole month, days");
    assert_eq!(top(&mut read, last, 3).await, [(22, 6), (2, 3), (6, 3)], "of equal ones the older");
    assert_eq!(top(&mut read, date("2026-02-01"), 1).await, [(2, 3)]);
    let all = top(&mut read, last, 100).await;
    assert_eq!(all.len(), 16, "one that waits is not among them: {all:?}");
});

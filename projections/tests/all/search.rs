//! Search, tags and authors: what is found, how it is ordered, and that pages hold together.

use crate::support::*;
use cairn_domain::download::{Channel, Download, OsClass};
use cairn_domain::event::{
    Event, PluginDetailsEdited, Stream, UploadedPackage, VersionApproved, VersionUnapproved, VersionUploaded,
    VersionYanked,
};
use cairn_domain::names::{author_key, author_words};
use cairn_domain::plugin::PluginDetails;
use cairn_domain::version_number::VersionNumber;
use cairn_projections::catalogue::{
    self, Counted, CountedCursor, CountedList, CountedOrder, Cursor, ListOrder, PluginFilter, PluginOrder,
    Window,
};
use cairn_projections::testing::append_downloads;
use cairn_store::both;
use cairn_store::testing::TestDb;
use cairn_store::vault::{self, AuthorWords, PackageAuthor};

fn described(package_name: &str, name: &str, tags: &[&str], line: &str, about: &str) -> (Stream, Event) {
    let details = PluginDetails {
        description: line.into(),
        about: Some(about.into()).filter(|about: &String| !about.is_empty()),
        ..details(name, tags)
    };
    of(package_name, PluginDetailsEdited { package: package(package_name), details, from_version: None })
}

/// A public plugin by an author.
async fn plugin(t: &TestDb, house: &House, author: &str, told: (Stream, Event)) -> u64 {
    let Stream::Plugin(name) = &told.0 else { panic!("a plugin was described") };
    let name = name.clone();
    let mut tx = t.db.begin().await.unwrap();
    let sha256 = file(&name, "1.0").sha256.to_string();
    let found_by = AuthorWords { key: author_key(author), words: author_words(author) };
    let author = PackageAuthor { sha256, author: author.into(), email: "a@example.org".into() };
    vault::put_package_author(&mut tx, &author, &found_by).await.unwrap();
    tx.commit().await.unwrap();
    let at = house.registry.head().await.unwrap();
    house.happened([registered(&name, ANN), uploaded(&name, "1.0"), approved(&name, "1.0"), told]).await;
    at + 2
}

async fn six(t: &TestDb, house: &House) {
    let quick = plugin(
        t,
        house,
        "NextGIS",
        described("quick_map_services", "QuickMapServices", &["basemap"], "Adds layers", ""),
    )
    .await;
    let lat = described(
        "latlontools",
        "Lat Lon Tools",
        &["coordinates", "met office"],
        "Tools to capture coordinates",
        "",
    );
    let lat = plugin(t, house, "C Hamilton", lat).await;
    plugin(
        t,
        house,
        "Zoltan Siki",
        described("geodesy", "Géodésie", &["basemap"], "Łódź coordinates", "Quick 3D look"),
    )
    .await;
    plugin(t, house, "Ann Müller, Bob", described("raster", "Raster", &["dem"], "It is", "")).await;
    plugin(t, house, "ann müller,  bob", described("rastertool", "Raster tool", &["dem"], "It is", "")).await;
    plugin(t, house, "C Hamilton", described("draw", "Draw a raster", &["dem"], "Not of maps", "raster"))
        .await;
    let item = |version_id| Download {
        version_id,
        at_ms: start().timestamp_millis(),
        qgis: None,
        os: OsClass::Linux,
        country: None,
        channel: Channel::Qgis,
    };
    append_downloads(&house.downloads, &[item(lat), item(lat), item(quick)], 3).await.unwrap();
    house.projections.catch_up().await.unwrap();
}

async fn found(house: &House, text: &str) -> Vec<String> {
    let filter = PluginFilter { text: Some(text.into()), ..PluginFilter::default() };
    let order = ListOrder::by(PluginOrder::Relevance);
    let mut read = house.projections.read().await.unwrap();
    let all = catalogue::plugins(&mut read, &filter, order, &Window::first(100)).await.unwrap();
    assert_eq!(all.total, Some(all.plugins.len() as u64));
    let all: Vec<String> = all.plugins.into_iter().map(|(_, plugin)| plugin.package.to_string()).collect();
    for backward in [false, true] {
        let (mut pages, mut from) = (Vec::new(), None);
        loop {
            let window = Window { from, backward, total: false, ..Window::first(1) };
            let page = catalogue::plugins(&mut read, &filter, order, &window).await.unwrap();
            let Some((place, plugin)) = page.plugins.into_iter().next() else { break };
            pages.push(plugin.package.to_string());
            assert_eq!(page.more, pages.len() < all.len());
            from = Some(place.to_string().parse::<Cursor>().unwrap());
        }
        if backward {
            pages.reverse();
        }
        assert_eq!(pages, all, "{text} one by one");
    }
    all
}

both!(words_are_found_wherever_they_are_and_names_come_first, |t| {
    let house = House::new(&t).await;
    six(&t, &house).await;
    for (text, expected) in [
        ("quickmap", vec!["quick_map_services"]),
        ("quick map", vec!["quick_map_services"]),
        ("MapServices", vec!["quick_map_services"]),
        ("QUICK", vec!["quick_map_services", "geodesy"]),
        ("lat-lon tools", vec!["latlontools"]),
        ("coord", vec!["latlontools", "geodesy"]),
        ("basemap", vec!["quick_map_services", "geodesy"]),
        ("geodesie lodz", vec!["geodesy"]),
        ("Géodésie", vec!["geodesy"]),
        ("metoffice", vec!["latlontools"]),
        ("raster", vec!["raster", "rastertool", "draw"]),
        ("rast dem", vec!["raster", "rastertool", "draw"]),
        ("3", vec![]),
        ("3d", vec!["geodesy"]),
        ("hamilton", vec!["latlontools", "draw"]),
        ("Muller", vec!["raster", "rastertool"]),
        ("hamil coordinates", vec!["latlontools"]),
        ("the raster of bob", vec!["raster", "rastertool"]),
        ("quickmpaservices", vec!["quick_map_services"]),
        ("lat lon tolos", vec!["latlontools"]),
        ("geodesi", vec!["geodesy"]),
        ("godesie", vec!["geodesy"]),
        ("nothing at all", vec![]),
        ("'\" * OR ) NOT {", vec!["draw"]),
        ("%_:&|!", vec![]),
    ] {
        assert_eq!(found(&house, text).await, expected, "{text}");
    }
});

both!(what_is_not_public_is_not_found_by_name_or_likeness, |t| {
    let house = House::new(&t).await;
    six(&t, &house).await;
    let back =
        VersionUnapproved { package: package("latlontools"), version: "1.0".parse().unwrap(), reason: None };
    house.seen([of("latlontools", back)]).await;
    assert_eq!(found(&house, "latlon").await, [""; 0]);
    assert_eq!(found(&house, "latlontolos").await, [""; 0]);
    let mut read = house.projections.read().await.unwrap();
    assert_eq!(catalogue::suggest(&mut read, "latl", 5).await.unwrap(), []);
    let rest = authors(&house, None, CountedOrder::Name).await;
    assert_eq!(rest.iter().find(|(name, _)| name == "C Hamilton").unwrap().1, 1);
    drop(read);
    house
        .seen([described("latlontools", "Renamed", &["basemap"], "", ""), approved("latlontools", "1.0")])
        .await;
    assert_eq!(found(&house, "coordinates").await, ["geodesy"]);
    assert_eq!(found(&house, "renamde").await, ["latlontools"]);
});

both!(names_are_suggested_while_somebody_types, |t| {
    let house = House::new(&t).await;
    six(&t, &house).await;
    for (text, expected) in [
        ("r", vec!["raster", "rastertool", "draw"]),
        ("l", vec!["latlontools"]),
        ("dem", vec![]),
        ("map", vec!["quick_map_services"]),
        ("qiuck", vec!["quick_map_services"]),
        ("", vec![]),
    ] {
        let mut read = house.projections.read().await.unwrap();
        let plugins = catalogue::suggest(&mut read, text, 3).await.unwrap();
        let plugins: Vec<String> = plugins.into_iter().map(|plugin| plugin.package.to_string()).collect();
        assert_eq!(plugins, expected, "{text}");
    }
});

fn told(list: CountedList) -> Vec<(String, u64)> {
    list.items.into_iter().map(|(_, Counted { name, plugins })| (name, plugins)).collect()
}

async fn tags(house: &House, prefix: Option<&str>, order: CountedOrder) -> Vec<(String, u64)> {
    let mut read = house.projections.read().await.unwrap();
    let all = catalogue::tags(&mut read, prefix, order, &Window::first(100)).await.unwrap();
    assert_eq!(all.total, Some(all.items.len() as u64));
    let all = told(all);
    for backward in [false, true] {
        let (mut pages, mut from) = (Vec::new(), None);
        loop {
            let window = Window { from, backward, total: false, ..Window::first(1) };
            let page = catalogue::tags(&mut read, prefix, order, &window).await.unwrap();
            let Some((place, _)) = page.items.first() else { break };
            from = Some(place.to_string().parse::<CountedCursor>().unwrap());
            assert_eq!(page.more, pages.len() + 1 < all.len());
            pages.extend(told(page));
        }
        if backward {
            pages.reverse();
        }
        assert_eq!(pages, all);
    }
    all
}

async fn authors(house: &House, prefix: Option<&str>, order: CountedOrder) -> Vec<(String, u64)> {
    let mut read = house.projections.read().await.unwrap();
    let all = catalogue::authors(&mut read, prefix, order, &Window::first(100)).await.unwrap();
    assert_eq!(all.total, Some(all.items.len() as u64));
    told(all)
}

both!(tags_and_authors_are_counted, |t| {
    let house = House::new(&t).await;
    six(&t, &house).await;
    let owned =
        |all: &[(&str, u64)]| all.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect::<Vec<_>>();
    let by_name = owned(&[("basemap", 2), ("coordinates", 1), ("dem", 3), ("met office", 1)]);
    assert_eq!(tags(&house, None, CountedOrder::Name).await, by_name);
    let by_count = owned(&[("dem", 3), ("basemap", 2), ("coordinates", 1), ("met office", 1)]);
    assert_eq!(tags(&house, None, CountedOrder::Count).await, by_count);
    assert_eq!(tags(&house, Some("ME"), CountedOrder::Count).await, owned(&[("met office", 1)]));
    let by_name = owned(&[("Ann Müller, Bob", 2), ("C Hamilton", 2), ("NextGIS", 1), ("Zoltan Siki", 1)]);
    assert_eq!(authors(&house, None, CountedOrder::Name).await, by_name);
    assert_eq!(authors(&house, None, CountedOrder::Count).await, by_name);
    assert_eq!(authors(&house, Some(" next"), CountedOrder::Name).await, owned(&[("NextGIS", 1)]));

    house.seen([described("draw", "Draw", &["dem", "dem", "new"], "", "")]).await;
    let back =
        VersionUnapproved { package: package("geodesy"), version: "1.0".parse().unwrap(), reason: None };
    house.seen([of("geodesy", back)]).await;
    let now = owned(&[("basemap", 1), ("coordinates", 1), ("dem", 3), ("met office", 1), ("new", 1)]);
    assert_eq!(tags(&house, None, CountedOrder::Name).await, now);

    let author = PluginFilter { author: Some("ANN müller, bob".into()), ..PluginFilter::default() };
    let mut read = house.projections.read().await.unwrap();
    let order = ListOrder::by(PluginOrder::Name);
    let list = catalogue::plugins(&mut read, &author, order, &Window::first(10)).await.unwrap();
    assert_eq!(list.plugins.len(), 2);
    drop(read);
    let mut tx = t.db.begin().await.unwrap();
    for name in ["raster", "rastertool"] {
        vault::erase_package_author(&mut tx, &file(name, "1.0").sha256.to_string()).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(found(&house, "muller").await, [""; 0], "who is erased is found no more");
    assert_eq!(authors(&house, None, CountedOrder::Name).await, owned(&[("C Hamilton", 2), ("NextGIS", 1)]));
});

/// A public version with this licence.
fn licensed(name: &str, number: &str, license: Option<&str>) -> [(Stream, Event); 2] {
    let (package, version) = (package(name), number.parse::<VersionNumber>().unwrap());
    let file = UploadedPackage { license: license.map(|it| it.parse().unwrap()), ..file(name, number) };
    let sha256 = file.sha256;
    let uploaded = VersionUploaded { package: package.clone(), version: version.clone(), file };
    [of(name, uploaded), of(name, VersionApproved { package, version, sha256, base: None })]
}

both!(licences_are_counted_and_lists_narrowed_to_one, |t| {
    let house = House::new(&t).await;
    for (name, license) in
        [("one", Some("GPL-2.0-or-later")), ("two", Some("MIT")), ("three", Some("MIT")), ("four", None)]
    {
        house.seen([registered(name, ANN)]).await;
        house.seen(licensed(name, "1.0", license)).await;
    }
    let counted = async |order| {
        let mut read = house.projections.read().await.unwrap();
        let all = catalogue::licenses(&mut read, order, &Window::first(100)).await.unwrap();
        assert_eq!(all.total, Some(all.items.len() as u64));
        let (mut pages, mut from) = (Vec::new(), None);
        loop {
            let window = Window { from, ..Window::first(1) };
            let page = catalogue::licenses(&mut read, order, &window).await.unwrap();
            let Some((place, _)) = page.items.first() else { break };
            from = Some(place.clone());
            pages.extend(told(page));
        }
        assert_eq!(pages, told(all));
        pages
    };
    let owned =
        |all: &[(&str, u64)]| all.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect::<Vec<_>>();
    assert_eq!(counted(CountedOrder::Count).await, owned(&[("MIT", 2), ("GPL-2.0-or-later", 1)]));
    assert_eq!(counted(CountedOrder::Name).await, owned(&[("GPL-2.0-or-later", 1), ("MIT", 2)]));
    let of_mit = async || {
        let filter = PluginFilter { license: Some("MIT".parse().unwrap()), ..PluginFilter::default() };
        let mut read = house.projections.read().await.unwrap();
        let order = ListOrder::by(PluginOrder::Id);
        let list = catalogue::plugins(&mut read, &filter, order, &Window::first(10)).await.unwrap();
        assert_eq!(list.total, Some(list.plugins.len() as u64));
        assert!(list.plugins.iter().all(|(_, plugin)| plugin.license == filter.license));
        list.plugins.into_iter().map(|(_, plugin)| plugin.package.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(of_mit().await, ["two", "three"]);

    house.seen(licensed("two", "2.0", Some("ISC"))).await;
    house.seen(licensed("three", "0.9", Some("ISC"))).await;
    assert_eq!(of_mit().await, ["three"], "the highest version tells it, not the last");
    let mut read = house.projections.read().await.unwrap();
    let (two, version) = catalogue::version(&mut read, &package("two"), "1.0").await.unwrap().unwrap();
    assert_eq!((two.license.unwrap().as_str(), version.license.unwrap().as_str()), ("ISC", "MIT"));
    drop(read);
    let reason = "broken".to_owned();
    let yanked = VersionYanked { package: package("two"), version: "2.0".parse().unwrap(), reason };
    house.seen([of("two", yanked)]).await;
    assert_eq!(of_mit().await, ["two", "three"]);
});

both!(authors_that_an_older_program_wrote_are_found_after_the_next_start, |t| {
    let house = House::new(&t).await;
    six(&t, &house).await;
    let mut tx = t.db.begin().await.unwrap();
    for sql in [include_str!("old_authors.sql"), include_str!("old_author_words.sql")] {
        cairn_store::on!(tx, |c| cairn_store::sqlx::query(sql).execute(&mut *c).await.map(drop)).unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(found(&house, "hamilton").await, [""; 0]);
    house.beside(100).await;
    assert_eq!(found(&house, "hamilton").await, ["latlontools", "draw"]);
});

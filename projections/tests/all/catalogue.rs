use crate::support::*;
use cairn_domain::event::{
    OwnerAdded, OwnerRemoved, OwnershipTransferred, Stream, TrustGranted, TrustWithdrawn, VersionDeleted,
    VersionReplaced, VersionUnapproved, VoteCast,
};
use cairn_domain::names::Sha256;
use cairn_domain::votes::Voter;
use cairn_projections::catalogue::{self, Cursor, ListOf, ListOrder, PluginFilter, PluginOrder, Window};
use cairn_projections::testing::append_downloads;
use cairn_store::both;
use chrono::TimeDelta;

both!(an_upload_waits_and_an_approval_lists_it, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN)).await;
    let mut read = house.projections.read().await.unwrap();
    let plugin = catalogue::plugin_by_package(&mut read, &package("lasso")).await.unwrap().unwrap();
    assert_eq!((plugin.id, plugin.creator, plugin.waiting, plugin.is_listed()), (1, ANN, 1, false));
    assert_eq!(plugin.created_at, start() + TimeDelta::seconds(1));
    assert_eq!(plugin.changed_at, 2);
    assert_eq!(catalogue::tags_of(&mut read, &[1]).await.unwrap()[&1], ["raster"]);
    assert_eq!(catalogue::owners_of(&mut read, &[1]).await.unwrap()[&1], [ANN]);
    drop(read);

    house.seen([approved("lasso", "1.0")]).await;
    let mut read = house.projections.read().await.unwrap();
    let (plugin, version) =
        catalogue::version(&mut read, &package("lasso"), "v1.0.0").await.unwrap().unwrap();
    assert_eq!((plugin.approved_stable, plugin.waiting, plugin.changed_at), (1, 0, 3));
    assert_eq!((version.id, version.plugin_id, version.number.as_str()), (2, 1, "1.0"));
    assert_eq!(version.approved_at, Some(start() + TimeDelta::seconds(2)));
    assert_eq!(version.uploaded_at, start() + TimeDelta::seconds(1));
    assert_eq!(version.sha256, file("lasso", "1.0").sha256);
    assert_eq!(version.qgis, file("lasso", "1.0").qgis);
    let texts = catalogue::texts_of(&mut read, &[2]).await.unwrap().remove(&2).unwrap();
    assert_eq!(texts.details, details("lasso", &[]));
    assert_eq!(texts.warnings, ["icon_missing"]);
    assert_eq!(catalogue::version_by_id(&mut read, 2).await.unwrap().as_ref(), Some(&version));
    assert_eq!(catalogue::version(&mut read, &package("lasso"), "1.1").await.unwrap(), None);
});

both!(a_plugin_is_found_by_its_exact_name_or_a_like_one, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("Lasso", ANN).into_iter().chain([edited("Lasso", "Łasso Tool", &[])])).await;
    let mut read = house.projections.read().await.unwrap();
    assert_eq!(catalogue::plugin_by_package(&mut read, &package("lasso")).await.unwrap(), None);
    assert_eq!(catalogue::plugin_like(&mut read, &package("lASSO")).await.unwrap().unwrap().id, 1);
    assert_eq!(catalogue::plugin_by_name(&mut read, "łASSO  tool").await.unwrap().unwrap().id, 1);
    assert_eq!(catalogue::plugin_by_name(&mut read, "lasso").await.unwrap(), None);
    assert_eq!(catalogue::plugin_by_id(&mut read, 1).await.unwrap().unwrap().name.as_str(), "Łasso Tool");
    assert_eq!(catalogue::plugin_by_id(&mut read, 2).await.unwrap(), None);
    assert_eq!(catalogue::creators(&mut read).await.unwrap(), [ANN]);
});

both!(versions_come_newest_first_and_leave_when_deleted, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN)).await;
    house.seen([uploaded("lasso", "1.10"), uploaded("lasso", "1.9"), approved("lasso", "1.9")]).await;
    let numbers = async || {
        let mut read = house.projections.read().await.unwrap();
        let versions = catalogue::versions_of(&mut read, &[1]).await.unwrap().remove(&1).unwrap_or_default();
        versions.into_iter().map(|version| version.number.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(numbers().await, ["1.10", "1.9", "1.0"]);

    let gone = VersionDeleted { package: package("lasso"), version: "1.9".parse().unwrap(), reason: None };
    let back = VersionUnapproved { package: package("lasso"), version: "1.9".parse().unwrap(), reason: None };
    house.seen([of("lasso", back), of("lasso", gone)]).await;
    assert_eq!(numbers().await, ["1.10", "1.0"]);
    let other = file("lasso", "2.0-rc1");
    let (package, replaced) = (package("lasso"), "1.10".parse().unwrap());
    let replaced =
        VersionReplaced { package, replaced, version: "2.0-rc1".parse().unwrap(), file: other.clone() };
    house.seen([of("lasso", replaced)]).await;
    assert_eq!(numbers().await, ["2.0-rc1", "1.0"]);
    let mut read = house.projections.read().await.unwrap();
    let version = catalogue::version_by_id(&mut read, 4).await.unwrap().unwrap();
    assert_eq!((version.sha256, version.experimental, version.approved), (other.sha256, true, false));
    assert!(version.replaced_at.is_some());
    assert_eq!(
        catalogue::texts_of(&mut read, &[5]).await.unwrap().len(),
        0,
        "the texts went with the version"
    );
});

both!(owners_come_and_go, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN)).await;
    let owners = async || {
        let mut read = house.projections.read().await.unwrap();
        catalogue::owners_of(&mut read, &[1]).await.unwrap().remove(&1).unwrap_or_default()
    };
    house.seen([of("lasso", OwnerAdded { package: package("lasso"), account: BOB, reason: None })]).await;
    assert_eq!(owners().await, [ANN, BOB]);
    house.seen([of("lasso", OwnerRemoved { package: package("lasso"), account: ANN, reason: None })]).await;
    assert_eq!(owners().await, [BOB]);
    house
        .seen([of(
            "lasso",
            OwnershipTransferred { package: package("lasso"), from: BOB, to: ANN, reason: None },
        )])
        .await;
    assert_eq!(owners().await, [ANN]);
    let mut read = house.projections.read().await.unwrap();
    assert_eq!(catalogue::plugins_owned_by(&mut read, ANN).await.unwrap().len(), 1);
    assert_eq!(catalogue::plugins_owned_by(&mut read, BOB).await.unwrap().len(), 0);
});

both!(trust_in_a_creator_shows_on_all_their_plugins_old_and_new, |t| {
    let house = House::new(&t).await;
    let trusted = async || {
        let mut read = house.projections.read().await.unwrap();
        let all = catalogue::plugin_ids(&mut read, 0, 100).await.unwrap();
        let plugins = catalogue::plugins_by_ids(&mut read, &all).await.unwrap();
        plugins.into_iter().map(|plugin| (plugin.creator_trusted, plugin.changed_at)).collect::<Vec<_>>()
    };
    let account = |event: cairn_domain::Event| (Stream::Account(ANN), event);
    house.seen(new_plugin("lasso", ANN)).await;
    house.seen(new_plugin("other", BOB)).await;
    house.seen([joined(ANN), account(TrustGranted { account: ANN, reason: None }.into())]).await;
    assert_eq!(trusted().await, [(true, 7), (false, 5)]);
    house.seen(new_plugin("later", ANN)).await;
    assert_eq!(trusted().await, [(true, 7), (false, 5), (true, 10)]);
    house.seen([account(TrustWithdrawn { account: ANN, reason: None }.into())]).await;
    assert_eq!(trusted().await, [(false, 11), (false, 5), (false, 11)]);
    house.seen([registered("last", ANN)]).await;
    assert_eq!(trusted().await[3], (false, 12));
});

both!(a_later_vote_replaces_the_earlier_one_of_the_same_voter, |t| {
    let house = House::new(&t).await;
    let vote = |score: u8, voter: Voter| {
        (Stream::votes(&package("lasso")), VoteCast { package: package("lasso"), score, voter }.into())
    };
    let unknown = Voter::OfTheDay(Sha256::of(b"somebody"));
    house.seen(new_plugin("lasso", ANN)).await;
    house.seen([vote(5, Voter::Account(ANN)), vote(1, unknown), vote(2, unknown)]).await;
    house.seen([vote(4, Voter::Account(ANN)), vote(3, Voter::Account(BOB))]).await;
    let mut read = house.projections.read().await.unwrap();
    let plugin = catalogue::plugin_by_id(&mut read, 1).await.unwrap().unwrap();
    assert_eq!((plugin.votes, plugin.score), (3, 4 + 2 + 3));
});

/// Five plugins, of which the last has nothing public; some downloads.
async fn five(house: &House) {
    for (name, called, tags) in [
        ("alpha", "zebra", ["raster", "mesh"]),
        ("beta", "Émile", ["raster", "north"]),
        ("gamma", "apple 100%", ["vector", "mesh"]),
        ("delta", "Mango", ["vector", "mesh"]),
        ("omega", "hidden", ["mesh", "secret"]),
    ] {
        house.happened([registered(name, ANN), uploaded(name, "1.0"), edited(name, called, &tags)]).await;
    }
    for name in ["alpha", "beta", "gamma", "delta"] {
        house.happened([approved(name, "1.0")]).await;
    }
    house.happened([uploaded("alpha", "1.1"), approved("alpha", "1.1")]).await;
    let item = cairn_domain::download::Download {
        version_id: 5,
        at_ms: start().timestamp_millis(),
        qgis: None,
        os: cairn_domain::download::OsClass::Linux,
        country: None,
        channel: cairn_domain::download::Channel::Qgis,
    };
    let gamma = cairn_domain::download::Download { version_id: 8, ..item };
    append_downloads(&house.downloads, &[item, item, item, gamma], 3).await.unwrap();
    house.projections.catch_up().await.unwrap();
}

async fn listed(house: &House, filter: PluginFilter, order: PluginOrder) -> Vec<String> {
    let mut read = house.projections.read().await.unwrap();
    let list =
        catalogue::plugins(&mut read, &filter, ListOrder::by(order), &Window::first(100)).await.unwrap();
    assert_eq!(list.total, Some(list.plugins.len() as u64));
    list.plugins.into_iter().map(|(_, plugin)| plugin.package.to_string()).collect()
}

both!(lists_are_ordered_as_asked, |t| {
    let house = House::new(&t).await;
    five(&house).await;
    for (order, expected) in [
        (PluginOrder::Name, ["gamma", "delta", "alpha", "beta"]),
        (PluginOrder::Id, ["alpha", "beta", "gamma", "delta"]),
        (PluginOrder::Created, ["delta", "gamma", "beta", "alpha"]),
        (PluginOrder::Updated, ["alpha", "delta", "gamma", "beta"]),
        (PluginOrder::Downloads, ["beta", "gamma", "alpha", "delta"]),
        (PluginOrder::RecentDownloads, ["beta", "gamma", "alpha", "delta"]),
        (PluginOrder::Popular, ["beta", "gamma", "alpha", "delta"]),
        (PluginOrder::Relevance, ["beta", "gamma", "alpha", "delta"]),
        (PluginOrder::Rating, ["alpha", "beta", "gamma", "delta"]),
        (PluginOrder::Votes, ["alpha", "beta", "gamma", "delta"]),
    ] {
        assert_eq!(listed(&house, PluginFilter::default(), order).await, expected, "{order:?}");
        for reversed in [false, true] {
            let mut expected = expected.map(str::to_owned).to_vec();
            if reversed {
                expected.reverse();
            }
            let order = ListOrder { by: order, reversed };
            assert_eq!(page_by_page(&house, order, false).await, expected, "{order:?} page by page");
            assert_eq!(page_by_page(&house, order, true).await, expected, "{order:?} from the end");
        }
    }
});

/// The packages of all four, asked for one by one.
async fn page_by_page(house: &House, order: ListOrder, backward: bool) -> Vec<String> {
    let mut read = house.projections.read().await.unwrap();
    let (mut pages, mut from) = (Vec::new(), None);
    loop {
        let window = Window { from, backward, ..Window::first(1) };
        let page = catalogue::plugins(&mut read, &PluginFilter::default(), order, &window).await.unwrap();
        assert_eq!(page.total, Some(4));
        let Some((cursor, plugin)) = page.plugins.into_iter().next() else { break };
        assert_eq!(page.more, pages.len() < 3);
        pages.push(plugin.package.to_string());
        from = Some(cursor.to_string().parse::<Cursor>().unwrap());
    }
    if backward {
        pages.reverse();
    }
    pages
}

both!(lists_are_filtered, |t| {
    let house = House::new(&t).await;
    five(&house).await;
    house.seen([of("beta", OwnerAdded { package: package("beta"), account: BOB, reason: None })]).await;
    let any = PluginFilter::default;
    let by = |filter: PluginFilter| listed(&house, filter, PluginOrder::Id);
    let text = |text: &str| PluginFilter { text: Some(text.into()), ..any() };
    assert_eq!(by(text("émile")).await, ["beta"]);
    assert_eq!(by(text("RASTER does")).await, ["alpha", "beta"]);
    assert_eq!(by(text("100%")).await, ["gamma"]);
    assert_eq!(by(text("1_0")).await, [""; 0]);
    assert_eq!(
        by(PluginFilter { tag: Some("mesh".parse().unwrap()), ..any() }).await,
        ["alpha", "gamma", "delta"]
    );
    assert_eq!(by(PluginFilter { owner: Some(BOB), ..any() }).await, ["beta"]);
    assert_eq!(by(PluginFilter { package: Some(package("GAMMA")), ..any() }).await, ["gamma"]);
    assert_eq!(by(PluginFilter { list: ListOf::Waiting, ..any() }).await, ["omega"]);
    let all = PluginFilter { list: ListOf::All, tag: Some("secret".parse().unwrap()), ..any() };
    assert_eq!(by(all).await, ["omega"]);

    let yes = Some(true);
    assert_eq!(
        by(PluginFilter { tags: vec!["mesh".parse().unwrap(), "vector".parse().unwrap()], ..any() }).await,
        ["gamma", "delta"]
    );
    assert_eq!(by(PluginFilter { stable: yes, ..any() }).await.len(), 4);
    assert_eq!(by(PluginFilter { experimental: yes, ..any() }).await, [""; 0]);
    let qgis = |qgis: &str| PluginFilter { qgis: Some(qgis.parse().unwrap()), ..any() };
    assert_eq!(by(qgis("3.16")).await.len(), 4);
    assert_eq!(by(qgis("3.15")).await, [""; 0]);
    assert_eq!(by(PluginFilter { stable: yes, ..qgis("3") }).await.len(), 4);
    assert_eq!(by(PluginFilter { experimental: yes, ..qgis("3") }).await, [""; 0]);
    assert_eq!(by(PluginFilter { new_qgis_ready: yes, ..any() }).await, [""; 0]);
    assert_eq!(by(PluginFilter { new_qgis_ready: Some(false), ..any() }).await.len(), 4);
    for filter in [
        PluginFilter { server: yes, ..any() },
        PluginFilter { processing: yes, ..any() },
        PluginFilter { featured: yes, ..any() },
        PluginFilter { deprecated: yes, ..any() },
        PluginFilter { trusted: yes, ..any() },
        PluginFilter { author: Some("Ann".into()), ..any() },
        PluginFilter { updated_since: Some(start() + TimeDelta::days(1)), ..any() },
        PluginFilter { created_since: Some(start() + TimeDelta::seconds(6)), ..any() },
    ] {
        assert_eq!(by(filter).await, [""; 0]);
    }
    assert_eq!(
        by(PluginFilter { created_since: Some(start() + TimeDelta::seconds(4)), ..any() }).await,
        ["delta"]
    );
    assert_eq!(
        by(PluginFilter { server: Some(false), deprecated: Some(false), trusted: Some(false), ..any() })
            .await
            .len(),
        4
    );
    let downloaded = PluginFilter {
        tag: Some("raster".parse().unwrap()),
        text: Some("does".into()),
        owner: Some(ANN),
        ..any()
    };
    assert_eq!(listed(&house, downloaded, PluginOrder::Popular).await, ["beta", "alpha"]);

    let mut read = house.projections.read().await.unwrap();
    let tags = catalogue::all_tags(&mut read).await.unwrap();
    let tags: Vec<(&str, u64)> = tags.iter().map(|tag| (tag.tag.as_str(), tag.plugins)).collect();
    assert_eq!(tags, [("mesh", 3), ("north", 1), ("raster", 2), ("vector", 2)]);
});

both!(a_page_has_at_most_a_hundred_plugins, |t| {
    let house = House::new(&t).await;
    house.seen((0..101).map(|n| registered(&format!("plugin{n}"), ANN))).await;
    let mut read = house.projections.read().await.unwrap();
    let all = PluginFilter { list: ListOf::All, ..PluginFilter::default() };
    let list = catalogue::plugins(&mut read, &all, ListOrder::by(PluginOrder::Id), &Window::first(1000))
        .await
        .unwrap();
    assert_eq!((list.total, list.plugins.len(), list.more), (Some(101), 100, true));
    let (after, _) = list.plugins.last().unwrap();
    let list = catalogue::plugins(
        &mut read,
        &all,
        ListOrder::by(PluginOrder::Id),
        &Window { from: Some(after.clone()), ..Window::first(100) },
    )
    .await
    .unwrap();
    assert_eq!((list.total, list.plugins.len(), list.more), (Some(101), 1, false));
    let (after, _) = list.plugins.last().unwrap();
    let list = catalogue::plugins(
        &mut read,
        &all,
        ListOrder::by(PluginOrder::Id),
        &Window { from: Some(after.clone()), ..Window::first(100) },
    )
    .await
    .unwrap();
    assert_eq!(
        (list.total, list.plugins.len(), list.more),
        (Some(101), 0, false),
        "the count is there on an empty page"
    );
});

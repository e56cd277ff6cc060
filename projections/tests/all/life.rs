//! What lists, pages and feeds are told of plugins that are deprecated, featured, hidden or gone, and of versions that are
//! yanked, pinned, refused or replaced.

use crate::support::*;
use cairn_domain::event::{
    MaintainerNamed, OwnerAdded, PluginDeprecated, PluginFeatured, PluginMarkedForDeletion, PluginRestored,
    PluginRevived, PluginTombstoned, PluginUndeprecated, PluginUnfeatured, RenamingAllowed, Stream,
    TrustGranted, VersionPinned, VersionRefused, VersionReplaced, VersionReviewAsked, VersionUnapproved,
    VersionUnpinned, VersionUnyanked, VersionYanked,
};
use cairn_domain::plugin::{Channel, Deletion};
use cairn_projections::catalogue::{
    self, ListOf, ListOrder, Plugin, PluginFilter, PluginOrder, Version, Window,
};
use cairn_store::both;
use chrono::TimeDelta;

async fn plugin(house: &House) -> Plugin {
    let mut read = house.projections.read().await.unwrap();
    catalogue::plugin_by_package(&mut read, &package("lasso")).await.unwrap().unwrap()
}

/// By number, the newest first.
async fn versions(house: &House) -> Vec<Version> {
    let mut read = house.projections.read().await.unwrap();
    catalogue::versions_of(&mut read, &[1]).await.unwrap().remove(&1).unwrap_or_default()
}

/// What feeds are made of, by number.
async fn in_feeds(house: &House) -> Vec<String> {
    let mut read = house.projections.read().await.unwrap();
    let found = catalogue::feed_plugins(&mut read, &[1]).await.unwrap().remove(0);
    found.versions.into_iter().map(|it| it.version.number.to_string()).collect()
}

async fn listed(house: &House, filter: PluginFilter) -> Vec<String> {
    let mut read = house.projections.read().await.unwrap();
    let list = catalogue::plugins(&mut read, &filter, ListOrder::by(PluginOrder::Id), &Window::first(100))
        .await
        .unwrap();
    list.plugins.into_iter().map(|(_, plugin)| plugin.package.to_string()).collect()
}

fn of_list(list: ListOf) -> PluginFilter {
    PluginFilter { list, ..PluginFilter::default() }
}

/// lasso with 1.0 and 1.1 public, and rope with 1.0 public.
async fn two(house: &House) {
    house.happened(new_plugin("lasso", ANN)).await;
    house.happened([approved("lasso", "1.0"), uploaded("lasso", "1.1"), approved("lasso", "1.1")]).await;
    house.happened(new_plugin("rope", BOB)).await;
    house.seen([approved("rope", "1.0")]).await;
}

fn number(text: &str) -> cairn_domain::version_number::VersionNumber {
    text.parse().unwrap()
}

both!(a_yanked_version_leaves_feeds_and_stays_public, |t| {
    let house = House::new(&t).await;
    two(&house).await;
    let yank = |text: &str| {
        of("lasso", VersionYanked { package: package("lasso"), version: number(text), reason: "eats".into() })
    };
    house.seen([yank("1.1")]).await;
    assert_eq!(in_feeds(&house).await, ["1.0"]);
    assert_eq!(versions(&house).await[0].yanked.as_deref(), Some("eats"));
    let seen = plugin(&house).await;
    assert_eq!((seen.approved_stable, seen.yanked, seen.is_listed()), (1, 1, true));
    assert_eq!(seen.updated_at, start() + TimeDelta::seconds(1), "the newest that is offered is 1.0");

    house.seen([yank("1.0")]).await;
    let seen = plugin(&house).await;
    assert_eq!((seen.is_listed(), seen.is_public()), (false, true));
    assert_eq!(listed(&house, PluginFilter::default()).await, ["rope"]);
    let back = VersionUnyanked { package: package("lasso"), version: number("1.1") };
    house.seen([of("lasso", back)]).await;
    assert_eq!(in_feeds(&house).await, ["1.1"]);
});

both!(a_pin_goes_before_newer_versions_while_its_version_is_offered, |t| {
    let house = House::new(&t).await;
    two(&house).await;
    let offered = async || {
        let versions = versions(&house).await;
        catalogue::offered(&versions, Channel::Stable).map(|version| version.number.to_string())
    };
    assert_eq!(offered().await.as_deref(), Some("1.1"));
    let pin = |text: &str| {
        let (package, channel) = (package("lasso"), Channel::Stable);
        of("lasso", VersionPinned { package, channel, version: number(text) })
    };
    house.seen([pin("1.0")]).await;
    assert_eq!(offered().await.as_deref(), Some("1.0"));
    house.seen([pin("1.1"), pin("1.0")]).await;
    let pinned: Vec<bool> = versions(&house).await.iter().map(|version| version.pinned).collect();
    assert_eq!(pinned, [false, true], "one pin for a channel");

    let yanked = VersionYanked { package: package("lasso"), version: number("1.0"), reason: "eats".into() };
    house.seen([of("lasso", yanked)]).await;
    assert_eq!(offered().await.as_deref(), Some("1.1"));
    let back = VersionUnyanked { package: package("lasso"), version: number("1.0") };
    house.seen([of("lasso", back)]).await;
    assert_eq!(offered().await.as_deref(), Some("1.0"));
    let experimental = VersionUnpinned { package: package("lasso"), channel: Channel::Experimental };
    house.seen([of("lasso", experimental)]).await;
    assert_eq!(offered().await.as_deref(), Some("1.0"), "the other channel has pins of its own");
    let unpinned = VersionUnpinned { package: package("lasso"), channel: Channel::Stable };
    house.seen([of("lasso", unpinned)]).await;
    assert_eq!(offered().await.as_deref(), Some("1.1"));
    assert_eq!(catalogue::offered(&versions(&house).await, Channel::Experimental), None);
});

both!(a_marked_plugin_leaves_every_list_and_comes_back_as_it_was, |t| {
    let house = House::new(&t).await;
    two(&house).await;
    let before = plugin(&house).await;
    let until = start() + TimeDelta::days(30);
    let reason = Some("not mine".to_owned());
    house.seen([of("lasso", PluginMarkedForDeletion { package: package("lasso"), until, reason })]).await;
    let marked = plugin(&house).await;
    assert_eq!(marked.deletion, Some(Deletion::Marked { until }));
    assert_eq!(marked.deletion_reason.as_deref(), Some("not mine"));
    assert_eq!((marked.is_listed(), marked.is_public()), (false, false));
    for (list, expected) in [
        (ListOf::Approved, &["rope"][..]),
        (ListOf::Waiting, &[]),
        (ListOf::Deleted, &["lasso"]),
        (ListOf::All, &["lasso", "rope"]),
    ] {
        assert_eq!(listed(&house, of_list(list)).await, expected, "{list:?}");
    }
    let mut read = house.projections.read().await.unwrap();
    let tags = catalogue::all_tags(&mut read).await.unwrap();
    assert_eq!(tags.iter().map(|tag| tag.plugins).collect::<Vec<_>>(), [1]);
    drop(read);

    house.seen([of("lasso", PluginRestored { package: package("lasso") })]).await;
    let changed_at = plugin(&house).await.changed_at;
    assert_eq!(plugin(&house).await, Plugin { changed_at, ..before });
});

both!(a_tombstone_keeps_number_and_names_and_inherits_no_trust, |t| {
    let house = House::new(&t).await;
    two(&house).await;
    let trusted = TrustGranted { account: ANN, reason: None };
    house.seen([joined(ANN), (Stream::Account(ANN), trusted.into())]).await;
    house.seen([of("lasso", PluginFeatured { package: package("lasso") })]).await;
    let until = start() + TimeDelta::days(30);
    house
        .seen([
            of("lasso", PluginMarkedForDeletion { package: package("lasso"), until, reason: None }),
            of("lasso", PluginTombstoned { package: package("lasso"), reason: None }),
        ])
        .await;
    let gone = plugin(&house).await;
    assert_eq!((gone.id, gone.deletion, gone.featured), (1, Some(Deletion::Tombstone), false));
    assert_eq!((gone.approved_stable, gone.waiting, gone.yanked), (0, 0, 0));
    assert!(versions(&house).await.is_empty() && in_feeds(&house).await.is_empty());
    let mut read = house.projections.read().await.unwrap();
    assert_eq!(catalogue::owners_of(&mut read, &[1]).await.unwrap().len(), 0);
    assert_eq!(catalogue::texts_of(&mut read, &[2, 5]).await.unwrap().len(), 0);
    drop(read);

    house.seen([of("lasso", PluginRevived { package: package("lasso"), owner: BOB, reason: None })]).await;
    let alive = plugin(&house).await;
    assert_eq!((alive.id, alive.deletion, alive.is_public()), (1, None, false));
    assert_eq!((alive.creator, alive.creator_trusted), (BOB, false));
    let mut read = house.projections.read().await.unwrap();
    assert_eq!(catalogue::owners_of(&mut read, &[1]).await.unwrap()[&1], [BOB]);
    drop(read);
    house.seen([uploaded("lasso", "2.0"), approved("lasso", "2.0")]).await;
    assert_eq!(in_feeds(&house).await, ["2.0"]);
});

both!(a_revived_plugin_stands_with_the_trust_of_its_new_owner, |t| {
    let house = House::new(&t).await;
    two(&house).await;
    let trusted = TrustGranted { account: BOB, reason: None };
    house.seen([joined(BOB), (Stream::Account(BOB), trusted.into())]).await;
    house.seen([of("lasso", PluginTombstoned { package: package("lasso"), reason: None })]).await;
    house.seen([of("lasso", PluginRevived { package: package("lasso"), owner: BOB, reason: None })]).await;
    assert!(plugin(&house).await.creator_trusted);
});

both!(advice_and_recommendation_are_filters, |t| {
    let house = House::new(&t).await;
    two(&house).await;
    let deprecated = PluginDeprecated {
        package: package("lasso"),
        successor: Some(package("rope")),
        reason: Some("QGIS has it".into()),
    };
    house.seen([of("lasso", deprecated), of("rope", PluginFeatured { package: package("rope") })]).await;
    let seen = plugin(&house).await;
    let deprecation = seen.deprecation.unwrap();
    assert!(seen.deprecated && !seen.featured);
    assert_eq!(deprecation.successor, Some(package("rope")));
    assert_eq!(deprecation.reason.as_deref(), Some("QGIS has it"));
    let any = PluginFilter::default;
    for (filter, expected) in [
        (PluginFilter { deprecated: Some(true), ..any() }, &["lasso"][..]),
        (PluginFilter { deprecated: Some(false), ..any() }, &["rope"]),
        (PluginFilter { featured: Some(true), ..any() }, &["rope"]),
        (PluginFilter { featured: Some(false), ..any() }, &["lasso"]),
        (PluginFilter { featured: Some(true), deprecated: Some(true), ..any() }, &[]),
    ] {
        assert_eq!(listed(&house, filter.clone()).await, expected, "{filter:?}");
    }
    house
        .seen([
            of("lasso", PluginUndeprecated { package: package("lasso") }),
            of("rope", PluginUnfeatured { package: package("rope") }),
        ])
        .await;
    let seen = plugin(&house).await;
    assert_eq!((seen.deprecated, seen.deprecation), (false, None));
    assert!(listed(&house, PluginFilter { featured: Some(true), ..any() }).await.is_empty());
});

both!(names_that_a_plugin_had_are_told_in_order, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN)).await;
    assert!(plugin(&house).await.previous_names.is_empty(), "the package name that stood first was none");
    house.seen([of("lasso", RenamingAllowed { package: package("lasso"), allowed: true })]).await;
    house.seen([edited("lasso", "Lasso Tool", &[])]).await;
    house.seen([edited("lasso", "Lasso Tool", &["mesh"])]).await;
    house.seen([edited("lasso", "Rope", &[])]).await;
    let seen = plugin(&house).await;
    assert!(seen.renaming_allowed);
    let names: Vec<_> = seen.previous_names.iter().map(|it| (it.name.as_str(), it.until)).collect();
    let at = |secs| start() + TimeDelta::seconds(secs);
    assert_eq!(names, [("lasso", at(3)), ("Lasso Tool", at(5))]);
});

both!(what_waits_is_what_somebody_should_look_at, |t| {
    let house = House::new(&t).await;
    two(&house).await;
    let waiting = async || plugin(&house).await.waiting;
    house.seen([uploaded("lasso", "1.2")]).await;
    assert_eq!(waiting().await, 1);
    let refused = |name: &str| {
        let sha256 = file("lasso", name).sha256;
        let (package, version, reason) = (package("lasso"), number(name), "no licence".to_owned());
        of("lasso", VersionRefused { package, version, sha256, base: None, reason })
    };
    house.seen([refused("1.2")]).await;
    assert_eq!(waiting().await, 0);
    assert_eq!(versions(&house).await[0].refused.as_deref(), Some("no licence"));
    let replaced = VersionReplaced {
        package: package("lasso"),
        replaced: number("1.2"),
        version: number("1.2.1"),
        file: file("lasso", "1.2.1"),
    };
    house.seen([of("lasso", replaced)]).await;
    assert_eq!(
        (waiting().await, &versions(&house).await[0].refused),
        (1, &None),
        "another file, another look"
    );
    house.seen([refused("1.2.1"), approved("lasso", "1.2.1")]).await;
    assert_eq!((waiting().await, &versions(&house).await[0].refused), (0, &None));

    let again = || VersionReviewAsked { package: package("lasso"), version: number("1.1"), reason: None };
    house.seen([of("lasso", again())]).await;
    assert_eq!((waiting().await, plugin(&house).await.approved_stable), (1, 3), "it stays public");
    assert_eq!(listed(&house, of_list(ListOf::Waiting)).await, ["lasso", "rope"][..1]);
    house.seen([approved("lasso", "1.1")]).await;
    assert_eq!(waiting().await, 0);
    let back = VersionUnapproved { package: package("lasso"), version: number("1.1"), reason: None };
    house.seen([of("lasso", again()), of("lasso", back)]).await;
    assert_eq!(waiting().await, 1, "an approval that was taken back waits once");
});

both!(a_replaced_file_stays_on_record, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN)).await;
    let replace = |old: &str, new: &str| {
        let (replaced, version) = (number(old), number(new));
        of(
            "lasso",
            VersionReplaced { package: package("lasso"), replaced, version, file: file("lasso", new) },
        )
    };
    house.seen([replace("1.0", "1.1")]).await;
    house.seen([replace("1.1", "1.2")]).await;
    let mut read = house.projections.read().await.unwrap();
    let files = catalogue::replaced_files_of(&mut read, &[1]).await.unwrap().remove(&1).unwrap();
    let told: Vec<_> = files.iter().map(|it| (it.version_id, it.number.as_str(), it.sha256)).collect();
    assert_eq!(told, [(2, "1.0", file("lasso", "1.0").sha256), (2, "1.1", file("lasso", "1.1").sha256)]);
    assert_eq!(files[1].replaced_at, start() + TimeDelta::seconds(3));
    assert_eq!(files[0].size_bytes, 1234);
});

both!(a_maintainer_is_shown_and_owns_nothing, |t| {
    let house = House::new(&t).await;
    two(&house).await;
    let named = |account| of("lasso", MaintainerNamed { package: package("lasso"), account });
    house.seen([named(Some(BOB))]).await;
    assert_eq!(plugin(&house).await.maintainer, Some(BOB));
    let mut read = house.projections.read().await.unwrap();
    assert_eq!(catalogue::owners_of(&mut read, &[1]).await.unwrap()[&1], [ANN]);
    drop(read);
    let added = OwnerAdded { package: package("lasso"), account: BOB, reason: None };
    house.seen([of("lasso", added), named(None)]).await;
    assert_eq!(plugin(&house).await.maintainer, None);
});

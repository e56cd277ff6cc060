//! The rule of the read side: whatever was taken in bit by bit equals what is built anew.

use crate::support::*;
use cairn_domain::event::PluginFeatured;
use cairn_projections::testing::{Chance, History, append, append_downloads, random_downloads, version_ids};
use cairn_projections::{Name, Projections};
use cairn_store::{Engine, both};
use std::sync::Mutex;

/// Digests of the same history, by engine.
static DIGESTS: Mutex<Vec<(Engine, String)>> = Mutex::new(Vec::new());

async fn digests(projections: &Projections) -> String {
    format!("{:#?}", projections.digests().await.unwrap())
}

both!(bit_by_bit_equals_anew, |t| {
    let house = House::new(&t).await;
    let mut lasting = String::new();
    for seed in [1, 2, 3] {
        let (from, mut chance) = (house.registry.head().await.unwrap(), Chance::new(seed));
        // Histories do not know of each other, so each brings its own plugins; their names are the seed's.
        let history = renamed(History::random(seed, 12, 600), seed);
        let ids = version_ids(from, &history);
        let downloads = random_downloads(seed, 900, &ids);
        let mut rest = (history.as_slice(), downloads.as_slice());
        while !rest.0.is_empty() || !rest.1.is_empty() {
            let cut = |chance: &mut Chance, len: usize| len.min(1 + chance.below(150));
            let (now, later) = rest.0.split_at(cut(&mut chance, rest.0.len()));
            append(&house.registry, now).await.unwrap();
            rest.0 = later;
            let (now, later) = rest.1.split_at(cut(&mut chance, rest.1.len()));
            // Nobody downloads what is not there yet.
            let head = house.registry.head().await.unwrap();
            let now: Vec<_> = now.iter().filter(|item| item.version_id <= head).copied().collect();
            append_downloads(&house.downloads, &now, 1 + chance.below(40)).await.unwrap();
            rest.1 = later;
            let rows = [1, 7, 1000][chance.below(3)];
            house.beside(rows).await.catch_up().await.unwrap();
        }
        lasting = digests(&house.projections).await;
        for name in Name::ALL {
            let before = house.projections.live_generation(name).await.unwrap();
            let mut heard = Vec::new();
            house.projections.rebuild(name, |done, total| heard.push((done, total))).await.unwrap();
            assert_eq!(house.projections.live_generation(name).await.unwrap(), before + 1);
            assert!(
                heard.is_sorted() && heard.last().is_some_and(|(done, total)| done == total),
                "{heard:?}"
            );
        }
        assert_eq!(digests(&house.projections).await, lasting, "seed {seed}");
    }
    // Both engines tell the same history alike; whichever test is second compares.
    let mut told = DIGESTS.lock().unwrap();
    told.push((t.db.engine(), lasting));
    assert!(told.iter().all(|(_, digests)| *digests == told[0].1), "{told:#?}");
});

/// The same history about plugins, names and people that no other seed has. Accounts and tokens are random
/// already.
fn renamed(
    history: Vec<(cairn_domain::event::Stream, cairn_domain::Event)>,
    seed: u64,
) -> Vec<(cairn_domain::event::Stream, cairn_domain::Event)> {
    use cairn_domain::event::{Event, Stream};
    let rename = |(stream, event): (Stream, Event)| {
        let mut payload: serde_json::Value = serde_json::from_slice(&event.encode()).unwrap();
        if let Some(package) = payload.get_mut("package") {
            *package = format!("s{seed}-{}", package.as_str().unwrap()).into();
        }
        let event = Event::decode(event.kind(), event.schema(), payload.to_string().as_bytes()).unwrap();
        let stream = match stream {
            Stream::Plugin(key) => Stream::Plugin(format!("s{seed}-{key}")),
            Stream::PluginName(key) => Stream::PluginName(format!("s{seed} {key}")),
            Stream::Votes(key) => Stream::Votes(format!("s{seed}-{key}")),
            other => other,
        };
        (stream, event)
    };
    history.into_iter().map(rename).collect()
}

both!(pages_of_any_size_give_the_same, |t| {
    let house = House::new(&t).await;
    let history = History::random(11, 30, 1_500);
    append(&house.registry, &history).await.unwrap();
    let downloads = random_downloads(11, 3_000, &version_ids(0, &history));
    append_downloads(&house.downloads, &downloads, 100).await.unwrap();
    let mut known = Vec::new();
    for rows in [10_000, 1_000, 7, 1] {
        let projections = house.beside(rows).await;
        projections.catch_up().await.unwrap();
        if !known.is_empty() {
            for name in Name::ALL {
                projections.rebuild(name, |_, _| {}).await.unwrap();
            }
        }
        known.push(digests(&projections).await);
    }
    assert!(known.iter().all(|digests| *digests == known[0]), "{known:#?}");
});

both!(a_digest_tells_any_difference, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN)).await;
    let before = house.digest(Name::Catalogue).await;
    let people = house.digest(Name::People).await;
    house.seen([of("lasso", PluginFeatured { package: package("lasso") })]).await;
    assert_ne!(house.digest(Name::Catalogue).await, before);
    assert_eq!(house.digest(Name::People).await, people);
});

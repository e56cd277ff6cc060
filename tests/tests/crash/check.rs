//! What must hold of a database whose writers were killed.

use crate::promised::{Answer, Promised};
use crate::story::{self, Deed};
use cairn_domain::download::{self, Download};
use cairn_domain::event::EventMeta;
use cairn_domain::ids::CommandId;
use cairn_projections::catalogue::{ListOf, ListOrder, PluginFilter, PluginOrder, Window, plugins};
use cairn_projections::downloads::downloads_of_versions;
use cairn_projections::{Name, Projections};
use cairn_store::{Clock, Db, Downloads, Ids, Position, Recorded, Registry, SystemClock};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Rows that are read at a time. Reading asserts that no position is missing.
const ROWS: u32 = 1000;

/// How much of the logs was looked at.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    registry: Position,
    last_at: DateTime<Utc>,
    downloads: Position,
}

/// Later than any child's.
#[derive(Debug)]
struct LateClock;

impl Clock for LateClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::days(1)
    }
}

struct Logs {
    db: Db,
    registry: Registry,
    downloads: Downloads,
}

impl Logs {
    /// Opens the database as a newly started process does, which on SQLite recovers what a killed one left.
    async fn open(url: &str) -> Self {
        let db = Db::open(url).await.expect("a database opens whatever happened to its users");
        let clock: Arc<dyn Clock> = Arc::new(LateClock);
        let (registry, downloads) =
            (Registry::new(db.clone(), Arc::clone(&clock)), Downloads::new(db.clone(), clock));
        Self { db, registry, downloads }
    }
}

/// After each kill: positions go on without a hole, times do not go back, and nothing promised is beyond the end.
pub(crate) async fn go_on(url: &str, seen: &mut Seen, promised: &Promised) {
    let logs = Logs::open(url).await;
    loop {
        let page = logs.registry.read(seen.registry, ROWS).await.unwrap();
        for event in &page {
            assert!(event.recorded_at >= seen.last_at, "time went back at position {}", event.position);
            seen.last_at = event.recorded_at;
        }
        seen.registry += page.len() as u64;
        if page.len() < ROWS as usize {
            break;
        }
    }
    loop {
        let page = logs.downloads.read(seen.downloads, ROWS).await.unwrap();
        seen.downloads += page.len() as u64;
        if page.len() < ROWS as usize {
            break;
        }
    }
    let deeds = promised.deeds.values().map(|answer| answer.head).max().unwrap_or(0);
    assert!(deeds <= seen.registry, "a deed was promised up to {deeds}, the log ends at {}", seen.registry);
    let downloads = promised.downloads.values().map(|(position, _)| position + 1).max().unwrap_or(0);
    assert!(downloads <= seen.downloads, "a download was promised beyond the end");
    logs.db.close().await;
}

/// At the end: everything promised is there exactly once at its place, and the read models are what the logs say.
pub(crate) async fn all(url: &str, promised: &Promised) {
    let logs = Logs::open(url).await;
    let events = events(&logs.registry).await;
    streams_count_from_one(&events);
    deeds_are_there_once(&events, promised);
    let items = downloads_are_there_once(&logs.downloads, promised).await;
    read_models_are_what_the_logs_say(&logs, &events, &items).await;
    logs.db.close().await;
}

async fn events(registry: &Registry) -> Vec<Recorded> {
    let mut events = Vec::new();
    loop {
        let page = registry.read(events.len() as u64, ROWS).await.unwrap();
        let end = page.len() < ROWS as usize;
        events.extend(page);
        if end {
            return events;
        }
    }
}

fn streams_count_from_one(events: &[Recorded]) {
    let (mut versions, mut ids) = (HashMap::<&str, u32>::new(), HashSet::new());
    for event in events {
        let version = versions.entry(&event.stream).or_default();
        *version += 1;
        assert_eq!(event.version, *version, "{} at position {}", event.stream, event.position);
        assert!(ids.insert(event.event_id), "the id at position {} is there twice", event.position);
    }
}

/// Each command of the story up to each teller's last is in the log as one run of events, whole or, if it was not
/// promised, not at all; and nothing else is.
fn deeds_are_there_once(events: &[Recorded], promised: &Promised) {
    let mut runs: BTreeMap<CommandId, Vec<&Recorded>> = BTreeMap::new();
    for event in events {
        let meta: EventMeta = serde_json::from_slice(&event.metadata).unwrap();
        runs.entry(meta.command).or_default().push(event);
    }
    for (&(teller, n), answer) in &promised.deeds {
        let deed = story::deed(teller, n);
        let actor = serde_json::to_string(&deed.actor).unwrap();
        let command = CommandId::of_key(&actor, &deed.key);
        is_there(command, &deed, &runs.remove(&command).unwrap_or_default(), answer);
    }
    // The last child ended well, so it heard the answer to all that it and those before it sent.
    let left: Vec<(u64, &str)> =
        runs.values().flatten().map(|event| (event.position, event.stream.as_str())).collect();
    assert_eq!(left, [], "events that nobody was promised");
}

fn is_there(command: CommandId, deed: &Deed, run: &[&Recorded], answer: &Answer) {
    let kinds: Vec<&str> = run.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, deed.leaves, "{deed:?}");
    for (ordinal, event) in (0..).zip(run) {
        assert_eq!(event.event_id, command.event_id(ordinal), "{deed:?}");
        let from_the_end = deed.leaves.len() as u64 - u64::from(ordinal);
        assert_eq!(event.position, answer.head - from_the_end, "{deed:?}");
    }
}

/// Answers all downloads that are in the log.
async fn downloads_are_there_once(log: &Downloads, promised: &Promised) -> Vec<Download> {
    let (mut items, mut places, mut from) = (Vec::new(), BTreeMap::new(), 0);
    loop {
        let page = log.read(from, ROWS).await.unwrap();
        for batch in &page {
            let decoded =
                download::decode(batch.format.into(), batch.first_at.timestamp_millis(), &batch.body)
                    .unwrap();
            assert_eq!(decoded.len(), batch.n as usize, "batch {}", batch.position);
            for (index, item) in (0..).zip(decoded) {
                let before = places.insert(item.at_ms, (batch.position, index));
                assert_eq!(before, None, "the download at {} is there twice", item.at_ms);
                items.push(item);
            }
        }
        from += page.len() as u64;
        if page.len() < ROWS as usize {
            break;
        }
    }
    let by_time: HashMap<i64, &Download> = items.iter().map(|item| (item.at_ms, item)).collect();
    for (&serial, place) in &promised.downloads {
        let asked = story::download(serial);
        assert_eq!(places.get(&asked.at_ms), Some(place), "download {serial}");
        assert_eq!(by_time.get(&asked.at_ms), Some(&&asked), "download {serial}");
    }
    items
}

/// What was built through all kills is what is built anew from the logs, and counts what they hold.
async fn read_models_are_what_the_logs_say(logs: &Logs, events: &[Recorded], items: &[Download]) {
    let (registry, downloads) = (logs.registry.clone(), logs.downloads.clone());
    let ids = Arc::new(Ids::random());
    let projections = Projections::new(registry, downloads, Arc::new(LateClock), ids).await.unwrap();
    projections.catch_up().await.unwrap();
    let through_kills = projections.digests().await.unwrap();
    assert_eq!(through_kills.len(), Name::ALL.len());

    let mut read = projections.read().await.unwrap();
    let registered = events.iter().filter(|event| event.kind == "PluginRegistered").count();
    let every = PluginFilter { list: ListOf::All, ..PluginFilter::default() };
    let listed = plugins(&mut read, &every, ListOrder::by(PluginOrder::Id), &Window::first(1)).await.unwrap();
    assert_eq!(listed.total, Some(registered as u64));
    let ids: HashSet<u64> = items.iter().map(|item| item.version_id).collect();
    let ids: Vec<u64> = ids.into_iter().collect();
    let counted = downloads_of_versions(&mut read, &ids).await.unwrap();
    assert_eq!(counted.values().sum::<u64>(), items.len() as u64);
    drop(read);

    for name in Name::ALL {
        projections.rebuild(name, |_, _| {}).await.unwrap();
    }
    assert_eq!(projections.digests().await.unwrap(), through_kills);
}

//! Random histories and downloads, the same for the same seed, and how they get into the logs.

mod chance;
mod history;

pub use chance::Chance;
pub use history::History;

use cairn_domain::download::{BATCH_ITEMS_MAX, Channel, Download, FORMAT, OsClass, QgisRelease, encode};
use cairn_domain::event::{Event, EventMeta, PluginEvent, Stream};
use cairn_domain::ids::{AccountId, CommandId, TokenId};
use cairn_domain::{Actor, names::Sha256};
use cairn_store::{Downloads, Expected, NewBatch, NewEvent, Position, Registry, Result};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Events that one transaction of [`append`] writes.
const EVENTS_PER_APPEND: usize = 500;

/// Appends a history to the registry log as the write side would, without asking its rules, and answers the
/// log's new length.
pub async fn append(registry: &Registry, history: &[(Stream, Event)]) -> Result<Position> {
    for chunk in history.chunks(EVENTS_PER_APPEND) {
        let mut tx = registry.begin().await?;
        let first = tx.next_position();
        tx.append((first..).zip(chunk).map(|(position, fact)| new_event(position, fact)).collect()).await?;
        tx.commit().await?;
    }
    registry.head().await
}

/// An event as the write side would append it at a position. Its id follows from the position.
pub fn new_event(position: Position, (stream, event): &(Stream, Event)) -> NewEvent {
    let command = CommandId(Uuid::from_u128(u128::from(position) + 1));
    let meta = EventMeta { actor: actor_of(event), command };
    NewEvent {
        id: command.event_id(0),
        stream: stream.to_string(),
        expected: Expected::Any,
        kind: event.kind().into(),
        schema: event.schema(),
        payload: event.encode(),
        metadata: serde_json::to_vec(&meta).expect("metadata is ids only"),
    }
}

/// Files are uploaded by accounts, some through tokens; the rest is the operator's.
fn actor_of(event: &Event) -> Actor {
    let file = match event {
        Event::Plugin(PluginEvent::VersionUploaded(uploaded)) => &uploaded.file,
        Event::Plugin(PluginEvent::VersionReplaced(replaced)) => &replaced.file,
        Event::Plugin(PluginEvent::PluginRegistered(born)) => return Actor::Account { account: born.owner },
        _ => return Actor::Operator,
    };
    let [first, ..] = file.sha256.as_bytes();
    let account = AccountId(Uuid::from_u128(u128::from(*first % 16)));
    match first % 3 {
        0 => Actor::Token { token: TokenId(Uuid::from_u128(u128::from(*first))), account },
        1 => Actor::Operator,
        _ => Actor::Account { account },
    }
}

/// The numbers that the versions of a history have in answers, when it begins at position `first`.
pub fn version_ids(first: Position, history: &[(Stream, Event)]) -> Vec<u64> {
    let uploads = (first..)
        .zip(history)
        .filter(|(_, (_, event))| matches!(event, Event::Plugin(PluginEvent::VersionUploaded(_))));
    uploads.map(|(position, _)| position + 1).collect()
}

/// `n` downloads of these versions in the order of time, a few a second; low ones among the versions more
/// often, as popular plugins are old.
pub fn random_downloads(seed: u64, n: usize, version_ids: &[u64]) -> Vec<Download> {
    let mut chance = Chance::new(seed);
    let mut at_ms: i64 = 1_700_000_000_000;
    let mut download = || {
        at_ms += i64::try_from(chance.below(2_000)).expect("it is small");
        let below = 1 + chance.below(version_ids.len());
        Download {
            version_id: version_ids[chance.below(below)],
            at_ms,
            qgis: chance
                .percent(95)
                .then(|| QgisRelease { major: 3, minor: *chance.one(&[10, 16, 22, 28, 34, 40]) }),
            os: *chance.one(OsClass::ALL),
            country: chance
                .percent(90)
                .then(|| *chance.one(&[*b"CH", *b"DE", *b"FR", *b"BR", *b"IN", *b"US"])),
            channel: *chance.one(Channel::ALL),
        }
    };
    (0..n).map(|_| download()).collect()
}

/// Appends downloads to their log in batches of `per_batch`, as a writer that was never there before; answers
/// the log's new length.
pub async fn append_downloads(log: &Downloads, downloads: &[Download], per_batch: usize) -> Result<Position> {
    let head = log.head().await?;
    let writer_id = Uuid::from_bytes(
        Sha256::of(&head.to_be_bytes()).as_bytes()[..16].try_into().expect("a digest has more than 16 bytes"),
    );
    for (seq, items) in (1..).zip(downloads.chunks(per_batch.clamp(1, BATCH_ITEMS_MAX))) {
        log.append(&new_batch(writer_id, seq, items)).await?;
    }
    log.head().await
}

/// A batch as the appender of downloads makes it; `items` are not none.
pub fn new_batch(writer_id: Uuid, writer_seq: u64, items: &[Download]) -> NewBatch {
    let at = |item: Option<&Download>| -> DateTime<Utc> {
        item.and_then(|item| DateTime::from_timestamp_millis(item.at_ms))
            .expect("a batch has items of our time")
    };
    NewBatch {
        writer_id,
        writer_seq,
        first_at: at(items.first()),
        last_at: at(items.last()),
        n: u32::try_from(items.len()).expect("a batch has at most a thousand items"),
        format: u16::try_from(FORMAT).expect("formats are small numbers"),
        body: encode(items),
    }
}

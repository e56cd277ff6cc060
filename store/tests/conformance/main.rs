//! What both engines must hold alike: each claim here runs on a SQLite file and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the answer")]

mod append_only;
mod appender;
mod bulk;
mod downloads;
mod factor;
mod follow;
mod identities;
mod order;
mod race;
mod registry;
mod sessions;
mod sql;
mod statements;
mod subscriptions;
mod token_notes;
mod vault;

use cairn_store::testing::TestDb;
use cairn_store::{Db, Downloads, Expected, FixedClock, Ids, NewEvent, Registry, SystemClock};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use uuid::Uuid;

fn noon() -> DateTime<Utc> {
    "2026-11-20T12:00:00.000123Z".parse().unwrap()
}

fn registry(t: &TestDb) -> Registry {
    Registry::new(t.db.clone(), Arc::new(SystemClock))
}

fn downloads(t: &TestDb) -> Downloads {
    Downloads::new(t.db.clone(), Arc::new(SystemClock))
}

fn at_noon(db: &Db) -> (Registry, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::at(noon()));
    (Registry::new(db.clone(), clock.clone()), clock)
}

fn id() -> Uuid {
    Ids::random().v4()
}

fn event(stream: &str, expected: Expected) -> NewEvent {
    NewEvent {
        id: id(),
        stream: stream.into(),
        expected,
        kind: "VersionUploaded".into(),
        schema: 1,
        payload: br#"{"version":"1.2.0"}"#.to_vec(),
        metadata: br#"{"actor":"ann"}"#.to_vec(),
    }
}

/// Events to streams of their own each, expecting nothing.
fn events(n: usize) -> Vec<NewEvent> {
    (0..n).map(|i| event(&format!("plugin/{i}"), Expected::Any)).collect()
}

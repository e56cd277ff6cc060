//! Appending to the registry log and reading it back.

use super::{at_noon, event, events, id, noon, registry};
use cairn_store::{
    Db, DbLimits, Expected, KIND_BYTES_MAX, METADATA_BYTES_MAX, NewEvent, Outcome, PAYLOAD_BYTES_MAX,
    Registry, STREAM_BYTES_MAX, StoreError, SystemClock, both, registry_leaf, vault,
};
use chrono::TimeDelta;
use std::sync::Arc;
use tokio::task::JoinSet;
use tokio::time::{Duration, sleep, timeout};

both!(an_event_comes_back_byte_for_byte, |t| {
    let (registry, _) = at_noon(&t.db);
    let new = NewEvent {
        payload: (0..=255).collect(),
        metadata: vec![0, 255],
        schema: 32_767,
        ..events(1).remove(0)
    };
    let mut tx = registry.begin().await.unwrap();
    assert_eq!((tx.now(), tx.next_position()), (noon(), 0));
    assert_eq!(tx.append(vec![new.clone()]).await.unwrap(), 0);
    assert_eq!(tx.commit().await.unwrap(), 1);

    let read = registry.read(0, 10).await.unwrap().remove(0);
    assert_eq!((read.position, read.recorded_at, read.event_id, read.version), (0, noon(), new.id, 1));
    assert_eq!((&read.stream, &read.kind, read.schema), (&new.stream, &new.kind, 32_767));
    assert_eq!((read.payload, read.metadata), (new.payload, new.metadata));
    assert_eq!(*registry.watch().borrow(), 1);
});

both!(versions_count_by_stream_and_an_append_may_write_to_several, |t| {
    let registry = registry(&t);
    let mut tx = registry.begin().await.unwrap();
    let (lasso, ann) = ("plugin/lasso", "account/ann");
    let two = vec![
        event(lasso, Expected::Version(0)),
        event(ann, Expected::Any),
        event(lasso, Expected::Version(0)),
    ];
    assert_eq!(tx.append(two).await.unwrap(), 2);
    assert_eq!(tx.load(lasso).await.unwrap().len(), 2);
    assert_eq!(tx.append(vec![event(lasso, Expected::Version(2))]).await.unwrap(), 3);
    tx.commit().await.unwrap();
    let versions = |events: Vec<cairn_store::Recorded>| {
        events.iter().map(|e| (e.position, e.version)).collect::<Vec<_>>()
    };
    assert_eq!(versions(registry.read_stream(lasso, 0).await.unwrap()), [(0, 1), (2, 2), (3, 3)]);
    assert_eq!(versions(registry.read_stream(lasso, 2).await.unwrap()), [(3, 3)]);
    assert_eq!(versions(registry.read_stream(ann, 0).await.unwrap()), [(1, 1)]);
    assert_eq!(versions(registry.read_stream("plugin/nobody", 0).await.unwrap()), []);
});

both!(a_stale_version_is_refused_and_the_transaction_stays_good, |t| {
    let registry = registry(&t);
    let mut tx = registry.begin().await.unwrap();
    tx.append(vec![event("plugin/lasso", Expected::Version(0))]).await.unwrap();
    for wrong in [0, 2] {
        let refused =
            tx.append(vec![event("a", Expected::Any), event("plugin/lasso", Expected::Version(wrong))]).await;
        assert!(
            matches!(refused, Err(StoreError::StaleVersion { stream, actual: 1 }) if stream == "plugin/lasso")
        );
    }
    tx.append(vec![event("plugin/lasso", Expected::Version(1))]).await.unwrap();
    assert_eq!(tx.commit().await.unwrap(), 2);
    let refused =
        registry.begin().await.unwrap().append(vec![event("plugin/lasso", Expected::Version(1))]).await;
    assert!(matches!(refused, Err(StoreError::StaleVersion { actual: 2, .. })));
});

both!(the_same_event_again_is_refused_and_nothing_of_it_is_kept, |t| {
    let registry = registry(&t);
    let first = events(3);
    let mut tx = registry.begin().await.unwrap();
    tx.append(first.clone()).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = registry.begin().await.unwrap();
    let mut again = events(2);
    again.push(first[1].clone());
    let refused = tx.append(again).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::DuplicateEvent { event_id, position: 1 } if event_id == first[1].id),
        "{refused:?}"
    );
    assert!(matches!(tx.commit().await, Err(StoreError::TransactionFailed)));
    assert_eq!(registry.head().await.unwrap(), 3);

    let mut tx = registry.begin().await.unwrap();
    let twice = vec![first[0].clone(), first[0].clone()]
        .into_iter()
        .map(|e| NewEvent { id: noon_id(), ..e })
        .collect();
    assert!(tx.append(twice).await.unwrap_err().is_unique_violation());
});

fn noon_id() -> uuid::Uuid {
    cairn_store::Ids::seeded(12).v7(noon())
}

both!(limits_hold_at_the_edge_and_one_past_it, |t| {
    let registry = registry(&t);
    let largest = NewEvent {
        payload: vec![1; PAYLOAD_BYTES_MAX],
        metadata: vec![2; METADATA_BYTES_MAX],
        stream: "s".repeat(STREAM_BYTES_MAX),
        kind: "k".repeat(KIND_BYTES_MAX),
        ..events(1).remove(0)
    };
    let too_large = [
        NewEvent { payload: vec![1; PAYLOAD_BYTES_MAX + 1], ..largest.clone() },
        NewEvent { metadata: vec![1; METADATA_BYTES_MAX + 1], ..largest.clone() },
        NewEvent { stream: "s".repeat(STREAM_BYTES_MAX + 1), ..largest.clone() },
        NewEvent { kind: "k".repeat(KIND_BYTES_MAX + 1), ..largest.clone() },
    ];
    let mut tx = registry.begin().await.unwrap();
    assert!(matches!(tx.append(vec![]).await, Err(StoreError::EmptyAppend)));
    for event in too_large {
        assert!(matches!(tx.append(vec![event]).await, Err(StoreError::TooLarge { .. })));
    }
    tx.append(vec![largest]).await.unwrap();
    tx.commit().await.unwrap();
    let leaf = registry_leaf(&registry.read(0, 1).await.unwrap()[0]);
    assert_eq!(leaf.len(), 64_499);
});

both!(ten_thousand_events_go_in_one_append, |t| {
    let registry = registry(&t);
    let mut tx = registry.begin().await.unwrap();
    assert_eq!(tx.append(events(10_000)).await.unwrap(), 9_999);
    tx.commit().await.unwrap();
    let mut next = 0;
    loop {
        let page = registry.read(next, 3_333).await.unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.iter().all(|event| event.stream == format!("plugin/{}", event.position)));
        next = last.position + 1;
    }
    assert_eq!(next, 10_000);
});

both!(pages_have_clean_borders, |t| {
    let registry = registry(&t);
    assert!(registry.read(0, 5).await.unwrap().is_empty());
    let mut tx = registry.begin().await.unwrap();
    tx.append(events(10)).await.unwrap();
    tx.commit().await.unwrap();
    let page = |from, limit| {
        let registry = registry.clone();
        async move { registry.read(from, limit).await.unwrap().iter().map(|e| e.position).collect::<Vec<_>>() }
    };
    assert_eq!(page(0, 5).await, [0, 1, 2, 3, 4]);
    assert_eq!(page(5, 5).await, [5, 6, 7, 8, 9]);
    assert_eq!(page(9, 5).await, [9]);
    assert_eq!(page(10, 5).await, Vec::<u64>::new());
    assert_eq!(page(1_000, 5).await, Vec::<u64>::new());
    assert_eq!(page(3, 0).await, Vec::<u64>::new());
    assert_eq!(registry.head().await.unwrap(), 10);
});

both!(time_never_steps_back_in_the_log, |t| {
    let (registry, clock) = at_noon(&t.db);
    for step in [0, 60, -3_600, -1, 7_200] {
        clock.advance(TimeDelta::seconds(step));
        let mut tx = registry.begin().await.unwrap();
        tx.append(events(2)).await.unwrap();
        tx.commit().await.unwrap();
    }
    let times: Vec<i64> =
        registry.read(0, 10).await.unwrap().iter().map(|e| (e.recorded_at - noon()).num_seconds()).collect();
    assert_eq!(times, [0, 0, 60, 60, 60, 60, 60, 60, 3_659, 3_659]);
});

both!(a_command_is_answered_the_same_again, |t| {
    let registry = registry(&t);
    let outcome =
        Outcome { command_id: id(), fingerprint: vec![1; 32], position: Some(0), answer: b"yes".to_vec() };
    let nothing = Outcome { command_id: id(), position: None, ..outcome.clone() };

    let mut tx = registry.begin().await.unwrap();
    tx.append(events(1)).await.unwrap();
    tx.keep_outcome(&outcome).await.unwrap();
    drop(tx);
    assert_eq!(registry.outcome(outcome.command_id).await.unwrap(), None);

    let mut tx = registry.begin().await.unwrap();
    assert_eq!(tx.outcome(outcome.command_id).await.unwrap(), None);
    tx.append(events(1)).await.unwrap();
    tx.keep_outcome(&outcome).await.unwrap();
    tx.keep_outcome(&nothing).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(registry.outcome(outcome.command_id).await.unwrap(), Some(outcome.clone()));
    assert_eq!(registry.outcome(nothing.command_id).await.unwrap(), Some(nothing));
    let mut tx = registry.begin().await.unwrap();
    assert!(tx.keep_outcome(&outcome).await.unwrap_err().is_unique_violation());
});

both!(the_vault_and_the_log_commit_together_or_not_at_all, |t| {
    let registry = registry(&t);
    let key =
        vault::SigningKey { kid: "k1".into(), private_der: vec![1], public: vec![2], created_at: noon() };
    let mut tx = registry.begin().await.unwrap();
    tx.append(events(1)).await.unwrap();
    vault::put_signing_key(tx.tx(), &key).await.unwrap();
    vault::put_signing_key(tx.tx(), &key).await.unwrap_err();
    assert!(matches!(tx.commit().await, Err(StoreError::TransactionFailed)));
    assert_eq!(registry.head().await.unwrap(), 0);
    assert!(vault::signing_keys(&mut t.db.read().await.unwrap()).await.unwrap().is_empty());
});

both!(those_who_wait_to_append_leave_connections_for_readers, |t| {
    let limits = DbLimits { postgres_connections_max: 3, sqlite_readers_max: 2 };
    let db = Db::open_with(t.url(), limits).await.unwrap();
    let registry = Registry::new(db.clone(), Arc::new(SystemClock));
    let first = registry.begin().await.unwrap();
    let mut waiting = JoinSet::new();
    for _ in 0..10 {
        let registry = registry.clone();
        waiting.spawn(async move { registry.begin().await.unwrap().commit().await.unwrap() });
    }
    sleep(Duration::from_millis(50)).await;
    let head = timeout(Duration::from_secs(3), registry.head()).await.expect("a connection is left");
    assert_eq!(head.unwrap(), 0);
    first.rollback().await.unwrap();
    assert_eq!(waiting.join_all().await, [0; 10]);
    db.close().await;
});

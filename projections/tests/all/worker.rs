use crate::support::*;
use cairn_domain::event::{Event, Stream};
use cairn_projections::testing::{
    History, append, append_downloads, new_event, random_downloads, version_ids,
};
use cairn_projections::{Behind, Name, Stopped, catalogue};
use cairn_store::{NewEvent, Registry, Subscriptions, both};
use chrono::TimeDelta;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const PATIENCE: Duration = Duration::from_secs(20);

/// Appends events as they are, also such as no program would write.
async fn append_raw(registry: &Registry, change: impl FnOnce(&mut NewEvent)) -> u64 {
    let mut tx = registry.begin().await.unwrap();
    let at = tx.next_position();
    let mut event = new_event(at, &registered(&format!("plugin{at}"), ANN));
    change(&mut event);
    tx.append(vec![event]).await.unwrap();
    tx.commit().await.unwrap();
    at
}

both!(workers_keep_up_and_end_when_told, |t| {
    let house = House::new(&t).await;
    let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
    house.projections.spawn_workers(&tracker, cancel.clone());
    let history = History::random(21, 20, 800);
    for chunk in history.chunks(50) {
        let head = append(&house.registry, chunk).await.unwrap();
        house.projections.wait_for(head, PATIENCE).await.unwrap();
        let read = house.projections.read().await.unwrap();
        assert!(read.live(Name::Catalogue).next_position >= head);
    }
    append_downloads(&house.downloads, &random_downloads(21, 500, &version_ids(0, &history)), 20)
        .await
        .unwrap();
    house.projections.wait_for_one(Name::Downloads, 25, PATIENCE).await.unwrap();
    for status in house.projections.status().await.unwrap() {
        assert_eq!((status.live, status.lag_seconds, &status.halted), (true, 0.0, &None), "{status:?}");
        assert_eq!(status.next_position, status.head);
    }
    cancel.cancel();
    tracker.close();
    tokio::time::timeout(PATIENCE, tracker.wait()).await.expect("workers end when they are told");
});

both!(whoever_waits_in_vain_is_told_how_far_it_is, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN)).await;
    let waited = house.projections.wait_for(4, Duration::from_millis(50)).await;
    assert_eq!(waited, Err(Behind { have: 3, want: 4 }));
    house.projections.wait_for(3, Duration::ZERO).await.unwrap();
});

both!(a_reader_waits_for_a_worker_of_another_process, |t| {
    let house = House::new(&t).await;
    let elsewhere = house.beside(100).await;
    let head = house.happened(new_plugin("lasso", ANN)).await;
    let (waited, worked) = tokio::join!(house.projections.wait_for(head, PATIENCE), elsewhere.catch_up());
    waited.unwrap();
    worked.unwrap();
});

both!(a_reader_sees_one_state_while_others_write, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN)).await;
    let mut read = house.projections.read().await.unwrap();
    house.seen([approved("lasso", "1.0")]).await;
    for name in Name::ALL {
        house.projections.rebuild(name, |_, _| {}).await.unwrap();
    }
    assert_eq!(read.live(Name::Catalogue).next_position, 3);
    assert_eq!(catalogue::plugin_by_id(&mut read, 1).await.unwrap().unwrap().waiting, 1);
});

both!(two_workers_at_once_count_nothing_twice, |t| {
    let house = House::new(&t).await;
    let history = History::random(31, 15, 700);
    let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
    let nodes = [house.beside(13).await, house.beside(40).await, house.beside(5).await];
    for node in &nodes {
        node.spawn_workers(&tracker, cancel.clone());
    }
    let mut told = 0;
    for (seed, events) in (31..).zip(history.chunks(100)) {
        append(&house.registry, events).await.unwrap();
        told += events.len();
        // Nobody downloads what is not there yet.
        let there = version_ids(0, &history[..told]);
        append_downloads(&house.downloads, &random_downloads(seed, 286, &there), 7).await.unwrap();
        // The lease of whoever works runs out in the middle of it, again and again.
        house.clock.advance(TimeDelta::seconds(16));
    }
    let (head, batches) = (house.registry.head().await.unwrap(), house.downloads.head().await.unwrap());
    for _ in 0..200 {
        house.clock.advance(TimeDelta::seconds(16));
        let done = nodes[0].wait_for(head, Duration::from_millis(50)).await.is_ok();
        if done && nodes[0].wait_for_one(Name::Downloads, batches, Duration::from_millis(50)).await.is_ok() {
            break;
        }
    }
    cancel.cancel();
    tracker.close();
    tracker.wait().await;
    let before = house.projections.digests().await.unwrap();
    for name in Name::ALL {
        house.projections.rebuild(name, |_, _| {}).await.unwrap();
    }
    assert_eq!(house.projections.digests().await.unwrap(), before);
});

both!(a_lease_that_was_taken_away_moves_nothing, |t| {
    let house = House::new(&t).await;
    let subscriptions = Subscriptions::new(t.db.clone(), house.clock.clone());
    let generation = house.projections.live_generation(Name::Catalogue).await.unwrap();
    let stale = subscriptions.take_lease("catalogue", generation, "slow").await.unwrap().unwrap();
    house.happened(new_plugin("lasso", ANN)).await;
    house.clock.advance(TimeDelta::seconds(16));
    house.projections.catch_up().await.unwrap();
    let before = house.projections.digests().await.unwrap();

    let mut tx = t.db.begin().await.unwrap();
    let moved = subscriptions.advance(&mut tx, &stale, 3).await;
    assert!(matches!(moved, Err(cairn_store::StoreError::CheckpointMoved { .. })), "{moved:?}");
    assert!(tx.commit().await.is_err());
    assert_eq!(house.projections.digests().await.unwrap(), before);
});

both!(an_event_of_an_unknown_kind_halts_at_its_position, |t| {
    let house = House::new(&t).await;
    house.happened(new_plugin("lasso", ANN)).await;
    let poison = append_raw(&house.registry, |event| event.kind = "PluginSold".into()).await;
    house.happened(new_plugin("later", ANN)).await;
    append_downloads(&house.downloads, &random_downloads(1, 10, &[2]), 5).await.unwrap();
    let stopped = house.projections.catch_up().await.unwrap_err();
    let Stopped::Halted { name, position, error } = stopped else { panic!("{stopped}") };
    assert_eq!((name, position), (Name::Catalogue, poison));
    assert!(error.contains("unknown kind"), "{error}");

    let mut read = house.projections.read().await.unwrap();
    assert_eq!(read.live(Name::Catalogue).next_position, poison, "what came before is there");
    let plugin = catalogue::plugin_by_id(&mut read, 1).await.unwrap();
    assert_eq!(plugin.unwrap().package, package("lasso"));
    drop(read);
    let waited = house.projections.wait_for(poison + 1, Duration::from_millis(30)).await;
    assert_eq!(
        waited.unwrap_err().have,
        0,
        "people have read nothing: catch_up ended at the first that halted"
    );

    // Once the program knows better it goes on; this one does not, so it halts again.
    house.projections.resume(Name::Catalogue).await.unwrap();
    let again = house.projections.catch_up().await.unwrap_err();
    assert!(matches!(again, Stopped::Halted { position, .. } if position == poison));
});

both!(one_that_halts_does_not_stop_the_others, |t| {
    let house = House::new(&t).await;
    let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
    house.projections.spawn_workers(&tracker, cancel.clone());
    house.happened(new_plugin("lasso", ANN)).await;
    // The catalogue alone looks at it, so people read on.
    let poison = append_raw(&house.registry, |event| event.payload = b"{}".to_vec()).await;
    append_downloads(&house.downloads, &random_downloads(1, 10, &[2]), 5).await.unwrap();
    house.projections.wait_for_one(Name::People, poison + 1, PATIENCE).await.unwrap();
    house.projections.wait_for_one(Name::Downloads, 2, PATIENCE).await.unwrap();
    let mut halted = Vec::new();
    for _ in 0..200 {
        let status = house.projections.status().await.unwrap();
        halted = status.into_iter().filter_map(|it| Some((it.name, it.halted?.0))).collect();
        if !halted.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(halted, [(Name::Catalogue, poison)]);
    cancel.cancel();
    tracker.close();
    tracker.wait().await;
});

both!(an_event_that_contradicts_history_halts, |t| {
    let house = House::new(&t).await;
    house.happened([approved("lasso", "1.0")]).await;
    let stopped = house.projections.catch_up().await.unwrap_err();
    assert!(stopped.to_string().contains("there is no plugin lasso"), "{stopped}");
});

both!(a_new_generation_takes_over_while_events_arrive, |t| {
    let house = House::new(&t).await;
    let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
    house.projections.spawn_workers(&tracker, cancel.clone());
    let history = History::random(41, 20, 1_200);
    let (first, rest) = history.split_at(600);
    append(&house.registry, first).await.unwrap();
    let appending = async {
        let mut seen = 0;
        for chunk in rest.chunks(10) {
            append(&house.registry, chunk).await.unwrap();
            let mut read = house.projections.read().await.unwrap();
            let live = read.live(Name::Catalogue);
            assert!(live.generation > 0 && live.next_position >= seen, "{live:?} after {seen}");
            seen = live.next_position;
            let plugins = catalogue::plugin_ids(&mut read, 0, 1).await.unwrap();
            assert!(seen < 3 || plugins.len() == 1, "readers always see plugins");
        }
    };
    let rebuilding = async {
        for _ in 0..3 {
            house.projections.rebuild(Name::Catalogue, |_, _| {}).await.unwrap();
        }
    };
    tokio::join!(appending, rebuilding);
    let head = house.registry.head().await.unwrap();
    house.projections.wait_for(head, PATIENCE).await.unwrap();
    let generation = house.projections.live_generation(Name::Catalogue).await.unwrap();
    cancel.cancel();
    tracker.close();
    tracker.wait().await;
    let lasting = house.digest(Name::Catalogue).await;
    house.projections.rebuild(Name::Catalogue, |_, _| {}).await.unwrap();
    assert_eq!(house.digest(Name::Catalogue).await, lasting);
    assert_eq!(house.projections.live_generation(Name::Catalogue).await.unwrap(), generation + 1);
    assert_eq!(rows_of_old_generations(&t.db).await, 0);
});

/// Plugins and uploads that no query can see any more.
async fn rows_of_old_generations(db: &cairn_store::Db) -> i64 {
    use cairn_store::{on, sqlx};
    let mut conn = db.read().await.unwrap();
    let (rows,): (i64,) =
        on!(conn, |c| sqlx::query_as(include_str!("old_rows.sql")).fetch_one(&mut *c).await).unwrap();
    rows
}

both!(events_of_the_write_side_and_ours_have_one_shape, |t| {
    let house = House::new(&t).await;
    let history: Vec<(Stream, Event)> = History::random(5, 4, 60);
    append(&house.registry, &history).await.unwrap();
    let read = house.registry.read(0, 100).await.unwrap();
    let decoded: Vec<Event> =
        read.iter().map(|event| Event::decode(&event.kind, event.schema, &event.payload).unwrap()).collect();
    assert_eq!(decoded, history.into_iter().map(|(_, event)| event).collect::<Vec<_>>());
});

//! Leases, checkpoints and generations.

use super::noon;
use cairn_store::testing::TestDb;
use cairn_store::{FixedClock, Lease, Log, Status, StoreError, Subscription, Subscriptions, both};
use chrono::TimeDelta;
use std::sync::Arc;

fn subscriptions(t: &TestDb) -> (Subscriptions, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::at(noon()));
    (Subscriptions::new(t.db.clone(), clock.clone()), clock)
}

async fn advance(s: &Subscriptions, t: &TestDb, lease: &Lease, to: u64) -> Result<Lease, StoreError> {
    let mut tx = t.db.begin_long().await?;
    let moved = s.advance(&mut tx, lease, to).await?;
    tx.commit().await?;
    Ok(moved)
}

async fn state(s: &Subscriptions, t: &TestDb, generation: u32) -> Subscription {
    s.get(&mut t.db.read().await.unwrap(), "catalogue", generation).await.unwrap().unwrap()
}

both!(a_checkpoint_moves_only_from_where_it_stands, |t| {
    let (s, clock) = subscriptions(&t);
    assert_eq!(s.ensure("catalogue", 1, Log::Registry).await.unwrap().status, Status::Building);
    assert_eq!(s.ensure("catalogue", 1, Log::Registry).await.unwrap().next_position, 0);
    assert!(matches!(s.ensure("catalogue", 1, Log::Downloads).await, Err(StoreError::NoSubscription { .. })));
    let lease = s.take_lease("catalogue", 1, "a").await.unwrap().unwrap();
    clock.advance(TimeDelta::seconds(1));
    let moved = advance(&s, &t, &lease, 10).await.unwrap();
    assert_eq!(state(&s, &t, 1).await.lease_until, noon() + TimeDelta::seconds(16));

    // the same page once more, as by a second worker that read it too
    assert!(matches!(
        advance(&s, &t, &lease, 10).await,
        Err(StoreError::CheckpointMoved { generation: 1, .. })
    ));
    assert_eq!(advance(&s, &t, &moved, 12).await.unwrap().next_position, 12);
    assert_eq!(state(&s, &t, 1).await.next_position, 12);
});

both!(a_moved_checkpoint_takes_the_rows_of_the_page_with_it, |t| {
    let (s, _) = subscriptions(&t);
    s.ensure("catalogue", 1, Log::Registry).await.unwrap();
    let lease = s.take_lease("catalogue", 1, "a").await.unwrap().unwrap();
    let newer = s.take_lease("catalogue", 1, "a").await.unwrap().unwrap();
    let mut tx = t.db.begin().await.unwrap();
    s.reset(&mut tx, "catalogue", 1).await.unwrap();
    s.advance(&mut tx, &lease, 5).await.unwrap_err();
    assert!(matches!(tx.commit().await, Err(StoreError::TransactionFailed)));
    assert_eq!(advance(&s, &t, &newer, 5).await.unwrap().next_position, 5);
});

both!(a_lease_keeps_others_out_until_it_runs_out, |t| {
    let (s, clock) = subscriptions(&t);
    assert!(s.take_lease("catalogue", 1, "a").await.unwrap().is_none());
    s.ensure("catalogue", 1, Log::Registry).await.unwrap();
    let old = s.take_lease("catalogue", 1, "a").await.unwrap().unwrap();
    clock.advance(TimeDelta::microseconds(14_999_999));
    assert!(s.take_lease("catalogue", 1, "b").await.unwrap().is_none());
    clock.advance(TimeDelta::microseconds(1));
    let new = s.take_lease("catalogue", 1, "b").await.unwrap().unwrap();
    assert!(new.token > old.token);
    assert!(advance(&s, &t, &old, 1).await.is_err());
    s.release(&old).await.unwrap();
    assert!(s.take_lease("catalogue", 1, "a").await.unwrap().is_none());
    s.release(&new).await.unwrap();
    assert!(s.take_lease("catalogue", 1, "a").await.unwrap().is_some());
});

both!(a_halted_projection_waits_for_a_hand_and_still_counts_as_live, |t| {
    let (s, _) = subscriptions(&t);
    s.ensure("catalogue", 1, Log::Registry).await.unwrap();
    s.go_live("catalogue", 1).await.unwrap();
    let lease = s.take_lease("catalogue", 1, "a").await.unwrap().unwrap();
    let lease = advance(&s, &t, &lease, 41).await.unwrap();
    s.failed(&lease, "the connection broke").await.unwrap();
    assert_eq!((state(&s, &t, 1).await.attempts, state(&s, &t, 1).await.status), (1, Status::Live));
    s.halt(&lease, 41, "no such plugin").await.unwrap();

    let halted = state(&s, &t, 1).await;
    assert_eq!(
        (halted.status, halted.resumes_as, halted.halted_position),
        (Status::Halted, Some(Status::Live), Some(41))
    );
    assert_eq!((halted.attempts, halted.last_error.as_deref()), (2, Some("no such plugin")));
    assert!(advance(&s, &t, &lease, 42).await.is_err());
    assert!(s.take_lease("catalogue", 1, "a").await.unwrap().is_none());
    assert!(s.halt(&lease, 41, "again").await.is_err());

    s.resume("catalogue", 1).await.unwrap();
    let resumed = state(&s, &t, 1).await;
    assert_eq!((resumed.status, resumed.attempts, resumed.last_error), (Status::Live, 0, None));
    assert!(s.resume("catalogue", 1).await.is_err());
});

both!(a_new_generation_replaces_the_live_one_in_one_step, |t| {
    let (s, _) = subscriptions(&t);
    for generation in 1..=2 {
        s.ensure("catalogue", generation, Log::Registry).await.unwrap();
    }
    s.ensure("feed", 1, Log::Registry).await.unwrap();
    s.go_live("catalogue", 1).await.unwrap();
    s.go_live("feed", 1).await.unwrap();
    let old = s.take_lease("catalogue", 1, "a").await.unwrap().unwrap();
    s.halt(&old, 0, "stuck").await.unwrap();
    s.go_live("catalogue", 2).await.unwrap();
    let statuses: Vec<_> =
        s.list().await.unwrap().into_iter().map(|row| (row.name, row.generation, row.status)).collect();
    assert_eq!(
        statuses,
        [
            ("catalogue".into(), 1, Status::Retired),
            ("catalogue".into(), 2, Status::Live),
            ("feed".to_owned(), 1, Status::Live)
        ]
    );
    assert!(matches!(s.go_live("catalogue", 3).await, Err(StoreError::NoSubscription { generation: 3, .. })));
    assert_eq!(state(&s, &t, 2).await.status, Status::Live);
    s.retire("catalogue", 2).await.unwrap();
    assert!(s.retire("catalogue", 2).await.is_err());
});

both!(a_rebuild_starts_over_and_locks_the_old_worker_out, |t| {
    let (s, _) = subscriptions(&t);
    s.ensure("catalogue", 1, Log::Registry).await.unwrap();
    let lease = s.take_lease("catalogue", 1, "a").await.unwrap().unwrap();
    let lease = advance(&s, &t, &lease, 7).await.unwrap();
    let mut tx = t.db.begin().await.unwrap();
    s.reset(&mut tx, "catalogue", 1).await.unwrap();
    assert!(s.reset(&mut tx, "nobody", 1).await.is_err());
    tx.commit().await.unwrap();
    assert!(advance(&s, &t, &lease, 8).await.is_err());
    assert_eq!(s.take_lease("catalogue", 1, "b").await.unwrap().unwrap().next_position, 0);
});

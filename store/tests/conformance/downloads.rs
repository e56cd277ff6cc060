//! The downloads log as its writers see it.

use super::race::batch;
use super::{downloads, noon};
use cairn_store::{
    Appended, BATCH_BODY_BYTES_MAX, Downloads, FixedClock, NewBatch, StoreError, both, download_leaf,
};
use chrono::TimeDelta;
use std::sync::Arc;

both!(a_batch_comes_back_byte_for_byte, |t| {
    let clock = Arc::new(FixedClock::at(noon()));
    let downloads = Downloads::new(t.db.clone(), clock.clone());
    let first = NewBatch {
        first_at: noon() - TimeDelta::microseconds(5),
        body: vec![9; BATCH_BODY_BYTES_MAX],
        ..batch(1)
    };
    assert_eq!(downloads.append(&first).await.unwrap(), Appended { position: 0, duplicate: false });
    clock.advance(TimeDelta::seconds(-60));
    downloads.append(&NewBatch { writer_seq: 2, ..first.clone() }).await.unwrap();

    let read = downloads.read(0, 10).await.unwrap();
    assert_eq!((read[0].writer_id, read[0].writer_seq, read[1].writer_seq), (first.writer_id, 1, 2));
    assert_eq!(
        (read[0].first_at, read[0].last_at, read[0].n, read[0].format),
        (first.first_at, noon(), 3, 1)
    );
    assert_eq!((read[0].recorded_at, read[1].recorded_at), (noon(), noon()));
    assert_eq!(read[0].body, first.body);
    assert_eq!(download_leaf(&read[0]).len(), 66 + BATCH_BODY_BYTES_MAX);
    assert_eq!((downloads.head().await.unwrap(), *downloads.watch().borrow()), (2, 2));
});

both!(the_same_number_again_is_the_same_batch, |t| {
    let downloads = downloads(&t);
    let (one, other) = (batch(1), batch(1));
    for _ in 0..2 {
        assert_eq!(downloads.append(&one).await.unwrap().position, 0);
    }
    assert_eq!(downloads.append(&other).await.unwrap(), Appended { position: 1, duplicate: false });
    let two = NewBatch { writer_seq: 2, ..one };
    assert_eq!(downloads.append(&two).await.unwrap(), Appended { position: 2, duplicate: false });
    assert_eq!(downloads.append(&two).await.unwrap(), Appended { position: 2, duplicate: true });
});

both!(a_number_that_is_not_the_next_is_refused, |t| {
    let downloads = downloads(&t);
    let one = batch(1);
    let gap = |sent, last| move |e: &StoreError| matches!(e, StoreError::WriterGap { sent: s, last: l, .. } if (*s, *l) == (sent, last));
    assert!(gap(2, 0)(&downloads.append(&batch(2)).await.unwrap_err()));
    downloads.append(&one).await.unwrap();
    assert!(gap(3, 1)(&downloads.append(&NewBatch { writer_seq: 3, ..one.clone() }).await.unwrap_err()));
    downloads.append(&NewBatch { writer_seq: 2, ..one.clone() }).await.unwrap();
    assert!(gap(1, 2)(&downloads.append(&one).await.unwrap_err()));
    assert_eq!(downloads.head().await.unwrap(), 2);
});

both!(an_empty_or_too_long_batch_is_refused, |t| {
    let downloads = downloads(&t);
    let long = NewBatch { body: vec![0; BATCH_BODY_BYTES_MAX + 1], ..batch(1) };
    assert!(matches!(downloads.append(&long).await, Err(StoreError::TooLarge { part: "body", .. })));
    assert!(matches!(downloads.append(&NewBatch { n: 0, ..batch(1) }).await, Err(StoreError::EmptyAppend)));
});

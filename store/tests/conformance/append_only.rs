//! Nobody changes the past, not even the program's own connection.

use super::race::batch;
use super::{downloads, events, registry};
use cairn_store::{Each, Engine, both};

both!(update_delete_truncate_and_replace_are_refused, |t| {
    let registry = registry(&t);
    let mut tx = registry.begin().await.unwrap();
    tx.append(events(2)).await.unwrap();
    tx.commit().await.unwrap();
    downloads(&t).append(&batch(1)).await.unwrap();

    let mut attacks = vec![
        "update event set kind = 'x' where position = 0",
        "update event set position = 7 where position = 1",
        "delete from event where position = 1",
        "delete from event",
        "update download_batch set n = 9",
        "delete from download_batch",
    ];
    attacks.extend(match t.db.engine() {
        Engine::Sqlite => [
            "insert or replace into event select position, recorded_at_us, event_id, stream, version, 'x', 1, payload, metadata from event",
            "replace into download_batch select position, recorded_at_us, writer_id, writer_seq, 0, 0, 9, 1, body from download_batch",
        ],
        Engine::Postgres => ["truncate event", "truncate download_batch"],
    });
    for attack in attacks {
        let mut tx = t.db.begin().await.unwrap();
        let refused = match tx.each() {
            Each::Sqlite(c) => sqlx::query(attack).execute(c).await.map(drop),
            Each::Postgres(c) => sqlx::query(attack).execute(c).await.map(drop),
        };
        let error = refused.expect_err(attack).to_string();
        assert!(error.contains("append-only"), "{attack}: {error}");
    }
    assert_eq!(registry.read(0, 10).await.unwrap().len(), 2);
});

both!(readers_cannot_write, |t| {
    let mut conn = t.db.snapshot().await.unwrap();
    let sql = "insert into signing_key values ('k', '', '', 0)";
    let refused = match conn.each() {
        Each::Sqlite(c) => sqlx::query(sql).execute(c).await.map(drop),
        Each::Postgres(c) => sqlx::query(sql).execute(c).await.map(drop),
    };
    assert!(refused.unwrap_err().to_string().contains("read"));
});

//! Commit order is position order; and two schemes that look as if they did it, and do not, which the same
//! check must catch.

use super::race::{Scheme, race};
use super::{downloads, registry};
use cairn_store::testing::{self, TestDb};
use cairn_store::{Db, Engine, Registry, SystemClock, both};
use chrono::{DateTime, Utc};
use sqlx::PgPool;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::time::{Duration, sleep};

both!(eight_writers_leave_no_hole_and_a_reader_misses_nothing, |t| {
    let verdict = race(registry(&t), 60, true).await;
    assert_eq!(verdict.acknowledged.len(), 8 * 60 - 8 * 6, "{verdict:?}");
    assert!(
        verdict.missed.is_empty() && verdict.refused.is_empty() && verdict.faults.is_empty(),
        "{verdict:?}"
    );
    assert!(verdict.acknowledged.iter().copied().eq(0..432));
    let stream = registry(&t).read_stream("plugin/lasso", 0).await.unwrap();
    assert!(stream.iter().map(|event| event.version).eq(1..=432));
});

both!(eight_writers_of_downloads_leave_no_hole_either, |t| {
    let verdict = race(downloads(&t), 40, true).await;
    assert!(
        verdict.missed.is_empty() && verdict.refused.is_empty() && verdict.faults.is_empty(),
        "{verdict:?}"
    );
    assert!(verdict.acknowledged.iter().copied().eq(0..8 * 36));
});

both!(two_processes_append_as_one, |t| {
    let other = Db::open(t.url()).await.unwrap();
    let theirs = Registry::new(other.clone(), Arc::new(SystemClock));
    let verdict = race(InTurn { logs: [registry(&t), theirs], turn: AtomicUsize::new(0) }, 40, true).await;
    assert!(
        verdict.missed.is_empty() && verdict.refused.is_empty() && verdict.faults.is_empty(),
        "{verdict:?}"
    );
    assert!(verdict.acknowledged.iter().copied().eq(0..8 * 36));
    other.close().await;
});

/// The same log through the connections of two processes.
struct InTurn {
    logs: [Registry; 2],
    turn: AtomicUsize,
}

impl Scheme for InTurn {
    async fn append(&self, take_back: bool) -> Result<Option<u64>, String> {
        Scheme::append(&self.logs[self.turn.fetch_add(1, Ordering::SeqCst) % 2], take_back).await
    }

    async fn read(&self, from: u64) -> Result<Vec<(u64, DateTime<Utc>)>, String> {
        Scheme::read(&self.logs[1], from).await
    }
}

/// The number is drawn from a sequence, then the row is inserted: visible in the order of commits, not of
/// numbers.
struct PlainSequence(PgPool);

impl Scheme for PlainSequence {
    async fn append(&self, _: bool) -> Result<Option<u64>, String> {
        let append = async {
            let mut tx = self.0.begin().await?;
            let (position,): (i64,) =
                sqlx::query_as("select nextval('broken_position')").fetch_one(&mut *tx).await?;
            sleep(Duration::from_millis(position.unsigned_abs() % 3)).await;
            sqlx::query("insert into broken values ($1)").bind(position).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(Some(position.unsigned_abs()))
        };
        append.await.map_err(|error: sqlx::Error| error.to_string())
    }

    async fn read(&self, from: u64) -> Result<Vec<(u64, DateTime<Utc>)>, String> {
        read_broken(&self.0, from).await
    }
}

/// Lock and number in one statement: its snapshot is older than the lock that it waited for.
struct OneStatement(PgPool);

impl Scheme for OneStatement {
    async fn append(&self, _: bool) -> Result<Option<u64>, String> {
        let sql = "insert into broken
            select coalesce((select max(position) from broken), -1) + 1 from (select id from broken_lock for update) l
            returning position";
        let (position,): (i64,) =
            sqlx::query_as(sql).fetch_one(&self.0).await.map_err(|error: sqlx::Error| error.to_string())?;
        Ok(Some(position.unsigned_abs()))
    }

    async fn read(&self, from: u64) -> Result<Vec<(u64, DateTime<Utc>)>, String> {
        read_broken(&self.0, from).await
    }
}

async fn read_broken(pool: &PgPool, from: u64) -> Result<Vec<(u64, DateTime<Utc>)>, String> {
    let rows: Vec<(i64,)> =
        sqlx::query_as("select position from broken where position >= $1 order by position limit 7")
            .bind(i64::try_from(from).unwrap())
            .fetch_all(pool)
            .await
            .map_err(|error| error.to_string())?;
    Ok(rows.into_iter().map(|(position,)| (position.unsigned_abs(), DateTime::UNIX_EPOCH)).collect())
}

async fn broken_tables(t: &TestDb) -> PgPool {
    let pool = PgPool::connect(t.url()).await.unwrap();
    let sql = "create table broken (position bigint primary key);
        create sequence broken_position minvalue 0;
        create table broken_lock (id int primary key);
        insert into broken_lock values (1);";
    sqlx::raw_sql(sql).execute(&pool).await.unwrap();
    pool
}

#[test]
fn the_check_catches_a_plain_sequence() {
    testing::run(Engine::Postgres, |t| async move {
        let verdict = race(PlainSequence(broken_tables(&t).await), 60, false).await;
        assert_eq!(verdict.acknowledged.len(), 8 * 60);
        assert!(!verdict.missed.is_empty(), "all was committed, and the reader saw all: the check is blind");
        assert!(verdict.faults.iter().any(|fault| fault.contains("was due")));
    });
}

#[test]
fn the_check_catches_lock_and_number_in_one_statement() {
    testing::run(Engine::Postgres, |t| async move {
        let verdict = race(OneStatement(broken_tables(&t).await), 60, false).await;
        assert!(!verdict.refused.is_empty(), "no writer lost its number to another: the check is blind");
        assert!(verdict.refused.iter().all(|error| error.contains("duplicate key")), "{verdict:?}");
    });
}

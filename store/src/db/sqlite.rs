//! The SQLite half of [`Db`](crate::Db): one connection writes, several read.

use crate::{DbLimits, Engine, Result, StoreError, migrate};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Sqlite, SqlitePool, Transaction};
use std::path::Path;
use std::time::Duration;
use tokio::time::sleep;

/// How long a connection waits for a lock of another process before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a task waits for its turn to write. Writers stand in line, so under load this is the queue.
const TURN_TIMEOUT: Duration = Duration::from_secs(30);

/// How often opening is tried, and the pause after the first time: a second in all.
const OPEN_ATTEMPTS: u32 = 6;
const OPEN_PAUSE: Duration = Duration::from_millis(50);

/// A SQLite file in WAL mode: readers never wait for the writer.
#[derive(Clone, Debug)]
pub struct SqliteDb {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteDb {
    pub(super) async fn open(url: &str, limits: DbLimits) -> Result<Self> {
        let path = path_of(url)?;
        make_folder(path)?;
        // synchronous=FULL: an acknowledged append survives a power cut, at one fsync a commit.
        // secure_delete: who is erased is gone from the file too, not only from the tables.
        // recursive_triggers: `insert or replace` then fires the delete trigger that keeps the log.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("recursive_triggers", "on")
            .pragma("secure_delete", "on")
            .pragma("temp_store", "memory")
            .pragma("cache_size", "-16000");
        let writer = open_writer(&options).await?;
        // No ping before each use, here and below: a connection to a file does not go away.
        let readers = SqlitePoolOptions::new()
            .max_connections(limits.sqlite_readers_max)
            .test_before_acquire(false)
            .acquire_timeout(TURN_TIMEOUT)
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok(Self { writer, readers })
    }

    pub(super) async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("begin immediate").await?)
    }

    pub(super) async fn snapshot(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.readers.begin().await?)
    }

    pub(super) async fn read(&self) -> Result<PoolConnection<Sqlite>> {
        Ok(self.readers.acquire().await?)
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Opens the writer and migrates. SQLite has no lock for migrations, and refuses at once when two processes
/// turn a new file to WAL, so the one that loses (say `cairn user add` beside the first start of `cairn
/// serve`) looks again at what the other has done.
async fn open_writer(options: &SqliteConnectOptions) -> Result<SqlitePool> {
    let mut attempt = 1;
    loop {
        match try_open_writer(options).await {
            Err(_) if attempt < OPEN_ATTEMPTS => attempt += 1,
            result => return result,
        }
        sleep(OPEN_PAUSE * attempt).await;
    }
}

async fn try_open_writer(options: &SqliteConnectOptions) -> Result<SqlitePool> {
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .acquire_timeout(TURN_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        // When the disk is full SQLite rolls a transaction back by itself, and sqlx goes on counting it: such a connection would
        // refuse every later `begin`. The ping waits until the roll-back of a dropped transaction is through.
        .before_acquire(|connection, _| {
            Box::pin(async move {
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
        .connect_with(options.clone().optimize_on_close(true, 400))
        .await?;
    migrate::run(Engine::Sqlite, &mut *writer.acquire().await?).await?;
    Ok(writer)
}

/// The file that the address names, taken literally. A database in memory is refused: each connection would
/// see its own.
fn path_of(url: &str) -> Result<&Path> {
    let path =
        url.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest)).unwrap_or_default();
    if path.is_empty() || path.contains(":memory:") || path.contains('?') {
        return Err(StoreError::bad_url(url));
    }
    Ok(Path::new(path))
}

fn make_folder(file: &Path) -> Result<()> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder)
            .map_err(|source| StoreError::Io { path: folder.display().to_string(), source }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_file_or_is_refused() {
        assert_eq!(
            path_of("sqlite:///var/lib/cairn/cairn.db").unwrap(),
            Path::new("/var/lib/cairn/cairn.db")
        );
        assert_eq!(path_of("sqlite://data/cairn.db").unwrap(), Path::new("data/cairn.db"));
        assert_eq!(path_of("sqlite:cairn.db").unwrap(), Path::new("cairn.db"));
        for bad in ["sqlite://", "sqlite::memory:", "sqlite://cairn.db?mode=ro"] {
            assert!(matches!(path_of(bad), Err(StoreError::BadUrl(_))), "{bad}");
        }
    }

    #[tokio::test]
    async fn several_processes_may_open_a_new_file_at_once() {
        for _ in 0..10 {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}", folder.path().join("new/cairn.db").display());
            let opening: Vec<_> = (0..4).map(|_| SqliteDb::open(&url, DbLimits::default())).collect();
            for opened in futures_util::future::join_all(opening).await {
                opened.unwrap().close().await;
            }
        }
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cairn.db");
        std::fs::write(&path, "these are not the pages of a database, and long enough to tell".repeat(20))
            .unwrap();
        let url = format!("sqlite://{}", path.display());
        assert!(SqliteDb::open(&url, DbLimits::default()).await.is_err());
    }
}

//! The two databases behind one face: [`Db`] gives transactions and read connections, [`on!`](crate::on) runs
//! a statement on whichever engine is behind them.

mod postgres;
mod session;
mod sqlite;

pub use postgres::PostgresDb;
pub use session::{Conn, Each, Session};
pub use sqlite::SqliteDb;

use crate::{Result, StoreError};
use sqlx::{Postgres, Sqlite, Transaction};

/// The database that everything but the packages is in. Clones share the connections.
#[derive(Clone, Debug)]
pub enum Db {
    /// A file on disk, for one machine.
    Sqlite(SqliteDb),
    /// A server, for one or several machines.
    Postgres(PostgresDb),
}

/// Which of the two engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// How many connections a process opens.
#[derive(Clone, Copy, Debug)]
pub struct DbLimits {
    /// Connections to PostgreSQL, for reading and writing together; following takes one more for each log.
    pub postgres_connections_max: u32,
    /// Connections that read a SQLite file; writing has exactly one.
    pub sqlite_readers_max: u32,
}

impl Default for DbLimits {
    /// Sixteen connections to PostgreSQL, whose own default allows a hundred in all; eight SQLite readers.
    fn default() -> Self {
        Self { postgres_connections_max: 16, sqlite_readers_max: 8 }
    }
}

impl Db {
    /// Opens `sqlite:///folder/file.db` (absolute), `sqlite://file.db` (relative) or `postgres://…`, makes
    /// the SQLite file and its folder if they are not there, and runs the migrations. Errors: an address of
    /// neither kind, a folder that cannot be made, a server that does not answer, a database newer than this
    /// program.
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_with(url, DbLimits::default()).await
    }

    /// [`Db::open`] with other limits.
    pub async fn open_with(url: &str, limits: DbLimits) -> Result<Self> {
        match url.split_once(':') {
            Some(("sqlite", _)) => Ok(Self::Sqlite(SqliteDb::open(url, limits).await?)),
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(PostgresDb::open(url, limits).await?)),
            _ => Err(StoreError::bad_url(url)),
        }
    }

    /// Which engine is behind this.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// `SQLite` or `PostgreSQL`, for people.
    pub fn engine_name(&self) -> &'static str {
        match self.engine() {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }

    /// Begins a transaction that writes. On SQLite it holds the one write lock at once (a transaction that
    /// reads first and writes later would fail under load, whatever the busy time-out), so keep it short. On
    /// PostgreSQL each statement sees what was committed before it began, and no statement runs longer than
    /// 10 s.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx::new(match self {
            Self::Sqlite(db) => Inner::Sqlite(db.begin().await?),
            Self::Postgres(db) => Inner::Postgres(db.begin().await?),
        }))
    }

    /// [`Db::begin`] for projections and rebuilds: on PostgreSQL a statement may take 60 s.
    pub async fn begin_long(&self) -> Result<Tx> {
        let mut tx = self.begin().await?;
        tx.allow_long_statements().await?;
        Ok(tx)
    }

    /// Begins a transaction that only reads and sees one state of all tables; a statement may take 60 s. Keep
    /// it short: it stops SQLite from tidying its write-ahead log.
    pub async fn snapshot(&self) -> Result<Tx> {
        let mut tx = Tx::new(match self {
            Self::Sqlite(db) => Inner::Sqlite(db.snapshot().await?),
            Self::Postgres(db) => Inner::Postgres(db.snapshot().await?),
        });
        tx.allow_long_statements().await?;
        Ok(tx)
    }

    /// A connection to read with; each statement sees all that was committed before it. It goes back when
    /// dropped.
    pub async fn read(&self) -> Result<Conn> {
        Ok(match self {
            Self::Sqlite(db) => Conn::Sqlite(db.read().await?),
            Self::Postgres(db) => Conn::Postgres(db.read().await?),
        })
    }

    /// Closes all connections and waits until they are; SQLite then folds its write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(db) => db.close().await,
            Self::Postgres(db) => db.close().await,
        }
    }
}

/// A transaction. Dropped without [`Tx::commit`], it leaves nothing behind. After a statement failed in it,
/// it can only be rolled back, on both engines alike.
#[derive(Debug)]
pub struct Tx {
    inner: Inner,
    failed: bool,
}

#[derive(Debug)]
enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    fn new(inner: Inner) -> Self {
        Self { inner, failed: false }
    }

    async fn allow_long_statements(&mut self) -> Result<()> {
        if let Inner::Postgres(tx) = &mut self.inner {
            let sql = include_str!("../sql/allow_long_statements.postgres.sql");
            sqlx::raw_sql(sql).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Makes it durable. [`StoreError::TransactionFailed`] if a statement failed before: PostgreSQL would
    /// answer such a COMMIT with a silent rollback. Any other error leaves open whether it was committed; ask
    /// again with the same ids.
    pub async fn commit(self) -> Result<()> {
        if self.failed {
            self.rollback().await?;
            return Err(StoreError::TransactionFailed);
        }
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Takes everything back.
    pub async fn rollback(self) -> Result<()> {
        match self.inner {
            Inner::Sqlite(tx) => tx.rollback().await?,
            Inner::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }

    /// Which engine is behind this.
    pub fn engine(&self) -> Engine {
        match self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// The connection of the engine that is behind this; [`on!`](crate::on) is the way to use it.
    pub fn each(&mut self) -> Each<'_> {
        crate::statements::one_more();
        match &mut self.inner {
            Inner::Sqlite(tx) => Each::Sqlite(tx),
            Inner::Postgres(tx) => Each::Postgres(tx),
        }
    }

    /// Remembers that a statement failed, so that [`Tx::commit`] refuses.
    pub fn failed(&mut self) {
        self.failed = true;
    }
}

//! What a statement can be run on, whichever engine is behind it.

use super::{Engine, Tx};
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection};

/// A connection for reading.
#[derive(Debug)]
pub enum Conn {
    /// To the file.
    Sqlite(PoolConnection<Sqlite>),
    /// To the server.
    Postgres(PoolConnection<Postgres>),
}

impl Conn {
    /// Which engine is behind this.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// The connection of the engine that is behind this; [`on!`](crate::on) is the way to use it.
    pub fn each(&mut self) -> Each<'_> {
        crate::statements::one_more();
        match self {
            Self::Sqlite(c) => Each::Sqlite(c),
            Self::Postgres(c) => Each::Postgres(c),
        }
    }

    /// Nothing: a read that failed leaves a connection as it was.
    pub fn failed(&mut self) {}
}

/// A connection of one engine or the other.
#[derive(Debug)]
pub enum Each<'a> {
    /// SQLite's.
    Sqlite(&'a mut SqliteConnection),
    /// PostgreSQL's.
    Postgres(&'a mut PgConnection),
}

/// Whatever [`on!`](crate::on) can run a statement on: [`Tx`] or [`Conn`], for questions asked both inside
/// and outside of transactions.
pub trait Session: Send {
    /// Which engine is behind this.
    fn engine(&self) -> Engine;
    /// Its connection.
    fn each(&mut self) -> Each<'_>;
    /// Remembers that a statement failed.
    fn failed(&mut self);
}

impl Session for Tx {
    fn engine(&self) -> Engine {
        Tx::engine(self)
    }
    fn each(&mut self) -> Each<'_> {
        Tx::each(self)
    }
    fn failed(&mut self) {
        Tx::failed(self);
    }
}

impl Session for Conn {
    fn engine(&self) -> Engine {
        Conn::engine(self)
    }
    fn each(&mut self) -> Each<'_> {
        Conn::each(self)
    }
    fn failed(&mut self) {
        Conn::failed(self);
    }
}

//! The PostgreSQL half of [`Db`](crate::Db).

use crate::{DbLimits, Engine, Result, StoreError, migrate};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions, PgSslMode};
use sqlx::{Connection, PgConnection, PgPool, Postgres, Transaction};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// How long a task waits for a connection of the pool.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// What every session is told. An appender that hangs with the log's lock must not stop the others for long:
/// they give up after 5 s, its own statement ends after 10 s, and an idle transaction after 5 s. Statements are not compiled
/// just in time: that takes longer than any of them.
const SESSION: [(&str, &str); 4] = [
    ("lock_timeout", "5s"),
    ("statement_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "5s"),
    ("jit", "off"),
];

/// A PostgreSQL database.
#[derive(Clone, Debug)]
pub struct PostgresDb {
    pool: PgPool,
    options: Arc<PgConnectOptions>,
}

impl PostgresDb {
    pub(super) async fn open(url: &str, limits: DbLimits) -> Result<Self> {
        let named = PgConnectOptions::from_str(url).map_err(|_| StoreError::bad_url(url))?;
        let bare = plain_on_this_machine(named).application_name("cairn");
        // On a connection of its own without time limits: a migration may build an index, or wait for another
        // node's.
        let mut migrating = PgConnection::connect_with(&bare).await?;
        migrate::run(Engine::Postgres, &mut migrating).await?;
        migrating.close().await?;

        let options = bare.options(SESSION);
        let pool = PgPoolOptions::new()
            .max_connections(limits.postgres_connections_max)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options.clone())
            .await?;
        Ok(Self { pool, options: Arc::new(options) })
    }

    /// READ COMMITTED whatever the server's default is: the log takes its lock in one statement and must see
    /// in the next what was committed meanwhile.
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Postgres>> {
        Ok(self.pool.begin_with("begin isolation level read committed").await?)
    }

    pub(super) async fn snapshot(&self) -> Result<Transaction<'static, Postgres>> {
        Ok(self.pool.begin_with("begin isolation level repeatable read read only").await?)
    }

    pub(super) async fn read(&self) -> Result<PoolConnection<Postgres>> {
        Ok(self.pool.acquire().await?)
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    /// A listener with a pool of its own: closing a pool waits for ever while one of its connections listens.
    pub(crate) async fn listener(&self) -> Result<PgListener> {
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with(PgConnectOptions::clone(&self.options));
        Ok(PgListener::connect_with(&pool).await?)
    }
}

/// Leaves encryption out between two programs of one machine, unless the address demands it (`sslmode=require`). With it,
/// each statement above 16 kB takes 40 ms: sqlx 0.9.0 does not set TCP_NODELAY, so the second TLS record waits until the
/// server confirms the first.
fn plain_on_this_machine(options: PgConnectOptions) -> PgConnectOptions {
    let here = matches!(options.get_host(), "localhost" | "127.0.0.1" | "::1");
    let demanded = !matches!(options.get_ssl_mode(), PgSslMode::Prefer | PgSslMode::Allow);
    if here && !demanded { options.ssl_mode(PgSslMode::Disable) } else { options }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encryption_is_left_out_only_on_this_machine_and_only_if_nobody_demands_it() {
        let disabled = |url: &str| {
            let options = plain_on_this_machine(PgConnectOptions::from_str(url).unwrap());
            matches!(options.get_ssl_mode(), PgSslMode::Disable)
        };
        assert!(disabled("postgres://cairn@localhost/cairn"));
        assert!(disabled("postgres://cairn@127.0.0.1:5433/cairn"));
        assert!(!disabled("postgres://cairn@localhost/cairn?sslmode=require"));
        assert!(!disabled("postgres://cairn@db.example.org/cairn"));
    }
}

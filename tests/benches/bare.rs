//! The driver without anything around it: what the databases can do at most, for the same rows and the same promise that a
//! commit survives a power cut.

use cairn_domain::download::Download;
use cairn_store::sqlx::postgres::PgConnection;
use cairn_store::sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous,
};
use cairn_store::sqlx::{self, Connection as _, QueryBuilder, Row as _};
use cairn_store::testing::TestDb;
use cairn_store::{Engine, NewBatch, sqlx::ConnectOptions as _, to_us};

/// One connection: on SQLite to a file beside the test's, on PostgreSQL to the same database.
#[derive(Debug)]
pub(crate) enum Bare {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// The columns of `bare_download`.
type DownloadRow = (i64, i64, i64, Option<i32>, i16, Option<Vec<u8>>, i16);

/// One statement on either.
macro_rules! on_bare {
    ($bare:expr, |$c:ident| $body:expr) => {
        match $bare {
            Bare::Sqlite($c) => $body.expect("the database answers"),
            Bare::Postgres($c) => $body.expect("the database answers"),
        }
    };
}

impl Bare {
    /// Connects, and makes the two tables of references: one row for a download, one row for a batch of them, without triggers
    /// and second indexes.
    pub(crate) async fn open(t: &TestDb) -> Self {
        let mut bare = match t.db.engine() {
            Engine::Sqlite => {
                let options = SqliteConnectOptions::new()
                    .filename(t.folder().join("bare.db"))
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full);
                Self::Sqlite(options.connect().await.expect("a new file opens"))
            }
            Engine::Postgres => {
                Self::Postgres(PgConnection::connect(t.url()).await.expect("the server answers"))
            }
        };
        let id =
            if t.db.engine() == Engine::Sqlite { "integer primary key" } else { "bigserial primary key" };
        let bytes = if t.db.engine() == Engine::Sqlite { "blob" } else { "bytea" };
        bare.run(&format!(
            "create table bare_download (id {id}, version_id bigint not null, at_ms bigint not null, qgis int, \
             os smallint not null, country {bytes}, channel smallint not null)"
        ))
        .await;
        bare.run(&format!(
            "create table bare_batch (position bigint primary key, recorded_at_us bigint not null, writer_id {bytes} not null, \
             writer_seq bigint not null, first_at_us bigint not null, last_at_us bigint not null, n int not null, \
             format smallint not null, body {bytes} not null)"
        ))
        .await;
        bare
    }

    async fn run(&mut self, sql: &str) {
        on_bare!(self, |c| QueryBuilder::new(sql).build().execute(c).await.map(drop));
    }

    /// One INSERT of many rows, committed by itself.
    pub(crate) async fn insert_downloads(&mut self, items: &[Download]) {
        const SQL: &str = "insert into bare_download (version_id, at_ms, qgis, os, country, channel) ";
        on_bare!(self, |c| {
            let mut query = QueryBuilder::new(SQL);
            query.push_values(items, |mut row, item| {
                let qgis = item.qgis.map(|qgis| i32::from(qgis.major) * 1000 + i32::from(qgis.minor));
                row.push_bind(item.version_id.cast_signed()).push_bind(item.at_ms).push_bind(qgis);
                row.push_bind(item.os as i16)
                    .push_bind(item.country.map(Vec::from))
                    .push_bind(item.channel as i16);
            });
            query.build().execute(c).await.map(drop)
        });
    }

    /// One INSERT of one row that holds many downloads, committed by itself.
    pub(crate) async fn insert_batch(&mut self, position: i64, batch: &NewBatch) {
        const SQL: &str = "insert into bare_batch values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        on_bare!(self, |c| sqlx::query(SQL)
            .bind(position)
            .bind(to_us(batch.last_at))
            .bind(batch.writer_id.as_bytes().as_slice())
            .bind(batch.writer_seq.cast_signed())
            .bind(to_us(batch.first_at))
            .bind(to_us(batch.last_at))
            .bind(i64::from(batch.n))
            .bind(i32::from(batch.format))
            .bind(&batch.body)
            .execute(c)
            .await
            .map(drop));
    }

    /// Reads the single downloads by their keys, `page` rows at a time, each column decoded; answers how many there are.
    pub(crate) async fn read_downloads(&mut self, page: i64) -> usize {
        const SQL: &str = "select id, version_id, at_ms, qgis, os, country, channel from bare_download \
                           where id > $1 order by id limit $2";
        let (mut after, mut n) = (0_i64, 0);
        loop {
            let rows: Vec<DownloadRow> =
                on_bare!(self, |c| sqlx::query_as(SQL).bind(after).bind(page).fetch_all(c).await);
            let Some(last) = rows.last() else { return n };
            after = last.0;
            n += rows.len();
        }
    }

    /// What the server or library calls itself.
    pub(crate) async fn version(&mut self) -> String {
        match self {
            Self::Sqlite(c) => {
                let row = sqlx::query("select 'SQLite ' || sqlite_version()").fetch_one(c).await;
                row.and_then(|row| row.try_get(0)).expect("SQLite knows its version")
            }
            Self::Postgres(c) => {
                let row = sqlx::query("select 'PostgreSQL ' || current_setting('server_version')")
                    .fetch_one(c)
                    .await;
                row.and_then(|row| row.try_get(0)).expect("PostgreSQL knows its version")
            }
        }
    }
}

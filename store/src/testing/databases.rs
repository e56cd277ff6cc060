//! A database of its own for each test, copied from a template that was migrated once.

use super::{cluster, env};
use crate::{Clock, Engine, Ids, SystemClock, migrate};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use std::str::FromStr;
use std::time::Duration;

/// Nobody else takes this advisory lock: under it a template is made, copied or swept away.
const LOCK: i64 = 0x00ca_1213;

/// Older leftovers of killed tests, in seconds, are removed.
const LEFTOVER_AFTER: i64 = 24 * 3600;

/// A database for one test.
pub(super) struct TestDatabase {
    server: PgConnectOptions,
    name: String,
}

impl TestDatabase {
    pub(super) fn url(&self) -> String {
        self.server.clone().database(&self.name).to_url_lossy().to_string()
    }

    pub(super) async fn remove(self) {
        let mut admin = PgConnection::connect_with(&self.server).await.expect("the server is still there");
        run(&mut admin, format!("drop database {} with (force)", self.name)).await;
    }
}

/// Makes a database, or says why there is no PostgreSQL.
pub(super) async fn create() -> Result<TestDatabase, String> {
    let server = server().await?;
    let mut admin = PgConnection::connect_with(&server).await.map_err(|error| error.to_string())?;
    sqlx::query("select pg_advisory_lock($1)")
        .bind(LOCK)
        .execute(&mut admin)
        .await
        .expect("the lock is free soon");
    let now = SystemClock.now().timestamp();
    sweep(&mut admin, now).await;
    let template = template(&server, &mut admin, now).await;
    let name = format!("cairn_test_{now}_{}", Ids::random().v4().simple());
    run(&mut admin, format!("create database {name} template {template}")).await;
    admin.close().await.expect("the server is still there");
    Ok(TestDatabase { server, name })
}

/// The server, by its database `postgres` or the one that was named.
async fn server() -> Result<PgConnectOptions, String> {
    if let Some(url) = env("CAIRN_TEST_DATABASE_URL") {
        let named = PgConnectOptions::from_str(&url).expect("CAIRN_TEST_DATABASE_URL is an address");
        assert!(answers(&named).await, "the server that CAIRN_TEST_DATABASE_URL names answers");
        return Ok(named);
    }
    let local =
        PgConnectOptions::from_str("postgres://postgres@127.0.0.1:5432/postgres").expect("it is an address");
    if answers(&local).await {
        return Ok(local);
    }
    cluster::shared().await
}

pub(super) async fn answers(server: &PgConnectOptions) -> bool {
    let connecting = PgConnection::connect_with(server);
    matches!(tokio::time::timeout(Duration::from_secs(3), connecting).await, Ok(Ok(_)))
}

/// The migrated database that is copied; named by the texts of the migrations, so that another checkout has
/// another.
async fn template(server: &PgConnectOptions, admin: &mut PgConnection, now: i64) -> String {
    let texts: String = migrate::migrator(Engine::Postgres).iter().map(|m| m.sql.as_str()).collect();
    let digest = &crate::sha256_hex(texts.as_bytes())[..16];
    let wanted = format!("_template_{digest}");
    if let Some(name) = databases(admin).await.into_iter().find(|name| name.ends_with(&wanted)) {
        return name;
    }
    let unfinished = format!("cairn_test_{now}_unfinished_{}", Ids::random().v4().simple());
    run(admin, format!("create database {unfinished} template template0 encoding 'UTF8'")).await;
    let mut migrating =
        PgConnection::connect_with(&server.clone().database(&unfinished)).await.expect("it was just made");
    migrate::run(Engine::Postgres, &mut migrating).await.expect("the migrations run");
    migrating.close().await.expect("the server is still there");
    let name = format!("cairn_test_{now}{wanted}");
    run(admin, format!("alter database {unfinished} rename to {name}")).await;
    name
}

/// Removes what killed tests left behind.
async fn sweep(admin: &mut PgConnection, now: i64) {
    for name in databases(admin).await {
        let made = name.split('_').nth(2).and_then(|seconds| seconds.parse::<i64>().ok());
        if made.is_some_and(|made| made < now - LEFTOVER_AFTER) {
            run(admin, format!("drop database if exists {name} with (force)")).await;
        }
    }
}

async fn databases(admin: &mut PgConnection) -> Vec<String> {
    let rows: Vec<(String,)> =
        sqlx::query_as("select datname::text from pg_database where datname like 'cairn\\_test\\_%'")
            .fetch_all(admin)
            .await
            .expect("databases can be listed");
    rows.into_iter().map(|(name,)| name).collect()
}

async fn run(admin: &mut PgConnection, sql: String) {
    #[expect(
        clippy::disallowed_methods,
        reason = "a database's name cannot be bound; all names are made here"
    )]
    let statement = AssertSqlSafe(sql.as_str());
    sqlx::raw_sql(statement).execute(admin).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

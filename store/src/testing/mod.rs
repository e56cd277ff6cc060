//! A fresh database of either engine for a test, and the macro that runs one test on both.
//!
//! PostgreSQL is looked for in this order: `CAIRN_TEST_DATABASE_URL` (any database of a server where the user may create databases),
//! a server on 127.0.0.1:5432 with the user postgres, and a private cluster started from installed binaries. When there was none at
//! build time, `postgres_here.rs`, the build script of every crate that uses [`both!`](crate::both), has the tests listed as ignored. When
//! it has gone since, the test says `SKIPPED: no PostgreSQL` and passes. With `CI=true` both are failures.

mod cluster;
mod databases;
mod dump;

pub use dump::every_value;

use crate::{Db, Engine};
use sqlx::SqlSafeStr;
use std::future::Future;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use tokio::runtime::{Builder, Handle};

/// A fresh, migrated database and an empty folder, both gone when the test ends.
#[derive(Clone, Debug)]
pub struct TestDb {
    /// The database, opened.
    pub db: Db,
    url: String,
    folder: PathBuf,
}

impl TestDb {
    /// Its address, for opening it a second time.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder, for packages and the like.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Whether the engine takes this text, with the tables there are: for the tests that try every `.sql` file.
/// Nothing is run.
pub async fn prepare(db: &Db, sql: &str) -> crate::Result<()> {
    let mut tx = db.begin().await?;
    #[expect(clippy::disallowed_methods, reason = "the text comes from a .sql file and is not run")]
    let sql = sqlx::AssertSqlSafe(sql).into_sql_str();
    crate::on!(tx, |c| sqlx::Executor::prepare(&mut *c, sql).await.map(drop))?;
    tx.rollback().await
}

/// The stack of each thread: what a build without optimisation needs for the deepest answers, as the program itself has it.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Runs a test on a fresh database of one engine. [`both!`](crate::both) is the way to use it.
///
/// Panics when the test does, after the database is gone.
pub fn run<T, F>(engine: Engine, test: T)
where
    T: FnOnce(TestDb) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let runtime =
        Builder::new_multi_thread().worker_threads(2).enable_all().thread_stack_size(STACK_BYTES).build();
    let runtime = runtime.expect("the system gives threads");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("the system gives a folder for temporary files");
        match engine {
            Engine::Sqlite => {
                let url = format!("sqlite://{}", folder.path().join("cairn.db").display());
                run_on(url, folder.path(), test).await;
            }
            Engine::Postgres => match databases::create().await {
                Err(reason) => skip(&reason),
                Ok(database) => {
                    let outcome = run_caught(database.url(), folder.path(), test).await;
                    database.remove().await;
                    outcome.unwrap_or_else(|panic| resume_unwind(panic));
                }
            },
        }
    });
}

async fn run_on<T, F>(url: String, folder: &Path, test: T)
where
    T: FnOnce(TestDb) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    run_caught(url, folder, test).await.unwrap_or_else(|panic| resume_unwind(panic));
}

type Caught = Result<(), Box<dyn std::any::Any + Send>>;

/// Runs the test as a task of its own, so that a panic can wait until the database is gone.
async fn run_caught<T, F>(url: String, folder: &Path, test: T) -> Caught
where
    T: FnOnce(TestDb) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let db = Db::open(&url).await.expect("a fresh database opens");
    let test_db = TestDb { db: db.clone(), url, folder: folder.into() };
    let outcome = Handle::current().spawn(test(test_db)).await;
    match outcome {
        Ok(()) => {
            db.close().await;
            Ok(())
        }
        // Not closed: connections that the test left open would be waited for.
        Err(error) => Err(error.into_panic()),
    }
}

fn skip(reason: &str) {
    assert!(env("CI").as_deref() != Some("true"), "no PostgreSQL, and CI=true: {reason}");
    eprintln!("SKIPPED: no PostgreSQL: {reason}");
}

/// A variable of the environment, if it is set and not empty.
fn env(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests are told by the environment where PostgreSQL is")]
    let value = std::env::var(name);
    value.ok().filter(|value| !value.is_empty())
}

/// Makes one test of a claim for each engine: `claim::sqlite` and `claim::postgres`.
///
/// ```text
/// both!(a_yanked_version_leaves_the_feed, |t| {
///     let registry = Registry::new(t.db.clone(), clock());
///     …
/// });
/// ```
#[macro_export]
macro_rules! both {
    ($claim:ident, |$db:ident| $body:block) => {
        #[cfg(test)]
        mod $claim {
            #[allow(unused_imports, reason = "a claim may need nothing from around it")]
            use super::*;

            async fn check($db: $crate::testing::TestDb) $body

            #[test]
            fn sqlite() {
                $crate::testing::run($crate::Engine::Sqlite, check);
            }

            #[test]
            #[cfg_attr(no_postgres, ignore = "no PostgreSQL: set CAIRN_TEST_DATABASE_URL, or install its server")]
            fn postgres() {
                $crate::testing::run($crate::Engine::Postgres, check);
            }
        }
    };
}

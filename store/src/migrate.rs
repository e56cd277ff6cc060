//! Brings a database to the shape this program needs. The texts are in the binary; see
//! `migrations/README.md`.

use crate::{Engine, Result, StoreError};
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// A step: number, name, text for SQLite, text for PostgreSQL. Order is by number.
type Step = (i64, &'static str, &'static str, &'static str);

/// One text for both engines.
macro_rules! both {
    ($number:literal, $name:literal) => {
        ($number, $name, include_str!(text!($name)), include_str!(text!($name)))
    };
}

/// A text for each engine.
macro_rules! twins {
    ($number:literal, $name:literal) => {
        ($number, $name, include_str!(text!("sqlite/", $name)), include_str!(text!("postgres/", $name)))
    };
}

macro_rules! text {
    ($($part:literal),+) => { concat!("../../migrations/", $($part,)+ ".sql") };
}

const STEPS: &[Step] = &[
    twins!(1, "0001_log"),
    both!(2, "0002_subscription"),
    both!(3, "0003_vault"),
    both!(4, "0004_catalogue"),
    both!(5, "0005_downloads"),
    both!(6, "0006_people"),
    both!(7, "0007_sessions"),
    both!(8, "0008_second_factors"),
    both!(9, "0009_identities"),
    both!(10, "0010_tokens"),
    both!(11, "0011_people"),
    both!(12, "0012_plugin_life"),
    both!(13, "0013_reactors"),
    twins!(14, "0014_search"),
    both!(15, "0015_statistics"),
    both!(16, "0016_staged"),
    both!(17, "0017_version_months"),
    both!(18, "0018_license"),
];

/// All migrations for an engine, ready to be run.
pub(crate) fn migrator(engine: Engine) -> Migrator {
    let migration = |&(number, name, sqlite, postgres): &Step| {
        let text = match engine {
            Engine::Sqlite => sqlite,
            Engine::Postgres => postgres,
        };
        Migration::new(number, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    Migrator::with_migrations(STEPS.iter().map(migration).collect())
}

/// Runs what is missing. A second run does nothing; a database that is newer than this program is an error.
pub(crate) async fn run<C>(engine: Engine, connection: &mut C) -> Result<()>
where
    C: sqlx::migrate::Migrate,
{
    migrator(engine).run_direct(None, connection, false).await.map_err(StoreError::Migration)
}

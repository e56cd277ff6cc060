//! Every stored byte, for tests that look for what should not be there.

use crate::{Db, Engine, Result, on};
use sqlx::SqlSafeStr;

/// The value of each column of each row of each table, as `table.column` and its bytes.
pub async fn every_value(db: &Db) -> Result<Vec<(String, Vec<u8>)>> {
    let mut values = Vec::new();
    for (table, column, sort) in columns(db).await? {
        let of = match (db.engine(), sort.as_str()) {
            (Engine::Sqlite, _) => format!("hex(cast(\"{column}\" as blob))"),
            (Engine::Postgres, "bytea") => format!("encode(\"{column}\", 'hex')"),
            (Engine::Postgres, _) => format!("encode(convert_to(\"{column}\"::text, 'UTF8'), 'hex')"),
        };
        let sql = format!("select {of} from \"{table}\" where \"{column}\" is not null");
        for digits in asked(db, &sql).await? {
            values.push((format!("{table}.{column}"), bytes(&digits)));
        }
    }
    Ok(values)
}

/// Table, column and type of all there are.
async fn columns(db: &Db) -> Result<Vec<(String, String, String)>> {
    let sql = match db.engine() {
        Engine::Sqlite => {
            "select m.name || ' ' || c.name || ' ' || lower(c.type) from sqlite_master m
               join pragma_table_info(m.name) c where m.type = 'table'"
        }
        Engine::Postgres => {
            "select table_name || ' ' || column_name || ' ' || data_type from information_schema.columns
              where table_schema = 'public'"
        }
    };
    let rows = asked(db, sql).await?;
    let parts = |row: String| {
        let mut parts = row.splitn(3, ' ').map(str::to_owned);
        Some((parts.next()?, parts.next()?, parts.next()?))
    };
    Ok(rows.into_iter().filter_map(parts).collect())
}

async fn asked(db: &Db, sql: &str) -> Result<Vec<String>> {
    let mut conn = db.read().await?;
    #[expect(clippy::disallowed_methods, reason = "the names in it are those of our own tables")]
    let sql = sqlx::AssertSqlSafe(sql).into_sql_str();
    on!(conn, |c| sqlx::query_scalar(sql).fetch_all(&mut *c).await)
}

fn bytes(digits: &str) -> Vec<u8> {
    let pairs = (0..digits.len()).step_by(2).filter_map(|at| digits.get(at..at + 2));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("the database writes hexadecimal digits")).collect()
}

//! Writes many rows with few statements, from a `.sql` file that is written for one row.

use crate::{Each, Engine, Result, Tx};
use sqlx::SqlSafeStr;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

/// How many rows one statement carries: few sizes, so that few statements are prepared and all are reused.
const SIZES: [usize; 4] = [1000, 100, 10, 1];

/// The most values one statement binds. SQLite allows 32,766, PostgreSQL 65,535.
const BOUND_MAX: usize = 30_000;

/// The most bytes of values in one statement to PostgreSQL. The driver leaves Nagle's algorithm on, so a message of more than one
/// segment (65,483 bytes on loopback) waits up to 40 ms for the acknowledgement of its first: ten times slower in all.
const MESSAGE_BYTES_MAX: usize = 60_000;

/// A statement that inserts one row, `insert into t (…) values ($1, …, $n) on conflict …`, made to insert
/// many.
///
/// Within the parentheses after `values` each of `$1` to `$n` stands once, in any order, beside constants if
/// need be; outside of them there is no `$`. Keep one in a `static` [`LazyLock`](std::sync::LazyLock), so
/// that its texts are made once. With `on conflict do update`, no two rows of one call may have the same key:
/// PostgreSQL refuses to touch a row twice.
#[derive(Debug)]
pub struct Bulk {
    before: &'static str,
    tuple: Vec<Piece>,
    after: &'static str,
    columns: usize,
    sqlite: Texts,
    postgres: Texts,
}

/// The statement for each of [`SIZES`], made when first needed.
type Texts = [OnceLock<Arc<str>>; SIZES.len()];

/// A part of the parentheses: text as it stands, or the place of a value (from 0).
#[derive(Debug, PartialEq)]
enum Piece {
    Text(&'static str),
    Value(usize),
}

/// A value of a row, of the kind its column has; `None` is null.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Whole numbers of any width.
    Int(Option<i64>),
    /// Text.
    Text(Option<String>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
    /// True or false.
    Bool(Option<bool>),
    /// An id.
    Uuid(Option<Uuid>),
    /// A number with a fraction.
    Float(Option<f64>),
}

macro_rules! value_from {
    ($($kind:ty => $variant:ident $(via $way:expr)?),+ $(,)?) => {$(
        impl From<$kind> for Value {
            fn from(value: $kind) -> Self { Self::$variant(Some(value_from!(@ value $(, $way)?))) }
        }
        impl From<Option<$kind>> for Value {
            fn from(value: Option<$kind>) -> Self { Self::$variant(value.map(|value| value_from!(@ value $(, $way)?))) }
        }
    )+};
    (@ $value:ident) => { $value };
    (@ $value:ident, $way:expr) => { $way($value) };
}

value_from! {
    i64 => Int, i32 => Int via i64::from, i16 => Int via i64::from, u32 => Int via i64::from, u16 => Int via i64::from,
    String => Text, &str => Text via String::from,
    Vec<u8> => Bytes, &[u8] => Bytes via Vec::from,
    bool => Bool, Uuid => Uuid, f64 => Float,
}

impl Bulk {
    /// Reads the statement. Panics when it is not of the shape described above: the text is part of the
    /// program.
    pub fn new(sql: &'static str) -> Self {
        let values = sql.to_ascii_lowercase().find("values").expect("the statement has VALUES");
        let open = values + sql[values..].find('(').expect("VALUES is followed by (");
        let close = open + closing(&sql[open..]).expect("the ( of VALUES is closed");
        let tuple = pieces(&sql[open..=close]);
        let mut places: Vec<usize> = tuple
            .iter()
            .filter_map(|piece| if let Piece::Value(n) = piece { Some(*n) } else { None })
            .collect();
        places.sort_unstable();
        assert!(
            places.iter().copied().eq(0..places.len()),
            "each of $1 to $n stands once after VALUES: {sql}"
        );
        let (before, after) = (&sql[..open], &sql[close + 1..]);
        assert!(!before.contains('$') && !after.contains('$'), "values stand only after VALUES: {sql}");
        let (sqlite, postgres) = (Texts::default(), Texts::default());
        Self { before, tuple, after, columns: places.len(), sqlite, postgres }
    }

    /// Writes all rows, each with as many values as the statement has, and answers how many rows were written
    /// or changed.
    pub async fn rows(&self, tx: &mut Tx, rows: &[Vec<Value>]) -> Result<u64> {
        let written = self.write(tx, rows).await;
        if written.is_err() {
            tx.failed();
        }
        Ok(written?)
    }

    async fn write(&self, tx: &mut Tx, mut rows: &[Vec<Value>]) -> Result<u64, sqlx::Error> {
        let mut written = 0;
        let bytes_max = match tx.engine() {
            Engine::Sqlite => usize::MAX,
            Engine::Postgres => MESSAGE_BYTES_MAX,
        };
        let good = |rows: &[Vec<Value>], size: usize| {
            size == 1 || (size <= rows.len() && self.fits(size) && bytes(&rows[..size]) <= bytes_max)
        };
        while let Some(at) = SIZES.iter().position(|&size| !rows.is_empty() && good(rows, size)) {
            let (now, later) = rows.split_at(SIZES[at]);
            written += self.write_chunk(tx, at, now).await?;
            rows = later;
        }
        Ok(written)
    }

    fn fits(&self, size: usize) -> bool {
        size == 1 || size * self.columns <= BOUND_MAX
    }

    async fn write_chunk(&self, tx: &mut Tx, at: usize, rows: &[Vec<Value>]) -> Result<u64, sqlx::Error> {
        let texts = match tx.engine() {
            Engine::Sqlite => &self.sqlite,
            Engine::Postgres => &self.postgres,
        };
        let text = texts[at].get_or_init(|| self.text(tx.engine(), rows.len()).into());
        #[expect(
            clippy::disallowed_methods,
            reason = "repeats the placeholders of a .sql file; values stay bound"
        )]
        let sql = sqlx::AssertSqlSafe(Arc::clone(text)).into_sql_str();
        macro_rules! run {
            ($connection:expr) => {{
                let mut query = sqlx::query(sql);
                for value in rows.iter().flat_map(|row| {
                    assert_eq!(row.len(), self.columns, "a row has the values of its statement");
                    self.order().map(|n| &row[n])
                }) {
                    query = match value {
                        Value::Int(value) => query.bind(*value),
                        Value::Text(value) => query.bind(value.as_deref()),
                        Value::Bytes(value) => query.bind(value.as_deref()),
                        Value::Bool(value) => query.bind(*value),
                        Value::Uuid(value) => query.bind(*value),
                        Value::Float(value) => query.bind(*value),
                    };
                }
                query.execute($connection).await.map(|done| done.rows_affected())
            }};
        }
        match tx.each() {
            Each::Sqlite(c) => run!(c),
            Each::Postgres(c) => run!(c),
        }
    }

    /// Which value of a row stands at each place, in the order of the text, which is the order of binding.
    fn order(&self) -> impl Iterator<Item = usize> {
        self.tuple.iter().filter_map(|piece| if let Piece::Value(n) = piece { Some(*n) } else { None })
    }

    /// The statement for `rows` rows. SQLite gets `?`: it looks numbered places up by name, one after the other, so that a
    /// statement of a thousand of them would cost their square.
    fn text(&self, engine: Engine, rows: usize) -> String {
        let mut sql = String::from(self.before);
        let mut places = 0;
        for row in 0..rows {
            if row > 0 {
                sql.push_str(", ");
            }
            for piece in &self.tuple {
                match (piece, engine) {
                    (Piece::Text(text), _) => sql.push_str(text),
                    (Piece::Value(_), Engine::Sqlite) => sql.push('?'),
                    (Piece::Value(_), Engine::Postgres) => {
                        places += 1;
                        write!(sql, "${places}").expect("a String takes all");
                    }
                }
            }
        }
        sql.push_str(self.after);
        sql
    }
}

/// What the values take in a message, about: each has its length and its format beside it.
fn bytes(rows: &[Vec<Value>]) -> usize {
    let value = |value: &Value| match value {
        Value::Int(_) | Value::Float(_) => 8,
        Value::Text(text) => text.as_ref().map_or(0, String::len),
        Value::Bytes(bytes) => bytes.as_ref().map_or(0, Vec::len),
        Value::Bool(_) => 1,
        Value::Uuid(_) => 16,
    };
    rows.iter().flatten().map(|one| 6 + value(one)).sum()
}

/// Where the parenthesis that opens `text` is closed, not looking into quoted text.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quoted) = (0, false);
    text.char_indices().find_map(|(at, c)| {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}

fn pieces(tuple: &'static str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = tuple;
    while let Some(dollar) = rest.find('$') {
        pieces.push(Piece::Text(&rest[..dollar]));
        let digits =
            rest[dollar + 1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - dollar - 1);
        let number: usize = rest[dollar + 1..dollar + 1 + digits].parse().expect("a number follows each $");
        pieces.push(Piece::Value(number.checked_sub(1).expect("values count from $1")));
        rest = &rest[dollar + 1 + digits..];
    }
    pieces.push(Piece::Text(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parentheses_are_repeated_with_new_numbers() {
        let bulk =
            Bulk::new("insert into t (a, b, c) values ($2, coalesce($1, ')'), 0) on conflict (a) do nothing");
        assert_eq!(
            bulk.text(Engine::Postgres, 2),
            "insert into t (a, b, c) values ($1, coalesce($2, ')'), 0), ($3, coalesce($4, ')'), 0) on conflict (a) do nothing"
        );
        assert_eq!(
            bulk.text(Engine::Sqlite, 2),
            "insert into t (a, b, c) values (?, coalesce(?, ')'), 0), (?, coalesce(?, ')'), 0) on conflict (a) do nothing"
        );
        assert_eq!((bulk.columns, bulk.order().collect::<Vec<_>>()), (2, vec![1, 0]));
    }

    #[test]
    fn wide_rows_stay_below_the_limit_of_bound_values() {
        let bulk = Bulk::new(
            "insert into t values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)",
        );
        assert!(!bulk.fits(1000) && bulk.fits(100));
    }

    #[test]
    fn what_a_message_takes_is_counted() {
        let rows = vec![vec![Value::from(1_i64), Value::from("four"), Value::Bytes(None), Value::from(true)]];
        assert_eq!(bytes(&rows), 4 * 6 + 8 + 4 + 1);
    }

    #[test]
    #[should_panic(expected = "stands once")]
    fn a_missing_number_is_a_mistake() {
        Bulk::new("insert into t (a, b) values ($1, $3)");
    }
}

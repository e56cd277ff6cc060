//! The two macros that let one text run on both engines: [`on!`](crate::on) and [`rows!`](crate::rows).

/// Runs one statement on whichever engine is behind a [`Tx`](crate::Tx) or [`Conn`](crate::Conn): the body is
/// compiled once for each.
///
/// The body answers `Result<T, sqlx::Error>` with the same `T` on both engines, so what `execute` answers is
/// mapped, to nothing by `.map(drop)` or to a number as below; the whole answers `Result<T, StoreError>`. Do
/// not put `?` or `return` inside.
///
/// ```text
/// let names: Vec<(i64, String)> =
///     on!(conn, |c| sqlx::query_as(include_str!("names.sql")).bind(after).fetch_all(&mut *c).await)?;
/// let changed = on!(tx, |c| sqlx::query(include_str!("mark.sql")).bind(id).execute(&mut *c).await.map(|r| r.rows_affected()))?;
/// ```
#[macro_export]
macro_rules! on {
    ($session:expr, |$c:ident| $body:expr) => {{
        let answer = match $session.each() {
            $crate::Each::Sqlite($c) => $body.map_err($crate::StoreError::from),
            $crate::Each::Postgres($c) => $body.map_err($crate::StoreError::from),
        };
        if answer.is_err() {
            $session.failed();
        }
        answer
    }};
}

/// Declares a struct whose fields are the columns of a row, and reads it by column name on both engines.
///
/// Fields: `i64` for `BIGINT`, `i32` for `INT`, `i16` for `SMALLINT`, `String`, `Vec<u8>`, `bool`, `f64`,
/// `Uuid`, and `Option` of these. PostgreSQL is strict about widths, so `BIGINT` everywhere saves thought;
/// `sum()` there is `NUMERIC`, cast it.
///
/// ```text
/// rows! {
///     /// A plugin as listed.
///     #[derive(Clone)]
///     pub struct Listed { pub package: String, pub downloads: i64, pub icon: Option<Vec<u8>> }
/// }
/// ```
#[macro_export]
macro_rules! rows {
    ($(
        $(#[$attribute:meta])*
        $seen:vis struct $name:ident { $( $(#[$field_attribute:meta])* $field_seen:vis $field:ident : $kind:ty ),+ $(,)? }
    )+) => {$(
        $(#[$attribute])*
        #[derive(Debug)]
        $seen struct $name { $( $(#[$field_attribute])* $field_seen $field: $kind ),+ }

        $crate::rows!(@read $name, $crate::sqlx::sqlite::SqliteRow, $($field),+);
        $crate::rows!(@read $name, $crate::sqlx::postgres::PgRow, $($field),+);
    )+};
    (@read $name:ident, $row:ty, $($field:ident),+) => {
        impl<'r> $crate::sqlx::FromRow<'r, $row> for $name {
            fn from_row(row: &'r $row) -> ::std::result::Result<Self, $crate::sqlx::Error> {
                use $crate::sqlx::Row as _;
                Ok(Self { $( $field: row.try_get(stringify!($field))? ),+ })
            }
        }
    };
}

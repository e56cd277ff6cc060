//! Chooses the text of the engine at hand where one text cannot serve both.

/// The text of `<stem>.sqlite.sql` or `<stem>.postgres.sql` beside the caller, for the engine behind a
/// [`Tx`](crate::Tx) or [`Conn`](crate::Conn).
///
/// ```text
/// let sql = engine_sql!(conn, "sql/owners_of");
/// ```
#[macro_export]
macro_rules! engine_sql {
    ($session:expr, $stem:literal) => {
        match $session.engine() {
            $crate::Engine::Sqlite => include_str!(concat!($stem, ".sqlite.sql")),
            $crate::Engine::Postgres => include_str!(concat!($stem, ".postgres.sql")),
        }
    };
}

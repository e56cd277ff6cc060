//! How rows of a page are written.

use cairn_store::{Bulk, Result, Tx, Value};

/// Rows of one statement. SQLite looks each numbered place of a statement up among all of them, so that the
/// cost of a statement grows with the square of its places: a thousand rows of 16 columns take a hundred
/// times as long as a hundred rows do. On PostgreSQL more rows would save little.
const ROWS_PER_STATEMENT: usize = 100;

/// Writes all rows, a hundred at a time.
pub(crate) async fn write(bulk: &Bulk, tx: &mut Tx, rows: &[Vec<Value>]) -> Result<()> {
    for rows in rows.chunks(ROWS_PER_STATEMENT) {
        bulk.rows(tx, rows).await?;
    }
    Ok(())
}

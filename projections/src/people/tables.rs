//! The tables of this read model, for digests and for throwing generations away.

use crate::table::Column::*;
use crate::table::Table;

/// All of them.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "people_account",
        rows: include_str!("sql/rows_of_account.sql"),
        purge: include_str!("sql/purge_account.sql"),
        paged: false,
        columns: &[Uuid, Int, Bool, Bool, Bool],
    },
    Table {
        name: "people_token",
        rows: include_str!("sql/rows_of_token.sql"),
        purge: include_str!("sql/purge_token.sql"),
        paged: false,
        columns: &[Uuid, Uuid, Text, Int, Int, Int],
    },
];

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
        columns: &[Uuid, Uuid, Text, Int, Int, Int, Bool, Uuid, Text, Text, Text, Int],
    },
    Table {
        name: "people_publisher",
        rows: include_str!("sql/rows_of_publisher.sql"),
        purge: include_str!("sql/purge_publisher.sql"),
        paged: false,
        columns: &[Uuid, Text, Uuid, Text, Text, Text, Text, Text, Bool, Int, Int],
    },
];

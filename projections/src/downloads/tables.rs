//! The tables of this read model, for digests and for throwing generations away.

use crate::table::Column::*;
use crate::table::Table;

/// All of them.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "download_total",
        rows: include_str!("sql/rows_of_total.sql"),
        purge: include_str!("sql/purge_total.sql"),
        paged: true,
        columns: &[Int, Int],
    },
    Table {
        name: "download_day",
        rows: include_str!("sql/rows_of_day.sql"),
        purge: include_str!("sql/purge_day.sql"),
        paged: true,
        columns: &[Int, Int, Int],
    },
    Table {
        name: "download_qgis",
        rows: include_str!("sql/rows_of_qgis.sql"),
        purge: include_str!("sql/purge_qgis.sql"),
        paged: true,
        columns: &[Int, Int, Int],
    },
    Table {
        name: "download_country",
        rows: include_str!("sql/rows_of_country.sql"),
        purge: include_str!("sql/purge_country.sql"),
        paged: true,
        columns: &[Int, Text, Int],
    },
];

//! The tables of this read model, for digests and for throwing generations away.

use crate::table::Column::{self, *};
use crate::table::Table;

/// A table that is read in pages.
macro_rules! paged {
    ($name:literal, $rows:literal, $purge:literal, $columns:expr) => {
        Table {
            name: $name,
            rows: include_str!($rows),
            purge: include_str!($purge),
            paged: true,
            columns: $columns,
        }
    };
}

const TWO: &[Column] = &[Int, Int];
const THREE: &[Column] = &[Int, Int, Int];

/// All of them. The tables by version and QGIS or country are written no more; generations of before had rows there.
pub(crate) const TABLES: &[Table] = &[
    paged!("download_total", "sql/rows_of_total.sql", "sql/purge_total.sql", TWO),
    paged!("download_day", "sql/rows_of_day.sql", "sql/purge_day.sql", THREE),
    paged!("download_month", "sql/rows_of_month.sql", "sql/purge_month.sql", THREE),
    paged!("download_qgis", "sql/rows_of_qgis.sql", "sql/purge_qgis.sql", THREE),
    paged!("download_country", "sql/rows_of_country.sql", "sql/purge_country.sql", &[Int, Text, Int]),
    paged!("download_plugin", "sql/rows_of_plugin.sql", "sql/purge_plugin.sql", THREE),
    paged!("download_plugin_day", "sql/rows_of_plugin_day.sql", "sql/purge_plugin_day.sql", THREE),
    paged!("download_plugin_month", "sql/rows_of_plugin_month.sql", "sql/purge_plugin_month.sql", THREE),
    paged!(
        "download_plugin_qgis",
        "sql/rows_of_plugin_qgis.sql",
        "sql/purge_plugin_qgis.sql",
        &[Int, Int, Int, Int]
    ),
    paged!(
        "download_plugin_country",
        "sql/rows_of_plugin_country.sql",
        "sql/purge_plugin_country.sql",
        &[Int, Int, Text, Int]
    ),
    paged!("download_all_day", "sql/rows_of_all_day.sql", "sql/purge_all_day.sql", TWO),
    paged!("download_all_qgis", "sql/rows_of_all_qgis.sql", "sql/purge_all_qgis.sql", THREE),
    paged!(
        "download_all_country",
        "sql/rows_of_all_country.sql",
        "sql/purge_all_country.sql",
        &[Int, Text, Int]
    ),
    paged!(
        "download_all_country_month",
        "sql/rows_of_all_country_month.sql",
        "sql/purge_all_country_month.sql",
        &[Int, Text, Int]
    ),
];

//! The tables of this read model, for digests and for throwing generations away.

use crate::table::Column::*;
use crate::table::Table;

/// All of them.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "catalogue_plugin",
        rows: include_str!("sql/rows_of_plugin.sql"),
        purge: include_str!("sql/purge_plugin.sql"),
        paged: true,
        columns: &[
            Int, Text, Text, Text, Bytes, Text, Text, Text, Text, Text, Text, Text, Text, Text, Bool, Bool,
            Bool, Text, Text, Uuid, Bool, Int, Int, Int, Int, Int, Int, Int, Int, Bool, Text, Text, Bool,
            Uuid, Bool, Int, Text, Bool, Text, Int, Text,
        ],
    },
    Table {
        name: "catalogue_version",
        rows: include_str!("sql/rows_of_version.sql"),
        purge: include_str!("sql/purge_version.sql"),
        paged: true,
        columns: &[
            Int, Int, Text, Bytes, Text, Int, Bool, Text, Text, Uuid, Bool, Int, Int, Bool, Int, Text, Text,
            Bool, Bool, Text,
        ],
    },
    Table {
        name: "catalogue_version_text",
        rows: include_str!("sql/rows_of_version_text.sql"),
        purge: include_str!("sql/purge_version_text.sql"),
        paged: true,
        columns: &[Int, Text, Text, Text],
    },
    Table {
        name: "catalogue_upload",
        rows: include_str!("sql/rows_of_upload.sql"),
        purge: include_str!("sql/purge_upload.sql"),
        paged: true,
        columns: &[Int, Int],
    },
    Table {
        name: "catalogue_replaced",
        rows: include_str!("sql/rows_of_replaced.sql"),
        purge: include_str!("sql/purge_replaced.sql"),
        paged: true,
        columns: &[Int, Int, Int, Text, Text, Int, Int],
    },
    Table {
        name: "catalogue_owner",
        rows: include_str!("sql/rows_of_owner.sql"),
        purge: include_str!("sql/purge_owner.sql"),
        paged: true,
        columns: &[Int, Uuid],
    },
    Table {
        name: "catalogue_tag",
        rows: include_str!("sql/rows_of_tag.sql"),
        purge: include_str!("sql/purge_tag.sql"),
        paged: true,
        columns: &[Int, Int, Text],
    },
    Table {
        name: "catalogue_trusted",
        rows: include_str!("sql/rows_of_trusted.sql"),
        purge: include_str!("sql/purge_trusted.sql"),
        paged: false,
        columns: &[Uuid],
    },
    Table {
        name: "catalogue_vote",
        rows: include_str!("sql/rows_of_vote.sql"),
        purge: include_str!("sql/purge_vote.sql"),
        paged: true,
        columns: &[Int, Bytes, Int],
    },
    Table {
        name: "catalogue_entry",
        rows: include_str!("sql/rows_of_entry.sql"),
        purge: include_str!("sql/purge_entry.sql"),
        paged: true,
        columns: &[
            Int, Text, Text, Text, Bytes, Bool, Bool, Bool, Bool, Bool, Bool, Bool, Bool, Bool, Bool, Int,
            Int, Int, Int, Int, Text, Bytes,
        ],
    },
    Table {
        name: "catalogue_range",
        rows: include_str!("sql/rows_of_range.sql"),
        purge: include_str!("sql/purge_range.sql"),
        paged: true,
        columns: &[Int, Bool, Int, Int],
    },
    Table {
        name: "catalogue_search",
        rows: include_str!("sql/rows_of_search.sql"),
        purge: include_str!("sql/purge_search.sql"),
        paged: true,
        columns: &[Int, Text, Text, Text, Text],
    },
    Table {
        name: "catalogue_trigram",
        rows: include_str!("sql/rows_of_trigram.sql"),
        purge: include_str!("sql/purge_trigram.sql"),
        paged: true,
        columns: &[Int, Int],
    },
    Table {
        name: "catalogue_tag_count",
        rows: include_str!("sql/rows_of_tag_count.sql"),
        purge: include_str!("sql/purge_tag_count.sql"),
        paged: false,
        columns: &[Bytes, Int],
    },
];

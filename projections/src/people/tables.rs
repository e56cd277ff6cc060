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
        columns: &[Uuid, Int, Bool, Bool, Bool, Bool, Int, Bool, Text, Int, Int],
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
    Table {
        name: "people_team",
        rows: include_str!("sql/rows_of_team.sql"),
        purge: include_str!("sql/purge_team.sql"),
        paged: false,
        columns: &[Int, Text, Text, Int],
    },
    Table {
        name: "people_team_member",
        rows: include_str!("sql/rows_of_team_member.sql"),
        purge: include_str!("sql/purge_team_member.sql"),
        paged: false,
        columns: &[Uuid, Text],
    },
    Table {
        name: "people_team_plugin",
        rows: include_str!("sql/rows_of_team_plugin.sql"),
        purge: include_str!("sql/purge_team_plugin.sql"),
        paged: false,
        columns: &[Int, Text, Text],
    },
    Table {
        name: "people_invitation",
        rows: include_str!("sql/rows_of_invitation.sql"),
        purge: include_str!("sql/purge_invitation.sql"),
        paged: false,
        columns: &[Uuid, Text, Text, Uuid, Uuid, Uuid, Int, Int],
    },
    Table {
        name: "people_deed",
        rows: include_str!("sql/rows_of_deed.sql"),
        purge: include_str!("sql/purge_deed.sql"),
        paged: true,
        columns: &[Int, Text, Int],
    },
    Table {
        name: "people_act",
        rows: include_str!("sql/rows_of_act.sql"),
        purge: include_str!("sql/purge_act.sql"),
        paged: true,
        columns: &[Int, Uuid],
    },
    Table {
        name: "people_upload",
        rows: include_str!("sql/rows_of_upload.sql"),
        purge: include_str!("sql/purge_upload.sql"),
        paged: false,
        columns: &[Uuid, Text, Text],
    },
];

//! An identity elsewhere.

use crate::App;
use async_graphql::SimpleObject;
use cairn_store::vault::IdentityRow;
use chrono::{DateTime, Utc};

/// Who somebody is elsewhere, and may sign in as.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Identity")]
pub(crate) struct IdentityObject {
    /// The id in events, 64 hexadecimal digits.
    identity: String,
    /// What people call the directory or provider.
    title: String,
    /// As who that vouches for people: `ldap:` and a name, or the address of a provider.
    issuer: String,
    /// What the holder is called there.
    label: String,
    /// Since when.
    linked_at: DateTime<Utc>,
}

impl IdentityObject {
    pub(crate) fn of(app: &App, row: IdentityRow) -> Self {
        Self {
            title: app.providers.title_of(&row.issuer).to_owned(),
            identity: row.identity,
            issuer: row.issuer,
            label: row.label,
            linked_at: row.linked_at,
        }
    }
}

/// Who it is stays out of logs: only the id is shown.
impl std::fmt::Debug for IdentityObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentityObject").field("identity", &self.identity).finish_non_exhaustive()
    }
}

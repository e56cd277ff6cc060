//! A plugin token, as its account sees it.

use super::{AccountObject, id_of};
use crate::graphql::asked::asker;
use crate::graphql::limits::STATEMENT;
use crate::graphql::scalars::Date;
use crate::problem::Problem;
use async_graphql::{Context, ID, Object};
use cairn_projections::people::Token;
use chrono::{DateTime, Utc};

/// A plugin token without its secret, which is nowhere; given only to its account and staff.
#[derive(Debug, Clone)]
pub(crate) struct TokenObject(pub(crate) Token);

/// A credential that uploads versions of one plugin and does nothing else.
#[Object(name = "Token")]
impl TokenObject {
    /// One of a kind among all things.
    pub(crate) async fn id(&self) -> ID {
        id_of("token", self.0.id)
    }

    /// The id in events and in the readable part of the token; `revokeToken` takes it.
    async fn token_id(&self) -> String {
        self.0.id.to_string()
    }

    /// For whom it acts.
    async fn account(&self, context: &Context<'_>) -> Result<Option<AccountObject>, Problem> {
        Ok(asker(context).loaders.account(self.0.account).await?.map(AccountObject))
    }

    /// The package name of the plugin it is for; that plugin need not exist yet.
    async fn package(&self) -> &str {
        self.0.package.as_str()
    }

    /// When it was made.
    async fn issued_at(&self) -> DateTime<Utc> {
        self.0.issued_at
    }

    /// When it ends by itself.
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.expires_at
    }

    /// When it was ended before its time.
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.0.revoked_at
    }

    /// Whether it may also approve the plugin's versions, as far as its account may.
    async fn may_approve(&self) -> bool {
        self.0.may_approve
    }

    /// The day, in UTC, of its last deed; null if it did nothing.
    async fn last_used(&self) -> Option<Date> {
        self.0.last_used.map(Date)
    }

    /// What its account calls it.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn description(&self, context: &Context<'_>) -> Result<Option<String>, Problem> {
        asker(context).loaders.note_of_token(self.0.id).await
    }
}

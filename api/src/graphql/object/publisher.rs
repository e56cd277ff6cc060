//! A trusted publisher.

use super::{AccountObject, id_of};
use crate::graphql::asked::asker;
use crate::problem::Problem;
use async_graphql::{Context, ID, Object};
use cairn_projections::people::Publisher;
use chrono::{DateTime, Utc};

/// A trusted publisher, given only to the plugin's owners, whoever named it, and staff.
#[derive(Debug, Clone)]
pub(crate) struct PublisherObject(pub(crate) Publisher);

/// A workflow on a CI service that may upload versions of a plugin without any kept secret.
#[Object(name = "Publisher")]
impl PublisherObject {
    /// One of a kind among all things.
    pub(crate) async fn id(&self) -> ID {
        id_of("publisher", self.0.id)
    }

    /// The id in events; `removePublisher` takes it.
    async fn publisher_id(&self) -> String {
        self.0.id.to_string()
    }

    /// The package name of the plugin; it need not exist yet.
    async fn package(&self) -> &str {
        self.0.package.as_str()
    }

    /// For whom it publishes.
    async fn account(&self, context: &Context<'_>) -> Result<Option<AccountObject>, Problem> {
        Ok(asker(context).loaders.account(self.0.account).await?.map(AccountObject))
    }

    /// The CI service, by its address as it stands in its tokens.
    async fn issuer(&self) -> &str {
        &self.0.workflow.issuer
    }

    /// `owner/name`, or the path of the project.
    async fn repository(&self) -> &str {
        &self.0.workflow.repository
    }

    /// The workflow's file within the repository.
    async fn workflow(&self) -> &str {
        &self.0.workflow.workflow
    }

    /// The deployment environment; any or none if null.
    async fn environment(&self) -> Option<&str> {
        self.0.workflow.environment.as_deref()
    }

    /// The git ref, in which `*` stands for any characters; any ref if null.
    async fn ref_pattern(&self) -> Option<&str> {
        self.0.workflow.ref_pattern.as_deref()
    }

    /// Whether its uploads may become public without review when the account's would.
    async fn may_approve(&self) -> bool {
        self.0.may_approve
    }

    /// When it was named.
    async fn named_at(&self) -> DateTime<Utc> {
        self.0.named_at
    }

    /// When it was removed.
    async fn removed_at(&self) -> Option<DateTime<Utc>> {
        self.0.removed_at
    }
}

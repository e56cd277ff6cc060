//! Trusted publishers.

use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::object::{PublisherObject, raw_id};
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object};
use cairn_commands::Done;
use cairn_commands::publisher::{NamePublisher, RemovePublisher};
use cairn_domain::Refusal;
use cairn_domain::ids::PublisherId;
use cairn_projections::people;

/// Trusted publishers.
#[derive(Debug, Default)]
pub(crate) struct PublisherDeeds;

/// A workflow that shall publish a plugin.
#[derive(InputObject)]
struct NamePublisherInput {
    /// The package name of the plugin. It need not exist: the workflow's first upload then makes it.
    package: String,
    /// The CI service, by its address as it stands in its tokens: `https://token.actions.githubusercontent.com`,
    /// `https://gitlab.com`, or another that this repository believes.
    issuer: String,
    /// `owner/name`, or the path of the project.
    repository: String,
    /// The workflow's file within the repository; for GitHub the name alone is one in `.github/workflows`.
    workflow: String,
    /// The deployment environment; any or none if left out.
    environment: Option<String>,
    /// The git ref, in which `*` stands for any characters, as `refs/tags/v*`; any ref if left out.
    ref_pattern: Option<String>,
    /// Its uploads may become public without review, as far as your account may do that.
    #[graphql(default = false)]
    may_approve: bool,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// A publisher to remove.
#[derive(InputObject)]
struct RemovePublisherInput {
    /// The package name of the plugin.
    package: String,
    /// The publisher, by its id.
    publisher: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// What became of a publisher.
struct PublisherPayload(Done<PublisherId>);

#[Object]
impl PublisherDeeds {
    /// Lets a workflow on a CI service upload versions of a plugin for your account, without any kept secret.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn name_publisher(
        &self,
        context: &Context<'_>,
        input: NamePublisherInput,
    ) -> Result<PublisherPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let workflow = asker.app.publishing.workflow(
            &input.issuer,
            &input.repository,
            &input.workflow,
            input.environment.as_deref(),
            input.ref_pattern.as_deref(),
        )?;
        let command = NamePublisher {
            publisher: PublisherId(asker.app.commands.ids().v4()),
            package: input.package.parse()?,
            workflow,
            may_approve: input.may_approve,
        };
        asker.send(&command, key.as_deref()).await.map(PublisherPayload)
    }

    /// Lets a workflow publish no longer; tokens that its runs got end at once. For who named it, the plugin's owners and
    /// staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn remove_publisher(
        &self,
        context: &Context<'_>,
        input: RemovePublisherInput,
    ) -> Result<PublisherPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let publisher =
            raw_id("publisher", &input.publisher).parse().map_err(|_| Refusal::PublisherUnknown)?;
        let command = RemovePublisher { package: input.package.parse()?, publisher };
        asker.send(&command, key.as_deref()).await.map(PublisherPayload)
    }
}

/// What became of a publisher.
#[Object]
impl PublisherPayload {
    /// Reads that hold the registry log up to here see it.
    async fn position(&self) -> Position {
        Position(self.0.position)
    }

    /// Whether the idempotency key was used before, so that nothing was done now.
    async fn repeated(&self) -> bool {
        self.0.repeated
    }

    /// The id of the publisher in events.
    async fn publisher_id(&self) -> String {
        self.0.answer.to_string()
    }

    /// What is known of the publisher, read when readers have caught up.
    async fn publisher(&self, context: &Context<'_>) -> Result<Option<PublisherObject>, Problem> {
        let asker = asker(context);
        asker.snapshot.at_least(self.0.position).await?;
        let mut read = asker.snapshot.read().await?;
        let found = people::publisher(&mut read, self.0.answer).await;
        Ok(found.map_err(|fault| asker.store_fault(fault))?.map(PublisherObject))
    }
}

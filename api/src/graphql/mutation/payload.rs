//! What deeds to plugins and versions answer.

use crate::graphql::asked::asker;
use crate::graphql::object::{PluginObject, VersionObject};
use crate::graphql::query::{plugin_called, version_called};
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, Object};
use cairn_commands::Done;
use cairn_commands::version::VersionAnswer;
use cairn_domain::Refusal;
use cairn_domain::names::PackageName;
use cairn_domain::version_number::{VersionFault, VersionNumber};

/// The version that an approver compared with.
pub(super) fn base_of(text: Option<String>) -> Result<Option<VersionNumber>, Refusal> {
    let fault = |fault: VersionFault| Refusal::invalid("base", fault.to_string());
    text.map(|text| text.parse().map_err(fault)).transpose()
}

/// What became of a plugin.
pub(super) struct PluginPayload(pub(super) Done<PackageName>);

/// What became of a version.
pub(super) struct VersionPayload(pub(super) Done<VersionAnswer>);

/// What became of a plugin.
#[Object]
impl PluginPayload {
    /// Reads that hold the registry log up to here see it.
    async fn position(&self) -> Position {
        Position(self.0.position)
    }

    /// Whether the idempotency key was used before, so that nothing was done now.
    async fn repeated(&self) -> bool {
        self.0.repeated
    }

    /// The package name of the plugin.
    async fn package(&self) -> &str {
        self.0.answer.as_str()
    }

    /// The plugin, read when readers have caught up; null if you may not see it any more.
    async fn plugin(&self, context: &Context<'_>) -> Result<Option<PluginObject>, Problem> {
        let asker = asker(context);
        asker.snapshot.at_least(self.0.position).await?;
        plugin_called(asker, self.0.answer.as_str()).await
    }
}

/// What became of a version.
#[Object]
impl VersionPayload {
    /// Reads that hold the registry log up to here see it.
    async fn position(&self) -> Position {
        Position(self.0.position)
    }

    /// Whether the idempotency key was used before, so that nothing was done now.
    async fn repeated(&self) -> bool {
        self.0.repeated
    }

    /// The package name of the plugin.
    async fn package(&self) -> &str {
        self.0.answer.package.as_str()
    }

    /// The version number, as its author wrote it.
    async fn number(&self) -> &str {
        self.0.answer.version.as_str()
    }

    /// Whether it is public now.
    async fn approved(&self) -> bool {
        self.0.answer.approved
    }

    /// The version, read when readers have caught up.
    async fn version(&self, context: &Context<'_>) -> Result<Option<VersionObject>, Problem> {
        let asker = asker(context);
        asker.snapshot.at_least(self.0.position).await?;
        version_called(asker, self.0.answer.package.as_str(), self.0.answer.version.as_str()).await
    }
}

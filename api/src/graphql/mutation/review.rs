//! Approving versions, taking approval back, deleting versions.

use super::payload::{VersionPayload, base_of};
use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::object::PluginObject;
use crate::graphql::query::plugin_called;
use crate::graphql::scalars::{Position, Sha256};
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object};
use cairn_commands::Done;
use cairn_commands::version::{ApproveVersion, DeleteVersion, UnapproveVersion};
use cairn_domain::names::PackageName;

/// Approving versions, taking approval back, deleting versions.
#[derive(Debug, Default)]
pub(crate) struct ReviewDeeds;

/// A version to approve.
#[derive(InputObject)]
struct ApproveVersionInput {
    /// The package name of the plugin.
    package: String,
    /// The version, in any form that clients write.
    version: String,
    /// The file that you looked at; if it has been replaced meanwhile, nothing is approved.
    sha256: Option<Sha256>,
    /// The approved version that you compared it with; if another one is the newest meanwhile, nothing is approved.
    base: Option<String>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// A version that shall be public no longer.
#[derive(InputObject)]
struct UnapproveVersionInput {
    /// The package name of the plugin.
    package: String,
    /// The version, in any form that clients write.
    version: String,
    /// Why; everybody can read it in the log.
    reason: Option<String>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// A version that shall be gone.
#[derive(InputObject)]
struct DeleteVersionInput {
    /// The package name of the plugin.
    package: String,
    /// The version, in any form that clients write.
    version: String,
    /// Why; everybody can read it in the log.
    reason: Option<String>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// What became of a plugin whose version was deleted.
struct DeleteVersionPayload(Done<PackageName>);

#[Object]
impl ReviewDeeds {
    /// Makes a version public: feeds list it and everybody may download it. For staff, and for trusted owners of the plugin.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn approve_version(
        &self,
        context: &Context<'_>,
        input: ApproveVersionInput,
    ) -> Result<VersionPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let (package, sha256) = (input.package.parse()?, input.sha256.map(|sha256| sha256.0));
        let base = base_of(input.base)?;
        let command = ApproveVersion { package, version: input.version, sha256, base };
        asker.send(&command, key.as_deref()).await.map(VersionPayload)
    }

    /// Takes a version out of the feeds; what is installed keeps working. For staff, and for trusted owners of the plugin.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn unapprove_version(
        &self,
        context: &Context<'_>,
        input: UnapproveVersionInput,
    ) -> Result<VersionPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let command = UnapproveVersion {
            package: input.package.parse()?,
            version: input.version,
            reason: input.reason,
        };
        asker.send(&command, key.as_deref()).await.map(VersionPayload)
    }

    /// Removes a version from every list and feed; its number stays used for ever. For owners of the plugin and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn delete_version(
        &self,
        context: &Context<'_>,
        input: DeleteVersionInput,
    ) -> Result<DeleteVersionPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let command =
            DeleteVersion { package: input.package.parse()?, version: input.version, reason: input.reason };
        asker.send(&command, key.as_deref()).await.map(DeleteVersionPayload)
    }
}

/// What became of a plugin whose version was deleted.
#[Object]
impl DeleteVersionPayload {
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

    /// The plugin without that version, read when readers have caught up.
    async fn plugin(&self, context: &Context<'_>) -> Result<Option<PluginObject>, Problem> {
        let asker = asker(context);
        asker.snapshot.at_least(self.0.position).await?;
        plugin_called(asker, self.0.answer.as_str()).await
    }
}

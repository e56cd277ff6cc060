//! What owners, approvers and staff make of a version.

use super::payload::{PluginPayload, VersionPayload, base_of};
use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::object::Channel;
use crate::graphql::scalars::Sha256;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object};
use cairn_commands::version::{PinVersion, RefuseVersion, UnpinVersion, UnyankVersion, YankVersion};

/// What owners, approvers and staff make of a version.
#[derive(Debug, Default)]
pub(crate) struct VersionDeeds;

/// A version that shall not be offered any more.
#[derive(InputObject)]
struct YankVersionInput {
    /// The package name of the plugin.
    package: String,
    /// The version, in any form that clients write.
    version: String,
    /// Why, shown to everybody; it names nobody.
    reason: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// A version that shall be offered again.
#[derive(InputObject)]
struct UnyankVersionInput {
    /// The package name of the plugin.
    package: String,
    /// The version, in any form that clients write.
    version: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// The version that feeds shall offer.
#[derive(InputObject)]
struct PinVersionInput {
    /// The package name of the plugin.
    package: String,
    /// The version, in any form that clients write.
    version: String,
    /// The channel, which is the version's own.
    channel: Channel,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// A channel whose newest version feeds shall offer again.
#[derive(InputObject)]
struct UnpinVersionInput {
    /// The package name of the plugin.
    package: String,
    /// The channel.
    channel: Channel,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// A version that shall not become public.
#[derive(InputObject)]
struct RefuseVersionInput {
    /// The package name of the plugin.
    package: String,
    /// The version, in any form that clients write.
    version: String,
    /// The file that you looked at; if it has been replaced meanwhile, nothing is refused.
    sha256: Sha256,
    /// The approved version that you compared it with; if another one is the newest meanwhile, nothing is refused.
    base: Option<String>,
    /// Why, for its author; everybody can read it in the log, so it names nobody.
    reason: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

#[Object]
impl VersionDeeds {
    /// Takes a public version out of the feeds; its page and its file stay, with the reason. For owners of the plugin and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn yank_version(
        &self,
        context: &Context<'_>,
        input: YankVersionInput,
    ) -> Result<VersionPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let command = YankVersion { package, version: input.version, reason: input.reason };
        asker.send(&command, key.as_deref()).await.map(VersionPayload)
    }

    /// Offers a yanked version again. For owners of the plugin and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn unyank_version(
        &self,
        context: &Context<'_>,
        input: UnyankVersionInput,
    ) -> Result<VersionPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let command = UnyankVersion { package, version: input.version };
        asker.send(&command, key.as_deref()).await.map(VersionPayload)
    }

    /// Makes feeds offer this version as the newest of its channel, wherever it fits the QGIS version. For owners of the plugin and
    /// staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn pin_version(
        &self,
        context: &Context<'_>,
        input: PinVersionInput,
    ) -> Result<VersionPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let command = PinVersion { package, version: input.version, channel: input.channel.into() };
        asker.send(&command, key.as_deref()).await.map(VersionPayload)
    }

    /// Lets feeds offer the newest version of a channel again. For owners of the plugin and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn unpin_version(
        &self,
        context: &Context<'_>,
        input: UnpinVersionInput,
    ) -> Result<PluginPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let command = UnpinVersion { package, channel: input.channel.into() };
        asker.send(&command, key.as_deref()).await.map(PluginPayload)
    }

    /// Says no to the very file that you looked at; its owner may replace it or send a new number. For staff, and for trusted owners
    /// of the plugin.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn refuse_version(
        &self,
        context: &Context<'_>,
        input: RefuseVersionInput,
    ) -> Result<VersionPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let base = base_of(input.base)?;
        let command = RefuseVersion {
            package,
            version: input.version,
            sha256: input.sha256.0,
            base,
            reason: input.reason,
        };
        asker.send(&command, key.as_deref()).await.map(VersionPayload)
    }
}

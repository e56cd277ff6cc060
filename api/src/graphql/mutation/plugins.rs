//! What owners and staff make of a plugin as a whole.

use super::payload::PluginPayload;
use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object};
use cairn_commands::plugin::{
    AllowRenaming, DeprecatePlugin, EditDetails, FeaturePlugin, MarkForDeletion, NameMaintainer,
    RestorePlugin, RevivePlugin, TombstonePlugin, UndeprecatePlugin, UnfeaturePlugin,
};

/// What owners and staff make of a plugin as a whole.
#[derive(Debug, Default)]
pub(crate) struct PluginDeeds;

/// A plugin to which something shall be done.
#[derive(InputObject)]
struct PluginInput {
    /// The package name of the plugin.
    package: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// What visitors shall see of a plugin beside its metadata.
#[derive(InputObject)]
struct EditDetailsInput {
    /// The package name of the plugin.
    package: String,
    /// All its tags, at most 30; they stay as they are if left out.
    tags: Option<Vec<String>>,
    /// Whether it has a QGIS Server part; it stays as it is if left out.
    server: Option<bool>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// Whom visitors of a plugin shall write to.
#[derive(InputObject)]
struct NameMaintainerInput {
    /// The package name of the plugin.
    package: String,
    /// The maintainer, by name or id; nobody in particular if left out.
    account: Option<String>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// Whether a plugin may get another name.
#[derive(InputObject)]
struct AllowRenamingInput {
    /// The package name of the plugin.
    package: String,
    /// Whether the metadata of its next versions may rename it.
    allowed: bool,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// A plugin that nobody should begin to use.
#[derive(InputObject)]
struct DeprecatePluginInput {
    /// The package name of the plugin.
    package: String,
    /// The package name of the plugin to use instead.
    successor: Option<String>,
    /// Why, shown to everybody; it names nobody.
    reason: Option<String>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// A plugin that shall be hidden or gone.
#[derive(InputObject)]
struct DeletePluginInput {
    /// The package name of the plugin.
    package: String,
    /// Why; everybody can read it in the log, so it names nobody.
    reason: Option<String>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// A plugin that is gone, and who shall have its name.
#[derive(InputObject)]
struct RevivePluginInput {
    /// The package name of the plugin.
    package: String,
    /// Its only owner from now on, by name or id.
    owner: String,
    /// Why; everybody can read it in the log, so it names nobody.
    reason: Option<String>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

#[Object]
impl PluginDeeds {
    /// Changes tags and the server flag, until the metadata of the next version that leads says something else. For owners of the
    /// plugin and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn edit_details(
        &self,
        context: &Context<'_>,
        input: EditDetailsInput,
    ) -> Result<PluginPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let tags = input.tags.map(|tags| tags.iter().map(|tag| tag.parse()).collect()).transpose()?;
        let command = EditDetails { package, tags, server: input.server };
        asker.send(&command, key.as_deref()).await.map(PluginPayload)
    }

    /// Tells visitors whom to write to; the account gets no rights by it. For owners of the plugin and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn name_maintainer(
        &self,
        context: &Context<'_>,
        input: NameMaintainerInput,
    ) -> Result<PluginPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let account = match input.account {
            Some(account) => Some(asker.account_called(&account).await?),
            None => None,
        };
        let command = NameMaintainer { package, account };
        asker.send(&command, key.as_deref()).await.map(PluginPayload)
    }

    /// Lets the metadata of the next versions rename the plugin, or does so no longer; names that it had stay its own. For owners
    /// of the plugin and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn allow_renaming(
        &self,
        context: &Context<'_>,
        input: AllowRenamingInput,
    ) -> Result<PluginPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let command = AllowRenaming { package, allowed: input.allowed };
        asker.send(&command, key.as_deref()).await.map(PluginPayload)
    }

    /// Advises everybody against beginning to use a plugin. For its owners and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn deprecate_plugin(
        &self,
        context: &Context<'_>,
        input: DeprecatePluginInput,
    ) -> Result<PluginPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let successor = input.successor.map(|successor| successor.parse()).transpose()?;
        let command = DeprecatePlugin { package, successor, reason: input.reason };
        asker.send(&command, key.as_deref()).await.map(PluginPayload)
    }

    /// Takes that advice back; what the metadata says stays. For owners of the plugin and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn undeprecate_plugin(
        &self,
        context: &Context<'_>,
        input: PluginInput,
    ) -> Result<PluginPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let command = UndeprecatePlugin { package };
        asker.send(&command, key.as_deref()).await.map(PluginPayload)
    }

    /// Recommends a plugin. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn feature_plugin(
        &self,
        context: &Context<'_>,
        input: PluginInput,
    ) -> Result<PluginPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let command = FeaturePlugin { package };
        asker.send(&command, key.as_deref()).await.map(PluginPayload)
    }

    /// Recommends a plugin no longer. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn unfeature_plugin(
        &self,
        context: &Context<'_>,
        input: PluginInput,
    ) -> Result<PluginPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let command = UnfeaturePlugin { package };
        asker.send(&command, key.as_deref()).await.map(PluginPayload)
    }

    /// Hides a plugin from lists, feeds and visitors at once. It can be restored for 30 days; then it is gone for good. For its owners
    /// and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn mark_for_deletion(
        &self,
        context: &Context<'_>,
        input: DeletePluginInput,
    ) -> Result<PluginPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let command = MarkForDeletion { package, reason: input.reason };
        asker.send(&command, key.as_deref()).await.map(PluginPayload)
    }

    /// Brings a plugin back that is marked for deletion. For its owners and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn restore_plugin(
        &self,
        context: &Context<'_>,
        input: PluginInput,
    ) -> Result<PluginPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let command = RestorePlugin { package };
        asker.send(&command, key.as_deref()).await.map(PluginPayload)
    }

    /// Ends a plugin that is marked for deletion at once and for good; its name and numbers stay used. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn tombstone_plugin(
        &self,
        context: &Context<'_>,
        input: DeletePluginInput,
    ) -> Result<PluginPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let command = TombstonePlugin { package, reason: input.reason };
        asker.send(&command, key.as_deref()).await.map(PluginPayload)
    }

    /// Gives the name of a plugin that is gone to an account. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn revive_plugin(
        &self,
        context: &Context<'_>,
        input: RevivePluginInput,
    ) -> Result<PluginPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let package = input.package.parse()?;
        let owner = asker.account_called(&input.owner).await?;
        let command = RevivePlugin { package, owner, reason: input.reason };
        asker.send(&command, key.as_deref()).await.map(PluginPayload)
    }
}

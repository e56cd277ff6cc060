//! Who owns a plugin.

use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::object::{AccountObject, PluginObject};
use crate::graphql::query::plugin_called;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object};
use cairn_commands::Done;
use cairn_commands::plugin::{AddOwner, Owners, RemoveOwner, TransferOwnership};

/// Who owns a plugin.
#[derive(Debug, Default)]
pub(crate) struct OwnerDeeds;

/// An account that shall own a plugin too.
#[derive(InputObject)]
struct AddOwnerInput {
    /// The package name of the plugin.
    package: String,
    /// The new owner, by name or id.
    account: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// An account that shall own a plugin no longer.
#[derive(InputObject)]
struct RemoveOwnerInput {
    /// The package name of the plugin.
    package: String,
    /// The owner to remove, by name or id.
    account: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// An owner's place that shall be another account's.
#[derive(InputObject)]
struct TransferOwnershipInput {
    /// The package name of the plugin.
    package: String,
    /// Whose place it is, by name or id; yours if left out.
    from: Option<String>,
    /// Who gets it, by name or id.
    to: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// Who owns a plugin now.
struct OwnersPayload(Done<Owners>);

#[Object]
impl OwnerDeeds {
    /// Lets another account own a plugin too. For owners of the plugin and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn add_owner(&self, context: &Context<'_>, input: AddOwnerInput) -> Result<OwnersPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let account = asker.account_called(&input.account).await?;
        let command = AddOwner { package: input.package.parse()?, account };
        asker.send(&command, key.as_deref()).await.map(OwnersPayload)
    }

    /// Ends one account's ownership; the last owner cannot go. For owners of the plugin and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn remove_owner(
        &self,
        context: &Context<'_>,
        input: RemoveOwnerInput,
    ) -> Result<OwnersPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let account = asker.account_called(&input.account).await?;
        let command = RemoveOwner { package: input.package.parse()?, account };
        asker.send(&command, key.as_deref()).await.map(OwnersPayload)
    }

    /// Gives one owner's place to another account. For owners of the plugin and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn transfer_ownership(
        &self,
        context: &Context<'_>,
        input: TransferOwnershipInput,
    ) -> Result<OwnersPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let from = match input.from {
            Some(from) => Some(asker.account_called(&from).await?),
            None => None,
        };
        let to = asker.account_called(&input.to).await?;
        let command = TransferOwnership { package: input.package.parse()?, from, to };
        asker.send(&command, key.as_deref()).await.map(OwnersPayload)
    }
}

/// Who owns a plugin now.
#[Object]
impl OwnersPayload {
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

    /// The ids of its owners.
    async fn owner_ids(&self) -> Vec<String> {
        self.0.answer.owners.iter().map(ToString::to_string).collect()
    }

    /// Its owners, read when readers have caught up.
    #[graphql(complexity = "2 + 3 * child_complexity")]
    async fn owners(&self, context: &Context<'_>) -> Result<Vec<AccountObject>, Problem> {
        let asker = asker(context);
        asker.snapshot.at_least(self.0.position).await?;
        let owners = asker.loaders.accounts(&self.0.answer.owners).await?;
        Ok(owners.into_iter().map(AccountObject).collect())
    }

    /// The plugin, read when readers have caught up; null if you may not see it any more.
    async fn plugin(&self, context: &Context<'_>) -> Result<Option<PluginObject>, Problem> {
        let asker = asker(context);
        asker.snapshot.at_least(self.0.position).await?;
        plugin_called(asker, self.0.answer.package.as_str()).await
    }
}

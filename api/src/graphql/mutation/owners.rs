//! Who owns a plugin.

use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::object::{AccountObject, PluginObject};
use crate::graphql::query::plugin_called;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object};
use cairn_commands::Done;
use cairn_commands::plugin::{
    AddOwner, AddTeamOwner, LeavePlugin, Owners, ReassignPlugin, RemoveOwner, RemoveTeamOwner,
    TransferOwnership,
};
use cairn_domain::names::PackageName;
use cairn_projections::catalogue;

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
    /// Why; everybody can read it in the log, so it names nobody.
    reason: String,
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
    /// Why; everybody can read it in the log, so it names nobody.
    reason: Option<String>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// A plugin that you want to own no longer.
#[derive(InputObject)]
struct LeavePluginInput {
    /// The package name of the plugin.
    package: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// An owner's place that shall be another account's.
#[derive(InputObject)]
struct TransferOwnershipInput {
    /// The package name of the plugin.
    package: String,
    /// Whose place it is, by name or id.
    from: String,
    /// Who gets it, by name or id.
    to: String,
    /// Why; everybody can read it in the log, so it names nobody.
    reason: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// A plugin whose owners are gone, and who shall own it instead.
#[derive(InputObject)]
struct ReassignPluginInput {
    /// The package name of the plugin.
    package: String,
    /// The new owner, by name or id.
    account: String,
    /// Why; everybody can read it in the log, so it names nobody.
    reason: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// A team that shall own a plugin too, or no longer.
#[derive(InputObject)]
struct TeamOwnerInput {
    /// The package name of the plugin.
    package: String,
    /// The name of the team.
    team: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// Who owns a plugin now.
pub(super) struct OwnersPayload(pub(super) Done<Owners>);

#[Object]
impl OwnerDeeds {
    /// Makes an account own a plugin too, without asking it. For staff; owners invite.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn add_owner(&self, context: &Context<'_>, input: AddOwnerInput) -> Result<OwnersPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let account = asker.account_called(&input.account).await?;
        let command = AddOwner { package: input.package.parse()?, account, reason: input.reason };
        asker.send(&command, key.as_deref()).await.map(OwnersPayload)
    }

    /// Ends one account's ownership, and the invitations it sent; the last owner cannot go. For owners of the plugin and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn remove_owner(
        &self,
        context: &Context<'_>,
        input: RemoveOwnerInput,
    ) -> Result<OwnersPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let account = asker.account_called(&input.account).await?;
        let command = RemoveOwner { package: input.package.parse()?, account, reason: input.reason };
        asker.send(&command, key.as_deref()).await.map(OwnersPayload)
    }

    /// Gives your own place up; the last owner cannot go. For owners of the plugin.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn leave_plugin(
        &self,
        context: &Context<'_>,
        input: LeavePluginInput,
    ) -> Result<OwnersPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let command = LeavePlugin { package: input.package.parse()? };
        asker.send(&command, key.as_deref()).await.map(OwnersPayload)
    }

    /// Gives one owner's place to another account, without asking either. For staff; an owner offers the own place by
    /// `inviteOwner`.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn transfer_ownership(
        &self,
        context: &Context<'_>,
        input: TransferOwnershipInput,
    ) -> Result<OwnersPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let from = asker.account_called(&input.from).await?;
        let to = asker.account_called(&input.to).await?;
        let command = TransferOwnership { package: input.package.parse()?, from, to, reason: input.reason };
        asker.send(&command, key.as_deref()).await.map(OwnersPayload)
    }

    /// Makes an account own a plugin in the place of those owners who are gone: erased, or blocked for ever. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn reassign_plugin(
        &self,
        context: &Context<'_>,
        input: ReassignPluginInput,
    ) -> Result<OwnersPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let account = asker.account_called(&input.account).await?;
        let package: PackageName = input.package.parse()?;
        let owners = {
            let mut read = asker.snapshot.read().await?;
            catalogue::owners_of_package(&mut read, &package).await
        };
        let owners = owners.map_err(|fault| asker.store_fault(fault))?;
        let command = ReassignPlugin { package, account, reason: input.reason, owners };
        asker.send(&command, key.as_deref()).await.map(OwnersPayload)
    }

    /// Lets a team own a plugin too: each of its members, whoever they are at the time. For owners of the plugin who are in the
    /// team, and for staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn add_team_owner(
        &self,
        context: &Context<'_>,
        input: TeamOwnerInput,
    ) -> Result<OwnersPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let command = AddTeamOwner { package: input.package.parse()?, team: input.team.parse()? };
        asker.send(&command, key.as_deref()).await.map(OwnersPayload)
    }

    /// Ends a team's ownership; the last owner cannot go. For owners of the plugin and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn remove_team_owner(
        &self,
        context: &Context<'_>,
        input: TeamOwnerInput,
    ) -> Result<OwnersPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let command = RemoveTeamOwner { package: input.package.parse()?, team: input.team.parse()? };
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

    /// The ids of the accounts that own it themselves.
    async fn owner_ids(&self) -> Vec<String> {
        self.0.answer.owners.iter().map(ToString::to_string).collect()
    }

    /// The names of the teams that own it, in small letters.
    async fn team_names(&self) -> &[String] {
        &self.0.answer.teams
    }

    /// The accounts that own it themselves, read when readers have caught up.
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

//! Invitations to own a plugin, and their answers.

use super::owners::OwnersPayload;
use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::object::{PluginObject, raw_id};
use crate::graphql::query::plugin_called;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object};
use cairn_commands::Done;
use cairn_commands::plugin::{AcceptInvitation, DeclineInvitation, InviteOwner, Invited, WithdrawInvitation};
use cairn_domain::Refusal;
use cairn_domain::ids::InvitationId;
use chrono::{DateTime, Utc};

/// Invitations to own a plugin, and their answers.
#[derive(Debug, Default)]
pub(crate) struct InvitationDeeds;

/// An account that is asked to own a plugin.
#[derive(InputObject)]
struct InviteOwnerInput {
    /// The package name of the plugin.
    package: String,
    /// Who is asked, by name or id.
    account: String,
    /// Whether your own place is offered: who accepts takes it over, and you own the plugin no longer.
    #[graphql(default)]
    transfer: bool,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// An invitation to own a plugin.
#[derive(InputObject)]
struct InvitationInput {
    /// The package name of the plugin.
    package: String,
    /// The id of the invitation.
    invitation: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// What came of an invitation.
struct InvitedPayload(Done<Invited>);

/// An id that cannot be read is that of no invitation.
fn id_of(text: &str) -> Result<InvitationId, Refusal> {
    raw_id("invitation", text).parse().map_err(|_| Refusal::InvitationUnknown)
}

#[Object]
impl InvitationDeeds {
    /// Asks an account whether it wants to own a plugin too, or in your place. It has 14 days to answer. For owners of the plugin
    /// and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn invite_owner(
        &self,
        context: &Context<'_>,
        input: InviteOwnerInput,
    ) -> Result<InvitedPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let command = InviteOwner {
            account: asker.account_called(&input.account).await?,
            package: input.package.parse()?,
            transfer: input.transfer,
            invitation: InvitationId(asker.app.commands.ids().v4()),
        };
        asker.send(&command, key.as_deref()).await.map(InvitedPayload)
    }

    /// Makes you own the plugin that you were invited to. For the account that was asked.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn accept_invitation(
        &self,
        context: &Context<'_>,
        input: InvitationInput,
    ) -> Result<OwnersPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let (package, invitation) = (input.package.parse()?, id_of(&input.invitation)?);
        asker.send(&AcceptInvitation { package, invitation }, key.as_deref()).await.map(OwnersPayload)
    }

    /// Says no to an invitation. For the account that was asked.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn decline_invitation(
        &self,
        context: &Context<'_>,
        input: InvitationInput,
    ) -> Result<OwnersPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let (package, invitation) = (input.package.parse()?, id_of(&input.invitation)?);
        asker.send(&DeclineInvitation { package, invitation }, key.as_deref()).await.map(OwnersPayload)
    }

    /// Takes an invitation back that was not answered yet. For owners of the plugin and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn withdraw_invitation(
        &self,
        context: &Context<'_>,
        input: InvitationInput,
    ) -> Result<OwnersPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let (package, invitation) = (input.package.parse()?, id_of(&input.invitation)?);
        asker.send(&WithdrawInvitation { package, invitation }, key.as_deref()).await.map(OwnersPayload)
    }
}

/// What came of an invitation.
#[Object]
impl InvitedPayload {
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

    /// The id of the invitation that waits for an answer; null if the account owns the plugin already.
    async fn invitation_id(&self) -> Option<String> {
        self.0.answer.invitation.map(|invitation| invitation.to_string())
    }

    /// When the invitation ends.
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.answer.expires_at
    }

    /// The plugin, read when readers have caught up; null if you may not see it.
    async fn plugin(&self, context: &Context<'_>) -> Result<Option<PluginObject>, Problem> {
        let asker = asker(context);
        asker.snapshot.at_least(self.0.position).await?;
        plugin_called(asker, self.0.answer.package.as_str()).await
    }
}

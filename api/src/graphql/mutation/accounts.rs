//! Trust, the staff role, and blocks.

use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::object::AccountObject;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object};
use cairn_commands::account::{
    BlockAccount, GrantStaff, GrantTrust, UnblockAccount, WithdrawStaff, WithdrawTrust,
};
use cairn_commands::{Command, Done};
use cairn_domain::ids::AccountId;

/// Trust, the staff role, and blocks.
#[derive(Debug, Default)]
pub(crate) struct AccountDeeds;

/// Declares the input of each deed: an account, and for some deeds why.
macro_rules! inputs {
    ($($(#[$doc:meta])* $name:ident { $($reason:ident)? })+) => { $(
        $(#[$doc])*
        #[derive(InputObject)]
        struct $name {
            /// The account, by name or id.
            account: String,
            $(
                /// Why; everybody can read it in the log, so it names nobody.
                $reason: Option<String>,
            )?
            /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
            idempotency_key: Option<String>,
        }
    )+ };
}

inputs! {
    /// An account to trust.
    GrantTrustInput { reason }
    /// An account to trust no longer.
    WithdrawTrustInput { reason }
    /// An account to make staff.
    GrantStaffInput {}
    /// An account to be staff no longer.
    WithdrawStaffInput {}
    /// An account to block.
    BlockAccountInput { reason }
    /// An account to let act again.
    UnblockAccountInput { reason }
}

/// What became of an account.
struct AccountPayload(Done<AccountId>);

#[Object]
impl AccountDeeds {
    /// From now on the account's uploads to its own plugins need no review. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn grant_trust(
        &self,
        context: &Context<'_>,
        input: GrantTrustInput,
    ) -> Result<AccountPayload, Problem> {
        let GrantTrustInput { account, reason, idempotency_key } = input;
        send(context, account, idempotency_key, |account| GrantTrust { account, reason }).await
    }

    /// From now on the account's uploads wait for review again. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn withdraw_trust(
        &self,
        context: &Context<'_>,
        input: WithdrawTrustInput,
    ) -> Result<AccountPayload, Problem> {
        let WithdrawTrustInput { account, reason, idempotency_key } = input;
        send(context, account, idempotency_key, |account| WithdrawTrust { account, reason }).await
    }

    /// From now on the account decides about everybody's plugins and accounts. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn grant_staff(
        &self,
        context: &Context<'_>,
        input: GrantStaffInput,
    ) -> Result<AccountPayload, Problem> {
        send(context, input.account, input.idempotency_key, |account| GrantStaff { account }).await
    }

    /// From now on the account is like any other. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn withdraw_staff(
        &self,
        context: &Context<'_>,
        input: WithdrawStaffInput,
    ) -> Result<AccountPayload, Problem> {
        send(context, input.account, input.idempotency_key, |account| WithdrawStaff { account }).await
    }

    /// Ends every credential of an account at once; what it published stays. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn block_account(
        &self,
        context: &Context<'_>,
        input: BlockAccountInput,
    ) -> Result<AccountPayload, Problem> {
        let BlockAccountInput { account, reason, idempotency_key } = input;
        send(context, account, idempotency_key, |account| BlockAccount { account, reason }).await
    }

    /// Lets an account act again. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn unblock_account(
        &self,
        context: &Context<'_>,
        input: UnblockAccountInput,
    ) -> Result<AccountPayload, Problem> {
        let UnblockAccountInput { account, reason, idempotency_key } = input;
        send(context, account, idempotency_key, |account| UnblockAccount { account, reason }).await
    }
}

async fn send<C: Command<Answer = AccountId>>(
    context: &Context<'_>,
    account: String,
    key: Option<String>,
    command: impl FnOnce(AccountId) -> C + Send,
) -> Result<AccountPayload, Problem> {
    let asker = asker(context);
    let key = asker.key(context, key)?;
    let command = command(asker.account_called(&account).await?);
    asker.send(&command, key.as_deref()).await.map(AccountPayload)
}

/// What became of an account.
#[Object]
impl AccountPayload {
    /// Reads that hold the registry log up to here see it.
    async fn position(&self) -> Position {
        Position(self.0.position)
    }

    /// Whether the idempotency key was used before, so that nothing was done now.
    async fn repeated(&self) -> bool {
        self.0.repeated
    }

    /// The id of the account in events.
    async fn account_id(&self) -> String {
        self.0.answer.to_string()
    }

    /// The account, read when readers have caught up.
    async fn account(&self, context: &Context<'_>) -> Result<Option<AccountObject>, Problem> {
        let asker = asker(context);
        asker.snapshot.at_least(self.0.position).await?;
        Ok(asker.loaders.account(self.0.answer).await?.map(AccountObject))
    }
}

//! Trust, the staff role, and blocks.

use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::DEED;
use crate::graphql::object::AccountObject;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object};
use cairn_commands::account::{BlockAccount, GrantStaff, GrantTrust, UnblockAccount, WithdrawStaff, WithdrawTrust};
use cairn_commands::{Command, Done};
use cairn_domain::ids::AccountId;

/// Trust, the staff role, and blocks.
#[derive(Debug, Default)]
pub(crate) struct AccountDeeds;

/// An account, and why something happens to it.
#[derive(InputObject)]
struct AccountReasonInput {
    /// The account, by name or id.
    account: String,
    /// Why; everybody can read it in the log, so it names nobody.
    reason: Option<String>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// An account.
#[derive(InputObject)]
struct AccountInput {
    /// The account, by name or id.
    account: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// What became of an account.
struct AccountPayload(Done<AccountId>);

#[Object]
impl AccountDeeds {
    /// From now on the account's uploads to its own plugins need no review. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn grant_trust(&self, context: &Context<'_>, input: AccountReasonInput) -> Result<AccountPayload, Problem> {
        reasoned(context, input, |account, reason| GrantTrust { account, reason }).await
    }

    /// From now on the account's uploads wait for review again. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn withdraw_trust(&self, context: &Context<'_>, input: AccountReasonInput) -> Result<AccountPayload, Problem> {
        reasoned(context, input, |account, reason| WithdrawTrust { account, reason }).await
    }

    /// From now on the account decides about everybody's plugins and accounts. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn grant_staff(&self, context: &Context<'_>, input: AccountInput) -> Result<AccountPayload, Problem> {
        plain(context, input, |account| GrantStaff { account }).await
    }

    /// From now on the account is like any other. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn withdraw_staff(&self, context: &Context<'_>, input: AccountInput) -> Result<AccountPayload, Problem> {
        plain(context, input, |account| WithdrawStaff { account }).await
    }

    /// Ends every credential of an account at once; what it published stays. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn block_account(&self, context: &Context<'_>, input: AccountReasonInput) -> Result<AccountPayload, Problem> {
        reasoned(context, input, |account, reason| BlockAccount { account, reason }).await
    }

    /// Lets an account act again. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn unblock_account(&self, context: &Context<'_>, input: AccountReasonInput) -> Result<AccountPayload, Problem> {
        reasoned(context, input, |account, reason| UnblockAccount { account, reason }).await
    }
}

async fn reasoned<C: Command<Answer = AccountId>>(
    context: &Context<'_>,
    input: AccountReasonInput,
    command: impl FnOnce(AccountId, Option<String>) -> C + Send,
) -> Result<AccountPayload, Problem> {
    let AccountReasonInput { account, reason, idempotency_key } = input;
    plain(context, AccountInput { account, idempotency_key }, |account| command(account, reason)).await
}

async fn plain<C: Command<Answer = AccountId>>(
    context: &Context<'_>,
    input: AccountInput,
    command: impl FnOnce(AccountId) -> C + Send,
) -> Result<AccountPayload, Problem> {
    let asker: &Asker = asker(context);
    let key = asker.key(context, input.idempotency_key)?;
    let command = command(asker.account_called(&input.account).await?);
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

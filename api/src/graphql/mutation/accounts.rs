//! Trust, the staff and admin roles, and blocks.

use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::DEED;
use crate::graphql::object::AccountObject;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object};
use cairn_commands::account::{
    BLOCK_VERSIONS_MAX, BlockAccount, GrantAdmin, GrantStaff, GrantTrust, Published, UnblockAccount,
    WithdrawAdmin, WithdrawStaff, WithdrawTrust,
};
use cairn_commands::{Command, Done};
use cairn_domain::ids::AccountId;
use cairn_projections::catalogue;
use chrono::{DateTime, Utc};

/// Trust, the staff and admin roles, and blocks.
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
    /// An account of the staff to make an admin.
    GrantAdminInput {}
    /// An admin to be staff like any other.
    WithdrawAdminInput {}
    /// An account to let act again.
    UnblockAccountInput { reason }
}

/// An account to block.
#[derive(InputObject)]
struct BlockAccountInput {
    /// The account, by name or id.
    account: String,
    /// Why; everybody can read it in the log, so it names nobody.
    reason: Option<String>,
    /// When the block ends by itself; never, if left out.
    until: Option<DateTime<Utc>>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
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

    /// From now on the account decides about everybody's plugins and accounts. For admins.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn grant_staff(
        &self,
        context: &Context<'_>,
        input: GrantStaffInput,
    ) -> Result<AccountPayload, Problem> {
        send(context, input.account, input.idempotency_key, |account| GrantStaff { account }).await
    }

    /// From now on the account is like any other, and no admin either. For admins.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn withdraw_staff(
        &self,
        context: &Context<'_>,
        input: WithdrawStaffInput,
    ) -> Result<AccountPayload, Problem> {
        send(context, input.account, input.idempotency_key, |account| WithdrawStaff { account }).await
    }

    /// From now on the account, which is staff, may also say who is staff and change the policy. For admins.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn grant_admin(
        &self,
        context: &Context<'_>,
        input: GrantAdminInput,
    ) -> Result<AccountPayload, Problem> {
        send(context, input.account, input.idempotency_key, |account| GrantAdmin { account }).await
    }

    /// From now on the account is staff like any other; the last admin stays. For admins.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn withdraw_admin(
        &self,
        context: &Context<'_>,
        input: WithdrawAdminInput,
    ) -> Result<AccountPayload, Problem> {
        send(context, input.account, input.idempotency_key, |account| WithdrawAdmin { account }).await
    }

    /// Ends every credential of an account at once, until a date or for ever. The policy says what becomes of what it published.
    /// For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn block_account(
        &self,
        context: &Context<'_>,
        input: BlockAccountInput,
    ) -> Result<AccountPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let account = asker.account_called(&input.account).await?;
        let published = published_by(asker, account).await?;
        let command = BlockAccount { account, reason: input.reason, until: input.until, published };
        asker.send(&command, key.as_deref()).await.map(AccountPayload)
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

/// The public versions that an account uploaded; one more than a block takes, if there are more.
async fn published_by(asker: &Asker, account: AccountId) -> Result<Vec<Published>, Problem> {
    let found = {
        let mut read = asker.snapshot.read().await?;
        catalogue::published_by(&mut read, account, BLOCK_VERSIONS_MAX + 1).await
    };
    let found = found.map_err(|fault| asker.store_fault(fault))?;
    Ok(found.into_iter().map(|(package, version)| Published { package, version }).collect())
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

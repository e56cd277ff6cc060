//! Questions about accounts.

use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::STATEMENT;
use crate::graphql::object::AccountObject;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, Object};
use cairn_domain::Refusal;
use cairn_domain::ids::AccountId;
use cairn_projections::people::{Account, accounts_by_ids};

/// Questions about accounts.
#[derive(Debug, Default)]
pub(crate) struct PeopleQueries;

#[Object]
impl PeopleQueries {
    /// Your account; null if you did not sign in. A plugin token may not ask.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn me(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Wait until the answer holds the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<Option<AccountObject>, Problem> {
        let asker = asker(context);
        if asker.actor().token().is_some() {
            return Err(Refusal::TokenScope.into());
        }
        asker.at_least(at_least).await?;
        match asker.viewer().await?.account {
            Some(account) => Ok(Some(AccountObject(own(asker, account).await?))),
            None => Ok(None),
        }
    }

    /// One account; null if there is none or you may not see it. Everybody sees those that own a public plugin; staff, and the
    /// account itself, see it always.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn account(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The name to sign in with, however it is capitalised, or the id.")] name: String,
        #[graphql(desc = "Wait until the answer holds the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<Option<AccountObject>, Problem> {
        let asker = asker(context);
        asker.at_least(at_least).await?;
        match asker.person_called(&name).await? {
            Some(id) => crate::graphql::node::account(asker, id).await,
            None => Ok(None),
        }
    }
}

/// The account of whoever asks. Somebody who has just made it is known to the log before readers know them: then those are
/// waited for.
async fn own(asker: &Asker, account: AccountId) -> Result<Account, Problem> {
    if let Some(found) = asker.loaders.account(account).await? {
        return Ok(found);
    }
    let head = asker.snapshot.aside(asker.app.commands.registry().head()).await;
    asker.snapshot.at_least(head.map_err(|fault| asker.store_fault(fault))?).await?;
    let mut read = asker.snapshot.read().await?;
    let found = accounts_by_ids(&mut read, &[account]).await.map_err(|fault| asker.store_fault(fault))?;
    Ok(found.into_iter().next().ok_or(Refusal::AccountErased)?)
}

//! Questions about accounts.

use crate::graphql::asked::asker;
use crate::graphql::limits::STATEMENT;
use crate::graphql::object::AccountObject;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, Object};
use cairn_domain::Refusal;

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
            Some(account) => Ok(asker.loaders.account(account).await?.map(AccountObject)),
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

//! Teams and invitations.

use super::{AccountObject, PluginObject, id_of};
use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::{PAGE_SIZE, STATEMENT};
use crate::graphql::paging::{Bounds, Connected, Page, cost_of_page, cut};
use crate::graphql::query::plugin_called;
use crate::problem::Problem;
use async_graphql::{Context, ID, Object};
use cairn_domain::names::{PackageName, TeamName};
use cairn_projections::people::{self, Invitation, Team};
use chrono::{DateTime, Utc};
use futures_util::future::try_join_all;

/// A team.
#[derive(Debug, Clone)]
pub(crate) struct TeamObject(pub(crate) Team);

/// An invitation to own a plugin.
#[derive(Debug, Clone)]
pub(crate) struct InvitationObject(pub(crate) Invitation);

impl TeamObject {
    /// The team with this name, if there is one.
    pub(in crate::graphql) async fn called(asker: &Asker, name: &TeamName) -> Result<Option<Self>, Problem> {
        let mut read = asker.snapshot.read().await?;
        let found = people::team(&mut read, name).await;
        Ok(found.map_err(|fault| asker.store_fault(fault))?.map(Self))
    }

    /// The teams that own a plugin.
    pub(in crate::graphql) async fn owning(
        asker: &Asker,
        package: &PackageName,
    ) -> Result<Vec<Self>, Problem> {
        Ok(asker.loaders.teams_owning(package).await?.into_iter().map(Self).collect())
    }

    /// Its plugins, those that whoever asks may see.
    async fn seen_plugins(&self, asker: &Asker) -> Result<Vec<PluginObject>, Problem> {
        // Together, so that the loaders see all of them at once.
        let plugins = self.0.packages.iter().map(|package| plugin_called(asker, package));
        Ok(try_join_all(plugins).await?.into_iter().flatten().collect())
    }
}

/// A named group of accounts that own plugins together.
#[Object(name = "Team")]
impl TeamObject {
    /// One of a kind among all things.
    pub(crate) async fn id(&self) -> ID {
        id_of("team", self.0.name.folded())
    }

    /// Its name, as first written; it is the same team however it is capitalised.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// When it was formed.
    async fn formed_at(&self) -> DateTime<Utc> {
        self.0.formed_at
    }

    /// Who is in it, 100 at most.
    #[graphql(complexity = "2 + 3 * child_complexity")]
    async fn members(&self, context: &Context<'_>) -> Result<Vec<AccountObject>, Problem> {
        let members = asker(context).loaders.accounts(&self.0.members).await?;
        Ok(members.into_iter().map(AccountObject).collect())
    }

    /// The plugins that it owns and you may see, by package name.
    #[graphql(
        complexity = "STATEMENT + PAGE_SIZE as usize * child_complexity",
        deprecation = "ask for `pluginsConnection`"
    )]
    async fn plugins(&self, context: &Context<'_>) -> Result<Vec<PluginObject>, Problem> {
        self.seen_plugins(asker(context)).await
    }

    /// The plugins that it owns and you may see, by package name, page by page.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    async fn plugins_connection(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from the beginning, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "The endCursor of the page before.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The startCursor of the page behind.")] before: Option<String>,
    ) -> Result<Connected<PluginObject>, Problem> {
        let page = Page::of(&asker(context).limits(), Bounds { first, after, last, before })?;
        let seen = self.seen_plugins(asker(context)).await?;
        Ok(cut(&page, seen, |plugin| plugin.0.id.to_string(), |plugin| plugin))
    }
}

/// A question whether an account wants to own a plugin. The account, owners of the plugin and staff see it until it is answered,
/// taken back, or ends.
#[Object(name = "Invitation")]
impl InvitationObject {
    /// One of a kind among all things.
    pub(crate) async fn id(&self) -> ID {
        id_of("invitation", self.0.id)
    }

    /// The id to answer with.
    async fn invitation_id(&self) -> String {
        self.0.id.to_string()
    }

    /// The package name of the plugin.
    async fn package(&self) -> &str {
        self.0.package.as_str()
    }

    /// The plugin; null if you may not see it yet.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn plugin(&self, context: &Context<'_>) -> Result<Option<PluginObject>, Problem> {
        plugin_called(asker(context), self.0.package.as_str()).await
    }

    /// Who was asked.
    async fn account(&self, context: &Context<'_>) -> Result<Option<AccountObject>, Problem> {
        Ok(asker(context).loaders.account(self.0.account).await?.map(AccountObject))
    }

    /// The owner whose place is offered; null where the account would own the plugin beside the others.
    async fn replaces(&self, context: &Context<'_>) -> Result<Option<AccountObject>, Problem> {
        match self.0.replaces {
            Some(owner) => Ok(asker(context).loaders.account(owner).await?.map(AccountObject)),
            None => Ok(None),
        }
    }

    /// The owner who asked; null when staff or a member of a team did.
    async fn inviter(&self, context: &Context<'_>) -> Result<Option<AccountObject>, Problem> {
        match self.0.inviter {
            Some(owner) => Ok(asker(context).loaders.account(owner).await?.map(AccountObject)),
            None => Ok(None),
        }
    }

    /// When it was sent.
    async fn asked_at(&self) -> DateTime<Utc> {
        self.0.asked_at
    }

    /// When it ends.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }
}

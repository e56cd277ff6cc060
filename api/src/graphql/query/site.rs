//! Questions about the repository as a whole, and about teams.

use crate::graphql::asked::asker;
use crate::graphql::limits::STATEMENT;
use crate::graphql::object::{SiteObject, TeamObject};
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, Object};
use cairn_domain::Actor;
use cairn_domain::names::TeamName;

/// Questions about the repository as a whole, and about teams.
#[derive(Debug, Default)]
pub(crate) struct SiteQueries;

#[Object]
impl SiteQueries {
    /// What holds for the whole repository. Read from the log itself, so there is nothing to wait for.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn site(&self, context: &Context<'_>) -> Result<SiteObject, Problem> {
        let asker = asker(context);
        let known = asker.snapshot.aside(asker.app.commands.look(vec![], Actor::Site)).await;
        Ok(SiteObject(known.map_err(|fault| asker.fault(fault))?.site().clone()))
    }

    /// One team, by its name; null if there is none.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn team(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The name, however it is capitalised.")] name: String,
        #[graphql(desc = "Wait until the answer holds the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<Option<TeamObject>, Problem> {
        let asker = asker(context);
        asker.at_least(at_least).await?;
        // A text that cannot be a team name is nobody's.
        let Ok(name) = name.parse::<TeamName>() else { return Ok(None) };
        TeamObject::called(asker, &name).await
    }
}

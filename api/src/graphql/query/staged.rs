//! Questions about packages that wait for their author's word.

use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::object::StagedObject;
use crate::problem::Problem;
use async_graphql::{Context, ID, Object};
use cairn_commands::Fault;
use cairn_domain::Refusal;
use uuid::Uuid;

/// Questions about staged packages.
#[derive(Debug, Default)]
pub(crate) struct StagedQueries;

#[Object]
impl StagedQueries {
    /// A package that you sent to `stagePackage`, looked at anew; null if it is forgotten or another's.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn staged_package(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
    ) -> Result<Option<StagedObject>, Problem> {
        let asker = asker(context);
        let Ok(id) = id.parse::<Uuid>() else { return Ok(None) };
        let looking = Box::pin(asker.app.intake.staged(id, asker.actor()));
        match asker.snapshot.aside(looking).await {
            Ok(staged) => Ok(Some(StagedObject(staged))),
            Err(Fault::Refused(Refusal::StagedUnknown)) => Ok(None),
            Err(fault) => Err(asker.fault(fault)),
        }
    }
}

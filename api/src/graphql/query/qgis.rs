//! The question about QGIS versions.

use crate::graphql::asked::asker;
use crate::graphql::limits::STATEMENT;
use crate::graphql::object::QgisReleasesObject;
use crate::problem::Problem;
use async_graphql::{Context, Object};
use cairn_domain::Actor;

/// Questions about QGIS versions.
#[derive(Debug, Default)]
pub(crate) struct QgisQueries;

#[Object]
impl QgisQueries {
    /// The QGIS versions that feeds mean by `latest`, `stable` and `ltr`. Read from the log itself, so there is nothing to wait for.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn qgis_releases(&self, context: &Context<'_>) -> Result<QgisReleasesObject, Problem> {
        let asker = asker(context);
        // Nobody needs to be asked who asks: it stands in every feed.
        let known = asker.snapshot.aside(asker.app.commands.look(vec![], Actor::Site)).await;
        let known = known.map_err(|fault| asker.fault(fault))?;
        Ok(match &known.site().releases {
            Some(releases) => QgisReleasesObject::told(releases.clone()),
            None => QgisReleasesObject::of_settings(&asker.app.settings.qgis_labels.now()),
        })
    }
}

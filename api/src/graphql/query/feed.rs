//! The question about feeds.

use crate::graphql::asked::asker;
use crate::graphql::limits::STATEMENT;
use crate::graphql::object::FeedObject;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, Object};
use cairn_domain::Refusal;
use cairn_domain::qgis_version::FeedVersion;
use cairn_projections::feed::FeedKey;

/// Questions about feeds.
#[derive(Debug, Default)]
pub(crate) struct FeedQueries;

#[Object]
impl FeedQueries {
    /// The feed that a QGIS reads.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn feed(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "The QGIS version, such as 3.40 or 3.40.5, or a label such as `ltr`; any if left out.",
            default
        )]
        qgis: String,
        #[graphql(desc = "Leave experimental versions out.", default)] stable_only: bool,
        #[graphql(desc = "Wait until the answer holds the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<FeedObject, Problem> {
        let asker = asker(context);
        let version = FeedVersion::resolve(&qgis, &asker.app.settings.qgis_labels.now())
            .map_err(|fault| Refusal::invalid("qgis", fault.to_string()))?;
        asker.at_least(at_least).await?;
        Ok(FeedObject(FeedKey { version, stable_only, package_name: None }))
    }
}

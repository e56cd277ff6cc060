//! Looking at a package before anything of it is published.

use super::upload::zip_of;
use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::object::StagedObject;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object, Upload};
use cairn_commands::intake::Purpose;

/// Looking at packages.
#[derive(Debug, Default)]
pub(crate) struct StageDeeds;

/// A package to look at.
#[derive(InputObject)]
struct StagePackageInput {
    /// The zip, sent by the GraphQL multipart request specification.
    package: Upload,
    /// The package name of the plugin it is for; the folder in the zip must be the same. Left out, the folder decides.
    into_package: Option<String>,
    /// The number of a version of that plugin that never was public: the package shall be its file.
    replaces: Option<String>,
}

#[Object]
impl StageDeeds {
    /// Looks at a package and says everything that is found, and what would happen. Nothing is published and nothing is
    /// recorded: the package is kept for an hour, so that you can publish it by its id. Of each account the newest four are kept.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn stage_package(
        &self,
        context: &Context<'_>,
        input: StagePackageInput,
    ) -> Result<StagedObject, Problem> {
        let asker = asker(context);
        let into = input.into_package.map(|package| package.parse()).transpose()?;
        let zip = zip_of(context, asker, input.package)?;
        let purpose = Purpose { into, replaces: input.replaces };
        let staging = Box::pin(asker.app.intake.stage(purpose, zip, asker.actor()));
        let staged = asker.snapshot.aside(staging).await.map_err(|fault| asker.fault(fault))?;
        Ok(StagedObject(staged))
    }
}

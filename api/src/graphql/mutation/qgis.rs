//! QGIS versions.

use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::object::QgisReleasesObject;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object, SimpleObject};
use cairn_commands::site::SetQgisReleases;
use cairn_domain::site::QgisReleases;

/// QGIS versions.
#[derive(Debug, Default)]
pub(crate) struct QgisDeeds;

/// The QGIS versions that feeds shall mean by their labels.
#[derive(InputObject)]
struct SetQgisReleasesInput {
    /// The newest release, such as 3.44; a patch number is cut off.
    latest: String,
    /// The release that most people should use; the long-term release if left out.
    stable: Option<String>,
    /// The long-term release.
    ltr: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// The QGIS versions after they were set.
#[derive(Debug, SimpleObject)]
struct SetQgisReleasesPayload {
    /// Reads that hold the registry log up to here see it.
    position: Position,
    /// Whether the idempotency key was used before, so that nothing was done now.
    repeated: bool,
    /// What feeds mean from now on.
    releases: QgisReleasesObject,
}

#[Object]
impl QgisDeeds {
    /// Tells which QGIS versions feeds mean by `latest`, `stable` and `ltr`. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn set_qgis_releases(
        &self,
        context: &Context<'_>,
        input: SetQgisReleasesInput,
    ) -> Result<SetQgisReleasesPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let SetQgisReleasesInput { latest, stable, ltr, .. } = input;
        let releases = QgisReleases { latest, stable: stable.unwrap_or_else(|| ltr.clone()), ltr };
        let done = asker.send(&SetQgisReleases { releases }, key.as_deref()).await?;
        let releases = QgisReleasesObject::told(done.answer);
        Ok(SetQgisReleasesPayload { position: Position(done.position), repeated: done.repeated, releases })
    }
}

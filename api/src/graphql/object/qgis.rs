//! The QGIS versions that feeds mean by their labels.

use async_graphql::SimpleObject;
use cairn_domain::qgis_version::FeedVersion;
use cairn_domain::site::QgisReleases;
use std::collections::BTreeMap;

/// The QGIS versions that feeds mean by `latest`, `stable` and `ltr`.
#[derive(Debug, SimpleObject)]
#[graphql(name = "QgisReleases")]
pub(crate) struct QgisReleasesObject {
    /// The newest release, such as 3.44.
    latest: String,
    /// The release that most people should use.
    stable: String,
    /// The long-term release.
    ltr: String,
    /// Whether they come from the settings of the server, since nobody has told others yet.
    configured: bool,
}

impl QgisReleasesObject {
    /// What the log says.
    pub(crate) fn told(releases: QgisReleases) -> Self {
        let QgisReleases { latest, stable, ltr } = releases;
        Self { latest, stable, ltr, configured: false }
    }

    /// What the settings say.
    pub(crate) fn of_settings(labels: &BTreeMap<String, FeedVersion>) -> Self {
        let of = |label: &str| labels.get(label).map(ToString::to_string).unwrap_or_default();
        Self { latest: of("latest"), stable: of("stable"), ltr: of("ltr"), configured: true }
    }
}

//! Which QGIS versions there are, learned from a list in the format of QGIS's own version.json.

use cairn_commands::site::SetQgisReleases;
use cairn_commands::{Commands, Fault};
use cairn_domain::Actor;
use cairn_domain::site::QgisReleases;
use cairn_outside::http::{Outgoing, OutgoingError};
use serde::Deserialize;
use std::time::Duration;

/// Where QGIS versions are learned from.
#[derive(Debug, Clone)]
pub struct QgisVersions {
    /// The address of the list.
    pub url: String,
    /// How often it is fetched.
    pub every: Duration,
    /// The client it is fetched with.
    pub outgoing: Outgoing,
}

/// The list, as far as it matters here; it has `dev`, dates and names besides.
#[derive(Debug, Deserialize)]
struct Document {
    latest: Release,
    ltr: Release,
}

/// One release.
#[derive(Debug, Deserialize)]
struct Release {
    /// As 3.44.5.
    version: String,
}

/// Why nothing was learned.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LearnFault {
    /// The list could not be fetched, or is none.
    #[error(transparent)]
    Outgoing(#[from] OutgoingError),
    /// What it says was refused, or the log does not answer.
    #[error(transparent)]
    Command(#[from] Fault),
}

/// Fetches the list and tells the log what it says. The list has no `stable`: the long-term release is what most people should
/// use, and what feeds have always meant by that.
pub(crate) async fn learn(versions: &QgisVersions, commands: &Commands) -> Result<QgisReleases, LearnFault> {
    let Document { latest, ltr } = versions.outgoing.get_json(&versions.url).await?;
    let releases = QgisReleases { latest: latest.version, stable: ltr.version.clone(), ltr: ltr.version };
    Ok(commands.send(&SetQgisReleases { releases }, Actor::Site, None).await?.answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_as_qgis_publishes_it() {
        let list = r#"{
            "latest": {"version": "3.44.5", "major": "3", "minor": "44", "patch": "5", "name": "Solothurn", "date": "2025-11-14",
                       "binary": "1", "note": null},
            "ltr": {"version": "3.40.12", "major": "3", "minor": "40", "patch": "12", "name": "Bratislava"},
            "dev": {"version": "3.99", "major": "3", "minor": "99"}
        }"#;
        let list: Document = serde_json::from_str(list).unwrap();
        assert_eq!((list.latest.version.as_str(), list.ltr.version.as_str()), ("3.44.5", "3.40.12"));
        assert!(serde_json::from_str::<Document>(r#"{"latest": {"version": "3.44.5"}}"#).is_err());
    }
}

//! A package that its author looks at before it is published.

use super::{DetailsObject, PluginObject};
use crate::graphql::asked::asker;
use crate::graphql::limits::STATEMENT;
use crate::graphql::mutation::FindingObject;
use crate::graphql::query::plugin_called;
use crate::graphql::scalars::{Count, Sha256};
use crate::problem::Problem;
use async_graphql::{Context, Enum, ID, Object};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cairn_commands::intake::{Becomes, Foreseen, Staged};
use cairn_domain::Refusal;
use cairn_domain::license::License;
use cairn_domain::package::Package;
use cairn_domain::plugin::PluginDetails;
use chrono::{DateTime, Utc};

/// A package that was looked at, and what would become of it.
#[derive(Debug)]
pub(crate) struct StagedObject(pub(crate) Staged);

/// What a package would become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum StagedBecomes {
    /// A plugin with its first version.
    NewPlugin,
    /// A version of a plugin that is there.
    NewVersion,
    /// The file of a version that waits.
    Replacement,
}

impl StagedObject {
    fn package_in_it(&self) -> Option<&Package> {
        self.0.package.as_ref()
    }

    fn foreseen(&self) -> Option<&Foreseen> {
        self.0.foreseen.as_ref()?.as_ref().ok()
    }

    fn refused(&self) -> Option<&Refusal> {
        self.0.foreseen.as_ref()?.as_ref().err()
    }
}

/// A package that was looked at, and what would become of it. Nothing of it is published, and only whoever sent it sees this.
#[Object(name = "StagedPackage")]
impl StagedObject {
    /// Give it as `staged` to `uploadPlugin` or `replaceVersion`; null if the package cannot be taken, and is not kept.
    async fn id(&self) -> Option<ID> {
        self.0.kept.map(|kept| ID(kept.id.to_string()))
    }

    /// When it is forgotten; null if it is not kept.
    async fn until(&self) -> Option<DateTime<Utc>> {
        self.0.kept.map(|kept| kept.until)
    }

    /// Everything that was found. The package is refused if any of it is an error.
    #[graphql(complexity = "1 + 10 * child_complexity")]
    async fn findings(&self) -> Vec<FindingObject> {
        self.0.findings.iter().map(FindingObject::from).collect()
    }

    /// Why a package without errors cannot be taken, in a sentence.
    async fn refusal(&self) -> Option<String> {
        self.refused().map(ToString::to_string)
    }

    /// The permanent code of that refusal.
    async fn refusal_code(&self) -> Option<&'static str> {
        self.refused().map(Refusal::code)
    }

    /// What it would become; null if it cannot be taken.
    async fn becomes(&self) -> Option<StagedBecomes> {
        self.foreseen().map(|foreseen| match foreseen.becomes {
            Becomes::Plugin => StagedBecomes::NewPlugin,
            Becomes::Version => StagedBecomes::NewVersion,
            Becomes::Replacement => StagedBecomes::Replacement,
        })
    }

    /// Whether it would be public at once; otherwise it would wait for review.
    async fn public_at_once(&self) -> bool {
        self.foreseen().is_some_and(|foreseen| foreseen.public)
    }

    /// The version whose file it shall be.
    async fn replaces(&self) -> Option<&str> {
        self.0.replaces.as_deref()
    }

    /// The package name, which is the folder in the zip; null if the package is refused for a finding, as all below.
    async fn package(&self) -> Option<&str> {
        self.package_in_it().map(|package| package.package_name.as_str())
    }

    /// The plugin of that name, if there is one that you may see.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn plugin(&self, context: &Context<'_>) -> Result<Option<PluginObject>, Problem> {
        let Some(package) = self.package_in_it() else { return Ok(None) };
        plugin_called(asker(context), package.package_name.as_str()).await
    }

    /// The version number, as its author wrote it.
    async fn number(&self) -> Option<&str> {
        self.package_in_it().map(|package| package.version.as_str())
    }

    /// What its metadata says of the plugin. Its icon has no address yet: see `iconData`.
    async fn details(&self) -> Option<DetailsObject> {
        let details = self.package_in_it().map(PluginDetails::of)?;
        Some(DetailsObject(PluginDetails { icon: None, ..details }))
    }

    /// The icon itself, as a `data:` address.
    async fn icon_data(&self) -> Option<String> {
        let icon = self.package_in_it()?.icon.as_ref()?;
        Some(format!("data:{};base64,{}", icon.media_type, STANDARD.encode(&icon.bytes)))
    }

    /// Who wrote it, as the package says.
    async fn author(&self) -> Option<&str> {
        self.package_in_it()?.details.author.as_deref()
    }

    /// What is new.
    async fn changelog(&self) -> Option<&str> {
        self.package_in_it()?.changelog.as_deref()
    }

    /// Whether its author calls it experimental.
    async fn experimental(&self) -> Option<bool> {
        self.package_in_it().map(|package| package.experimental)
    }

    /// The first QGIS version that runs it.
    async fn qgis_min(&self) -> Option<String> {
        self.package_in_it().map(|package| package.compat.min().into())
    }

    /// The last QGIS version that runs it.
    async fn qgis_max(&self) -> Option<String> {
        self.package_in_it().map(|package| package.compat.max().into())
    }

    /// Its licence, as `Version.license` would have it.
    async fn license(&self) -> Option<&str> {
        self.package_in_it()?.license.as_ref().map(License::as_str)
    }

    /// Digest of the zip.
    async fn sha256(&self) -> Option<Sha256> {
        self.package_in_it().map(|package| Sha256(package.sha256))
    }

    /// Size of the zip in bytes.
    async fn size_bytes(&self) -> Option<Count> {
        self.package_in_it().map(|package| Count(package.size_bytes))
    }

    /// How many files and folders are in it.
    async fn entries(&self) -> Option<Count> {
        self.package_in_it().map(|package| Count(package.entries.len() as u64))
    }
}

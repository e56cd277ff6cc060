//! What a version's metadata says of its plugin.

use crate::graphql::asked::asker;
use async_graphql::{Context, Object};
use cairn_domain::names::Tag;
use cairn_domain::plugin::PluginDetails;
use cairn_projections::feed::icon_path;

/// The texts and flags of a metadata.txt.
#[derive(Debug, Clone)]
pub(crate) struct DetailsObject(pub(crate) PluginDetails);

/// What a version's metadata says of its plugin. The plugin itself shows what its highest public version says.
#[Object(name = "VersionDetails")]
impl DetailsObject {
    /// The name people see.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// One line about it.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// More about it, maybe several lines.
    async fn about(&self) -> Option<&str> {
        self.0.about.as_deref()
    }

    /// The home page.
    async fn homepage(&self) -> Option<&str> {
        self.0.homepage.as_deref()
    }

    /// Where to report faults.
    async fn tracker(&self) -> Option<&str> {
        self.0.tracker.as_deref()
    }

    /// Where the source is.
    async fn repository(&self) -> Option<&str> {
        self.0.repository.as_deref()
    }

    /// Labels, in the author's order.
    async fn tags(&self) -> Vec<&str> {
        self.0.tags.iter().map(Tag::as_str).collect()
    }

    /// QGIS's menu category.
    async fn category(&self) -> Option<&str> {
        self.0.category.as_deref()
    }

    /// Other plugins it needs.
    async fn plugin_dependencies(&self) -> Option<&str> {
        self.0.plugin_dependencies.as_deref()
    }

    /// What it needs from outside QGIS.
    async fn external_dependencies(&self) -> Option<&str> {
        self.0.external_dependencies.as_deref()
    }

    /// Whether it has a QGIS Server part.
    async fn server(&self) -> bool {
        self.0.server
    }

    /// Whether its author advises against using it.
    async fn deprecated(&self) -> bool {
        self.0.deprecated
    }

    /// Whether it adds Processing algorithms.
    async fn has_processing_provider(&self) -> bool {
        self.0.has_processing_provider
    }

    /// The absolute address of the icon.
    async fn icon_url(&self, context: &Context<'_>) -> Option<String> {
        let icon = self.0.icon.as_ref()?;
        Some(asker(context).app.settings.address(&icon_path(icon)))
    }
}

//! What metadata.txt tells about a plugin, as far as it is public content of the package. The author line and the
//! e-mail address are not here: they are in the vault, by the package's digest.

use crate::names::{PluginName, Sha256, Tag};
use crate::package::Package;
use serde::{Deserialize, Serialize};

/// The texts and flags of a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginDetails {
    /// The name people see.
    pub name: PluginName,
    /// One line.
    pub description: String,
    /// The longer text.
    pub about: Option<String>,
    /// Home page.
    pub homepage: Option<String>,
    /// Where to report defects.
    pub tracker: Option<String>,
    /// Where the source is.
    pub repository: Option<String>,
    /// Labels, in the author's order.
    pub tags: Vec<Tag>,
    /// QGIS's menu category.
    pub category: Option<String>,
    /// Other plugins it needs, as QGIS reads them.
    pub plugin_dependencies: Option<String>,
    /// What it needs from outside QGIS.
    pub external_dependencies: Option<String>,
    /// It has a QGIS Server part.
    pub server: bool,
    /// Its author advises against using it.
    pub deprecated: bool,
    /// It adds Processing algorithms.
    pub has_processing_provider: bool,
    /// Its picture.
    pub icon: Option<IconFile>,
}

/// A picture kept beside the packages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IconFile {
    /// Digest of the picture, which is also its address.
    pub sha256: Sha256,
    /// `png`, `svg`, …: from the content, not from the author's file name.
    pub extension: String,
}

impl PluginDetails {
    /// What an inspected package says.
    pub fn of(package: &Package) -> Self {
        let told = &package.details;
        Self {
            name: told.name.clone(),
            description: told.description.clone().unwrap_or_default(),
            about: told.about.clone(),
            homepage: told.homepage.clone(),
            tracker: told.tracker.clone(),
            repository: told.repository.clone(),
            tags: told.tags.clone(),
            category: told.category.clone(),
            plugin_dependencies: told.plugin_dependencies.clone(),
            external_dependencies: told.external_deps.clone(),
            server: told.server,
            deprecated: told.deprecated,
            has_processing_provider: told.has_processing_provider,
            icon: package.icon.as_ref().map(|icon| IconFile {
                sha256: Sha256::of(&icon.bytes),
                extension: icon.extension.to_string(),
            }),
        }
    }
}

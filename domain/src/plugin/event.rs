//! What happens to a plugin and its versions.

use crate::ids::AccountId;
use crate::names::{License, PackageName, PluginName, Sha256};
use crate::package::Package;
use crate::plugin::PluginDetails;
use crate::qgis_version::CompatRange;
use crate::version_number::VersionNumber;
use serde::{Deserialize, Serialize};

/// A plugin came into being with its first upload. Its number in feeds and answers is this event's position + 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginRegistered {
    /// The folder name, as first written; it never changes.
    pub package: PackageName,
    /// Who uploaded it and owns it.
    pub owner: AccountId,
}

/// A plugin name now belongs to a plugin, for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginNameClaimed {
    /// The name as written.
    pub name: PluginName,
    /// The plugin that has it.
    pub package: PackageName,
}

/// The texts and flags that visitors see are now these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginDetailsEdited {
    /// The plugin.
    pub package: PackageName,
    /// All of them.
    pub details: PluginDetails,
    /// The version whose metadata said so.
    pub from_version: Option<VersionNumber>,
}

/// One package file and what it said of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadedPackage {
    /// Digest of the zip; also its address in the package store.
    pub sha256: Sha256,
    /// Size of the zip.
    pub size_bytes: u64,
    /// Its author calls it experimental.
    pub experimental: bool,
    /// The QGIS versions it is for.
    pub qgis: CompatRange,
    /// What is new.
    pub changelog: Option<String>,
    /// The texts and flags of its metadata.
    pub details: PluginDetails,
    /// Codes of the findings that were warnings.
    pub warnings: Vec<String>,
    /// Its licence, as far as it could be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<License>,
}

impl UploadedPackage {
    /// What the log keeps of an inspected package.
    pub fn of(package: &Package, warnings: Vec<String>) -> Self {
        Self {
            sha256: package.sha256,
            size_bytes: package.size_bytes,
            experimental: package.experimental,
            qgis: package.compat,
            changelog: package.changelog.clone(),
            details: PluginDetails::of(package),
            warnings,
            license: package.license.clone(),
        }
    }
}

/// A version was uploaded and waits for approval. Its number in answers is this event's position + 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionUploaded {
    /// The plugin.
    pub package: PackageName,
    /// The number, as its author wrote it.
    pub version: VersionNumber,
    /// The file.
    pub file: UploadedPackage,
}

/// A version that never was approved got another file, and perhaps another number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionReplaced {
    /// The plugin.
    pub package: PackageName,
    /// The number it had.
    pub replaced: VersionNumber,
    /// The number it has now.
    pub version: VersionNumber,
    /// The file it has now.
    pub file: UploadedPackage,
}

/// A version is public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionApproved {
    /// The plugin.
    pub package: PackageName,
    /// The version.
    pub version: VersionNumber,
    /// The very file that was approved.
    pub sha256: Sha256,
    /// The approved version it was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<VersionNumber>,
}

/// A version is public no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionUnapproved {
    /// The plugin.
    pub package: PackageName,
    /// The version.
    pub version: VersionNumber,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
}

/// A version is gone; its number stays used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionDeleted {
    /// The plugin.
    pub package: PackageName,
    /// The version.
    pub version: VersionNumber,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
}

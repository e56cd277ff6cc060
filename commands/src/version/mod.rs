//! What happens to versions of a plugin.

mod approve;
mod delete;
mod pin;
mod refuse;
mod replace;
mod unapprove;
mod upload;
mod yank;

pub use approve::ApproveVersion;
pub use delete::DeleteVersion;
pub use pin::{PinVersion, UnpinVersion};
pub use refuse::RefuseVersion;
pub use replace::ReplaceVersion;
pub use unapprove::UnapproveVersion;
pub use upload::{UploadVersion, Uploaded};
pub use yank::{UnyankVersion, YankVersion};

use crate::Fact;
use cairn_domain::event::{PluginDetailsEdited, PluginNameClaimed, Stream};
use cairn_domain::known::Acting;
use cairn_domain::names::{PackageName, PluginName};
use cairn_domain::plugin::{Plugin, PluginDetails, Version};
use cairn_domain::version_number::VersionNumber;
use cairn_domain::{Known, Refusal};
use serde::{Deserialize, Serialize};

/// The state of a version after a deed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionAnswer {
    /// The plugin.
    pub package: PackageName,
    /// The version number, as its author wrote it.
    pub version: VersionNumber,
    /// Whether it is public.
    pub approved: bool,
}

/// The version that a caller means, or the refusal that says there is none.
fn version_of<'p>(plugin: &'p Plugin, asked: &str) -> Result<&'p Version, Refusal> {
    plugin.find(asked).ok_or_else(|| Refusal::VersionUnknown {
        package: plugin.package.to_string(),
        version: asked.to_owned(),
    })
}

/// The claim on a plugin name, unless the plugin has it; refused while another plugin has it, or ever had it.
fn claim(known: &Known, package: &PackageName, name: &PluginName) -> Result<Option<Fact>, Refusal> {
    match known.holder_of(name) {
        None => {
            let claimed = PluginNameClaimed { name: name.clone(), package: package.clone() };
            Ok(Some((Stream::plugin_name(name), claimed.into())))
        }
        Some(holder) if holder == package => Ok(None),
        Some(holder) => {
            Err(Refusal::PluginNameTaken { name: name.to_string(), taken_by: holder.to_string() })
        }
    }
}

/// Refuses another name than visitors see, unless the owner allows the plugin to be renamed.
fn may_be_called(plugin: &Plugin, wanted: &PluginName) -> Result<(), Refusal> {
    match &plugin.details {
        Some(seen) if seen.name != *wanted && !plugin.renaming_allowed => {
            Err(Refusal::RenameNotAllowed { name: seen.name.to_string(), wanted: wanted.to_string() })
        }
        _ => Ok(()),
    }
}

/// The newest approved version, refused when the caller compared with another one. Whoever names none compared with
/// nothing in particular.
fn compared_with(plugin: &Plugin, named: Option<&VersionNumber>) -> Result<Option<VersionNumber>, Refusal> {
    let newest = plugin.newest_approved().map(|newest| &newest.number);
    if named.is_some() && named != newest {
        let base = newest.map_or_else(|| "none".to_owned(), ToString::to_string);
        return Err(Refusal::BaseChanged { base });
    }
    Ok(newest.cloned())
}

/// The edit that makes visitors see what `version` says of the plugin, unless they do.
fn edit(
    plugin: Option<&Plugin>,
    package: &PackageName,
    version: &VersionNumber,
    says: &PluginDetails,
) -> Option<Fact> {
    let seen = plugin.and_then(|plugin| plugin.details.as_ref());
    (seen != Some(says)).then(|| {
        let edited = PluginDetailsEdited {
            package: package.clone(),
            details: says.clone(),
            from_version: Some(version.clone()),
        };
        (Stream::plugin(package), edited.into())
    })
}

/// Whether approving `number` would make it the highest approved version, whose texts visitors see.
fn leads(plugin: Option<&Plugin>, number: &VersionNumber) -> bool {
    plugin.and_then(Plugin::newest_approved).is_none_or(|newest| newest.number <= *number)
}

/// Whether visitors see nothing of the plugin yet, so that texts which nobody looked at may stand in it. A yanked version
/// is seen.
fn nothing_public(plugin: &Plugin) -> bool {
    !plugin.versions.iter().any(|version| version.approved)
}

/// Whether an upload needs no review: a trusted account's to a plugin that it owns, or that comes into being. That of a
/// token does if the token was not made for that.
fn needs_no_review(acting: &Acting, plugin: Option<&Plugin>) -> bool {
    acting.trusted && plugin.is_none_or(|plugin| acting.owns(plugin))
}

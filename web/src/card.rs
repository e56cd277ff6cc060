//! A plugin as lists show it, and a version as tables show it.

use crate::frame::Frame;
use crate::text::{Bytes, Count, Day};
use cairn_domain::qgis_version::CompatRange;
use cairn_projections::catalogue::{Plugin, Version};
use cairn_projections::{Read, downloads};
use cairn_store::Result;

/// A plugin in a list, and at the head of its pages.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    pub(crate) href: String,
    pub(crate) name: String,
    /// For the place of a missing picture.
    pub(crate) initial: String,
    pub(crate) icon: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) downloads: Count,
    pub(crate) updated_at: Day,
    /// QGIS shows it only to those who asked for experimental plugins.
    pub(crate) experimental: bool,
    pub(crate) deprecated: bool,
    /// Staff recommend it.
    pub(crate) featured: bool,
}

/// A public version.
#[derive(Debug, Clone)]
pub(crate) struct VersionRow {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) download_href: String,
    pub(crate) qgis: String,
    pub(crate) published_at: Day,
    pub(crate) downloads: Count,
    pub(crate) size: Bytes,
    pub(crate) sha256: String,
    pub(crate) experimental: bool,
    pub(crate) yanked: bool,
}

impl Card {
    /// A plugin with how often it was downloaded.
    pub(crate) fn of(frame: &Frame, plugin: &Plugin, downloads: u64) -> Self {
        let name = plugin.name.to_string();
        let first = name.chars().find(|c| c.is_alphanumeric());
        Self {
            href: frame.plugin(plugin.package.as_str()),
            initial: first.map(|c| c.to_uppercase().to_string()).unwrap_or_default(),
            name,
            icon: plugin
                .icon
                .as_ref()
                .map(|icon| format!("{}/icons/{}.{}", frame.root, icon.sha256, icon.extension)),
            description: Some(plugin.description.clone()).filter(|text| !text.is_empty()),
            downloads: Count(downloads),
            updated_at: Day(plugin.updated_at),
            experimental: plugin.approved_stable == 0 && plugin.approved_experimental > 0,
            deprecated: plugin.deprecated,
            featured: plugin.featured,
        }
    }
}

impl VersionRow {
    /// A version of the plugin with this package name.
    pub(crate) fn of(frame: &Frame, package: &str, version: &Version, downloads: u64) -> Self {
        let href = frame.version(package, version.number.as_str());
        Self {
            number: version.number.to_string(),
            download_href: format!("{href}download/"),
            href,
            qgis: range(version.qgis),
            published_at: Day(version.approved_at.unwrap_or(version.uploaded_at)),
            downloads: Count(downloads),
            size: Bytes(version.size_bytes),
            sha256: version.sha256.to_string(),
            experimental: version.experimental,
            yanked: version.yanked.is_some(),
        }
    }
}

/// Plugins with their downloads, in the same order.
pub(crate) async fn cards(read: &mut Read, frame: &Frame, plugins: &[Plugin]) -> Result<Vec<Card>> {
    let ids: Vec<u64> = plugins.iter().map(|plugin| plugin.id).collect();
    let counts = downloads::downloads_of_plugins(read, &ids).await?;
    let card = |plugin: &Plugin| Card::of(frame, plugin, counts.get(&plugin.id).copied().unwrap_or(0));
    Ok(plugins.iter().map(card).collect())
}

/// `3.28 – 3.99`: a bound without a patch number means any.
fn range(qgis: CompatRange) -> String {
    format!("{} – {}", String::from(qgis.min()), String::from(qgis.max()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_shown_as_its_author_wrote_it() {
        let range_of = |min: &str, max: Option<&str>| {
            let max = max.map(|max| max.parse().unwrap());
            range(CompatRange::new(min.parse().unwrap(), max).unwrap())
        };
        assert_eq!(range_of("3.28", None), "3.28 – 3.99");
        assert_eq!(range_of("3.4.2", Some("4.0")), "3.4.2 – 4.0");
    }
}

//! What the catalogue and the vault know, in the words of the feed.

use super::fragment::{EntryText, Fragment};
use super::select::{PluginEntries, VersionEntry};
use crate::catalogue::{FeedPlugin, FeedVersion, Plugin};
use cairn_domain::plugin::IconFile;
use std::sync::Arc;

/// Where an icon is served, below the base address: by digest, so that it may be kept for ever.
pub fn icon_path(icon: &IconFile) -> String {
    format!("/icons/{}.{}", icon.sha256, icon.extension)
}

/// The versions that feeds may offer of a plugin, rendered; none if no feed lists it.
pub(super) fn entries(it: FeedPlugin, base_url: &str, author_email: bool) -> Option<PluginEntries> {
    let FeedPlugin { plugin, tags, versions } = it;
    let entry = |version: FeedVersion| {
        let text = entry_text(&plugin, &tags, &version, author_email);
        VersionEntry {
            experimental: version.version.experimental,
            pinned: version.version.pinned,
            compat: version.version.qgis,
            fragment: Arc::new(Fragment::render(&text, base_url)),
            version: version.version.number,
        }
    };
    if !plugin.is_listed() {
        return None;
    }
    let versions: Vec<VersionEntry> = versions.into_iter().map(entry).collect();
    (!versions.is_empty()).then(|| PluginEntries { package_name: plugin.package.to_string(), versions })
}

fn entry_text(plugin: &Plugin, tags: &[String], it: &FeedVersion, author_email: bool) -> EntryText {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    EntryText {
        plugin_name: plugin.name.to_string(),
        package_name: plugin.package.to_string(),
        version: it.version.number.to_string(),
        plugin_id: plugin.id,
        description: plugin.description.clone(),
        about: text(&plugin.about),
        trusted: plugin.creator_trusted,
        compat: it.version.qgis,
        homepage: plugin.homepage.clone(),
        icon_path: plugin.icon.as_ref().map(icon_path),
        author_name: it
            .author
            .clone()
            .filter(|author| !author.is_empty())
            .unwrap_or(text(&it.uploaded_by_name)),
        author_email: it.email.clone().filter(|email| author_email && !email.is_empty()),
        uploaded_by: text(&it.uploaded_by_name),
        create_date: plugin.created_at,
        update_date: it.version.uploaded_at,
        experimental: it.version.experimental,
        deprecated: plugin.deprecated,
        tracker: text(&plugin.tracker),
        repository: text(&plugin.repository),
        tags: tags.to_vec(),
        category: text(&plugin.category),
        plugin_dependencies: text(&plugin.plugin_dependencies),
        external_dependencies: text(&plugin.external_dependencies),
        server: plugin.server,
        changelog: text(&it.changelog),
        sha256: it.version.sha256.to_string(),
        size_bytes: it.version.size_bytes,
    }
}

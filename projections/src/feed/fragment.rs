//! One version of a plugin as it stands in `plugins.xml`, rendered once when it changes.

use bytes::Bytes;
use cairn_domain::qgis_version::CompatRange;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::markup::{push_attribute, push_text};

/// What the feed says about one approved version.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one element of the feed")]
pub struct EntryText {
    /// The name people see; QGIS looks dependencies up by it.
    pub plugin_name: String,
    /// The folder inside the zip, without a dot.
    pub package_name: String,
    /// The author's text: QGIS compares it with the installed text.
    pub version: String,
    /// The number QGIS votes with.
    pub plugin_id: u64,
    /// One line about the plugin.
    pub description: String,
    /// More about the plugin; may have several lines.
    pub about: String,
    /// Whether staff trust the one who published it.
    pub trusted: bool,
    /// The QGIS versions it runs on.
    pub compat: CompatRange,
    /// The author's page; without one the plugin's page here.
    pub homepage: Option<String>,
    /// The address of the icon, absolute or as a path on this site that begins with `/`.
    pub icon_path: Option<String>,
    /// Who wrote it.
    pub author_name: String,
    /// The author's address, only where the site is configured to show it.
    pub author_email: Option<String>,
    /// The account that uploaded this version.
    pub uploaded_by: String,
    /// When the plugin was registered.
    pub create_date: DateTime<Utc>,
    /// When this version was uploaded.
    pub update_date: DateTime<Utc>,
    /// Hidden in QGIS unless the user allows experimental plugins.
    pub experimental: bool,
    /// Hidden in QGIS unless the user allows deprecated plugins.
    pub deprecated: bool,
    /// Where to report faults.
    pub tracker: String,
    /// Where the source code is.
    pub repository: String,
    /// The tags, joined by commas in the feed.
    pub tags: Vec<String>,
    /// The menu the plugin belongs to.
    pub category: String,
    /// Plugins it needs, as written in the metadata.
    pub plugin_dependencies: String,
    /// Python packages and programs it needs, as written in the metadata.
    pub external_dependencies: String,
    /// Whether it is for QGIS Server.
    pub server: bool,
    /// What is new; may have several lines.
    pub changelog: String,
    /// SHA-256 of the package in lower-case hexadecimal.
    pub sha256: String,
    /// The size of the package.
    pub size_bytes: u64,
}

/// One rendered `pyqgis_plugin` element in two halves; download and vote counts, which change often, go between them.
///
/// The halves may be stored and put together again with [`Fragment::from_parts`]. They hold absolute addresses, so a new base
/// URL needs new fragments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    head: Bytes,
    tail: Bytes,
    digest: [u8; 32],
}

impl Fragment {
    /// Renders the elements in the order of the site behind plugins.qgis.org, then those that QGIS ignores there or shows in
    /// addition. `base_url` is such as `https://plugins.example.org`; a slash at its end does not matter.
    ///
    /// A maximum without a patch number is written with patch 99: QGIS takes three parts as exact, so `3.22.0` would hide the
    /// plugin from 3.22.16, and qgis-plugin-manager reads two parts as patch 0.
    pub fn render(entry: &EntryText, base_url: &str) -> Self {
        let base = base_url.trim_end_matches('/');
        let page = format!("{base}/plugins/{}/", entry.package_name);
        let (major, minor, patch) = entry.compat.max().highest();

        let mut head = Lines(String::with_capacity(1024 + entry.about.len()));
        head.open(&entry.plugin_name, &entry.version, entry.plugin_id);
        head.element("description", &entry.description);
        head.element("about", &entry.about);
        head.element("trusted", truth(entry.trusted));
        head.element("qgis_minimum_version", &entry.compat.min().to_string());
        head.element("qgis_maximum_version", &format!("{major}.{minor}.{patch}"));
        head.element("homepage", entry.homepage.as_deref().unwrap_or(&page));
        head.element("file_name", &format!("{}.{}.zip", entry.package_name, entry.version));
        head.element("icon", &icon(entry, base));
        head.element("author_name", &entry.author_name);
        head.element("download_url", &format!("{page}version/{}/download/", entry.version));
        head.element("uploaded_by", &entry.uploaded_by);
        head.element("create_date", &iso(entry.create_date));
        head.element("update_date", &iso(entry.update_date));
        head.element("experimental", truth(entry.experimental));
        head.element("deprecated", truth(entry.deprecated));
        head.element("tracker", &entry.tracker);
        head.element("repository", &entry.repository);
        head.element("tags", &entry.tags.join(","));

        let mut tail = Lines(String::with_capacity(512 + entry.changelog.len()));
        tail.element("external_dependencies", &entry.external_dependencies);
        tail.element("server", truth(entry.server));
        tail.element("changelog", &entry.changelog);
        if let Some(email) = &entry.author_email {
            tail.element("author_email", email);
        }
        tail.element("category", &entry.category);
        tail.element("plugin_dependencies", &entry.plugin_dependencies);
        tail.element("sha256", &entry.sha256);
        tail.element("size", &entry.size_bytes.to_string());
        tail.0.push_str("</pyqgis_plugin>\n");

        Self::from_parts(head.into_bytes(), tail.into_bytes())
    }

    /// Puts the stored halves of a fragment together again.
    pub fn from_parts(head: Bytes, tail: Bytes) -> Self {
        let mut hash = Sha256::new();
        hash.update((head.len() as u64).to_be_bytes());
        hash.update(&head);
        hash.update(&tail);
        Self { head, tail, digest: hash.finalize().into() }
    }

    /// Everything before the counts.
    pub fn head(&self) -> &Bytes {
        &self.head
    }

    /// Everything after the counts.
    pub fn tail(&self) -> &Bytes {
        &self.tail
    }

    /// SHA-256 that is equal for equal halves only.
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

struct Lines(String);

impl Lines {
    /// Without spare room, as a process holds the fragments of all versions.
    fn into_bytes(self) -> Bytes {
        self.0.into_bytes().into_boxed_slice().into()
    }

    fn open(&mut self, name: &str, version: &str, plugin_id: u64) {
        self.0.push_str("<pyqgis_plugin name=\"");
        push_attribute(&mut self.0, name);
        self.0.push_str("\" version=\"");
        push_attribute(&mut self.0, version);
        self.0.push_str("\" plugin_id=\"");
        self.0.push_str(&plugin_id.to_string());
        self.0.push_str("\">\n");
    }

    fn element(&mut self, name: &str, text: &str) {
        self.0.push('<');
        self.0.push_str(name);
        self.0.push('>');
        push_text(&mut self.0, text);
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push_str(">\n");
    }
}

/// QGIS joins a relative icon to the host without its port, so the address is absolute.
fn icon(entry: &EntryText, base: &str) -> String {
    match entry.icon_path.as_deref() {
        Some(path) if path.starts_with('/') => format!("{base}{path}"),
        Some(address) => address.to_owned(),
        None => String::new(),
    }
}

/// The one spelling that QGIS, qgis-plugin-manager and qgis-plugin-repo all read alike.
fn truth(holds: bool) -> &'static str {
    if holds { "True" } else { "False" }
}

fn iso(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}

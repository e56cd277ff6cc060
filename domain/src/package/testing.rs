//! Packages for tests: complete under the official profile unless told otherwise.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Makes the zip of a plugin.
///
/// ```
/// # use cairn_domain::package::{inspect, PackageLimits, Profile, testing::PackageBuilder};
/// let zip = PackageBuilder::new("lasso").version("1.2.0").metadata_key("tags", "vector, editing").build();
/// let inspection = inspect(&zip, &Profile::official(), &PackageLimits::default());
/// assert_eq!(inspection.findings, []);
/// assert_eq!(inspection.package.unwrap().version.as_str(), "1.2.0");
/// ```
#[derive(Debug, Clone)]
pub struct PackageBuilder {
    folder: String,
    keys: Vec<(String, String)>,
    raw_metadata: Option<Vec<u8>>,
    entries: Vec<(String, Vec<u8>)>,
    compression: CompressionMethod,
}

impl PackageBuilder {
    /// A plugin in this folder, with all nine required keys, `__init__.py` and `LICENSE`.
    pub fn new(folder: &str) -> Self {
        let keys = [
            ("name", format!("Plugin {folder}")),
            ("description", format!("What {folder} does")),
            ("version", "1.0.0".to_owned()),
            ("qgisMinimumVersion", "3.4".to_owned()),
            ("author", "Ann Author".to_owned()),
            ("email", "ann@example.org".to_owned()),
            ("about", format!("What {folder} does, at length.\nIn two lines.")),
            ("tracker", format!("https://example.org/{folder}/issues")),
            ("repository", format!("https://example.org/{folder}")),
        ];
        let init = "def classFactory(iface):\n    from .plugin import Plugin\n    return Plugin(iface)\n";
        Self {
            folder: folder.to_owned(),
            keys: keys.map(|(key, value)| (key.to_owned(), value)).to_vec(),
            raw_metadata: None,
            entries: vec![
                (format!("{folder}/__init__.py"), init.into()),
                (format!("{folder}/LICENSE"), "GNU GENERAL PUBLIC LICENSE\nVersion 2, June 1991\n".into()),
            ],
            compression: CompressionMethod::Deflated,
        }
    }

    /// Sets the version.
    #[must_use]
    pub fn version(self, version: &str) -> Self {
        self.metadata_key("version", version)
    }

    /// Sets a key of metadata.txt; lines of the value after the first are indented.
    #[must_use]
    pub fn metadata_key(mut self, key: &str, value: &str) -> Self {
        match self.keys.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => value.clone_into(old),
            None => self.keys.push((key.to_owned(), value.to_owned())),
        }
        self
    }

    /// Takes a key out of metadata.txt.
    #[must_use]
    pub fn without_key(mut self, key: &str) -> Self {
        self.keys.retain(|(name, _)| name != key);
        self
    }

    /// Sets the whole metadata.txt; keys set before and after do not count.
    #[must_use]
    pub fn raw_metadata(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.raw_metadata = Some(bytes.into());
        self
    }

    /// Adds or replaces a file by its path inside the plugin's folder.
    #[must_use]
    pub fn file(self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let name = format!("{}/{path}", self.folder);
        self.entry(&name, bytes)
    }

    /// Adds or replaces an entry by its full name; a name ending in `/` is a folder.
    #[must_use]
    pub fn entry(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        match self.entries.iter_mut().find(|(existing, _)| existing == name) {
            Some((_, old)) => *old = bytes,
            None => self.entries.push((name.to_owned(), bytes)),
        }
        self
    }

    /// Takes a file out of the plugin's folder.
    #[must_use]
    pub fn without_file(mut self, path: &str) -> Self {
        let name = format!("{}/{path}", self.folder);
        self.entries.retain(|(existing, _)| *existing != name);
        self
    }

    /// Leaves the entries uncompressed.
    #[must_use]
    pub fn stored(mut self) -> Self {
        self.compression = CompressionMethod::Stored;
        self
    }

    /// The text of metadata.txt.
    pub fn metadata(&self) -> Vec<u8> {
        if let Some(raw) = &self.raw_metadata {
            return raw.clone();
        }
        let mut text = String::from("[general]\n");
        for (key, value) in &self.keys {
            let value = value.replace('\n', "\n    ");
            text.extend([key, "=", &value, "\n"]);
        }
        text.into_bytes()
    }

    /// The bytes of the zip: metadata.txt first, then the rest in order; the same input gives the same bytes.
    pub fn build(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(self.compression)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        let metadata = (format!("{}/metadata.txt", self.folder), self.metadata());
        let written = self.entries.iter().any(|(name, _)| *name == metadata.0);
        for (name, bytes) in (!written).then_some(&metadata).into_iter().chain(&self.entries) {
            if name.ends_with('/') {
                zip.add_directory(name.as_str(), options).expect("a folder of a test package can be written");
            } else {
                zip.start_file(name.as_str(), options).expect("a file of a test package can be begun");
                zip.write_all(bytes).expect("writing to memory cannot fail");
            }
        }
        zip.finish().expect("the directory of a test package can be written").into_inner()
    }
}

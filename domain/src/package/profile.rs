//! What a site asks of a package: lists that its operator may change.

use serde::{Deserialize, Serialize};

/// The lists behind the checks. A site begins with [`Profile::official`] and changes what it wants to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// Keys that metadata.txt must have with a value. `name`, `version` and `qgisMinimumVersion` always are.
    pub required_keys: Vec<String>,
    /// Names of which one must be a file in the plugin's folder; empty when no licence is asked for.
    pub license_names: Vec<String>,
    /// Components that no path may have, letters compared without case.
    pub forbidden_components: Vec<String>,
    /// Extensions, with their dot, that no file may have, letters compared without case.
    pub forbidden_extensions: Vec<String>,
    /// Links that templates write and authors forget; compared without a final slash.
    pub placeholder_links: Vec<String>,
    /// Keys that are warned about because they mean nothing any more.
    pub deprecated_keys: Vec<String>,
}

impl Profile {
    /// What plugins.qgis.org asks: nine keys and a licence.
    pub fn official() -> Self {
        Self {
            required_keys: texts(&[
                "name",
                "description",
                "version",
                "qgisMinimumVersion",
                "author",
                "email",
                "about",
                "tracker",
                "repository",
            ]),
            license_names: texts(&["LICENSE"]),
            forbidden_components: texts(&["__MACOSX", ".git", "__pycache__"]),
            forbidden_extensions: texts(&[".pyc"]),
            placeholder_links: texts(&["http://bugs", "http://repo", "http://homepage"]),
            deprecated_keys: texts(&["supportsQt6"]),
        }
    }

    /// What a plugin needs to be listed and installed at all, for repositories inside a company.
    pub fn minimal() -> Self {
        Self {
            required_keys: texts(&["name", "description", "version", "qgisMinimumVersion"]),
            license_names: Vec::new(),
            ..Self::official()
        }
    }

    pub(super) fn requires(&self, key: &str) -> bool {
        ALWAYS_REQUIRED.contains(&key) || self.required_keys.iter().any(|required| required == key)
    }

    /// The required keys in the order of the profile, with those that no plugin can do without.
    pub(super) fn required(&self) -> impl Iterator<Item = &str> {
        let always =
            ALWAYS_REQUIRED.into_iter().filter(|key| !self.required_keys.iter().any(|named| named == key));
        self.required_keys.iter().map(String::as_str).chain(always)
    }
}

const ALWAYS_REQUIRED: [&str; 3] = ["name", "version", "qgisMinimumVersion"];

impl Default for Profile {
    fn default() -> Self {
        Self::official()
    }
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

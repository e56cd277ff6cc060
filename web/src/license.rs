//! A licence as pages show it.

use crate::frame::{Frame, path_part};
use cairn_domain::license::License;

/// A licence with the list of plugins that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Licensed {
    pub(crate) name: String,
    /// In full, where it is one licence that is known.
    pub(crate) full_name: Option<&'static str>,
    pub(crate) href: String,
    /// Where its text can be read.
    pub(crate) address: Option<String>,
}

impl Licensed {
    pub(crate) fn of(frame: &Frame, name: String) -> Self {
        let known: Option<License> = name.parse().ok();
        Self {
            full_name: known.as_ref().and_then(License::full_name),
            address: known.as_ref().and_then(License::address),
            href: format!("{}/plugins/?license={}", frame.root, path_part(&name)),
            name,
        }
    }
}

/// `GPL-3.0, GNU General Public License v3.0`, as far as it is known.
pub(crate) fn in_words(name: &str) -> String {
    match name.parse().ok().and_then(|license: License| license.full_name()) {
        Some(full_name) => format!("{name}, {full_name}"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing;

    #[test]
    fn a_licence_leads_to_the_plugins_that_have_it() {
        let frame = testing::frame(Part::Plugins);
        let known = Licensed::of(&frame, "GPL-2.0-or-later".into());
        assert_eq!(known.href, "/qgis/plugins/?license=GPL-2.0-or-later");
        assert_eq!(known.full_name, Some("GNU General Public License v2.0 or later"));
        assert_eq!(known.address.as_deref(), Some("https://spdx.org/licenses/GPL-2.0-or-later.html"));
        let words = Licensed::of(&frame, "Ask & pay".into());
        assert_eq!((words.href.as_str(), words.full_name), ("/qgis/plugins/?license=Ask%20%26%20pay", None));
        assert_eq!(in_words("MIT"), "MIT, MIT License");
        assert_eq!(in_words("Ask & pay"), "Ask & pay");
    }
}

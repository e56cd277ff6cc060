//! From Markdown of ours to a part of a page: headings that can be linked, tables that can be scrolled, and the addresses and
//! limits of this site in their places.

use crate::documents::docs_page::DocsPageSite;
use crate::frame::Frame;
use crate::text::{Bytes, Count};
use cairn_domain::package::{
    ABOUT_BYTES_MAX, AUTHOR_CHARS_MAX, CATEGORY_CHARS_MAX, CHANGELOG_BYTES_MAX, DEPENDENCIES_BYTES_MAX,
    DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX, TAGS_MAX,
};
use comrak::nodes::NodeValue;
use comrak::{Anchorizer, Arena, Options, format_html, parse_document};

/// What texts say of this very site.
#[derive(Debug)]
pub(super) struct Site {
    base: String,
    root: String,
    package_bytes_max: u64,
    unpacked_bytes_max: u64,
    package_entries_max: u64,
    audience: String,
}

impl Site {
    pub(super) fn of(told: DocsPageSite, frame: &Frame) -> Self {
        Self {
            base: frame.base.clone(),
            root: frame.root.clone(),
            package_bytes_max: told.limits.package_bytes_max,
            unpacked_bytes_max: told.limits.unpacked_bytes_max,
            package_entries_max: told.limits.package_entries_max,
            audience: told.features.ci_audience,
        }
    }

    #[cfg(test)]
    pub(super) fn example() -> Self {
        Self {
            base: "https://example.org/qgis".into(),
            root: "/qgis".into(),
            package_bytes_max: 25_000_000,
            unpacked_bytes_max: 500_000_000,
            package_entries_max: 10_000,
            audience: "example.org".into(),
        }
    }

    /// The words that stand for something, with what they stand for.
    fn words(&self) -> Vec<(&'static str, String)> {
        let count = |n: usize| Count(n.try_into().unwrap_or(u64::MAX)).to_string();
        let bytes = |n: u64| Bytes(n).to_string();
        let host = self.base.split_once("://").map_or(self.base.as_str(), |(_, rest)| rest);
        vec![
            ("https://NAME:PASSWORD@HOST", self.base.replace("://", "://NAME:PASSWORD@")),
            ("https://BASE", self.base.clone()),
            ("HOST", host.to_owned()),
            ("AUDIENCE", self.audience.clone()),
            ("LIMIT_PACKAGE", bytes(self.package_bytes_max)),
            ("LIMIT_UNPACKED", bytes(self.unpacked_bytes_max)),
            ("LIMIT_ENTRIES", Count(self.package_entries_max).to_string()),
            ("LIMIT_NAME", count(NAME_CHARS_MAX)),
            ("LIMIT_DESCRIPTION", count(DESCRIPTION_CHARS_MAX)),
            ("LIMIT_ABOUT", count(ABOUT_BYTES_MAX)),
            ("LIMIT_CHANGELOG", count(CHANGELOG_BYTES_MAX)),
            ("LIMIT_AUTHOR", count(AUTHOR_CHARS_MAX)),
            ("LIMIT_TAGS", count(TAGS_MAX)),
            ("LIMIT_CATEGORY", count(CATEGORY_CHARS_MAX)),
            ("LIMIT_DEPENDENCIES", count(DEPENDENCIES_BYTES_MAX)),
        ]
    }
}

/// A heading that can be linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) id: String,
    pub(super) title: String,
}

/// The text as markup, and its headings of the second level.
pub(super) fn page(text: fn() -> &'static str, site: &Site) -> (String, Vec<Section>) {
    let mut text = text().to_owned();
    for (word, meaning) in site.words() {
        text = text.replace(word, &meaning);
    }
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.header_id_prefix = Some(String::new());
    let arena = Arena::new();
    let root = parse_document(&arena, &text, &options);
    let mut html = String::new();
    format_html(root, &options, &mut html).expect("a String takes every write");
    let mut anchors = Anchorizer::new();
    let mut sections = Vec::new();
    for node in root.descendants() {
        let NodeValue::Heading(heading) = node.data().value else { continue };
        let mut title = String::new();
        for part in node.descendants() {
            match &part.data().value {
                NodeValue::Text(text) => title.push_str(text),
                NodeValue::Code(code) => title.push_str(&code.literal),
                _ => {}
            }
        }
        let id = anchors.anchorize(&title);
        if heading.level == 2 {
            sections.push(Section { id, title });
        }
    }
    (at_home(&html, site), sections)
}

/// Links below this site, and what is wide in a place that scrolls.
fn at_home(html: &str, site: &Site) -> String {
    let table = "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"A table\"><table>";
    html.replace("href=\"/", &format!("href=\"{}/", site.root))
        .replace("<pre>", "<pre tabindex=\"0\">")
        .replace("<table>", table)
        .replace("</table>", "</table></div>")
        .replace("<th>", "<th scope=\"col\">")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_gets_this_sites_addresses_and_headings_to_link() {
        let text = || "Up to LIMIT_TAGS.\n\n## The *first* `step`\n\n[Go](/plugins/add/)\n\n```sh\ncurl https://BASE/x\n```\n\n| a |\n|---|\n| b |\n";
        let (html, sections) = page(text, &Site::example());
        assert_eq!(sections, [Section { id: "the-first-step".into(), title: "The first step".into() }]);
        assert!(html.contains("<h2 id=\"the-first-step\">"), "{html}");
        assert!(html.contains("href=\"/qgis/plugins/add/\"") && html.contains("Up to 30."), "{html}");
        assert!(html.contains("curl https://example.org/qgis/x") && html.contains("<pre tabindex"), "{html}");
        assert!(html.contains("role=\"group\"") && html.contains("<th scope=\"col\">a"), "{html}");
    }

    #[test]
    fn the_example_for_python_has_its_password_in_the_address() {
        let (html, _) = page(|| "`https://NAME:PASSWORD@HOST/plugins/RPC2/`", &Site::example());
        assert!(html.contains("https://NAME:PASSWORD@example.org/qgis/plugins/RPC2/"), "{html}");
    }
}

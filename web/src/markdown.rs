//! What authors write about their plugins, as markup that can do nothing.
//!
//! Three walls: the few HTML tags that authors use become Markdown and all others stay text, the reader of Markdown makes no
//! HTML of its own but what it means, and what comes of it keeps only elements and attributes that are named here. The policy
//! of the pages would stop what got through all of them.

mod html;

use ammonia::{Builder, UrlRelative};
use comrak::nodes::{NodeHeading, NodeValue};
use comrak::{Arena, Node, Options, format_html, parse_document};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::LazyLock;

/// Limits on a text that is shown with its markup.
#[derive(Debug, Clone, Copy)]
struct TextLimits {
    /// Characters that are shown; the longest `about` of the public catalogue has 7,500.
    chars_max: usize,
    /// Lists in quotes in lists: the cost of cleaning grows with depth times length.
    depth_max: usize,
}

const LIMITS: TextLimits = TextLimits { chars_max: 30_000, depth_max: 24 };

/// The level of an author's first heading: the page has the first, its parts have the second.
const HEADING_LEVEL: u8 = 3;

/// Markup that is safe to be written as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rich(String);

impl fmt::Display for Rich {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Rich {
    /// An author's text, if there is anything in it.
    pub(crate) fn of(text: &str) -> Option<Self> {
        Self::within(text, LIMITS)
    }

    fn within(text: &str, limits: TextLimits) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let (shown, cut) = match text.char_indices().nth(limits.chars_max) {
            Some((end, _)) => (&text[..end], true),
            None => (text, false),
        };
        let mut markup = marked_up(shown, limits).unwrap_or_else(|| as_it_is(shown));
        if cut {
            markup.push_str("<p>… The rest of this text is in the package.</p>");
        }
        Some(Self(markup))
    }
}

/// The text as Markdown; none if it is nested too deeply.
fn marked_up(text: &str, limits: TextLimits) -> Option<String> {
    let arena = Arena::new();
    let options = options();
    let root = parse_document(&arena, &html::as_markdown(text), &options);
    if is_deeper(root, limits.depth_max) {
        return None;
    }
    level_headings(root);
    link_pictures(root);
    let mut markup = String::new();
    format_html(root, &options, &mut markup).expect("a String takes everything");
    Some(CLEANER.clean(&markup).to_string())
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    // Metadata is written line by line, and QGIS shows it so.
    options.render.hardbreaks = true;
    options.render.escape = true;
    options.render.ignore_empty_links = true;
    options
}

/// Whether anything stands below more than so many others.
fn is_deeper(root: Node<'_>, depth_max: usize) -> bool {
    let mut depth = 0_usize;
    for edge in root.traverse() {
        match edge {
            comrak::arena_tree::NodeEdge::Start(_) => depth += 1,
            comrak::arena_tree::NodeEdge::End(_) => depth -= 1,
        }
        if depth > depth_max {
            return true;
        }
    }
    false
}

/// Headings go down by one level at a time and begin below those of the page, whatever their author called them.
fn level_headings(root: Node<'_>) {
    let mut open: Vec<u8> = Vec::new();
    for node in root.descendants() {
        if let NodeValue::Heading(NodeHeading { level, .. }) = &mut node.data.borrow_mut().value {
            open.retain(|above| *above < *level);
            open.push(*level);
            let below = u8::try_from(open.len() - 1).expect("there are six levels");
            *level = (HEADING_LEVEL + below).min(6);
        }
    }
}

/// A picture would ask another site; its address can be followed instead.
fn link_pictures(root: Node<'_>) {
    for node in root.descendants() {
        let mut data = node.data.borrow_mut();
        if let NodeValue::Image(link) = &data.value {
            let link = link.clone();
            data.value = NodeValue::Link(link);
        }
    }
}

/// Elements that come of Markdown, and of attributes only where links lead.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from([
            "p",
            "br",
            "hr",
            "h3",
            "h4",
            "h5",
            "h6",
            "ul",
            "ol",
            "li",
            "blockquote",
            "pre",
            "code",
            "em",
            "strong",
            "del",
            "a",
        ]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow ugc noopener noreferrer"))
        .clean_content_tags(HashSet::from(["script", "style"]));
    cleaner
});

/// The text without any markup, its lines kept.
fn as_it_is(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(ammonia::clean_text).collect();
    format!("<p>{}</p>", lines.join("<br>\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn rich(text: &str) -> String {
        Rich::of(text).unwrap().to_string()
    }

    #[test]
    fn lines_lists_and_addresses_are_shown_as_meant() {
        let shown = rich("One **strong** line\nand the next\n\n- a\n- b\n\nSee https://example.org/x?a=1");
        assert!(shown.contains("One <strong>strong</strong> line<br>"), "{shown}");
        assert!(shown.contains("<ul>\n<li>a</li>\n<li>b</li>\n</ul>"), "{shown}");
        let link = "href=\"https://example.org/x?a=1\" rel=\"nofollow ugc noopener noreferrer\"";
        assert!(shown.contains(link), "{shown}");
    }

    #[test]
    fn plain_tags_of_authors_are_understood() {
        let shown = rich(
            "<p>Tools:</p><ul><li>first <b>one</b></li><li>two</li></ul><a href=\"https://x.org/\">more</a><br>end",
        );
        assert!(shown.contains("<li>first <strong>one</strong></li>"), "{shown}");
        assert!(shown.contains("<a href=\"https://x.org/\" rel"), "{shown}");
        assert!(!shown.contains("&lt;"), "{shown}");
    }

    #[test]
    fn hostile_texts_do_nothing() {
        for text in [
            HOSTILE,
            "<script>alert(1)</script>",
            "[go](javascript:alert(1)) [data](data:text/html;base64,PHNjcmlwdD4=) [v](vbscript:x)",
            "![x](https://evil.example/pixel.png) <img src=https://evil.example/p.png>",
            "<a href=\"javascript:alert(1)\">x</a> <a href='https://x.org/\" onclick=\"alert(1)'>y</a>",
            "<b onmouseover=alert(1)>x</b><svg/onload=alert(1)><style>*{display:none}</style>",
            "<iframe src=//evil.example></iframe><form action=//evil.example><input></form>",
            "```html\n<script>alert(1)</script>\n```",
            "[x](https://x.org/ \"\\\" onclick=alert(1)\")",
            "<https://x.org/\"onclick=alert(1)>",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
        ] {
            let shown = rich(text);
            testing::is_tame(&shown);
            for live in [
                "<img",
                "<svg",
                "<style",
                "<iframe",
                "<form",
                "<input",
                " onclick=\"",
                " onmouseover=\"",
                "href=\"data:",
                "href=\"javascript",
                "href=\"vbscript",
            ] {
                assert!(!shown.contains(live), "{live} of {text}: {shown}");
            }
        }
    }

    #[test]
    fn headings_go_below_those_of_the_page_step_by_step() {
        let shown = rich("# A\n\n### B\n\n## C\n\n# D");
        let levels: Vec<&str> =
            shown.matches("<h").zip(shown.split("<h").skip(1)).map(|(_, rest)| &rest[..1]).collect();
        assert_eq!(levels, ["3", "4", "4", "3"], "{shown}");
    }

    #[test]
    fn a_picture_is_a_link_and_a_relative_link_is_none() {
        let shown = rich("![map](https://x.org/map.png) [here](/plugins/other/)");
        assert!(shown.contains("<a href=\"https://x.org/map.png\"") && shown.contains(">map</a>"), "{shown}");
        assert!(!shown.contains("/plugins/other/"), "{shown}");
    }

    #[test]
    fn an_empty_text_is_none_and_a_long_one_is_cut() {
        assert_eq!(Rich::of(" \n"), None);
        let limits = TextLimits { chars_max: 5, ..LIMITS };
        let whole = Rich::within("äbcde", limits).unwrap().to_string();
        assert!(whole.contains("äbcde") && !whole.contains("The rest"), "{whole}");
        let cut = Rich::within("äbcdef", limits).unwrap().to_string();
        assert!(cut.contains("äbcde</p>") && cut.contains("The rest"), "{cut}");
    }

    #[test]
    fn what_is_nested_too_deeply_is_shown_as_it_is() {
        let limits = TextLimits { depth_max: 5, ..LIMITS };
        // Document, two quotes, paragraph, text.
        assert!(Rich::within("> > a", limits).unwrap().to_string().contains("<blockquote>"));
        let shown = Rich::within("> > > a <b>\nnext", limits).unwrap().to_string();
        assert!(
            !shown.contains("<blockquote>") && !shown.contains("<b>") && shown.contains("<br>"),
            "{shown}"
        );
        assert!(rich(&">".repeat(20_000)).starts_with("<p>"));
    }
}

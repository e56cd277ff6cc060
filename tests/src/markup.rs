//! What a browser would make of a page: whether anything in it lives that is not ours.

use scraper::{ElementRef, Html, Node};
use serde_json::Value;

/// What a hostile text tries to bring into a page, so that it is found whatever else it does.
pub const ELEMENT: &str = "x-evil";
/// An attribute that only hostile texts have.
pub const ATTRIBUTE: &str = "data-evil";
/// A name, class, id or value that only hostile texts have.
pub const NAME: &str = "evil-name";

/// Elements that run, load or send something, and that no page of ours has.
const NEVER: [&str; 15] = [
    "iframe",
    "object",
    "embed",
    "frame",
    "frameset",
    "base",
    "applet",
    "portal",
    "audio",
    "video",
    "math",
    "foreignobject",
    "marquee",
    "animate",
    "style",
];

/// Attributes that name an address.
const ADDRESSES: [&str; 9] =
    ["href", "src", "action", "formaction", "poster", "data", "xlink:href", "background", "srcset"];

/// Everything in a page, or a part of one, that should not live there; empty for a good page.
pub fn live(html: &str) -> Vec<String> {
    live_in(&Html::parse_document(html))
}

/// The same for a text that stands inside another page.
pub fn live_in_fragment(html: &str) -> Vec<String> {
    let mut found = live_in(&Html::parse_fragment(html));
    // A text of an author brings no script, whatever it is called.
    if html.to_ascii_lowercase().contains("<script") {
        found.push(format!("a script: {html}"));
    }
    found
}

fn live_in(page: &Html) -> Vec<String> {
    let elements = page.tree.root().descendants().filter_map(ElementRef::wrap);
    elements.flat_map(|element| faults(&element)).collect()
}

fn faults(element: &ElementRef<'_>) -> Vec<String> {
    let name = element.value().name().to_ascii_lowercase();
    let shown: String = element.html().chars().take(200).collect();
    let mut faults = Vec::new();
    if name == ELEMENT || NEVER.contains(&name.as_str()) {
        faults.push(format!("the element {name}: {shown}"));
    }
    if name == "script" {
        faults.extend(of_script(element).map(|fault| format!("{fault}: {shown}")));
    }
    if name == "meta" && element.attr("http-equiv").is_some() {
        faults.push(format!("a header in the page: {shown}"));
    }
    if name == "link" && !element.attr("href").is_some_and(is_of_this_site) {
        let rel = element.attr("rel").unwrap_or_default();
        if !["canonical", "alternate"].contains(&rel) {
            faults.push(format!("a link to elsewhere: {shown}"));
        }
    }
    if name == "form" && !element.attr("action").is_none_or(is_of_this_site) {
        faults.push(format!("a form to elsewhere: {shown}"));
    }
    for (attribute, value) in element.value().attrs() {
        let attribute = attribute.to_ascii_lowercase();
        if attribute.starts_with("on")
            || attribute == "style"
            || attribute == "srcdoc"
            || attribute == ATTRIBUTE
        {
            faults.push(format!("the attribute {attribute}: {shown}"));
        }
        if ADDRESSES.contains(&attribute.as_str()) && !is_harmless(value) {
            faults.push(format!("the address {value:?}: {shown}"));
        }
        // A field that shows again what was typed holds it as text; nothing else may.
        if ["id", "name", "class", "for", "form"].contains(&attribute.as_str()) && value.contains(NAME) {
            faults.push(format!("the {attribute} {value:?}: {shown}"));
        }
    }
    faults
}

/// A script is a file of ours, or data that nobody runs.
fn of_script(script: &ElementRef<'_>) -> Option<String> {
    let text: String = script.text().collect();
    match (script.attr("src"), script.attr("type")) {
        (Some(src), _) if src.contains("/assets/") && is_of_this_site(src) && text.trim().is_empty() => None,
        (None, Some("application/ld+json" | "application/json")) => {
            serde_json::from_str::<Value>(&text).err().map(|fault| format!("data that is none ({fault})"))
        }
        _ => Some("a script that is not ours".to_owned()),
    }
}

fn is_of_this_site(address: &str) -> bool {
    address.is_empty()
        || (address.starts_with(['/', '?', '#']) && !address.starts_with("//") && !address.contains('\\'))
        || (!address.contains(':') && !address.starts_with("//") && !address.contains('\\'))
}

/// An address that runs nothing when it is opened. Browsers leave out blanks and line breaks before they look.
fn is_harmless(address: &str) -> bool {
    let plain: String = address.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let plain = plain.to_ascii_lowercase();
    match plain.split_once(':') {
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => {
            ["http", "https", "mailto"].contains(&scheme)
        }
        _ => true,
    }
}

/// The text of a page as people read it, without its scripts.
pub fn text(html: &str) -> String {
    let page = Html::parse_document(html);
    let texts = page.tree.root().descendants().filter_map(|node| match node.value() {
        Node::Text(text) => {
            let quiet = node.ancestors().filter_map(ElementRef::wrap);
            let quiet =
                quiet.into_iter().any(|above| ["script", "style", "title"].contains(&above.value().name()));
            (!quiet).then(|| text.to_string())
        }
        _ => None,
    });
    texts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_page_is_found_good() {
        let page = r#"<!doctype html><title>a</title><script type="module" src="/assets/site.1.js"></script>
            <script type="application/ld+json">{"name": "\u003c/script>"}</script>
            <link rel="stylesheet" href="/assets/style.1.css"><link rel="canonical" href="https://example.org/">
            <a href="https://example.org/">out</a><a href="mailto:a@example.org">a</a><a href="?a=b:c">b</a>
            <form action="/plugins/" method="get"><input name="text" value="<x-evil>"></form>
            <img src="/icons/a.png" alt="">&lt;script&gt;"#;
        assert_eq!(live(page), Vec::<String>::new());
        assert!(text(page).contains("<script>"), "a text that looks like markup is a text");
    }

    #[test]
    fn whatever_lives_is_found() {
        for bad in [
            "<script>alert(1)</script>",
            "<script src=https://evil.example/a.js></script>",
            "<script src=//evil.example/assets/a.js></script>",
            "<SCRIPT/x>alert(1)</SCRIPT>",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "<a href='javascript:alert(1)'>a</a>",
            "<a href=' java\nscript:alert(1)'>a</a>",
            "<a href='&#106;avascript:alert(1)'>a</a>",
            "<a href='data:text/html,<b>'>a</a>",
            "<svg><a xlink:href='javascript:alert(1)'><text>a</text></a></svg>",
            "<iframe src=/></iframe>",
            "<form action=https://evil.example/><button>a</button></form>",
            "<button formaction='javascript:alert(1)'>a</button>",
            "<base href=https://evil.example/>",
            "<meta http-equiv=refresh content='0;url=https://evil.example'>",
            "<link rel=stylesheet href=https://evil.example/a.css>",
            "<p style='position:fixed'>a</p>",
            "<x-evil>a</x-evil>",
            "<b data-evil>a</b>",
            "<b id=evil-name>a</b>",
            "<input name=evil-name>",
            "<script type=application/ld+json>{\"a\": \"</script><script>alert(1)</script>",
        ] {
            assert!(!live(bad).is_empty(), "{bad}");
        }
    }
}

//! Which SVG a browser may show under our own address: plain drawings that load and run nothing.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::codes::FindingCode as Code;

type Fault = (Code, String);

/// Deeper drawings exist, but browsers and we alike recurse over them.
const DEPTH_MAX: usize = 256;

/// Each attribute is compared with those before it, so a million of them would take hours. Real ones stay below 60.
const ATTRIBUTES_MAX: usize = 256;

/// Elements that run, embed or load, in lower case.
const FORBIDDEN_ELEMENTS: [&str; 10] =
    ["script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener", "base"];

/// Whether the bytes are one well-formed SVG document without scripts, document types and links to the outside.
pub(super) fn judge(bytes: &[u8]) -> Result<(), Fault> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
        .map_err(|_| invalid("the icon is neither a known image nor UTF-8 text"))?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let (mut depth, mut roots) = (0, 0);
    // The depth of the outermost `style` that is open; all text in it is style.
    let mut style_depth = None;
    loop {
        let event = reader.read_event().map_err(|fault| invalid(&format!("the icon is no SVG: {fault}")))?;
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                if depth == 0 {
                    roots += 1;
                    root(tag, roots)?;
                }
                element(tag)?;
                if matches!(event, Event::Start(_)) {
                    if lower(tag.local_name().as_ref()) == "style" {
                        style_depth = style_depth.or(Some(depth));
                    }
                    depth += 1;
                }
                if depth > DEPTH_MAX {
                    return Err(invalid("the icon's elements are nested too deeply"));
                }
            }
            Event::End(_) => {
                depth -= 1;
                style_depth = style_depth.filter(|opened| *opened < depth);
            }
            Event::Text(text) if depth == 0 && !text.trim().is_empty() => {
                return Err(invalid("the icon has text outside its root element"));
            }
            Event::Text(text) if style_depth.is_some() => style(text)?,
            Event::CData(text) if style_depth.is_some() => style(text)?,
            Event::CData(_) if depth == 0 => {
                return Err(invalid("the icon has text outside its root element"));
            }
            Event::GeneralRef(_) if depth == 0 || style_depth.is_some() => {
                return Err(invalid("the icon has a reference where none is allowed"));
            }
            Event::GeneralRef(reference) => {
                let known = matches!(&**reference, "amp" | "lt" | "gt" | "quot" | "apos");
                if !known && !reference.resolve_char_ref().is_ok_and(|c| c.is_some()) {
                    return Err(invalid("the icon uses an entity that is not defined"));
                }
            }
            Event::DocType(_) => return Err(unsafe_("the icon has a document type")),
            Event::PI(_) => return Err(unsafe_("the icon has a processing instruction")),
            Event::Eof if depth == 0 && roots == 1 => return Ok(()),
            Event::Eof => return Err(invalid("the icon is no complete SVG document")),
            Event::Text(_) | Event::CData(_) | Event::Comment(_) | Event::Decl(_) => {}
        }
    }
}

fn root(tag: &BytesStart<'_>, roots: usize) -> Result<(), Fault> {
    if roots == 1 && tag.local_name().as_ref() == "svg" {
        Ok(())
    } else {
        Err(invalid("the icon's one root element is not `svg`"))
    }
}

fn element(tag: &BytesStart<'_>) -> Result<(), Fault> {
    let name = lower(tag.local_name().as_ref());
    if FORBIDDEN_ELEMENTS.contains(&name.as_str()) {
        return Err(unsafe_(&format!("the icon contains the element `{name}`")));
    }
    for (count, attribute) in tag.attributes().enumerate() {
        if count == ATTRIBUTES_MAX {
            return Err(invalid("an element of the icon has too many attributes"));
        }
        let attribute = attribute.map_err(|fault| invalid(&format!("the icon is no SVG: {fault}")))?;
        let key = lower(attribute.key.local_name().as_ref());
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|fault| invalid(&format!("the icon is no SVG: {fault}")))?;
        // Browsers skip blanks and control characters inside a scheme.
        let squeezed: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        let squeezed = squeezed.to_lowercase();
        // Handlers and styles have no prefix; drawing programs keep notes of their own under one.
        let prefixed = attribute.key.prefix().is_some();
        if !prefixed && key.starts_with("on") || squeezed.contains("javascript:") {
            return Err(unsafe_(&format!("the icon runs a script in the attribute `{key}`")));
        }
        if matches!(key.as_str(), "href" | "src" | "base") && !is_inside(&squeezed) {
            return Err(unsafe_("the icon links to the outside"));
        }
        if !prefixed {
            style(&value)?;
        }
    }
    Ok(())
}

/// A place in the same document, or an image that stands in the text itself.
fn is_inside(link: &str) -> bool {
    let image =
        ["data:image/png;", "data:image/jpeg;", "data:image/jpg;", "data:image/gif;", "data:image/webp;"];
    link.is_empty() || link.starts_with('#') || image.iter().any(|prefix| link.starts_with(prefix))
}

/// A style or a presentation attribute: `url(…)` may point inside only, and nothing is imported.
fn style(text: &str) -> Result<(), Fault> {
    let text: String =
        text.to_lowercase().chars().filter(|c| !c.is_whitespace() && !"'\"".contains(*c)).collect();
    // CSS hides letters behind backslashes and comments; icons need neither before an address.
    let escapes = text.contains('\\') && (text.contains('(') || text.contains('@'));
    let outside = text.split("url(").skip(1).any(|link| !is_inside(link));
    if text.contains("@import") || text.contains("image-set(") || escapes || outside {
        return Err(unsafe_("the icon's style loads something from the outside"));
    }
    Ok(())
}

fn lower(name: &str) -> String {
    name.to_ascii_lowercase()
}

fn invalid(message: &str) -> Fault {
    (Code::IconInvalid, message.to_owned())
}

fn unsafe_(message: &str) -> Fault {
    (Code::IconUnsafe, message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(body: &str) -> Option<Code> {
        judge(body.as_bytes()).err().map(|(code, _)| code)
    }

    #[test]
    fn plain_drawings_pass() {
        for drawing in [
            "<svg/>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- made by hand --><svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0\"/></svg>\n",
            "<svg:svg xmlns:svg=\"http://www.w3.org/2000/svg\"><svg:g/></svg:svg>",
            "<svg><use href=\"#a\"/><text>a &amp; b &#233;</text></svg>",
            "<svg><rect fill=\"url(#grad)\" style=\"filter: url( '#f' )\"/><style>.a { fill: url(#g) }</style></svg>",
            "<svg><image xlink:href=\"data:image/png;base64,AAAA\"/></svg>",
            "<svg inkscape:export-filename=\"C:\\icons\\a (1).png\" inkscape:only-visible=\"1\"/>",
            "<svg><rdf:li rdf:resource=\"http://creativecommons.org/ns#x\"/></svg>",
        ] {
            assert_eq!(code(drawing), None, "{drawing}");
        }
    }

    #[test]
    fn what_runs_or_loads_is_unsafe() {
        for drawing in [
            "<svg><script>alert(1)</script></svg>",
            "<svg><x:SCRIPT/></svg>",
            "<svg><foreignObject/></svg>",
            "<svg onload=\"alert(1)\"/>",
            "<svg><a href=\"java\tscript:alert(1)\"/></svg>",
            "<svg><a xlink:href=\"&#106;avascript:alert(1)\"/></svg>",
            "<svg><animate attributeName=\"href\" to=\"javascript:x\"/></svg>",
            "<svg><image href=\"file:///etc/passwd\"/></svg>",
            "<svg><image href=\"https://example.org/a.png\"/></svg>",
            "<svg><image href=\"data:image/svg+xml;base64,AAAA\"/></svg>",
            "<svg xml:base=\"https://example.org/\"/>",
            "<svg><rect fill=\"url(https://example.org/a)\"/></svg>",
            "<svg><style>@import 'https://example.org/a';</style></svg>",
            "<svg><style><![CDATA[a { background: url(//example.org) }]]></style></svg>",
            "<svg><style><g/><g></g>@import 'a';</style></svg>",
            "<svg><rect style=\"fill: image-set('a.png' 1x)\"/></svg>",
            "<svg><rect style=\"fill: u\\72l(https://example.org)\"/></svg>",
            "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>",
            "<?xml-stylesheet href=\"a.css\"?><svg/>",
        ] {
            assert_eq!(code(drawing), Some(Code::IconUnsafe), "{drawing}");
        }
    }

    #[test]
    fn what_is_no_svg_is_invalid() {
        for drawing in [
            "",
            "hello",
            "<html/>",
            "<svg>",
            "<svg></g>",
            "<svg/><svg/>",
            "<svg/>text",
            "<svg a=\"1\" a=\"2\"/>",
            "<svg>&unknown;</svg>",
            "<svg a=\"&unknown;\"/>",
        ] {
            assert_eq!(code(drawing), Some(Code::IconInvalid), "{drawing:?}");
        }
        assert_eq!(judge(b"\xff\xfe<svg/>").unwrap_err().0, Code::IconInvalid);
    }

    #[test]
    fn attributes_have_an_end() {
        let drawing = |count: usize| {
            let attributes: Vec<String> = (0..count).map(|i| format!("a{i}=\"\"")).collect();
            format!("<svg {}/>", attributes.join(" "))
        };
        assert_eq!(code(&drawing(ATTRIBUTES_MAX)), None);
        assert_eq!(code(&drawing(ATTRIBUTES_MAX + 1)), Some(Code::IconInvalid));
    }

    #[test]
    fn nesting_has_an_end() {
        let nested =
            |depth: usize| format!("<svg>{}{}</svg>", "<g>".repeat(depth - 1), "</g>".repeat(depth - 1));
        assert_eq!(code(&nested(DEPTH_MAX)), None);
        assert_eq!(code(&nested(DEPTH_MAX + 1)), Some(Code::IconInvalid));
    }
}

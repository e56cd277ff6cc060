//! Text in XML so that QGIS and strict parsers read the author's text back.
//!
//! QGIS replaces the bytes `& ` by `&amp; ` before it parses, inside CDATA too. Escaped text never holds these bytes, so
//! there is no CDATA here.

/// Writes text between tags. Control characters that XML 1.0 forbids are left out, as one of them makes strict readers refuse the whole feed.
pub(super) fn push_text(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // a bare carriage return is read back as a line feed
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(character),
            forbidden if is_forbidden(forbidden) => {}
            plain => out.push(plain),
        }
    }
}

/// Writes text between the double quotes of an attribute, where bare line breaks and tabs would be read back as blanks.
pub(super) fn push_attribute(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            other => push_text(out, other.encode_utf8(&mut [0; 4])),
        }
    }
}

fn is_forbidden(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::read::{entries, readable};
    use super::*;

    fn written(text: &str) -> String {
        let mut xml = String::from("<plugins><pyqgis_plugin name=\"");
        push_attribute(&mut xml, text);
        xml.push_str("\"><about>");
        push_text(&mut xml, text);
        xml.push_str("</about></pyqgis_plugin></plugins>");
        xml
    }

    fn read_back(xml: &str) -> (String, String) {
        let [entry] = &entries(xml).expect("well-formed")[..] else { panic!("one entry in {xml}") };
        (entry.attribute("name").to_owned(), entry.text("about").to_owned())
    }

    #[test]
    fn hard_texts_are_read_back() {
        for text in [
            "AT&T & co",
            "& ",
            "&",
            "]]>",
            "a<b>\"c\" 'd'",
            "&amp; &lt;",
            "x\r\ny\tz",
            "日本 🗺",
            "\u{feff}x",
            "\u{85}\u{2028}",
            "",
        ] {
            assert_eq!(read_back(&written(text)), (text.to_owned(), text.to_owned()));
        }
        assert_eq!(written("v\u{b}v\u{0}").matches("vv").count(), 2);
    }

    proptest! {
        #[test]
        fn any_text_is_read_back_by_strict_parsers_and_after_what_qgis_replaces(
            text in "([&<>\"'\\]\r\n\t ]|&amp;|& |[\u{0}-\u{20}]|\\PC|[\u{fff0}-\u{ffff}]){0,40}"
        ) {
            let xml = written(&text);
            let kept = readable(&text);
            prop_assert_eq!(read_back(&xml), (kept.clone(), kept));
            prop_assert_eq!(xml.replace("& ", "&amp; "), xml);
        }
    }
}

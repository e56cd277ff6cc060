//! Values and faults as XML-RPC.

use std::fmt::Write;

use super::super::Fault;
use super::super::value::{Value, encode_base64};

const HEAD: &str = "<?xml version='1.0'?>\n<methodResponse>\n";

/// An answer with one value.
pub(super) fn response(answer: &Value<'_>) -> Vec<u8> {
    let mut out = format!("{HEAD}<params>\n<param>\n");
    value(&mut out, answer);
    out.push_str("</param>\n</params>\n</methodResponse>\n");
    out.into_bytes()
}

/// An answer with a fault.
pub(super) fn fault(fault: &Fault) -> Vec<u8> {
    let mut out = format!("{HEAD}<fault>\n");
    let members = vec![
        ("faultCode".into(), Value::Int(fault.xml_code().into())),
        ("faultString".into(), fault.message.as_str().into()),
    ];
    value(&mut out, &Value::Struct(members));
    out.push_str("</fault>\n</methodResponse>\n");
    out.into_bytes()
}

/// Whether every integer within is one of XML-RPC's, which have 32 bits.
pub(super) fn fits(value: &Value<'_>) -> bool {
    match value {
        Value::Int(number) => i32::try_from(*number).is_ok(),
        Value::Array(items) => items.iter().all(fits),
        Value::Struct(members) => members.iter().all(|(_, value)| fits(value)),
        _ => true,
    }
}

/// Writes one `<value>` with a line end.
pub(super) fn value(out: &mut String, shown: &Value<'_>) {
    out.push_str("<value>");
    match shown {
        Value::Nil => out.push_str("<nil/>"),
        Value::Bool(flag) => element(out, "boolean", if *flag { "1" } else { "0" }),
        Value::Int(number) => element(out, "int", &number.to_string()),
        Value::Double(number) => element(out, "double", &number.to_string()),
        Value::Text(content) => element(out, "string", content),
        Value::Bytes(bytes) => element(out, "base64", &encode_base64(bytes)),
        Value::Array(items) => {
            out.push_str("<array><data>\n");
            for item in items {
                value(out, item);
            }
            out.push_str("</data></array>");
        }
        Value::Struct(members) => {
            out.push_str("<struct>\n");
            for (name, member) in members {
                out.push_str("<member>\n");
                element(out, "name", name);
                out.push('\n');
                value(out, member);
                out.push_str("</member>\n");
            }
            out.push_str("</struct>");
        }
    }
    out.push_str("</value>\n");
}

fn element(out: &mut String, name: &str, content: &str) {
    write!(out, "<{name}>").expect("a String takes every write");
    text(out, content);
    write!(out, "</{name}>").expect("a String takes every write");
}

/// Writes text so that every reader gets it back: markup escaped, a carriage return kept from line-end rules, and what
/// XML 1.0 cannot hold replaced, since one such character makes readers refuse the whole answer.
fn text(out: &mut String, content: &str) {
    for character in content.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            _ if in_xml(character) => out.push(character),
            _ => out.push(char::REPLACEMENT_CHARACTER),
        }
    }
}

/// Whether XML 1.0 has the character at all.
pub(super) fn in_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_replaced() {
        let mut out = String::new();
        text(&mut out, "a<b>&\r\n\u{0b}\u{0}\u{ffff}\u{1f5fa}");
        assert_eq!(out, "a&lt;b&gt;&amp;&#13;\n\u{fffd}\u{fffd}\u{fffd}\u{1f5fa}");
    }
}

//! A strict reader of `plugins.xml`, ours and anybody's.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// One `pyqgis_plugin`: attributes and child elements in the order they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in super::super) struct Entry {
    pub(in super::super) attributes: Vec<(String, String)>,
    pub(in super::super) elements: Vec<(String, String)>,
}

impl Entry {
    pub(in super::super) fn attribute(&self, name: &str) -> &str {
        value(&self.attributes, name).unwrap_or_else(|| panic!("no attribute {name} in {self:?}"))
    }

    pub(in super::super) fn text(&self, name: &str) -> &str {
        value(&self.elements, name).unwrap_or_else(|| panic!("no element {name} in {self:?}"))
    }

    /// The element's text, or nothing where there is no such element.
    pub(in super::super) fn text_or_empty(&self, name: &str) -> &str {
        value(&self.elements, name).unwrap_or_default()
    }
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
}

/// What XML 1.0 can carry of a text.
pub(in super::super) fn readable(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(allowed).collect()
}

/// The entries of a feed, or why it is not well-formed: also for what quick-xml lets pass, as characters that XML forbids
/// and text outside the root.
pub(in super::super) fn entries(xml: &str) -> Result<Vec<Entry>, String> {
    if readable(xml) != xml {
        return Err("a forbidden character".to_owned());
    }
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut roots = 0;
    loop {
        match reader.read_event().map_err(|fault| fault.to_string())? {
            Event::Start(start) => {
                roots += usize::from(open.is_empty());
                open.push(start.name().as_ref().to_owned());
                begin(&mut found, &start, open.len())?;
            }
            Event::Empty(start) => begin(&mut found, &start, open.len() + 1)?,
            Event::End(_) => {
                open.pop();
            }
            Event::Text(part) => add(&mut found, open.len(), &part.xml10_content())?,
            Event::CData(part) => add(&mut found, open.len(), &part.xml10_content())?,
            Event::GeneralRef(reference) => add(&mut found, open.len(), &referenced(&reference)?)?,
            Event::Eof if open.is_empty() && roots == 1 => return Ok(found),
            Event::Eof => return Err(format!("{roots} roots, open at the end: {open:?}")),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
        }
    }
}

fn begin(found: &mut Vec<Entry>, start: &BytesStart<'_>, depth: usize) -> Result<(), String> {
    let name = start.name().as_ref().to_owned();
    match depth {
        2 => {
            let mut entry = Entry::default();
            for attribute in start.attributes() {
                let attribute = attribute.map_err(|fault| fault.to_string())?;
                let value =
                    attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|fault| fault.to_string())?;
                entry.attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
            }
            found.push(entry);
        }
        3 => found.last_mut().ok_or("an element outside an entry")?.elements.push((name, String::new())),
        _ => {}
    }
    Ok(())
}

fn add(found: &mut [Entry], depth: usize, text: &str) -> Result<(), String> {
    match depth {
        0 if !text.trim_matches('\u{feff}').trim().is_empty() => Err(format!("{text:?} outside the root")),
        3 => {
            let element = found.last_mut().and_then(|entry| entry.elements.last_mut());
            element.ok_or("text outside an element")?.1.push_str(text);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn referenced(reference: &BytesRef<'_>) -> Result<String, String> {
    match reference.resolve_char_ref().map_err(|fault| fault.to_string())? {
        Some(character) => Ok(character.to_string()),
        None => {
            resolve_predefined_entity(reference).map(str::to_owned).ok_or(format!("unknown {reference:?}"))
        }
    }
}

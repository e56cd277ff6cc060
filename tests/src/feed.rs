//! A feed as a client reads it.

use std::collections::BTreeMap;

/// One `pyqgis_plugin`: its attributes and elements by name.
pub type Entry = BTreeMap<String, String>;

/// Reads a feed strictly, as Python's clients do.
pub fn entries(xml: &str) -> Vec<Entry> {
    use quick_xml::Reader;
    use quick_xml::events::Event;
    let mut reader = Reader::from_str(xml);
    let (mut entries, mut entry, mut element) = (Vec::new(), None::<Entry>, None::<(String, String)>);
    loop {
        match reader.read_event().expect("the feed is well-formed") {
            Event::Start(start) if start.name().as_ref() == "pyqgis_plugin" => {
                let attributes = start.attributes().map(|attribute| {
                    let attribute = attribute.expect("attributes are well-formed");
                    let value = quick_xml::escape::unescape(&attribute.value);
                    let name = attribute.key.as_ref().to_owned();
                    (name, value.expect("known entities").into_owned())
                });
                entry = Some(attributes.collect());
            }
            Event::Start(start) => {
                element = Some((start.name().as_ref().to_owned(), String::new()));
            }
            Event::Text(text) => {
                if let Some((_, so_far)) = &mut element {
                    so_far.push_str(&text);
                }
            }
            Event::GeneralRef(reference) => {
                if let Some((_, so_far)) = &mut element {
                    let name = reference.to_string();
                    so_far.push_str(
                        &quick_xml::escape::unescape(&format!("&{name};")).expect("known entities"),
                    );
                }
            }
            Event::End(end) if end.name().as_ref() == "pyqgis_plugin" => entries.extend(entry.take()),
            Event::End(_) => {
                if let (Some(entry), Some((name, text))) = (&mut entry, element.take()) {
                    entry.insert(name, text);
                }
            }
            Event::Eof => return entries,
            _ => {}
        }
    }
}

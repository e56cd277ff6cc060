//! XML-RPC calls from untrusted bytes.
//!
//! A pull parser with its own counts, because a derived one nests as deep as the sender likes. No DOCTYPE and so no
//! entities of one's own; attributes, comments and processing instructions mean nothing here and are passed over.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, Event};

use super::super::value::{Value, decode_base64, without_bom};
use super::super::{Fault, RpcLimits};
use super::write::in_xml;

/// Reads the method name and the parameters; the long texts among them borrow from the body.
pub(super) fn method_call<'a>(
    body: &'a [u8],
    limits: &RpcLimits,
) -> Result<(Cow<'a, str>, Vec<Value<'a>>), Fault> {
    let text = std::str::from_utf8(without_bom(body))
        .map_err(|error| Fault::parse(format!("the XML is not UTF-8: {error}")))?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut source = Source { reader, limits, values: 0 };
    let call = source.method_call()?;
    source.end_of_document()?;
    Ok(call)
}

struct Source<'a, 'l> {
    reader: Reader<&'a [u8]>,
    limits: &'l RpcLimits,
    /// Values begun so far.
    values: usize,
}

/// What the parser comes upon, without that which means nothing. End tags need no name: the parser refuses wrong ones.
enum Piece<'a> {
    Start(String),
    End,
    Text(Cow<'a, str>),
    Eof,
}

impl<'a> Source<'a, '_> {
    fn method_call(&mut self) -> Result<(Cow<'a, str>, Vec<Value<'a>>), Fault> {
        match self.document_element()?.as_deref() {
            Some("methodCall") => {}
            Some(other) => return Err(self.fault(&format!("<{other}> where <methodCall> belongs"))),
            None => return Err(self.fault("no <methodCall>; send one as the body of a POST")),
        }
        self.expect("methodName")?;
        let name = match self.text()? {
            Cow::Borrowed(name) => Cow::Borrowed(name.trim()),
            Cow::Owned(name) => Cow::Owned(name.trim().to_owned()),
        };
        let mut params = Vec::new();
        while let Some(element) = self.element()? {
            self.must_be(&element, "params")?;
            while let Some(element) = self.element()? {
                self.must_be(&element, "param")?;
                self.expect("value")?;
                params.push(self.value(0)?);
                self.end()?;
            }
        }
        Ok((name, params))
    }

    /// The inside of a `<value>`, its end tag taken too.
    fn value(&mut self, depth: usize) -> Result<Value<'a>, Fault> {
        self.values += 1;
        if self.values > self.limits.values_max {
            return Err(self.fault(&format!("more than {} values", self.limits.values_max)));
        }
        let mut text = Cow::Borrowed("");
        loop {
            match self.next()? {
                Piece::Text(more) => append(&mut text, more),
                // a value without a type is a string
                Piece::End => return Ok(Value::Text(text)),
                Piece::Start(kind) if text.trim_ascii().is_empty() => {
                    let value = self.typed(&kind, depth)?;
                    self.end()?;
                    return Ok(value);
                }
                Piece::Start(kind) => return Err(self.fault(&format!("text before <{kind}> in a <value>"))),
                Piece::Eof => return Err(self.cut_off()),
            }
        }
    }

    /// The inside of a typed value, the end tag of the type taken too.
    fn typed(&mut self, kind: &str, depth: usize) -> Result<Value<'a>, Fault> {
        match kind {
            "array" => self.array(self.deeper(depth)?),
            "struct" => self.structure(self.deeper(depth)?),
            "string" | "dateTime.iso8601" => Ok(Value::Text(self.text()?)),
            "base64" => {
                let text = self.text()?;
                decode_base64(&text)
                    .map(Value::Bytes)
                    .map_err(|error| self.fault(&format!("<base64>: {error}")))
            }
            "nil" | "ex:nil" => self.end().map(|()| Value::Nil),
            "int" | "i4" | "i8" | "ex:i8" => self.scalar(kind, |text| text.parse().ok().map(Value::Int)),
            "double" => self.scalar(kind, |text| text.parse().ok().map(Value::Double)),
            "boolean" => self.scalar(kind, |text| match text {
                "1" | "true" => Some(Value::Bool(true)),
                "0" | "false" => Some(Value::Bool(false)),
                _ => None,
            }),
            other => Err(self.fault(&format!("<{other}> is no type of XML-RPC"))),
        }
    }

    fn scalar(&mut self, kind: &str, read: impl Fn(&str) -> Option<Value<'a>>) -> Result<Value<'a>, Fault> {
        let text = self.text()?;
        read(text.trim()).ok_or_else(|| self.fault(&format!("the text in <{kind}> is none")))
    }

    fn array(&mut self, depth: usize) -> Result<Value<'a>, Fault> {
        let mut items = Vec::new();
        self.expect("data")?;
        while let Some(element) = self.element()? {
            self.must_be(&element, "value")?;
            items.push(self.value(depth)?);
        }
        self.end()?;
        Ok(Value::Array(items))
    }

    fn structure(&mut self, depth: usize) -> Result<Value<'a>, Fault> {
        let mut members = Vec::new();
        while let Some(element) = self.element()? {
            self.must_be(&element, "member")?;
            self.expect("name")?;
            let name = self.text()?;
            self.expect("value")?;
            members.push((name, self.value(depth)?));
            self.end()?;
        }
        Ok(Value::Struct(members))
    }

    fn deeper(&self, depth: usize) -> Result<usize, Fault> {
        if depth == self.limits.depth_max {
            return Err(self.fault(&format!("values are nested deeper than {}", self.limits.depth_max)));
        }
        Ok(depth + 1)
    }

    /// The text up to the end tag, which is taken too.
    fn text(&mut self) -> Result<Cow<'a, str>, Fault> {
        let mut text = Cow::Borrowed("");
        loop {
            match self.next()? {
                Piece::Text(more) => append(&mut text, more),
                Piece::End => return Ok(text),
                Piece::Start(name) => return Err(self.fault(&format!("<{name}> where text belongs"))),
                Piece::Eof => return Err(self.cut_off()),
            }
        }
    }

    /// The next start tag, or none at the end tag of the element we are in.
    fn element(&mut self) -> Result<Option<String>, Fault> {
        loop {
            match self.next()? {
                Piece::Start(name) => return Ok(Some(name)),
                Piece::End => return Ok(None),
                Piece::Text(text) if text.trim_ascii().is_empty() => {}
                Piece::Text(_) => return Err(self.fault("text where an element belongs")),
                Piece::Eof => return Err(self.cut_off()),
            }
        }
    }

    fn expect(&mut self, name: &str) -> Result<(), Fault> {
        match self.element()? {
            Some(found) => self.must_be(&found, name),
            None => Err(self.fault(&format!("<{name}> is missing"))),
        }
    }

    fn must_be(&self, found: &str, name: &str) -> Result<(), Fault> {
        if found == name { Ok(()) } else { Err(self.fault(&format!("<{found}> where <{name}> belongs"))) }
    }

    fn end(&mut self) -> Result<(), Fault> {
        match self.element()? {
            None => Ok(()),
            Some(extra) => Err(self.fault(&format!("<{extra}> is one element too many"))),
        }
    }

    /// The start tag of the document element; none when there is nothing but blanks.
    fn document_element(&mut self) -> Result<Option<String>, Fault> {
        loop {
            match self.next()? {
                Piece::Start(name) => return Ok(Some(name)),
                Piece::Text(text) if text.trim_ascii().is_empty() => {}
                Piece::Text(_) | Piece::End => return Err(self.fault("this is no XML")),
                Piece::Eof => return Ok(None),
            }
        }
    }

    fn end_of_document(&mut self) -> Result<(), Fault> {
        match self.document_element()? {
            None => Ok(()),
            Some(extra) => Err(self.fault(&format!("<{extra}> after the end of the call"))),
        }
    }

    fn next(&mut self) -> Result<Piece<'a>, Fault> {
        loop {
            match self.reader.read_event() {
                Ok(Event::Start(tag)) => return Ok(Piece::Start(cut(tag.name().into_inner()))),
                Ok(Event::End(_)) => return Ok(Piece::End),
                Ok(Event::Text(text)) => return Ok(Piece::Text(text.xml10_content())),
                Ok(Event::CData(text)) => return Ok(Piece::Text(text.xml10_content())),
                Ok(Event::GeneralRef(name)) => return self.reference(&name),
                Ok(Event::Eof) => return Ok(Piece::Eof),
                Ok(Event::DocType(_)) => return Err(self.fault("a DOCTYPE, which is refused")),
                Ok(Event::Decl(_) | Event::PI(_) | Event::Comment(_)) => {}
                Ok(Event::Empty(_)) => unreachable!("empty elements are read as a start and an end"),
                Err(error) => return Err(self.fault(&error.to_string())),
            }
        }
    }

    fn reference(&self, name: &BytesRef<'_>) -> Result<Piece<'a>, Fault> {
        match name.resolve_char_ref() {
            Ok(Some(character)) if in_xml(character) => Ok(Piece::Text(Cow::Owned(character.into()))),
            Ok(None) if let Some(text) = resolve_xml_entity(name) => Ok(Piece::Text(Cow::Borrowed(text))),
            _ => Err(self.fault(&format!("&{}; is no character of XML", cut(name)))),
        }
    }

    fn cut_off(&self) -> Fault {
        self.fault("the document ends too early")
    }

    fn fault(&self, what: &str) -> Fault {
        Fault::parse(format!("the XML cannot be read at byte {}: {what}", self.reader.buffer_position()))
    }
}

fn append<'a>(text: &mut Cow<'a, str>, more: Cow<'a, str>) {
    if text.is_empty() { *text = more } else { text.to_mut().push_str(&more) }
}

/// A tag name for comparing and for telling: longer ones than any of ours need not be kept.
fn cut(name: &str) -> String {
    name.chars().take(32).collect()
}

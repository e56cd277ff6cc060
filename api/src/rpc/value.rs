//! One value of a call or an answer, the same for both languages.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, general_purpose};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

/// A value; long texts borrow from the body they came in.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Nil,
    Bool(bool),
    /// Wide enough for every integer that a JSON client may number its calls with.
    Int(i128),
    Double(f64),
    /// Also an XML-RPC date, which no method takes.
    Text(Cow<'a, str>),
    Bytes(Vec<u8>),
    Array(Vec<Value<'a>>),
    Struct(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl Value<'_> {
    /// What kind of value it is, for a sentence about a parameter.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "an integer",
            Self::Double(_) => "a fraction",
            Self::Text(_) => "a text",
            Self::Bytes(_) => "base64",
            Self::Array(_) => "an array",
            Self::Struct(_) => "a struct",
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

/// As JSON: bytes are base64 text, the rest is what it looks like.
impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nil => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Int(number) => serializer.serialize_i128(*number),
            Self::Double(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Bytes(bytes) => serializer.serialize_str(&encode_base64(bytes)),
            Self::Array(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| seq.serialize_element(item))?;
                seq.end()
            }
            Self::Struct(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
                map.end()
            }
        }
    }
}

/// Missing padding and stray last bits are forgiven, as Python's and PHP's readers forgive them.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Reads base64 with line breaks and blanks wherever an encoder put them.
pub(super) fn decode_base64(text: &str) -> Result<Vec<u8>, base64::DecodeError> {
    let mut packed = Vec::with_capacity(text.len());
    for line in text.split_ascii_whitespace() {
        packed.extend_from_slice(line.as_bytes());
    }
    LENIENT.decode(packed)
}

pub(super) fn encode_base64(bytes: &[u8]) -> String {
    general_purpose::STANDARD.encode(bytes)
}

/// The bytes after a UTF-8 byte order mark, which some editors leave in front of a saved request.
pub(super) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_may_be_wrapped_unpadded_or_both() {
        for text in ["UEsDBA==", "UEsDBA", "UEsD\nBA==\n", "\r\n UEs\r\n DBA==", "UEsDBB"] {
            assert_eq!(decode_base64(text).unwrap(), b"PK\x03\x04", "{text:?}");
        }
        for text in ["UEsDB", "UEs*BA==", "UE=sDBA="] {
            assert!(decode_base64(text).is_err(), "{text:?}");
        }
    }
}

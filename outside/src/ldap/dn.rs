//! Names of entries (RFC 4514): compared as a directory compares them, and written with a value from outside in them.

/// A name of an entry in a form in which equal names are equal: letters lower, spaces single, escapes resolved, the parts of
/// a step in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Dn(Vec<Vec<(String, Vec<u8>)>>);

impl Dn {
    /// Reads a name as a person or a server writes it. Nothing where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let steps = split(text, b",;")?.into_iter().map(step).collect::<Option<Vec<_>>>()?;
        Some(Self(steps))
    }
}

fn step(text: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let mut parts = split(text, b"+")?.into_iter().map(part).collect::<Option<Vec<_>>>()?;
    parts.sort();
    Some(parts)
}

fn part(text: &str) -> Option<(String, Vec<u8>)> {
    let (attribute, value) = text.split_once('=')?;
    let attribute = attribute.trim().to_ascii_lowercase();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    if attribute.is_empty() || !attribute.bytes().all(plain) {
        return None;
    }
    Some((attribute, folded(&unescaped(value)?)))
}

/// Cuts at these bytes, where they are not escaped. Nothing where an escape has no end.
fn split<'a>(text: &'a str, at: &[u8]) -> Option<Vec<&'a str>> {
    let (mut pieces, mut from, mut escaped) = (Vec::new(), 0, false);
    for (place, byte) in text.bytes().enumerate() {
        if escaped {
            escaped = false;
        } else if byte == b'\\' {
            escaped = true;
        } else if at.contains(&byte) {
            pieces.push(text.get(from..place)?);
            from = place + 1;
        }
    }
    pieces.push(text.get(from..)?);
    (!escaped).then_some(pieces)
}

/// The value without its escapes: `\2C` and `\,` are both a comma. Spaces around it are not part of it, unless escaped.
fn unescaped(value: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut kept = 0;
    let mut rest = value.trim_start_matches(' ').bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let first = rest.next()?;
        match char::from(first).to_digit(16) {
            Some(high) => {
                let low = char::from(rest.next()?).to_digit(16)?;
                bytes.push(u8::try_from(high * 16 + low).ok()?);
            }
            None => bytes.push(first),
        }
        kept = bytes.len();
    }
    while bytes.len() > kept && bytes.last() == Some(&b' ') {
        bytes.pop();
    }
    Some(bytes)
}

/// As most attributes of names are compared: without regard to case, runs of spaces as one, none at the ends.
fn folded(value: &[u8]) -> Vec<u8> {
    let Ok(text) = str::from_utf8(value) else { return value.to_vec() };
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ").to_lowercase().into_bytes()
}

/// Puts values where `{key}` stands, all in one go, so that braces within a value stay what they are.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        filled.push_str(before);
        let known = values.iter().find_map(|(key, value)| {
            let after = from.strip_prefix('{')?.strip_prefix(key)?.strip_prefix('}')?;
            Some((*value, after))
        });
        // A brace that opens nothing known stands for itself.
        let (value, after) = known.unwrap_or_else(|| from.split_at(1));
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        Dn::parse(one).expect("a name") == Dn::parse(other).expect("a name")
    }

    #[test]
    fn names_that_a_directory_takes_for_one_are_one() {
        let staff = "cn=QGIS Staff,ou=groups,dc=osgeo,dc=org";
        assert!(same(staff, "CN=qgis staff, OU=Groups , DC=OSGeo,DC=org"));
        assert!(same(staff, "cn=QGIS  Staff;ou=groups;dc=osgeo;dc=org"));
        assert!(same("cn=Ann\\, B.,dc=org", "cn=ann\\2C b.,dc=org"));
        assert!(same("cn=M\\C3\\BCller,dc=org", "cn=müller,dc=org"));
        assert!(same("cn=a+uid=b,dc=org", "UID=B+CN=A,dc=org"));
        assert!(same("cn=a\\20 ,dc=org", "cn=a,dc=org"));
    }

    #[test]
    fn names_that_differ_stay_apart() {
        assert!(!same("cn=staff,ou=groups,dc=org", "cn=staff,ou=people,dc=org"));
        assert!(!same("cn=staff,dc=org", "ou=staff,dc=org"));
        assert!(!same("cn=a\\,ou=b,dc=org", "cn=a,ou=b,dc=org"));
        assert!(!same("cn=a+uid=b,dc=org", "cn=a,uid=b,dc=org"));
        assert!(!same("cn=staff,dc=org", "cn=staff"));
    }

    #[test]
    fn what_is_no_name_is_none() {
        for text in ["", "staff", "cn=a,,dc=org", "=a", "c n=a", "cn=a\\", "cn=a\\2", "cn=a\\4é"] {
            assert_eq!(Dn::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_value_with_braces_is_not_filled_again() {
        let filled = fill("(|(a={dn})(b={uid})(c={other}{))", &[("dn", "{uid}"), ("uid", "ann")]);
        assert_eq!(filled, "(|(a={uid})(b=ann)(c={other}{))");
    }
}

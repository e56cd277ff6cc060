//! No personal data in any event: what the log keeps of people is ids, digests and salted commitments.

use crate::examples;
use crate::file::all;
use cairn_domain::event::EventMeta;
use std::net::IpAddr;

/// Names of fields that would hold something about a person or their machine.
const FIELDS: [&str; 14] = [
    "address",
    "agent",
    "author",
    "email",
    "full_name",
    "host",
    "ip",
    "login",
    "mail",
    "password",
    "phone",
    "secret",
    "user",
    "username",
];

#[test]
fn no_event_tells_who_somebody_is() {
    for golden in all() {
        let leak = leak(&golden.stream).or_else(|| leak(&golden.payload)).or_else(|| field(&golden.payload));
        assert_eq!(leak, None, "{}", golden.name());
    }
    for actor in examples::actors() {
        let meta = serde_json::to_string(&EventMeta { actor, command: examples::COMMAND }).unwrap();
        assert_eq!(leak(&meta).or_else(|| field(&meta)), None, "{meta}");
    }
}

#[test]
fn the_scan_finds_what_it_is_for() {
    let found = [
        ("mail me: ann@example.org", "an e-mail address"),
        (r#""from":"192.0.2.17""#, "an IP address"),
        (r#""from":"2001:db8::17""#, "an IP address"),
        (r#""client":"Mozilla/5.0 QGIS/34400""#, "a user agent"),
    ];
    for (text, what) in found {
        assert_eq!(leak(text).as_deref().map(|told| told.split(':').next().unwrap()), Some(what), "{text}");
    }
    assert_eq!(leak(r#"{"version":"3.44.1","at":"2027-03-01T12:00:00Z"}"#), None);
    assert_eq!(field(r#"{"file":{"details":[{"email":"x"}]}}"#).as_deref(), Some("a field named email"));
}

/// Name and address are in the vault, with the salt without which the commitment tells nothing.
#[test]
fn an_account_is_an_id_and_a_commitment() {
    let registered = all().into_iter().find(|golden| golden.name() == "AccountRegistered.1.json").unwrap();
    let value: serde_json::Value = serde_json::from_str(&registered.payload).unwrap();
    let fields: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["account", "commitment"]);
}

/// Something in a text that tells about a person.
fn leak(text: &str) -> Option<String> {
    if text.contains('@') {
        return Some(format!("an e-mail address: {text}"));
    }
    if ["Mozilla/", "QGIS/", "curl/", "python-requests"].iter().any(|agent| text.contains(agent)) {
        return Some(format!("a user agent: {text}"));
    }
    let words = text.split(|c: char| !(c.is_ascii_hexdigit() || c == '.' || c == ':'));
    let words = words.map(|word| word.trim_matches(['.', ':']));
    words
        .into_iter()
        .find(|word| word.parse::<IpAddr>().is_ok())
        .map(|address| format!("an IP address: {address}"))
}

/// A field whose name says that it is about a person.
fn field(json: &str) -> Option<String> {
    fn of(value: &serde_json::Value) -> Option<&String> {
        match value {
            serde_json::Value::Object(fields) => {
                let named = fields.keys().find(|name| FIELDS.contains(&name.as_str()));
                named.or_else(|| fields.values().find_map(of))
            }
            serde_json::Value::Array(items) => items.iter().find_map(of),
            _ => None,
        }
    }
    let value: serde_json::Value = serde_json::from_str(json).expect("it is JSON");
    of(&value).map(|name| format!("a field named {name}"))
}

//! Random bodies: whatever comes in, an answer in the caller's language goes out.

use super::*;
use proptest::prelude::*;

fn content_types() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![Just(None), Just(XML), Just(JSON)]
}

/// Real requests with some bytes changed, cut out or repeated.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let bodies = prop_oneof![Just(QGIS_PLUGIN_CI), Just(PLUGIN_UPLOAD_PY), Just(QGIS_VOTE), Just(DEV_TOOLS)];
    let damage = proptest::collection::vec((any::<usize>(), any::<usize>(), any::<u8>(), 0..3), 1..6);
    (bodies, damage).prop_map(|(body, damage)| {
        let mut body = body.to_vec();
        for (at, to, byte, how) in damage {
            if body.is_empty() {
                break;
            }
            let at = at % body.len();
            let end = (at + to % 64).min(body.len());
            match how {
                0 => body[at] = byte,
                1 => drop(body.drain(at..end)),
                _ => body.extend_from_within(at..end),
            }
        }
        body
    })
}

/// Pieces of both languages in any order.
fn babble() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &[&str] = &[
        "<methodCall>",
        "</methodCall>",
        "<methodName>",
        "</methodName>",
        "plugin.upload",
        "plugin.vote",
        "<params>",
        "</params>",
        "<param>",
        "</param>",
        "<value>",
        "</value>",
        "<int>",
        "</int>",
        "<base64>",
        "</base64>",
        "<array>",
        "<data>",
        "</data>",
        "</array>",
        "<struct>",
        "</struct>",
        "<nil/>",
        "1",
        "&lt;",
        "&x;",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?",
        "?>",
        "<!DOCTYPE",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"method\"",
        "\"params\"",
        "\"id\"",
        "null",
        "1e999",
        "\\ud800",
        "\u{feff}",
        "\u{0}",
    ];
    proptest::collection::vec(proptest::sample::select(PIECES), 0..40)
        .prop_map(|words| words.concat().into_bytes())
}

/// Every outcome can be answered, in the caller's language.
fn is_answered(content_type: Option<&str>, body: &[u8]) {
    let message = read_default(content_type, body);
    assert!(!message.requests.is_empty());
    let dialect = dialect(content_type, body);
    let outcomes: Vec<_> = message
        .requests
        .into_iter()
        .map(|request| request.call.map(|_| Reply::Text("done".into())))
        .collect();
    let answer = message.envelope.answer(&outcomes);
    match dialect {
        Dialect::XmlRpc => {
            let text = String::from_utf8(answer.body).unwrap();
            let mut reader = quick_xml::Reader::from_str(&text);
            while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
        }
        Dialect::JsonRpc if answer.body.is_empty() => {}
        Dialect::JsonRpc => drop(serde_json::from_slice::<serde_json::Value>(&answer.body).unwrap()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn noise_is_answered(content_type in content_types(), body in proptest::collection::vec(any::<u8>(), 0..400)) {
        is_answered(content_type, &body);
    }

    #[test]
    fn damaged_requests_are_answered(content_type in content_types(), body in damaged()) {
        is_answered(content_type, &body);
    }

    #[test]
    fn babble_is_answered(content_type in content_types(), body in babble()) {
        is_answered(content_type, &body);
    }
}

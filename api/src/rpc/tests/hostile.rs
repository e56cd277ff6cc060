//! Bodies that mean harm: each is a fault, in bounded time and space, at the edge of every limit and one past it.

use super::*;
use std::time::{Duration, Instant};

fn xml_call(params: &str) -> String {
    format!(
        "<methodCall><methodName>plugin.tags</methodName><params><param>{params}</param></params></methodCall>"
    )
}

fn nested_xml(depth: usize) -> String {
    let open = "<value><array><data>".repeat(depth);
    xml_call(&format!("{open}<value>x</value>{}", "</data></array></value>".repeat(depth)))
}

fn nested_json(depth: usize, batch: bool) -> String {
    let call =
        format!(r#"{{"method":"plugin.tags","params":[{}1{}]}}"#, "[".repeat(depth), "]".repeat(depth));
    if batch { format!("[{call}]") } else { call }
}

/// Read as far as the method, which wants no parameter: so the reading itself was no trouble.
fn was_read(fault: &Fault) -> bool {
    fault.message.ends_with("plugin.tags takes 0 parameters, not 1")
}

#[test]
fn depth_is_bounded_at_its_edge() {
    let edge = RpcLimits::default().depth_max;
    assert!(was_read(&fault(XML, nested_xml(edge).as_bytes())));
    assert!(was_read(&fault(JSON, nested_json(edge, false).as_bytes())));
    assert!(was_read(&fault(JSON, nested_json(edge, true).as_bytes())));
    for fault in [
        fault(XML, nested_xml(edge + 1).as_bytes()),
        fault(JSON, nested_json(edge + 1, false).as_bytes()),
        fault(JSON, nested_json(edge + 1, true).as_bytes()),
        fault(XML, nested_xml(200_000).as_bytes()),
        fault(JSON, nested_json(5_000_000, true).as_bytes()),
        fault(XML, "<value>".repeat(1_000_000).as_bytes()),
        fault(XML, xml_call(&"<value><struct><member><name>a</name>".repeat(100_000)).as_bytes()),
    ] {
        assert_eq!(fault.code, Fault::PARSE, "{fault}");
    }
    assert!(fault(XML, nested_xml(edge + 1).as_bytes()).message.contains("nested deeper than 16"));
    assert!(fault(JSON, nested_json(edge + 1, true).as_bytes()).message.contains("nested deeper than 16"));
}

#[test]
fn the_number_of_values_is_bounded_at_its_edge() {
    let xml = |values: usize| {
        // the array is a value too
        fault(
            XML,
            xml_call(&format!(
                "<value><array><data>{}</data></array></value>",
                "<value/>".repeat(values - 1)
            ))
            .as_bytes(),
        )
    };
    // in JSON the call, the method, the list of parameters and the array are values too
    let json = |values: usize| {
        let zeros = vec!["0"; values - 4].join(",");
        fault(JSON, format!(r#"{{"method":"plugin.tags","params":[[{zeros}]]}}"#).as_bytes())
    };
    let edge = RpcLimits::default().values_max;
    assert!(was_read(&xml(edge)) && was_read(&json(edge)));
    assert!(xml(edge + 1).message.contains("more than 1000 values"));
    assert!(json(edge + 1).message.contains("more than 1000 values"));
}

#[test]
fn the_size_of_a_body_is_bounded_at_its_edge() {
    for (content_type, body) in [(XML, QGIS_PLUGIN_CI), (JSON, QGIS_VOTE)] {
        let at =
            |body_bytes_max| read(content_type, body, &RpcLimits { body_bytes_max, ..RpcLimits::default() });
        assert!(at(body.len()).requests[0].call.is_ok());
        let fault = at(body.len() - 1).requests[0].call.clone().unwrap_err();
        assert_eq!(fault.code, Fault::BAD_CALL);
        assert!(fault.message.contains("upload large packages in the browser or with a token"), "{fault}");
    }
}

#[test]
fn batches_and_ids_are_bounded_at_their_edges() {
    let limits = RpcLimits::default();
    let batch = |calls: usize| format!("[{}]", vec![r#"{"id":1,"method":"plugin.tags"}"#; calls].join(","));
    assert_eq!(
        read_default(JSON, batch(limits.batch_calls_max).as_bytes()).requests.len(),
        limits.batch_calls_max
    );
    assert!(
        fault(JSON, batch(limits.batch_calls_max + 1).as_bytes())
            .message
            .contains("21 calls and may have 20")
    );
    let id = |bytes: usize| format!(r#"{{"id":"{}","method":"plugin.tags"}}"#, "x".repeat(bytes));
    assert_eq!(call(JSON, id(limits.id_bytes_max).as_bytes()), Ok(Call::Tags));
    assert!(fault(JSON, id(limits.id_bytes_max + 1).as_bytes()).message.contains("longer than 256 bytes"));
}

#[test]
fn entities_and_doctypes_are_refused() {
    let bomb = r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>"#;
    assert!(
        fault(XML, format!("{bomb}{}", xml_call("<value>&b;</value>")).as_bytes())
            .message
            .contains("DOCTYPE")
    );
    let file = r#"<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><methodCall/>"#;
    assert!(fault(XML, file.as_bytes()).message.contains("DOCTYPE"));
    for reference in ["&b;", "&#0;", "&#x1;", "&#xFFFF;", "&#99999999999;", "&;", "&nbsp;"] {
        let fault = fault(XML, xml_call(&format!("<value>{reference}</value>")).as_bytes());
        assert_eq!(fault.code, Fault::PARSE, "{reference}: {fault}");
    }
    for reference in ["&lt;", "&amp;", "&quot;", "&apos;", "&gt;", "&#65;", "&#x1F5FA;"] {
        assert!(
            was_read(&fault(XML, xml_call(&format!("<value>{reference}</value>")).as_bytes())),
            "{reference}"
        );
    }
}

#[test]
fn broken_xml_says_where() {
    for (body, what) in [
        ("", "no <methodCall>"),
        ("hello", "this is no XML"),
        ("<html></html>", "<html> where <methodCall> belongs"),
        ("<methodCall>", "ends too early"),
        ("<methodCall/>", "<methodName> is missing"),
        ("<methodCall><params/></methodCall>", "<params> where <methodName> belongs"),
        ("<methodCall><methodName>plugin.tags</methodName></methodCall><methodCall/>", "after the end"),
        ("<methodCall><methodName>plugin.tags</methodCall>", "expected `</methodName>`"),
        ("<methodCall><methodName>plugin.tags<b/></methodName></methodCall>", "<b> where text belongs"),
    ] {
        let fault = fault(XML, body.as_bytes());
        assert!(fault.message.contains(what), "{body}: {fault}");
        assert!(fault.message.starts_with("the XML cannot be read at byte "), "{fault}");
    }
    for (params, what) in [
        ("<value><int>x</int></value>", "the text in <int> is none"),
        ("<value><int></int></value>", "the text in <int> is none"),
        ("<value><boolean>2</boolean></value>", "the text in <boolean> is none"),
        ("<value><base64>*</base64></value>", "<base64>: "),
        ("<value><money>5</money></value>", "<money> is no type of XML-RPC"),
        ("<value>5<int>5</int></value>", "text before <int>"),
        ("<value><int>5</int>5</value>", "text where an element belongs"),
        ("<value><int>5</int><int>5</int></value>", "one element too many"),
        ("<value/><value/>", "one element too many"),
        ("", "<value> is missing"),
        ("<value><array></array></value>", "<data> is missing"),
        ("<value><struct><member><value/></member></struct></value>", "<value> where <name> belongs"),
    ] {
        let fault = fault(XML, xml_call(params).as_bytes());
        assert!(fault.message.contains(what), "{params}: {fault}");
    }
    assert!(fault(XML, b"<methodCall>\xFF</methodCall>").message.contains("not UTF-8"));
}

#[test]
fn the_largest_package_is_read_at_once() {
    let package: Vec<u8> =
        (0..18_000_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    let base64 = value::encode_base64(&package);
    let mut lines = String::with_capacity(25_000_000);
    for line in base64.as_bytes().chunks(76) {
        lines.push_str(std::str::from_utf8(line).unwrap());
        lines.push('\n');
    }
    let xml = format!(
        "<methodCall><methodName>plugin.upload</methodName><params><param><value><base64>\n{lines}</base64></value></param>\
         </params></methodCall>"
    );
    let json = format!(r#"{{"method":"plugin.upload","params":["{base64}"]}}"#);
    for (content_type, body) in [(XML, xml), (JSON, json)] {
        let begun = Instant::now();
        let Ok(Call::Upload { package: read, .. }) = call(content_type, body.as_bytes()) else {
            panic!("no upload")
        };
        // tens of milliseconds when optimised; anything quadratic would take hours
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        assert!(read == package);
    }
}

//! Requests as real clients send them, byte for byte, and the answers that those clients accept.

use super::*;

#[test]
fn qgis_votes_without_a_login() {
    let message = read_default(JSON, QGIS_VOTE);
    assert_eq!(message.requests[0].method, "plugin.vote");
    let vote = message.requests[0].call.clone().unwrap();
    assert_eq!(vote, Call::Vote { plugin_id: 11, score: 4 });
    assert!(!needs_login(&vote));

    let cookie = Reply::Vote { cookie_name: "vote-7.11.2c5504".into(), cookie: "1700000000".into() };
    let answer = message.envelope.answer(&[Ok(cookie)]);
    assert_eq!(answer.content_type, "application/json");
    assert_eq!(
        String::from_utf8(answer.body).unwrap(),
        r#"{"jsonrpc":"2.0","id":"djangorpc","result":[{"cookie_name":"vote-7.11.2c5504","cookie":"1700000000"}]}"#
    );
}

#[test]
fn qgis_plugin_ci_uploads_base64_in_lines() {
    let message = read_default(XML, QGIS_PLUGIN_CI);
    assert_eq!(message.requests[0].method, "plugin.upload");
    let upload = message.requests[0].call.clone().unwrap();
    assert_eq!(upload, lasso(false));
    assert!(needs_login(&upload));

    let answer = message.envelope.answer(&[Ok(Reply::PluginAndVersion(11, 42))]);
    assert_eq!(answer.content_type, "text/xml");
    assert_eq!(
        String::from_utf8(answer.body).unwrap(),
        "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value><array><data>\n<value><int>11</int></value>\n\
         <value><int>42</int></value>\n</data></array></value>\n</param>\n</params>\n</methodResponse>\n"
    );
}

#[test]
fn old_upload_scripts_ask_for_approval_at_once() {
    assert_eq!(call(XML, PLUGIN_UPLOAD_PY), Ok(lasso(true)));
}

#[test]
fn qgis_plugin_dev_tools_uploads_and_finds_no_error() {
    assert_eq!(call(JSON, DEV_TOOLS), Ok(lasso(false)));
    assert_eq!(
        answer(JSON, DEV_TOOLS, Ok(Reply::PluginAndVersion(11, 42))),
        r#"{"jsonrpc":"2.0","id":"qgis-plugin-dev-tools-6f0e2b1c-7d53-4c0b-9a35-0b6f2f0d9c11","result":[11,42]}"#
    );
}

#[test]
fn a_refused_package_reads_as_it_always_has() {
    let refused = || Err(upload_fault(&["Cannot find metadata.txt".into()]));
    let xml = answer(XML, QGIS_PLUGIN_CI, refused());
    assert!(xml.contains("<name>faultCode</name>\n<value><int>1</int></value>"), "{xml}");
    assert!(
        xml.contains(
            "<string>&lt;Fault 1: 'File upload must be a valid QGIS Python plugin compressed archive. Cannot find \
             metadata.txt'&gt;</string>"
        ),
        "{xml}"
    );
    let json: serde_json::Value = serde_json::from_str(&answer(JSON, DEV_TOOLS, refused())).unwrap();
    assert!(json.get("result").is_none());
    assert_eq!(
        json["error"],
        serde_json::json!({
            "message": "<Fault 1: \"<Fault 1: 'File upload must be a valid QGIS Python plugin compressed archive. \
                        Cannot find metadata.txt'>\">",
            "code": 104,
            "name": "JSONRPCError",
        })
    );
}

#[test]
fn the_content_type_decides_and_else_the_first_character() {
    for stated in ["text/xml", "application/xml", "text/xml; charset=utf-8", "TEXT/XML"] {
        assert_eq!(dialect(Some(stated), b"{}"), Dialect::XmlRpc, "{stated}");
    }
    for stated in ["application/json", "application/json-rpc; charset=utf-8", "text/javascript"] {
        assert_eq!(dialect(Some(stated), b"<a/>"), Dialect::JsonRpc, "{stated}");
    }
    for stated in [None, Some("application/x-www-form-urlencoded"), Some("text/plain")] {
        assert_eq!(dialect(stated, QGIS_PLUGIN_CI), Dialect::XmlRpc);
        assert_eq!(dialect(stated, b"\xEF\xBB\xBF\r\n <methodCall/>"), Dialect::XmlRpc);
        assert_eq!(dialect(stated, QGIS_VOTE), Dialect::JsonRpc);
        assert_eq!(dialect(stated, b""), Dialect::JsonRpc);
        assert!(call(stated, QGIS_PLUGIN_CI).is_ok() && call(stated, QGIS_VOTE).is_ok());
    }
}

#[test]
fn xml_may_be_written_in_all_the_ways_clients_do() {
    let vote = |params: &str| {
        let body =
            format!("<methodCall><methodName>plugin.vote</methodName><params>{params}</params></methodCall>");
        call(XML, body.as_bytes())
    };
    for (id, score) in [
        ("<i4>11</i4>", "<int>4</int>"),
        ("<i8> 11 </i8>", "<int>+4</int>"),
        ("11", " 4 "),
        ("<string>11</string>", "<string><![CDATA[4]]></string>"),
        ("1<!-- eleven -->1", "&#x34;"),
        ("\n  <int>11</int>\n", "<string>4</string>"),
    ] {
        let params = format!("<param><value>{id}</value></param>\n<param><value>{score}</value></param>");
        assert_eq!(vote(&params), Ok(Call::Vote { plugin_id: 11, score: 4 }), "{params}");
    }
    let approve = |flag: &str| {
        let body = format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!-- old -->\r\n<methodCall>\r\n  <methodName> plugin.upload\r\n\
             </methodName>\r\n<params><param><value><base64>UEsD\r\nBA==\r\n</base64></value></param><param><value>{flag}\
             </value></param></params></methodCall>\r\n"
        );
        call(XML, body.as_bytes())
    };
    let upload = |auto_approve| Ok(Call::Upload { package: b"PK\x03\x04".to_vec(), auto_approve });
    assert_eq!(approve("<boolean>0</boolean>"), upload(false));
    assert_eq!(approve("<boolean>1</boolean>"), upload(true));
    assert_eq!(approve("<nil/>"), upload(false));
    assert_eq!(call(XML, b"<methodCall><methodName>plugin.tags</methodName></methodCall>"), Ok(Call::Tags));
    assert_eq!(
        call(XML, b"<methodCall><methodName>plugin.tags</methodName><params/></methodCall>"),
        Ok(Call::Tags)
    );
}

//! JSON-RPC beyond what the known clients need: errors by number, ids, batches, parameters by name.

use super::*;
use serde_json::{Value, json};

fn error(body: &[u8]) -> (i32, String) {
    let fault = fault(JSON, body);
    let answer: Value = serde_json::from_str(&answer(JSON, body, Err(fault.clone()))).unwrap();
    assert_eq!(answer["error"]["name"], "JSONRPCError");
    assert_eq!(answer["jsonrpc"], "2.0");
    assert!(answer.get("result").is_none() && answer.get("id").is_some());
    (
        i32::try_from(answer["error"]["code"].as_i64().unwrap()).unwrap(),
        answer["error"]["message"].as_str().unwrap().to_owned(),
    )
}

#[test]
fn each_mistake_has_its_number() {
    for (body, code, message) in [
        ("", 101, "JSON decoding error"),
        ("{", 101, "JSON decoding error"),
        ("{} {}", 101, "JSON decoding error"),
        ("\"plugin.tags\"", 102, "Cannot decode to a javascript Object"),
        ("[]", 102, "the batch is empty"),
        ("{}", 102, "must have the 'method'"),
        (r#"{"method": 5}"#, 102, "must be a javascript String"),
        (r#"{"method": "plugin.tags", "params": 5}"#, 102, "params must be a javascript Array"),
        (r#"{"method": "plugin.tags", "id": [1]}"#, 102, "the id is an array"),
        (r#"{"method": "plugin.burn"}"#, 105, "method \"plugin.burn\" is not supported"),
        (
            r#"{"method": "plugin.tags", "params": [1]}"#,
            104,
            "<Fault 1: 'plugin.tags takes 0 parameters, not 1'>",
        ),
        (
            r#"{"method": "plugin.vote", "params": ["x", 1]}"#,
            104,
            "<Fault 1: \"Unknown error, ['Plugin with id x",
        ),
        (r#"{"method": "plugin.upload", "params": ["?"]}"#, 104, "is a text that is no base64"),
    ] {
        let (found, text) = error(body.as_bytes());
        assert_eq!(found, code, "{body}: {text}");
        assert!(text.contains(message), "{body}: {text}");
    }
}

#[test]
fn an_id_comes_back_as_it_was_sent() {
    for id in ["\"a\"", "7", "-7", "18446744073709551615", "1.5", "null"] {
        let body = format!(r#"{{"method":"plugin.tags","id":{id}}}"#);
        assert_eq!(
            answer(JSON, body.as_bytes(), Ok(Reply::Tags(vec!["select".into()]))),
            format!(r#"{{"jsonrpc":"2.0","id":{id},"result":["select"]}}"#)
        );
    }
    for body in [r#"{"method":"plugin.tags"}"#, r#"{"jsonrpc":"2.0","method":"plugin.tags"}"#] {
        let answer = answer(JSON, body.as_bytes(), Ok(Reply::Tags(vec![])));
        assert_eq!(answer, r#"{"jsonrpc":"2.0","id":null,"result":[]}"#);
    }
}

#[test]
fn parameters_may_come_by_name() {
    let vote = br#"{"jsonrpc":"2.0","id":1,"method":"plugin.vote","params":{"vote":4,"plugin_id":11}}"#;
    assert_eq!(call(JSON, vote), Ok(Call::Vote { plugin_id: 11, score: 4 }));
    let upload = br#"{"id":1,"method":"plugin.upload","params":{"package":"UEsDBA=="}}"#;
    assert_eq!(call(JSON, upload), Ok(Call::Upload { package: b"PK\x03\x04".to_vec(), auto_approve: false }));
    let (code, message) = error(br#"{"method":"plugin.vote","params":{"plugin":11,"vote":4}}"#);
    assert_eq!((code, message.as_str()), (102, "plugin.vote has no parameter named \"plugin\""));
    let (code, message) = error(br#"{"method":"plugin.upload","params":{"auto_approve":true}}"#);
    assert!(
        code == 104 && message.contains("parameter 1 (package) is nothing and must be base64"),
        "{message}"
    );
    assert_eq!(error(br#"{"method":"plugin.burn","params":{"a":1}}"#).0, 105);
}

#[test]
fn a_batch_is_answered_call_by_call() {
    let body = br#"[{"jsonrpc":"2.0","id":1,"method":"plugin.tags"}, 5, {"jsonrpc":"2.0","method":"system.describe"},
        {"id":"djangorpc","method":"plugin.vote","params":["11","4"]}, {"method":"plugin.tags"}]"#;
    let message = read_default(JSON, body);
    let methods: Vec<&str> = message.requests.iter().map(|request| request.method.as_str()).collect();
    assert_eq!(methods, ["plugin.tags", "", "system.describe", "plugin.vote", "plugin.tags"]);
    let outcomes: Vec<_> =
        message.requests.into_iter().map(|request| request.call.map(|_| Reply::Tags(vec![]))).collect();
    let answer: Value = serde_json::from_slice(&message.envelope.answer(&outcomes).body).unwrap();
    let ids: Vec<_> = answer.as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(ids, [json!(1), json!(null), json!("djangorpc"), json!(null)]);
    assert_eq!(answer[1]["error"]["code"], 102);
}

#[test]
fn a_batch_of_notifications_is_done_in_silence() {
    let message = read_default(JSON, br#"[{"jsonrpc":"2.0","method":"plugin.tags"}]"#);
    assert_eq!(message.requests[0].call, Ok(Call::Tags));
    assert!(message.envelope.answer(&[Ok(Reply::Tags(vec![]))]).body.is_empty());
}

#[test]
fn the_description_lists_every_method() {
    let reply = introspect(&Call::Describe, "http://x/plugins/RPC2/").unwrap();
    let body = br#"{"id":1,"method":"system.describe"}"#;
    let answer: Value = serde_json::from_str(&answer(JSON, body, reply)).unwrap();
    let described = &answer["result"];
    assert_eq!(described["serviceURL"], "http://x/plugins/RPC2/");
    assert_eq!(described["methods"].as_array().unwrap().len(), 8);
    let vote = &described["methods"][3];
    assert_eq!((&vote["name"], &vote["return"]), (&json!("plugin.vote"), &json!("array")));
    assert_eq!(vote["params"][0], json!({"name": "plugin_id", "rpctype": "integer"}));
}

//! JSON-RPC 2.0, and the older form that QGIS votes in: the same without the key `jsonrpc`.

mod bounded;

use serde::Serialize;

use super::value::Value;
use super::{Call, Dialect, Fault, Id, Message, Reply, Request, RpcLimits, method};

pub(super) const CONTENT_TYPE: &str = "application/json";

/// A success has no key `error` at all: `qgis-plugin-dev-tools` takes even `"error": null` for a failure.
#[derive(Serialize)]
#[serde(untagged)]
enum Response<'a> {
    Success { jsonrpc: &'static str, id: &'a Id, result: Value<'a> },
    Failure { jsonrpc: &'static str, id: &'a Id, error: Error },
}

#[derive(Serialize)]
struct Error {
    message: String,
    code: i32,
    name: &'static str,
}

/// Reads one call, or a batch in an array.
pub(super) fn read_message(body: &[u8], limits: &RpcLimits) -> Message {
    let refuse = |fault| Message::unreadable(Dialect::JsonRpc, fault);
    match bounded::read(body, limits) {
        Err(error) => refuse(Fault::parse(format!("JSON decoding error: {error}"))),
        Ok(Value::Array(calls)) if calls.is_empty() => refuse(Fault::bad_call("the batch is empty")),
        Ok(Value::Array(calls)) if calls.len() > limits.batch_calls_max => refuse(Fault::bad_call(format!(
            "the batch has {} calls and may have {}",
            calls.len(),
            limits.batch_calls_max
        ))),
        Ok(Value::Array(calls)) => {
            Message::batch(calls.into_iter().map(|call| request(call, limits)).collect())
        }
        Ok(call) => {
            // a notification alone is answered too: the site always did, and HTTP has to say something
            let (id, request) = request(call, limits);
            Message::one(Dialect::JsonRpc, id.unwrap_or(Id::Null), request)
        }
    }
}

/// One call with its id, which is none for a notification of JSON-RPC 2.0.
fn request(call: Value<'_>, limits: &RpcLimits) -> (Option<Id>, Request) {
    let refuse = |message: &str| Request { method: String::new(), call: Err(Fault::bad_call(message)) };
    let Value::Struct(members) = call else {
        return (Some(Id::Null), refuse("Cannot decode to a javascript Object"));
    };
    let (mut version, mut id, mut name, mut params) = (None, None, None, None);
    for (key, value) in members {
        match &*key {
            "jsonrpc" => version = Some(value),
            "id" => id = Some(value),
            "method" => name = Some(value),
            "params" => params = Some(value),
            _ => {}
        }
    }
    let id = match id.map(|id| read_id(id, limits.id_bytes_max)) {
        None if version.is_some() => None,
        None => Some(Id::Null),
        Some(Ok(id)) => Some(id),
        Some(Err(fault)) => return (Some(Id::Null), Request { method: String::new(), call: Err(fault) }),
    };
    let request = match name {
        None => refuse("JSONRPC requests must have the 'method' attribute."),
        Some(Value::Text(name)) => {
            let params = params.unwrap_or(Value::Array(Vec::new()));
            let call = method::positional(&name, params).and_then(|params| Call::parse(&name, params));
            Request { method: method::shown(&name), call }
        }
        Some(_) => refuse("method must be a javascript String"),
    };
    (id, request)
}

fn read_id(id: Value<'_>, bytes_max: usize) -> Result<Id, Fault> {
    match id {
        Value::Text(text) if text.len() <= bytes_max => Ok(Id::Text(text.into_owned())),
        Value::Text(_) => Err(Fault::bad_call(format!("the id is longer than {bytes_max} bytes"))),
        Value::Int(number) => Ok(Id::Integer(number)),
        Value::Double(number) => Ok(Id::Fraction(number)),
        Value::Nil => Ok(Id::Null),
        other => Err(Fault::bad_call(format!("the id is {}; send a text or a number", other.kind()))),
    }
}

/// Writes the answer to one call.
pub(super) fn write(id: &Id, outcome: &Result<Reply, Fault>) -> Vec<u8> {
    to_vec(&response(id, outcome))
}

/// Writes the answers to a batch; nothing at all when there are none.
pub(super) fn write_batch<'a>(answers: impl Iterator<Item = (&'a Id, &'a Result<Reply, Fault>)>) -> Vec<u8> {
    let responses: Vec<_> = answers.map(|(id, outcome)| response(id, outcome)).collect();
    if responses.is_empty() { Vec::new() } else { to_vec(&responses) }
}

fn response<'a>(id: &'a Id, outcome: &'a Result<Reply, Fault>) -> Response<'a> {
    match outcome {
        Ok(reply) => Response::Success { jsonrpc: "2.0", id, result: reply.value() },
        Err(fault) => {
            let (code, message) = fault.json_error();
            Response::Failure { jsonrpc: "2.0", id, error: Error { message, code, name: "JSONRPCError" } }
        }
    }
}

fn to_vec(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts, integers and lists of them are JSON")
}

//! XML-RPC.

mod read;
mod write;

use super::{Call, Dialect, Fault, Id, Message, Reply, Request, RpcLimits, method};

/// What Python's and every other XML-RPC server says; the declaration names no other coding, so it is UTF-8.
pub(super) const CONTENT_TYPE: &str = "text/xml";

/// Reads a `<methodCall>`.
pub(super) fn read_message(body: &[u8], limits: &RpcLimits) -> Message {
    match read::method_call(body, limits) {
        Ok((name, params)) => {
            let request = Request { method: method::shown(&name), call: Call::parse(&name, params) };
            Message::one(Dialect::XmlRpc, Id::Null, request)
        }
        Err(fault) => Message::unreadable(Dialect::XmlRpc, fault),
    }
}

/// Writes a `<methodResponse>`, byte for byte as Python's `xmlrpc.client.dumps` would.
pub(super) fn write(outcome: &Result<Reply, Fault>) -> Vec<u8> {
    match outcome.as_ref().map(Reply::value) {
        Ok(value) if write::fits(&value) => write::response(&value),
        Ok(_) => write::fault(&Fault::refused(
            "the call was done, but its answer holds a number beyond 2147483647, which XML-RPC cannot carry; use JSON-RPC",
        )),
        Err(fault) => write::fault(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::super::value::Value;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_are_answered_as_far_as_xml_rpc_can_count() {
        let edge = u64::from(i32::MAX.unsigned_abs());
        let at = String::from_utf8(write(&Ok(Reply::PluginAndVersion(7, edge)))).unwrap();
        assert!(at.contains("<value><int>7</int></value>\n<value><int>2147483647</int></value>"), "{at}");
        let past = String::from_utf8(write(&Ok(Reply::PluginAndVersion(7, edge + 1)))).unwrap();
        assert!(past.contains("faultCode") && past.contains("beyond 2147483647"), "{past}");
    }

    fn texts() -> impl Strategy<Value = String> {
        proptest::collection::vec(any::<char>().prop_filter("XML 1.0 has it", |c| write::in_xml(*c)), 0..12)
            .prop_map(|characters| characters.into_iter().collect())
    }

    fn values() -> impl Strategy<Value = Value<'static>> {
        let leaf = prop_oneof![
            Just(Value::Nil),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(|number| Value::Int(number.into())),
            (-1e9..1e9).prop_map(Value::Double),
            texts().prop_map(|text| Value::Text(text.into())),
            proptest::collection::vec(any::<u8>(), 0..100).prop_map(Value::Bytes),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                proptest::collection::vec((texts().prop_map(Into::into), inner), 0..4)
                    .prop_map(Value::Struct),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(value in values()) {
            let mut call = String::from("<methodCall><methodName>plugin.x</methodName><params><param>");
            write::value(&mut call, &value);
            call.push_str("</param></params></methodCall>");
            let (name, params) = read::method_call(call.as_bytes(), &RpcLimits::default()).unwrap();
            prop_assert_eq!(name, "plugin.x");
            prop_assert_eq!(params, vec![value]);
        }
    }
}

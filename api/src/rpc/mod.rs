//! The wire of `/plugins/RPC2/`: XML-RPC and JSON-RPC in, XML-RPC and JSON-RPC out.
//!
//! Pure: bytes become [`Call`]s, [`Reply`]s and [`Fault`]s become bytes. Who calls, whether they may, and what a call
//! does is decided elsewhere. QGIS votes here, `qgis-plugin-ci`, `qgis-plugin-dev-tools` and many a `plugin_upload.py`
//! upload here, so every shape below is one that they have been reading for years.
//!
//! ```text
//! let message = rpc::read(content_type, &body, &limits);
//! let mut outcomes = Vec::new();
//! for request in message.requests { outcomes.push(match request.call { Ok(call) => perform(call), Err(fault) => Err(fault) }); }
//! let answer = message.envelope.answer(&outcomes);      // HTTP 200, or 204 when the body is empty
//! ```

mod envelope;
mod fault;
mod json;
mod limits;
mod method;
mod page;
mod python;
mod reply;
mod value;
mod xml;

#[cfg(test)]
mod tests;

pub use envelope::{Answer, Envelope, Id, Message, Request, encode};
pub use fault::{Fault, upload_fault, vote_fault};
pub use limits::RpcLimits;
pub use method::{Call, introspect, needs_login};
pub use page::method_list_html;
pub use reply::Reply;

/// Which of the two languages a body is in; the answer speaks the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `<methodCall>` documents.
    XmlRpc,
    /// JSON-RPC 2.0, and the older form without the key `jsonrpc` that QGIS votes in.
    JsonRpc,
}

/// The language of a body: by its content type where that says so, else by its first character.
///
/// `text/xml` and `application/xml` are XML-RPC whatever parameters follow; everything with `json` or `javascript` in it
/// is JSON-RPC. Clients that send neither (`curl -d` claims to send a form) are read by what they sent.
pub fn dialect(content_type: Option<&str>, body: &[u8]) -> Dialect {
    let stated = content_type.unwrap_or_default().to_ascii_lowercase();
    let media = stated.split(';').next().unwrap_or_default().trim();
    if media == "text/xml" || media == "application/xml" {
        return Dialect::XmlRpc;
    }
    if stated.contains("json") || stated.contains("javascript") {
        return Dialect::JsonRpc;
    }
    match value::without_bom(body).trim_ascii_start().first() {
        Some(b'<') => Dialect::XmlRpc,
        _ => Dialect::JsonRpc,
    }
}

/// Reads a whole request body. Nothing is refused here: what cannot be read is a request whose call is a [`Fault`],
/// so that the caller gets it back in its own language.
pub fn read(content_type: Option<&str>, body: &[u8], limits: &RpcLimits) -> Message {
    let dialect = dialect(content_type, body);
    if body.len() > limits.body_bytes_max {
        return Message::unreadable(dialect, Fault::bad_call(limits.body_too_large(body.len())));
    }
    match dialect {
        Dialect::XmlRpc => xml::read_message(body, limits),
        Dialect::JsonRpc => json::read_message(body, limits),
    }
}

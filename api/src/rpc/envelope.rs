//! The calls of one body, and the letter that carries their answers back.

use serde::Serialize;

use super::{Call, Dialect, Fault, Reply, json, xml};

/// What one body asks for, and how to answer it.
#[derive(Debug)]
pub struct Message {
    /// The calls in order; one, unless the body is a JSON-RPC batch. Never empty.
    pub requests: Vec<Request>,
    /// What turns the outcomes into the answer.
    pub envelope: Envelope,
}

/// One call of a body.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    /// The name that was called, for the log; cut when it is longer than any we know, empty when it could not be read.
    pub method: String,
    /// The call, or why it is none: then the fault is its outcome and nothing is to be done.
    pub call: Result<Call, Fault>,
}

/// How the answer is addressed: the language, and the ids of the calls.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    dialect: Dialect,
    ids: Ids,
}

#[derive(Debug, Clone, PartialEq)]
enum Ids {
    One(Id),
    /// `None` is a notification: a call of JSON-RPC 2.0 without `id`, done and not answered.
    Batch(Vec<Option<Id>>),
}

/// The `id` of a JSON-RPC call, sent back as it came. XML-RPC has none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Id {
    /// `"djangorpc"` from QGIS, `"qgis-plugin-dev-tools-<uuid>"` from its namesake.
    Text(String),
    /// A counter, mostly.
    Integer(i128),
    /// Odd, yet allowed.
    Fraction(f64),
    /// `null`, none given, or none that could be read.
    Null,
}

/// A finished answer. Faults too travel with HTTP 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The `Content-Type` to send.
    pub content_type: &'static str,
    /// The body; empty only when a batch held nothing but notifications (HTTP 204).
    pub body: Vec<u8>,
}

impl Message {
    /// A body with one call, known or not.
    pub(super) fn one(dialect: Dialect, id: Id, request: Request) -> Self {
        Self { requests: vec![request], envelope: Envelope { dialect, ids: Ids::One(id) } }
    }

    /// The calls of a JSON-RPC batch with their ids.
    pub(super) fn batch(calls: Vec<(Option<Id>, Request)>) -> Self {
        let (ids, requests) = calls.into_iter().unzip();
        Self { requests, envelope: Envelope { dialect: Dialect::JsonRpc, ids: Ids::Batch(ids) } }
    }

    /// A body in which no call can be found.
    pub(super) fn unreadable(dialect: Dialect, fault: Fault) -> Self {
        Self::one(dialect, Id::Null, Request { method: String::new(), call: Err(fault) })
    }
}

impl Envelope {
    /// Writes the answer to a whole body; the outcomes stand in the order of its requests.
    ///
    /// # Panics
    /// When there are not as many outcomes as there were requests.
    pub fn answer(&self, outcomes: &[Result<Reply, Fault>]) -> Answer {
        match &self.ids {
            Ids::One(id) => {
                let [outcome] = outcomes else { panic!("one call has one outcome, not {}", outcomes.len()) };
                encode(self.dialect, id, outcome)
            }
            Ids::Batch(ids) => {
                assert_eq!(ids.len(), outcomes.len(), "each call of a batch has one outcome");
                let answered =
                    ids.iter().zip(outcomes).filter_map(|(id, outcome)| Some((id.as_ref()?, outcome)));
                Answer { content_type: json::CONTENT_TYPE, body: json::write_batch(answered) }
            }
        }
    }
}

/// Writes the answer to a single call.
pub fn encode(dialect: Dialect, id: &Id, outcome: &Result<Reply, Fault>) -> Answer {
    match dialect {
        Dialect::XmlRpc => Answer { content_type: xml::CONTENT_TYPE, body: xml::write(outcome) },
        Dialect::JsonRpc => Answer { content_type: json::CONTENT_TYPE, body: json::write(id, outcome) },
    }
}

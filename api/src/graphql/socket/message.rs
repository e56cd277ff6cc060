//! The words of graphql-transport-ws.

use async_graphql::Response;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes};
use serde::Deserialize;
use serde_json::{Value, json};

/// What the caller says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Said {
    ConnectionInit {
        #[serde(default)]
        payload: Option<Value>,
    },
    Ping {
        #[serde(default)]
        payload: Option<Value>,
    },
    Pong {},
    Subscribe {
        id: String,
        payload: Value,
    },
    Complete {
        id: String,
    },
}

/// Why a connection is ended: the protocol's numbers, with a sentence of at most 123 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The program stops.
    GoingAway,
    /// What the caller sent is no message of the protocol.
    BadMessage,
    /// Something was asked before it was said who asks.
    NotInitialised,
    /// Whoever asks may not, or may not any more.
    Forbidden(&'static str),
    /// Another protocol is meant.
    OtherProtocol,
    /// It was not said in time who asks.
    InitTimeout,
    /// Two questions have the same id.
    SameId,
    /// It was said twice who asks.
    InitTwice,
    /// Too much is waited for at once.
    TooMany,
    /// The caller is silent, or does not take what it is sent.
    Idle,
}

impl End {
    pub(super) fn code(self) -> u16 {
        match self {
            Self::GoingAway => 1001,
            Self::BadMessage => 4400,
            Self::NotInitialised => 4401,
            Self::Forbidden(_) => 4403,
            Self::OtherProtocol => 4406,
            Self::InitTimeout => 4408,
            Self::SameId => 4409,
            Self::InitTwice | Self::TooMany => 4429,
            Self::Idle => 3008,
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::GoingAway => "the server stops; connect again and go on after the last position",
            Self::BadMessage => "this is no message of graphql-transport-ws",
            Self::NotInitialised => "send connection_init first and wait for connection_ack",
            Self::Forbidden(code) => code,
            Self::OtherProtocol => "speak the WebSocket protocol graphql-transport-ws",
            Self::InitTimeout => "connection_init did not come in time",
            Self::SameId => "there is a subscription with this id already",
            Self::InitTwice => "connection_init came twice",
            Self::TooMany => "too many subscriptions on one connection",
            Self::Idle => "nothing was heard for too long",
        }
    }

    pub(super) fn frame(self) -> Message {
        Message::Close(Some(CloseFrame {
            code: self.code(),
            reason: Utf8Bytes::from_static(self.sentence()),
        }))
    }
}

fn text(value: &Value) -> Message {
    Message::Text(value.to_string().into())
}

pub(super) fn ack() -> Message {
    text(&json!({ "type": "connection_ack" }))
}

pub(super) fn pong(payload: Option<&Value>) -> Message {
    match payload {
        Some(payload) => text(&json!({ "type": "pong", "payload": payload })),
        None => text(&json!({ "type": "pong" })),
    }
}

/// One answer; an error message where nothing of the document was carried out.
pub(super) fn next(id: &str, response: &Response) -> Message {
    let not_begun = !response.errors.is_empty() && response.errors.iter().all(|error| error.path.is_empty());
    if not_begun {
        return text(&json!({ "type": "error", "id": id, "payload": response.errors }));
    }
    text(&json!({ "type": "next", "id": id, "payload": response }))
}

/// Whether [`next`] says an error, after which no `complete` comes.
pub(super) fn is_final(response: &Response) -> bool {
    !response.errors.is_empty() && response.errors.iter().all(|error| error.path.is_empty())
}

pub(super) fn complete(id: &str) -> Message {
    text(&json!({ "type": "complete", "id": id }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_protocol_are_understood_and_no_others() {
        for good in [
            r#"{"type":"connection_init"}"#,
            r#"{"type":"connection_init","payload":{"Authorization":"Bearer x"}}"#,
            r#"{"type":"ping"}"#,
            r#"{"type":"pong","payload":{}}"#,
            r#"{"id":"1","type":"subscribe","payload":{"query":"{ x }"}}"#,
            r#"{"id":"1","type":"complete"}"#,
        ] {
            assert!(serde_json::from_str::<Said>(good).is_ok(), "{good}");
        }
        for bad in ["", "{}", "[]", r#"{"type":"start"}"#, r#"{"type":"subscribe","payload":{}}"#] {
            assert!(serde_json::from_str::<Said>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_reason_fits_into_a_close_frame() {
        for end in [
            End::GoingAway,
            End::BadMessage,
            End::NotInitialised,
            End::Forbidden("wrong_credentials"),
            End::OtherProtocol,
            End::InitTimeout,
            End::SameId,
            End::InitTwice,
            End::TooMany,
            End::Idle,
        ] {
            assert!(end.sentence().len() <= 123, "{end:?}");
        }
    }
}

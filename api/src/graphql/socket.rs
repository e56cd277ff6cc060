//! `GET /graphql` as a WebSocket: subscriptions, and anything else, by the protocol graphql-transport-ws.
//!
//! A browser lets any page open a WebSocket to any site and sends cookies along, so the page's origin is looked at. Who asks is
//! asked again on a beat, for as long as the connection lasts: a session that ended, a token that ran out or an account that was
//! blocked ends the connection.

mod connection;
mod message;

use super::http::{only_post, refused};
use crate::App;
use crate::actor::Asking;
use crate::client::Address;
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use connection::{Caller, Connection};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use url::Url;

/// The only protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";

/// Limits on WebSockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketLimits {
    /// Connections of this process at once.
    pub connections_max: usize,
    /// What one connection may wait for at once.
    pub subscriptions_max: usize,
    /// Bytes of a message of the caller.
    pub message_bytes_max: usize,
    /// How long the caller may take to say who it is.
    pub init_max: Duration,
    /// How often a caller that says nothing is asked whether it is there.
    pub ping_every: Duration,
    /// After how long without a word of the caller, or without it taking what it is sent, the connection ends.
    pub idle_max: Duration,
    /// How often whoever asks is asked again.
    pub ask_again_every: Duration,
}

impl Default for SocketLimits {
    fn default() -> Self {
        Self {
            connections_max: 500,
            subscriptions_max: 10,
            message_bytes_max: 64 * 1024,
            init_max: Duration::from_secs(5),
            ping_every: Duration::from_secs(30),
            idle_max: Duration::from_secs(90),
            ask_again_every: Duration::from_mins(1),
        }
    }
}

/// How many connections there are. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct Sockets(Arc<AtomicUsize>);

/// One connection that counts, until it is dropped.
#[derive(Debug)]
struct Counted(Arc<AtomicUsize>);

impl Sockets {
    /// One more, unless there are that many already.
    fn one_more(&self, most: usize) -> Option<Counted> {
        let more = |open: usize| (open < most).then_some(open + 1);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok()?;
        metrics::gauge!("cairn_graphql_sockets").increment(1);
        Some(Counted(Arc::clone(&self.0)))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
        metrics::gauge!("cairn_graphql_sockets").decrement(1);
    }
}

/// Makes a WebSocket of the request. What is no WebSocket is told how to ask.
pub(super) async fn upgrade(
    State(app): State<App>,
    request: RequestId,
    Address(address): Address,
    asking: Result<Asking, Problem>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let Ok(upgrade) = upgrade else { return Ok(only_post().await) };
    if !is_ours(&app.settings.base_url, &headers) {
        let sentence = "WebSockets of pages of other sites are refused";
        return Ok(refused(StatusCode::FORBIDDEN, "cross_site", sentence));
    }
    let Asking(actor) = asking?;
    let limits = app.settings.limits.sockets;
    let Some(counted) = app.sockets.one_more(limits.connections_max) else {
        let sentence =
            "there are too many WebSockets now; try again in a minute, or ask for `events` by POST";
        return Ok(refused(StatusCode::SERVICE_UNAVAILABLE, "too_many_sockets", sentence));
    };
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .max_message_size(limits.message_bytes_max)
        .max_frame_size(limits.message_bytes_max);
    let spoken = upgrade.selected_protocol().is_some();
    // The end of the program waits for it from now on.
    let running = app.background.tracker.token();
    let caller = Caller { app, request, address, headers, actor };
    let answer = upgrade.on_upgrade(async move |socket| {
        Connection::new(socket, caller, limits).run(spoken).await;
        drop((counted, running));
    });
    Ok(answer.into_response())
}

/// Whether the request comes from a page of this site, or from no page at all.
fn is_ours(base: &Url, headers: &HeaderMap) -> bool {
    let text =
        |name| headers.get(name).map(|value: &axum::http::HeaderValue| value.to_str().unwrap_or_default());
    let Some(origin) = text(ORIGIN) else {
        // Browsers always tell an origin with a WebSocket.
        return true;
    };
    if origin == base.origin().ascii_serialization() {
        return true;
    }
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    authority.is_some() && authority == text(HOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_another_site_is_told_from_ours() {
        let base: Url = "https://plugins.example.org".parse().unwrap();
        let ours = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            is_ours(&base, &pairs.collect::<HeaderMap>())
        };
        assert!(ours(&[("host", "internal:8000")]), "no browser");
        assert!(ours(&[("origin", "https://plugins.example.org"), ("host", "internal:8000")]));
        assert!(ours(&[("origin", "http://internal:8000"), ("host", "internal:8000")]));
        for origin in
            ["https://elsewhere.example", "null", "", "https://plugins.example.org.evil.example", "file://"]
        {
            assert!(!ours(&[("origin", origin), ("host", "internal:8000")]), "{origin}");
        }
    }

    #[test]
    fn connections_are_counted_and_bounded() {
        let sockets = Sockets::default();
        let (one, two) = (sockets.one_more(2), sockets.one_more(2));
        assert!(one.is_some() && two.is_some() && sockets.one_more(2).is_none());
        drop(one);
        assert!(sockets.one_more(2).is_some());
    }
}

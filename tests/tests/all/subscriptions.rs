//! What happens is told as it happens, over graphql-transport-ws, by a real WebSocket client.

use cairn_commands::account::{GrantTrust, WithdrawTrust};
use cairn_commands::session::EndSessions;
use cairn_store::both;
use cairn_tests::{Person, TestApp};
use futures_util::{SinkExt, StreamExt};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// One end of a connection.
struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What came.
#[derive(Debug, PartialEq)]
enum Came {
    Said(Value),
    /// The connection was ended, with the number of the protocol.
    Ended(u16),
}

impl Came {
    fn said(self) -> Value {
        match self {
            Self::Said(said) => said,
            Self::Ended(code) => panic!("the connection was ended: {code}"),
        }
    }
}

impl Socket {
    /// Connects with these headers; the status when there is no WebSocket.
    async fn open(app: &TestApp, headers: &[(&'static str, &str)]) -> Result<Self, StatusCode> {
        Self::open_speaking(app, Some("graphql-transport-ws"), headers).await
    }

    async fn open_speaking(
        app: &TestApp,
        protocol: Option<&str>,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, StatusCode> {
        let address = format!("{}/graphql", app.base.replacen("http", "ws", 1));
        let mut request = address.into_client_request().unwrap();
        if let Some(protocol) = protocol {
            request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
        }
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(answer)) => Err(StatusCode::from_u16(answer.status().as_u16()).unwrap()),
            Err(fault) => panic!("{fault}"),
        }
    }

    /// A connection that may be asked on.
    async fn ready(app: &TestApp, payload: Value) -> Self {
        let mut socket = Self::open(app, &[]).await.unwrap();
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hear().await, Came::Said(json!({ "type": "connection_ack" })));
        socket
    }

    async fn say(&mut self, message: Value) {
        self.0.send(Message::Text(message.to_string().into())).await.unwrap();
    }

    async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// The next message, with patience.
    async fn hear(&mut self) -> Came {
        loop {
            let came = timeout(Duration::from_secs(20), self.0.next()).await.expect("something comes");
            match came {
                Some(Ok(Message::Text(text))) => return Came::Said(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => {
                    return Came::Ended(frame.map_or(1005, |frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                None | Some(Err(_)) => return Came::Ended(1006),
            }
        }
    }

    /// The event in the next message, which is for this id.
    async fn event(&mut self, id: &str) -> Value {
        let said = self.hear().await.said();
        assert_eq!((&said["type"], &said["id"]), (&json!("next"), &json!(id)), "{said}");
        said["payload"]["data"]["events"].clone()
    }
}

const EVENTS: &str = "subscription($after: Position) { events(after: $after) { position kind } }";

/// Trust given and withdrawn, again and again: one event each.
async fn write(app: &TestApp, person: &Person, events: usize) {
    for n in 0..events {
        if n % 2 == 0 {
            app.operate(&GrantTrust { account: person.id(), reason: None }).await;
        } else {
            app.operate(&WithdrawTrust { account: person.id(), reason: None }).await;
        }
    }
}

async fn head(app: &TestApp) -> u64 {
    app.house.commands.registry().head().await.unwrap()
}

both!(nothing_is_missed_between_what_was_and_what_comes, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, cid) = (app.person("ann").await, app.person("bob").await, app.person("cid").await);
    let expected = head(&app).await + 180;
    let reader = async |from: Option<u64>| {
        let mut socket = Socket::ready(&app, json!({})).await;
        socket.subscribe("log", EVENTS, json!({ "after": from })).await;
        let mut positions = Vec::new();
        while positions.last() != Some(&(expected - 1)) {
            positions.push(socket.event("log").await["position"].as_u64().unwrap());
        }
        positions
    };
    // One reads from the beginning, one joins in the middle, one follows what happens from some moment on.
    let middle = async {
        let mut heads = app.house.commands.registry().watch();
        let half = *heads.wait_for(|head| *head > expected - 90).await.unwrap();
        (half, reader(Some(half)).await)
    };
    let writing = futures_util::future::join_all([&ann, &bob, &cid].map(|person| write(&app, person, 60)));
    let (_, all, (half, later), live) = tokio::join!(writing, reader(Some(0)), middle, reader(None));
    assert_eq!(all, (0..expected).collect::<Vec<_>>());
    assert_eq!(later, (half..expected).collect::<Vec<_>>());
    let first = live[0];
    assert_eq!(live, (first..expected).collect::<Vec<_>>());
});

both!(only_what_is_asked_for_is_told, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    let mut socket = Socket::ready(&app, json!({})).await;
    let kinds = "subscription { events(after: 0, kinds: [\"VersionApproved\"]) { kind payload } }";
    socket.subscribe("approvals", kinds, json!({})).await;
    ann.upload("other", "1.0").await;
    ann.upload("lasso", "1.0").await;
    for package in ["other", "lasso"] {
        let event = socket.event("approvals").await;
        assert_eq!(
            (&event["kind"], &event["payload"]["package"]),
            (&json!("VersionApproved"), &json!(package))
        );
    }
    socket.say(json!({ "type": "complete", "id": "approvals" })).await;
    let plugin = "subscription { events(after: 0, plugin: \"lasso\") { stream } }";
    socket.subscribe("lasso", plugin, json!({})).await;
    ann.upload("other", "1.1").await;
    ann.upload("lasso", "1.1").await;
    for _ in 0..5 {
        assert_eq!(socket.event("lasso").await["stream"], "plugin/lasso");
    }
    let wrong = "subscription { events(kinds: [\"PluginSold\"]) { kind } }";
    socket.subscribe("wrong", wrong, json!({})).await;
    let said = loop {
        let said = socket.hear().await.said();
        if said["id"] == "wrong" {
            break said;
        }
    };
    assert_eq!(said["payload"]["errors"][0]["extensions"]["code"], "invalid_input", "{said}");
});

both!(questions_and_deeds_are_answered_once_as_whoever_asks, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person("ann").await;
    let token = app.sign_in(ann.id()).await;
    let mut socket = Socket::ready(&app, json!({ "Authorization": format!("Bearer {token}") })).await;
    app.settle().await;
    socket.subscribe("me", "{ me { name } }", json!({})).await;
    let said = socket.hear().await.said();
    assert_eq!(said["payload"]["data"]["me"]["name"], "ann", "{said}");
    assert_eq!(socket.hear().await.said(), json!({ "type": "complete", "id": "me" }));
    socket.subscribe("bad", "{ nothing }", json!({})).await;
    let said = socket.hear().await.said();
    assert_eq!(
        (&said["type"], &said["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("invalid_document"))
    );
    let deed = "mutation { issueToken(input: { package: \"lasso\" }) { secret } }";
    socket.subscribe("deed", deed, json!({})).await;
    let said = socket.hear().await.said();
    assert!(said["payload"]["data"]["issueToken"]["secret"].is_string(), "{said}");
    socket.say(json!({ "type": "ping", "payload": { "n": 1 } })).await;
    assert_eq!(socket.hear().await.said()["type"], "complete");
    assert_eq!(socket.hear().await.said(), json!({ "type": "pong", "payload": { "n": 1 } }));

    // A browser says who asks by its cookie.
    let cookie = ann.browser_cookie().await;
    let origin = app.base.clone();
    let mut socket = Socket::open(&app, &[("cookie", &cookie), ("origin", &origin)]).await.unwrap();
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await.said()["type"], "connection_ack");
    socket.subscribe("me", "{ me { name } }", json!({})).await;
    assert_eq!(socket.hear().await.said()["payload"]["data"]["me"]["name"], "ann");
});

both!(pages_of_other_sites_open_no_socket, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person("ann").await;
    let cookie = ann.browser_cookie().await;
    for origin in ["https://elsewhere.example", "null"] {
        let refused = Socket::open(&app, &[("cookie", &cookie), ("origin", origin)]).await;
        assert_eq!(refused.err(), Some(StatusCode::FORBIDDEN), "{origin}");
    }
    let refused = Socket::open(&app, &[("authorization", "Bearer nonsense")]).await;
    assert_eq!(
        refused.err(),
        Some(StatusCode::FORBIDDEN),
        "a credential that does not hold is refused at once"
    );
    // And a link is still no question.
    assert_eq!(ann.get("/graphql").await.status(), StatusCode::METHOD_NOT_ALLOWED);
});

both!(what_is_not_the_protocol_ends_the_connection_with_its_number, |t| {
    let app = TestApp::start(&t).await;
    let init = json!({ "type": "connection_init" });
    let ask = |id: &str| json!({ "type": "subscribe", "id": id, "payload": { "query": EVENTS } });
    let bad = json!({ "type": "connection_init", "payload": { "Authorization": "Bearer nonsense" } });
    let many: Vec<Value> = (0..11).map(|n| ask(&n.to_string())).collect();
    let stories = [
        (vec![bad], 4403),
        (vec![ask("1")], 4401),
        (vec![init.clone(), init.clone()], 4429),
        (vec![init.clone(), ask("1"), ask("1")], 4409),
        (vec![init.clone(), json!({ "type": "start" })], 4400),
        (vec![init.clone(), json!([])], 4400),
        ([vec![init.clone()], many].concat(), 4429),
    ];
    for (story, code) in stories {
        let mut socket = Socket::open(&app, &[]).await.unwrap();
        for message in &story {
            socket.say(message.clone()).await;
        }
        let ended = loop {
            match socket.hear().await {
                Came::Said(_) => {}
                Came::Ended(code) => break code,
            }
        };
        assert_eq!(ended, code, "{story:?}");
    }
    let mut socket = Socket::ready(&app, json!({})).await;
    socket.0.send(Message::Text("x".repeat(64 * 1024 + 1).into())).await.unwrap();
    assert!(matches!(socket.hear().await, Came::Ended(_)), "a message that is too long ends it");

    let mut socket = Socket::open_speaking(&app, None, &[]).await.unwrap();
    assert_eq!(socket.hear().await, Came::Ended(4406));
});

both!(who_says_nothing_or_is_nobody_any_more_is_let_go, |t| {
    let app = TestApp::with(&t, |config| {
        let short = Duration::from_millis(200);
        config.sockets.init_max = short;
        config.sockets.ping_every = short;
        config.sockets.idle_max = Duration::from_millis(600);
        config.sockets.ask_again_every = short;
        config.sockets.connections_max = 4;
    })
    .await;
    let ann = app.person("ann").await;
    let mut silent = Socket::open(&app, &[]).await.unwrap();
    assert_eq!(silent.hear().await, Came::Ended(4408));

    // Who does not even read answers no ping.
    let mut asleep = Socket::ready(&app, json!({})).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(asleep.hear().await, Came::Ended(3008));

    let cookie = ann.browser_cookie().await;
    let mut browser = Socket::open(&app, &[("cookie", &cookie)]).await.unwrap();
    browser.say(json!({ "type": "connection_init" })).await;
    assert_eq!(browser.hear().await.said()["type"], "connection_ack");
    let mut others = Vec::new();
    let full = loop {
        match Socket::open(&app, &[]).await {
            Ok(other) => others.push(other),
            Err(status) => break status,
        }
        assert!(others.len() < 4, "four connections are the most");
    };
    assert_eq!(full, StatusCode::SERVICE_UNAVAILABLE);
    app.operate(&EndSessions { account: ann.id() }).await;
    assert_eq!(browser.hear().await, Came::Ended(4403));
});

both!(the_end_of_the_program_is_said, |t| {
    let app = TestApp::start(&t).await;
    let mut socket = Socket::ready(&app, json!({})).await;
    socket.subscribe("log", EVENTS, json!({})).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await.said()["type"], "pong");
    app.house.cancel().cancel();
    assert_eq!(socket.hear().await, Came::Ended(1001));
});

//! One connection: what the caller says, what it is answered, and when it ends.

use super::SocketLimits;
use super::message::{self, End, Said};
use crate::App;
use crate::actor::actor_of_request;
use crate::client::Address;
use crate::graphql::asked::{Asked, answers};
use crate::graphql::received;
use crate::problem::Problem;
use crate::request_id::RequestId;
use crate::session::device;
use axum::extract::ws::{Message, WebSocket};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use cairn_domain::{Actor, Refusal};
use futures_util::StreamExt;
use futures_util::stream::{AbortHandle, BoxStream, SelectAll, abortable, once};
use serde_json::Value;
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};

/// The longest id of a subscription, in bytes.
const ID_BYTES_MAX: usize = 128;

/// Whoever is at the other end.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) app: App,
    pub(super) request: RequestId,
    pub(super) address: IpAddr,
    /// With the credential: the request's, or the one that came with `connection_init`.
    pub(super) headers: HeaderMap,
    pub(super) actor: Actor,
}

impl Caller {
    /// Whoever asks, as their credential has it now.
    async fn who(&self) -> Result<Actor, End> {
        match actor_of_request(&self.app, &self.headers, self.address).await {
            Ok(actor) => Ok(actor),
            Err(fault) => Err(End::Forbidden(match Problem::of(fault, &self.request) {
                Problem::Refused(refusal) => refusal.code(),
                Problem::Internal { .. } | Problem::Behind { .. } => "internal",
            })),
        }
    }
}

/// What a subscription says: an answer, or its end.
type Spoken = (u64, Option<async_graphql::Response>);

pub(super) struct Connection {
    socket: WebSocket,
    caller: Caller,
    limits: SocketLimits,
    initialised: bool,
    heard: Instant,
    /// By the caller's ids: numbers of ours, which never come twice, and how each is ended.
    open: HashMap<String, (u64, AbortHandle)>,
    count: u64,
    running: SelectAll<BoxStream<'static, Spoken>>,
}

/// What happens next.
enum Turn {
    Heard(Option<Result<Message, axum::Error>>),
    Spoken(Spoken),
    Beat,
    AskAgain,
    Late,
    Stop,
}

impl Connection {
    pub(super) fn new(socket: WebSocket, caller: Caller, limits: SocketLimits) -> Self {
        Self {
            socket,
            caller,
            limits,
            initialised: false,
            heard: Instant::now(),
            open: HashMap::new(),
            count: 0,
            running: SelectAll::new(),
        }
    }

    /// Speaks until either side ends it.
    pub(super) async fn run(mut self, protocol_is_spoken: bool) {
        let ended = if protocol_is_spoken { self.speak().await } else { Some(End::OtherProtocol) };
        let Some(end) = ended else { return };
        tracing::debug!(request.id = %self.caller.request, code = end.code(), "a WebSocket is ended");
        let goodbye = async {
            let _ = self.socket.send(end.frame()).await;
            // Until the other side says goodbye too, so that it reads the reason.
            while let Some(Ok(_)) = self.socket.recv().await {}
        };
        let _ = timeout(Duration::from_secs(1), goodbye).await;
    }

    /// Why we end it; none if the caller did.
    async fn speak(&mut self) -> Option<End> {
        let started = Instant::now();
        let late = sleep_until(started + self.limits.init_max);
        tokio::pin!(late);
        let every = |period: Duration| {
            let mut beat = interval_at(started + period, period);
            beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
            beat
        };
        let (mut beat, mut again) = (every(self.limits.ping_every), every(self.limits.ask_again_every));
        let stop = self.caller.app.background.cancel.clone();
        loop {
            let turn = tokio::select! {
                biased;
                () = stop.cancelled() => Turn::Stop,
                heard = self.socket.recv() => Turn::Heard(heard),
                () = &mut late, if !self.initialised => Turn::Late,
                _ = beat.tick() => Turn::Beat,
                _ = again.tick() => Turn::AskAgain,
                Some(spoken) = self.running.next() => Turn::Spoken(spoken),
            };
            let done = match turn {
                Turn::Stop => Err(End::GoingAway),
                Turn::Late => Err(End::InitTimeout),
                Turn::Heard(None | Some(Err(_) | Ok(Message::Close(_)))) => return None,
                Turn::Heard(Some(Ok(message))) => self.hear(message).await,
                Turn::Beat if self.heard.elapsed() >= self.limits.idle_max => Err(End::Idle),
                Turn::Beat => self.send(Message::Ping(bytes::Bytes::new())).await,
                Turn::AskAgain => self.ask_again().await,
                Turn::Spoken(spoken) => self.tell(spoken).await,
            };
            if let Err(end) = done {
                return Some(end);
            }
        }
    }

    async fn hear(&mut self, message: Message) -> Result<(), End> {
        self.heard = Instant::now();
        let text = match message {
            Message::Text(text) => text,
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Binary(_) | Message::Close(_) => return Err(End::BadMessage),
        };
        match serde_json::from_str(&text).map_err(|_| End::BadMessage)? {
            Said::ConnectionInit { .. } if self.initialised => Err(End::InitTwice),
            Said::ConnectionInit { payload } => {
                self.initialise(payload).await?;
                self.send(message::ack()).await
            }
            Said::Ping { payload } => self.send(message::pong(payload.as_ref())).await,
            Said::Pong {} => Ok(()),
            Said::Subscribe { .. } if !self.initialised => Err(End::NotInitialised),
            Said::Subscribe { id, payload } => self.subscribe(id, payload),
            Said::Complete { id } => {
                if let Some((_, stream)) = self.open.remove(&id) {
                    stream.abort();
                }
                Ok(())
            }
        }
    }

    /// A credential in the payload counts instead of the request's.
    async fn initialise(&mut self, payload: Option<Value>) -> Result<(), End> {
        let given = payload.as_ref().and_then(Value::as_object);
        let named = |name: &str| given.and_then(|given| given.get(name));
        if let Some(credential) = named("Authorization").or_else(|| named("authorization")) {
            let line = credential.as_str().and_then(|text| text.parse().ok());
            let line = line.ok_or(End::Forbidden(Refusal::WrongCredentials.code()))?;
            self.caller.headers.insert(AUTHORIZATION, line);
            self.caller.actor = self.caller.who().await?;
        }
        self.initialised = true;
        Ok(())
    }

    /// Ends the connection of somebody who is nobody any more.
    async fn ask_again(&mut self) -> Result<(), End> {
        if self.caller.actor == Actor::Anonymous {
            return Ok(());
        }
        let now = self.caller.who().await?;
        if now != self.caller.actor {
            return Err(End::Forbidden(Refusal::Unauthenticated.code()));
        }
        match self.caller.app.sign_in.may_act(now).await {
            Err(cairn_commands::Fault::Refused(refusal)) => Err(End::Forbidden(refusal.code())),
            // Who may act goes on; where the database is away for a moment, it is asked again next time.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    fn subscribe(&mut self, id: String, payload: Value) -> Result<(), End> {
        if id.is_empty() || id.len() > ID_BYTES_MAX {
            return Err(End::BadMessage);
        }
        if self.open.contains_key(&id) {
            return Err(End::SameId);
        }
        if self.open.len() >= self.limits.subscriptions_max {
            return Err(End::TooMany);
        }
        let document = received::of_value(payload).map_err(|_| End::BadMessage)?;
        self.count += 1;
        let number = self.count;
        let Caller { app, request, address, actor, headers } = &self.caller;
        let asked = Asked {
            actor: *actor,
            key: None,
            request: request.clone(),
            address: *address,
            device: device(app, headers, Address(*address)),
        };
        let answers = answers(app.clone(), asked, document);
        let spoken = answers.map(move |response| (number, Some(response)));
        let ended = once(async move { (number, None) });
        let (stream, end) = abortable(spoken.chain(ended));
        self.open.insert(id, (number, end));
        self.running.push(stream.boxed());
        Ok(())
    }

    async fn tell(&mut self, (number, response): Spoken) -> Result<(), End> {
        let id = self.open.iter().find(|(_, (open, _))| *open == number).map(|(id, _)| id.clone());
        let Some(id) = id else { return Ok(()) };
        let Some(response) = response else {
            self.open.remove(&id);
            return self.send(message::complete(&id)).await;
        };
        self.send(message::next(&id, &response)).await?;
        if message::is_final(&response)
            && let Some((_, stream)) = self.open.remove(&id)
        {
            stream.abort();
        }
        Ok(())
    }

    /// Sends, or ends it with a caller that does not take what it is sent.
    async fn send(&mut self, message: Message) -> Result<(), End> {
        let sent = timeout(self.limits.idle_max, self.socket.send(message)).await;
        sent.map_err(|_| End::Idle)?.map_err(|_| End::Idle)
    }
}

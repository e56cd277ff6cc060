//! What has happened, as the log tells it.

use super::{AccountObject, id_of};
use crate::graphql::asked::{Viewer, asker};
use crate::graphql::scalars::{Count, Position};
use crate::problem::Problem;
use async_graphql::connection::{Edge, EmptyFields, PageInfo};
use async_graphql::{Context, ID, Json, Object};
use cairn_domain::Actor;
use cairn_domain::event::EventMeta;
use cairn_domain::ids::AccountId;
use cairn_store::Recorded;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// Kinds that tell how an account is secured or when somebody was where: their facts are for the account itself and staff.
const CONFIDENTIAL: &[&str] = &[
    "EmailConfirmationAsked",
    "EmailConfirmed",
    "EmailChanged",
    "PasswordResetAsked",
    "PasswordChanged",
    "SessionsEnded",
    "SecondFactorAdded",
    "SecondFactorRemoved",
    "RecoveryCodesMade",
    "RecoveryCodeUsed",
    "IdentityLinked",
    "IdentityUnlinked",
    "SessionOpened",
    "SessionEnded",
    "SignUpInvited",
    "SignUpInvitationUsed",
];

/// An event without what must not be told: who voted how, digests of secrets, and how accounts are secured.
#[derive(Debug, Clone)]
pub(crate) struct EventObject {
    recorded: Recorded,
    payload: Value,
    actor: Option<Actor>,
    /// Its stream, unless that names what is not told.
    stream: Option<String>,
}

/// The part of the log that was looked at for a page: positions from `begin` up to, and without, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EventRange {
    pub(crate) begin: u64,
    pub(crate) end: u64,
}

/// Some events in the order of the log.
#[derive(Debug)]
pub(crate) struct EventLog {
    /// The events, in the order of the log.
    pub(crate) events: Vec<EventObject>,
    /// What was looked at for them.
    pub(crate) looked_at: EventRange,
    /// How long the log is.
    pub(crate) head: u64,
    /// How many match in the whole log, where that is known without reading it.
    pub(crate) total: Option<u64>,
}

impl EventLog {
    /// The cursor of an event is its position + 1: how many events are passed over by whoever goes on behind it.
    fn edge(event: &EventObject) -> Edge<String, EventObject, EmptyFields> {
        Edge::new((event.recorded.position + 1).to_string(), event.clone())
    }
}

/// A page of the log. It may hold fewer events than were asked for although more follow: those that do not match are passed over,
/// and at most 5,000 are looked at for one page.
#[Object(name = "EventLogConnection")]
impl EventLog {
    /// The events with their cursors, in the order of the log.
    async fn edges(&self) -> Vec<Edge<String, EventObject, EmptyFields>> {
        self.events.iter().map(Self::edge).collect()
    }

    /// The events, in the order of the log.
    async fn nodes(&self) -> &[EventObject] {
        &self.events
    }

    /// Where the page lies. Its cursors are the ends of what was looked at, so that paging goes on also when nothing matched.
    async fn page_info(&self) -> PageInfo {
        let EventRange { begin, end } = self.looked_at;
        PageInfo {
            has_previous_page: begin > 0,
            has_next_page: end < self.head,
            start_cursor: Some((begin + 1).to_string()),
            end_cursor: Some(end.to_string()),
        }
    }

    /// How many match in the whole log; null where nobody knows without reading all of it, which is when you ask for kinds or an
    /// actor and not for a plugin.
    async fn total_count(&self) -> Option<Count> {
        self.total.map(Count)
    }

    /// The events.
    #[graphql(deprecation = "ask for `nodes`")]
    async fn events(&self) -> &[EventObject] {
        &self.events
    }

    /// Give it as `after` to go on. It moves on also when no event matched.
    async fn next(&self) -> Position {
        Position(self.looked_at.end)
    }

    /// How long the log is. There is more to read while `next` is below it.
    async fn head(&self) -> Position {
        Position(self.head)
    }
}

impl EventObject {
    /// The event as this viewer may see it; none if its bytes are no JSON, which the log does not allow to be written.
    pub(crate) fn of(recorded: Recorded, viewer: Viewer) -> Option<Self> {
        let mut payload: Value = serde_json::from_slice(&recorded.payload).ok()?;
        let mut actor = serde_json::from_slice::<EventMeta>(&recorded.metadata).ok().map(|meta| meta.actor);
        let mut stream = Some(recorded.stream.clone());
        if CONFIDENTIAL.contains(&recorded.kind.as_str()) && !is_of(&payload, &recorded.stream, viewer) {
            (payload, actor, stream) = (Value::Null, None, None);
        }
        if let Some(fields) = payload.as_object_mut() {
            fields.remove("secret_sha256");
            if fields.remove("voter").is_some() {
                actor = None;
            }
        }
        Some(Self { recorded, payload, actor, stream })
    }

    /// Whether this account did it, as far as the viewer may know.
    pub(crate) fn is_by(&self, account: AccountId) -> bool {
        self.actor.and_then(|actor| actor.account()) == Some(account)
    }
}

/// Whether the viewer knows the account that a confidential event is about.
fn is_of(payload: &Value, stream: &str, viewer: Viewer) -> bool {
    let named = payload.get("account").and_then(Value::as_str).or_else(|| stream.strip_prefix("account/"));
    match named.and_then(|id| id.parse().ok()) {
        Some(account) => viewer.knows(account),
        None => viewer.staff && viewer.in_person,
    }
}

/// Something that happened. Events never change; the log holds no names of people, no addresses and no secrets.
#[Object(name = "Event")]
impl EventObject {
    /// One of a kind among all things.
    pub(crate) async fn id(&self) -> ID {
        id_of("event", self.recorded.event_id)
    }

    /// Its place in the log, from 0.
    async fn position(&self) -> Position {
        Position(self.recorded.position)
    }

    /// When it was recorded; never before the event ahead of it.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded.recorded_at
    }

    /// What happened, such as `VersionApproved`.
    async fn kind(&self) -> &str {
        &self.recorded.kind
    }

    /// The version of the payload's shape.
    async fn schema(&self) -> i32 {
        self.recorded.schema.into()
    }

    /// What it happened to, such as `plugin/lasso`; null if the facts are not for you.
    async fn stream(&self) -> Option<&str> {
        self.stream.as_deref()
    }

    /// Its place in the stream, from 1.
    async fn stream_version(&self) -> Position {
        Position(self.recorded.version.into())
    }

    /// The facts, without digests of secrets and without voters; null for what only the account itself and staff may know: how it
    /// is secured, and its sessions.
    async fn payload(&self) -> Option<Json<&Value>> {
        Some(Json(&self.payload)).filter(|_| !self.payload.is_null())
    }

    /// Who did it: `account`, `token`, `operator`, `site` or `anonymous`; null for votes.
    async fn actor(&self) -> Option<&'static str> {
        self.actor.map(|actor| match actor {
            Actor::Anonymous => "anonymous",
            Actor::Account { .. } => "account",
            Actor::Token { .. } => "token",
            Actor::Operator => "operator",
            Actor::Site => "site",
        })
    }

    /// The id of the account that did it, by itself or through a token; null for votes.
    async fn actor_account_id(&self) -> Option<String> {
        self.actor.and_then(|actor| actor.account()).map(|account| account.to_string())
    }

    /// The account that did it, by itself or through a token, where you may know whose name that is: that of staff, of who owns a
    /// public plugin, and your own; staff know all.
    async fn by(&self, context: &Context<'_>) -> Result<Option<AccountObject>, Problem> {
        match self.actor.and_then(|actor| actor.account()) {
            Some(id) => AccountObject::who_acted(asker(context), id).await,
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_domain::Event;
    use cairn_domain::event::{PasswordChanged, TokenIssued, VoteCast};
    use cairn_domain::ids::{AccountId, CommandId, TokenId};
    use cairn_domain::names::Sha256;
    use cairn_domain::votes::Voter;
    use uuid::Uuid;

    const ANN: AccountId = AccountId(Uuid::from_u128(1));

    fn seen(event: &Event) -> EventObject {
        seen_by(event, Viewer::default())
    }

    fn seen_by(event: &Event, viewer: Viewer) -> EventObject {
        let meta = EventMeta { actor: Actor::Account { account: ANN }, command: CommandId(Uuid::nil()) };
        let recorded = Recorded {
            position: 3,
            recorded_at: DateTime::UNIX_EPOCH,
            event_id: Uuid::nil(),
            stream: "a/b".into(),
            version: 1,
            kind: event.kind().into(),
            schema: event.schema(),
            payload: event.encode(),
            metadata: serde_json::to_vec(&meta).unwrap(),
        };
        EventObject::of(recorded, viewer).unwrap()
    }

    #[test]
    fn nobody_learns_who_voted() {
        for voter in [Voter::Account(ANN), Voter::OfTheDay(Sha256::of(b"key"))] {
            let vote = seen(&VoteCast { package: "lasso".parse().unwrap(), score: 5, voter }.into());
            assert_eq!(vote.payload, serde_json::json!({ "package": "lasso", "score": 5 }));
            assert_eq!(vote.actor, None);
        }
    }

    #[test]
    fn how_an_account_is_secured_is_for_itself_and_staff() {
        let changed = PasswordChanged { account: ANN }.into();
        let in_person = |account, staff| Viewer { account: Some(account), staff, in_person: true };
        let bob = AccountId(Uuid::from_u128(2));
        for viewer in [in_person(ANN, false), in_person(bob, true)] {
            let event = seen_by(&changed, viewer);
            assert_eq!(event.payload["account"], ANN.to_string());
            assert!(event.stream.is_some() && event.actor.is_some());
        }
        let by_token = Viewer { in_person: false, ..in_person(ANN, false) };
        for viewer in [in_person(bob, false), by_token, Viewer::default()] {
            let event = seen_by(&changed, viewer);
            assert!(event.payload.is_null() && event.stream.is_none() && event.actor.is_none());
            assert_eq!(event.recorded.kind, "PasswordChanged");
        }
    }

    #[test]
    fn every_confidential_kind_is_a_kind() {
        for kind in CONFIDENTIAL {
            assert!(Event::KINDS.iter().any(|(known, _)| known == kind), "{kind}");
        }
    }

    #[test]
    fn nobody_learns_the_digest_of_a_secret() {
        let issued = TokenIssued {
            token: TokenId(Uuid::from_u128(2)),
            account: ANN,
            package: "lasso".parse().unwrap(),
            secret_sha256: Sha256::of(b"secret"),
            expires_at: None,
            may_approve: false,
        };
        let event = seen(&issued.into());
        assert_eq!(event.payload["package"], "lasso");
        assert!(!event.payload.to_string().contains(&Sha256::of(b"secret").to_string()));
        assert_eq!(event.actor.and_then(|actor| actor.account()), Some(ANN));
    }
}

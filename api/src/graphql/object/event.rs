//! What has happened, as the log tells it.

use super::id_of;
use crate::graphql::asked::Viewer;
use crate::graphql::scalars::Position;
use async_graphql::{ID, Json, Object, SimpleObject};
use cairn_domain::Actor;
use cairn_domain::event::EventMeta;
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

/// Some events in the order of the log.
#[derive(Debug, SimpleObject)]
pub(crate) struct EventPage {
    /// The events.
    pub(crate) events: Vec<EventObject>,
    /// Give it as `after` to go on. It moves on also when no event matched.
    pub(crate) next: Position,
    /// How long the log is. There is more to read while `next` is below it.
    pub(crate) head: Position,
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
    async fn id(&self) -> ID {
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

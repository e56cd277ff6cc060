//! What has happened, as the log tells it.

use super::id_of;
use crate::graphql::scalars::Position;
use async_graphql::{ID, Json, Object, SimpleObject};
use cairn_domain::Actor;
use cairn_domain::event::EventMeta;
use cairn_store::Recorded;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// An event without what must not be told: who voted how, and digests of secrets.
#[derive(Debug, Clone)]
pub(crate) struct EventObject {
    recorded: Recorded,
    payload: Value,
    actor: Option<Actor>,
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
    /// The event as everybody may see it; none if its bytes are no JSON, which the log does not allow to be written.
    pub(crate) fn of(recorded: Recorded) -> Option<Self> {
        let mut payload: Value = serde_json::from_slice(&recorded.payload).ok()?;
        let mut actor = serde_json::from_slice::<EventMeta>(&recorded.metadata).ok().map(|meta| meta.actor);
        if let Some(fields) = payload.as_object_mut() {
            fields.remove("secret_sha256");
            if fields.remove("voter").is_some() {
                actor = None;
            }
        }
        Some(Self { recorded, payload, actor })
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

    /// What it happened to, such as `plugin/lasso`.
    async fn stream(&self) -> &str {
        &self.recorded.stream
    }

    /// Its place in the stream, from 1.
    async fn stream_version(&self) -> Position {
        Position(self.recorded.version.into())
    }

    /// The facts, without digests of secrets and without voters.
    async fn payload(&self) -> Json<&Value> {
        Json(&self.payload)
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
    use cairn_domain::event::{TokenIssued, VoteCast};
    use cairn_domain::ids::{AccountId, CommandId, TokenId};
    use cairn_domain::names::Sha256;
    use cairn_domain::votes::Voter;
    use uuid::Uuid;

    const ANN: AccountId = AccountId(Uuid::from_u128(1));

    fn seen(event: &Event) -> EventObject {
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
        EventObject::of(recorded).unwrap()
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

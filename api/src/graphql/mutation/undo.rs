//! Undoing what an actor did.

use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object, SimpleObject};
use cairn_commands::Done;
use cairn_commands::undo::{Ask, Left, Taken, Undone, Who, undo, who_is};
use chrono::{DateTime, Utc};

/// Undoing what an actor did.
#[derive(Debug, Default)]
pub(crate) struct UndoDeeds;

/// Whose deeds shall be undone, and from when on.
#[derive(InputObject)]
struct UndoActorInput {
    /// An account's name, or the id of an account or of a plugin token.
    actor: String,
    /// Deeds from then on are undone.
    since: DateTime<Utc>,
    /// Only tell what would be done.
    #[graphql(default)]
    dry_run: bool,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// Something that was undone.
#[derive(SimpleObject)]
struct UndoneDeed {
    /// The position of the first deed that was undone by it.
    position: Position,
    /// The kind of that deed.
    deed: String,
    /// The stream that it is in.
    stream: String,
    /// The kind of the event that undid it.
    by: String,
}

/// Something that was left for a human.
#[derive(SimpleObject)]
struct LeftDeed {
    /// The position of the deed.
    position: Position,
    /// The kind of the deed.
    deed: String,
    /// The stream that it is in.
    stream: String,
    /// Why it was left.
    reason: String,
    /// The position of the later act that stands in the way, if one does.
    later: Option<Position>,
}

/// What was undone and what was left.
struct UndoActorPayload(Done<Undone>);

#[Object]
impl UndoDeeds {
    /// Makes things what they were before an account's or a plugin token's deeds since a time: uploads are public no longer; owners,
    /// teams, trust, roles, and what was said of plugins and versions are as before. What somebody else decided about later is left
    /// and listed. Done twice, it changes nothing the second time. For staff; roles and the policy are restored for admins only.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn undo_actor(
        &self,
        context: &Context<'_>,
        input: UndoActorInput,
    ) -> Result<UndoActorPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let commands = &asker.app.commands;
        // Strangers are not told who exists.
        asker.viewer().await?;
        let account = asker.account_called(&input.actor).await?;
        let who = match input.actor.parse() {
            Ok(id) => asker.snapshot.aside(who_is(commands, id)).await.map_err(|fault| asker.fault(fault))?,
            Err(_) => Who::Account(account),
        };
        let UndoActorInput { since, dry_run, .. } = input;
        let ask = Ask { actor: asker.actor(), who, since, dry_run, now: asker.app.clock.now() };
        let done = asker.snapshot.aside(undo(commands, ask, key.as_deref())).await;
        let done = done.map_err(|fault| asker.fault(fault))?;
        asker.reached(done.position);
        Ok(UndoActorPayload(done))
    }
}

/// What was undone and what was left.
#[Object]
impl UndoActorPayload {
    /// Reads that hold the registry log up to here see it.
    async fn position(&self) -> Position {
        Position(self.0.position)
    }

    /// Whether the idempotency key was used before, so that nothing was done now.
    async fn repeated(&self) -> bool {
        self.0.repeated
    }

    /// What was undone, by position; with `dryRun` what would be.
    async fn done(&self) -> Vec<UndoneDeed> {
        self.0.answer.done.iter().cloned().map(UndoneDeed::from).collect()
    }

    /// What is left for a human, by position.
    async fn left(&self) -> Vec<LeftDeed> {
        self.0.answer.left.iter().cloned().map(LeftDeed::from).collect()
    }
}

impl From<Taken> for UndoneDeed {
    fn from(taken: Taken) -> Self {
        let Taken { position, deed, stream, by } = taken;
        Self { position: Position(position), deed, stream, by }
    }
}

impl From<Left> for LeftDeed {
    fn from(left: Left) -> Self {
        let Left { position, deed, stream, reason, later } = left;
        Self { position: Position(position), deed, stream, reason, later: later.map(Position) }
    }
}

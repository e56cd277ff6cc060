//! The executor: lock, load, decide, append, commit. Written once for every command.

use crate::{Command, Fact, personal};
use cairn_domain::event::{Event, EventMeta, Stream, Unreadable};
use cairn_domain::ids::CommandId;
use cairn_domain::names::Sha256;
use cairn_domain::{Actor, Known, Moment, Refusal};
use cairn_store::{Expected, Ids, NewEvent, Outcome, PAYLOAD_BYTES_MAX, Registry, RegistryTx, StoreError};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The caller may not, or asked for what cannot be.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Our own fault: nothing was done, or it is unknown whether it was; the same command id may be sent again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The history holds what this program cannot read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

/// A command that was carried out, now or before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done<A> {
    /// The length of the registry log that holds the deed: who reads at least up to here sees it.
    pub position: u64,
    /// What the caller gets to know.
    pub answer: A,
    /// The command id was used before and nothing was done now.
    pub repeated: bool,
}

/// Carries out commands on one registry log. Clones share it.
#[derive(Debug, Clone)]
pub struct Commands {
    registry: Registry,
    ids: Arc<Ids>,
}

/// What is kept of a command that came with its own id.
#[derive(Serialize, Deserialize)]
enum Kept<A> {
    Answered { answer: A, head: u64 },
    Refused(Refusal),
}

impl Commands {
    /// Commands on this log; ids that callers leave open are minted by `ids`.
    pub fn new(registry: Registry, ids: Arc<Ids>) -> Self {
        Self { registry, ids }
    }

    /// The log that commands go to.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Where ids come from.
    pub fn ids(&self) -> &Ids {
        &self.ids
    }

    /// Carries out `command` once. When this returns `Ok`, its events are durable and readers have been told.
    ///
    /// Commands run one after the other under the log's lock, so the rule sees the last word and is never retried.
    /// With a `key`, the first outcome, refusals included, is kept and answered again to the same key of the same actor;
    /// another command under that key is refused. Only a refusal that names a person is not kept.
    pub async fn send<C: Command>(
        &self,
        command: &C,
        actor: Actor,
        key: Option<&str>,
    ) -> Result<Done<C::Answer>, Fault> {
        let started = std::time::Instant::now();
        let outcome = self.execute(command, actor, key).await;
        let word = match &outcome {
            Ok(done) if done.repeated => "repeated",
            Ok(_) => "done",
            Err(Fault::Refused(refusal)) => refusal.code(),
            Err(Fault::Store(_) | Fault::Unreadable(_)) => "failed",
        };
        metrics::counter!("cairn_commands_total", "command" => C::NAME, "outcome" => word).increment(1);
        metrics::histogram!("cairn_command_seconds", "command" => C::NAME).record(started.elapsed());
        tracing::info!(
            command = C::NAME,
            outcome = word,
            duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "command {} {word}",
            C::NAME
        );
        outcome
    }

    /// Asks the rule without the lock and without doing anything, so that slow work is not begun for nothing. The
    /// answer, what would happen, may be out of date when it arrives; [`Commands::send`] decides.
    pub async fn foresee<C: Command>(
        &self,
        command: &C,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<Vec<Fact>, Fault> {
        let known = self.look(command.reads(), actor).await?;
        Ok(command.decide(&known, &Moment { now, actor })?)
    }

    /// What is known of these streams, of whoever acts, and of what these point to; out of date when it arrives.
    pub async fn look(&self, streams_read: Vec<Stream>, actor: Actor) -> Result<Known, Fault> {
        let mut known = Known::default();
        let mut read = BTreeSet::new();
        let mut wanted = streams(streams_read, actor);
        while !wanted.is_empty() {
            for stream in wanted {
                for event in self.registry.read_stream(&stream.to_string(), 0).await? {
                    known.evolve(
                        &stream,
                        event.position,
                        &Event::decode(&event.kind, event.schema, &event.payload)?,
                    );
                }
                read.insert(stream);
            }
            wanted = known.points_to(actor);
            wanted.retain(|stream| !read.contains(stream));
        }
        Ok(known)
    }

    async fn execute<C: Command>(
        &self,
        command: &C,
        actor: Actor,
        key: Option<&str>,
    ) -> Result<Done<C::Answer>, Fault> {
        let id = match key {
            Some(key) => CommandId::of_key(&actor_name(actor), key),
            None => CommandId(self.ids.v4()),
        };
        let mut tx = self.registry.begin().await?;
        if key.is_some()
            && let Some(kept) = tx.outcome(id.0).await?
        {
            return repeated::<C>(command, &kept);
        }
        let mut known = Known::default();
        let mut versions = HashMap::new();
        let mut wanted = streams(command.reads(), actor);
        while !wanted.is_empty() {
            for stream in wanted {
                let version = load(&mut tx, &mut known, &stream).await?;
                versions.insert(stream, version);
            }
            wanted = known.points_to(actor);
            wanted.retain(|stream| !versions.contains_key(stream));
        }
        let moment = Moment { now: tx.now(), actor };
        let decided = match command.decide(&known, &moment) {
            Ok(facts) => personal::refused(&mut tx, &command.personal()).await?.map_or(Ok(facts), Err),
            Err(refusal) => Err(refusal),
        };
        let facts = match decided {
            Ok(facts) => facts,
            Err(refusal) => {
                if key.is_some() && !names_somebody(&refusal) {
                    keep::<C>(&mut tx, command, id, None, &Kept::Refused(refusal.clone())).await?;
                    tx.commit().await?;
                }
                return Err(refusal.into());
            }
        };

        let first = tx.next_position();
        let meta = serde_json::to_vec(&EventMeta { actor, command: id }).expect("metadata is ids only");
        let mut events = Vec::with_capacity(facts.len());
        for (ordinal, (stream, event)) in (0_u32..).zip(&facts) {
            known.evolve(stream, first + u64::from(ordinal), event);
            let payload = event.encode();
            if payload.len() > PAYLOAD_BYTES_MAX {
                let what = format!("{}: what the log would keep of it", C::NAME);
                return Err(Refusal::TooLarge { what, limit_bytes: PAYLOAD_BYTES_MAX as u64 }.into());
            }
            events.push(NewEvent {
                id: id.event_id(ordinal),
                stream: stream.to_string(),
                expected: versions.get(stream).map_or(Expected::Any, |version| Expected::Version(*version)),
                kind: event.kind().to_owned(),
                schema: event.schema(),
                payload,
                metadata: meta.clone(),
            });
        }
        let position = if events.is_empty() { None } else { Some(tx.append(events).await?) };
        if position.is_some() || C::VAULT_ALONE {
            personal::store(&mut tx, command.personal()).await?;
        }
        let head = tx.next_position();
        let answer = command.answer(&known);
        let kept = Kept::Answered { answer, head };
        if key.is_some() {
            keep::<C>(&mut tx, command, id, position, &kept).await?;
        }
        tx.commit().await?;
        let Kept::Answered { answer, .. } = kept else { unreachable!("made three lines above") };
        Ok(Done { position: head, answer, repeated: false })
    }
}

/// Whether a refusal has a person's name in it. What is kept of commands is kept for ever, so such a command is decided anew when
/// it is repeated.
fn names_somebody(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::AccountNameTaken { .. } | Refusal::IdentityNameTaken { .. })
}

/// Who acts, as far as command keys tell actors apart: a token's and its account's keys are different ones.
fn actor_name(actor: Actor) -> String {
    serde_json::to_string(&actor).expect("an actor is ids only")
}

/// The streams a decision begins with: the command's own, those of whoever gives it, and that of the policy.
fn streams(reads: Vec<Stream>, actor: Actor) -> BTreeSet<Stream> {
    let mut streams = BTreeSet::from_iter(reads);
    streams.extend(actor.account().map(Stream::Account));
    streams.extend(actor.token().map(Stream::Token));
    streams.insert(Stream::Site);
    streams
}

async fn load(tx: &mut RegistryTx, known: &mut Known, stream: &Stream) -> Result<u32, Fault> {
    let recorded = tx.load(&stream.to_string()).await?;
    for event in &recorded {
        known.evolve(stream, event.position, &Event::decode(&event.kind, event.schema, &event.payload)?);
    }
    Ok(recorded.last().map_or(0, |event| event.version))
}

fn fingerprint<C: Command>(command: &C) -> Vec<u8> {
    let mut bytes = C::NAME.as_bytes().to_vec();
    bytes.push(b'\n');
    bytes.extend(serde_json::to_vec(command).expect("a command has string keys and finite numbers only"));
    Sha256::of(&bytes).as_bytes().to_vec()
}

async fn keep<C: Command>(
    tx: &mut RegistryTx,
    command: &C,
    id: CommandId,
    position: Option<u64>,
    kept: &Kept<C::Answer>,
) -> Result<(), Fault> {
    let answer = serde_json::to_vec(kept).expect("an answer has string keys and finite numbers only");
    let outcome = Outcome { command_id: id.0, fingerprint: fingerprint(command), position, answer };
    Ok(tx.keep_outcome(&outcome).await?)
}

fn repeated<C: Command>(command: &C, outcome: &Outcome) -> Result<Done<C::Answer>, Fault> {
    if outcome.fingerprint != fingerprint(command) {
        return Err(Refusal::CommandIdReused.into());
    }
    match serde_json::from_slice(&outcome.answer) {
        Ok(Kept::<C::Answer>::Answered { answer, head }) => {
            Ok(Done { position: head, answer, repeated: true })
        }
        Ok(Kept::Refused(refusal)) => Err(refusal.into()),
        Err(fault) => {
            Err(StoreError::Damaged(format!("kept outcome of {}: {fault}", outcome.command_id)).into())
        }
    }
}

//! Undo what an actor did since a time: read its deeds and the histories of all that they touched, then decide under the lock.

mod aspect;
mod belonging;
mod command;
mod plan;
mod restore;
#[cfg(test)]
mod tests;

pub use command::{UNDO_EVENTS_MAX, UndoActor};
pub use plan::{Left, Past, Taken, Undone, Who};

use crate::{Command, Commands, Done, Fault};
use cairn_domain::event::{AccountEvent, Event, EventMeta, PluginEvent, Stream, TeamEvent};
use cairn_domain::ids::{AccountId, TokenId};
use cairn_domain::{Actor, Moment, Refusal};
use cairn_store::{Recorded, Registry, StoreError};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The most deeds of one actor that are looked at.
pub const DEEDS_MAX: usize = 20_000;

/// Events that are read at a time.
const PAGE: u32 = 1_000;

/// How often a plan is made anew because a history went on in between.
const ATTEMPTS: u32 = 5;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// Who asks.
    pub actor: Actor,
    /// Whose deeds are undone.
    pub who: Who,
    /// From when on.
    pub since: DateTime<Utc>,
    /// Only tell what would be done.
    pub dry_run: bool,
    /// What time it is.
    pub now: DateTime<Utc>,
}

/// The token or account with this id.
pub async fn who_is(commands: &Commands, id: Uuid) -> Result<Who, Fault> {
    let (token, account) = (TokenId(id), AccountId(id));
    let known = commands.look(vec![Stream::Token(token), Stream::Account(account)], Actor::Anonymous).await?;
    if known.token(token).is_ok() {
        return Ok(Who::Token(token));
    }
    known.account(account)?;
    Ok(Who::Account(account))
}

/// Undoes what `ask` asks for, or only tells what that would be. Made anew some times when others act in between.
pub async fn undo(commands: &Commands, ask: Ask, key: Option<&str>) -> Result<Done<Undone>, Fault> {
    let mut number = 1;
    loop {
        // Each attempt has a key of its own: a refusal that was kept would otherwise stand for all of them.
        let key = key.map(|key| format!("{key}/{number}"));
        match attempt(commands, ask, key.as_deref()).await {
            Err(Fault::Refused(Refusal::HistoryChanged)) if number < ATTEMPTS => number += 1,
            outcome => return outcome,
        }
    }
}

async fn attempt(commands: &Commands, ask: Ask, key: Option<&str>) -> Result<Done<Undone>, Fault> {
    let moment = Moment { now: ask.now, actor: ask.actor };
    let acting = commands.look(vec![], ask.actor).await?.acting_staff(&moment)?;
    let registry = commands.registry();
    let mut command = UndoActor {
        who: ask.who,
        since: ask.since,
        past: Vec::new(),
        streams: touched(registry, ask).await?.into_iter().collect(),
        looked_at: ask.now,
        admin: acting.admin,
    };
    for stream in &command.streams {
        for recorded in registry.read_stream(&stream.to_string(), 0).await? {
            command.past.push(past(stream, &recorded)?);
        }
    }
    command.past.sort_by_key(|one| one.position);
    if ask.dry_run {
        commands.foresee(&command, ask.actor, ask.now).await?;
        let answer = command.answer(&cairn_domain::Known::default());
        return Ok(Done { position: registry.head().await?, answer, repeated: false });
    }
    commands.send(&command, ask.actor, key).await
}

/// The streams that the actor's deeds since then are in, and those that restoring them depends on.
async fn touched(registry: &Registry, ask: Ask) -> Result<BTreeSet<Stream>, Fault> {
    let mut next = first_since(registry, ask.since).await?;
    let mut streams = BTreeSet::from([Stream::Site]);
    let mut deeds = 0;
    loop {
        let page = registry.read(next, PAGE).await?;
        for recorded in page.iter().filter(|recorded| recorded.recorded_at >= ask.since) {
            if !ask.who.is(actor_of(recorded)?) {
                continue;
            }
            let Some(stream) = Stream::parse(&recorded.stream) else { continue };
            if matches!(stream, Stream::Votes(_) | Stream::Session(_)) {
                continue;
            }
            deeds += 1;
            if deeds > DEEDS_MAX {
                let message =
                    format!("there are more than {DEEDS_MAX} deeds since then; choose a later time");
                return Err(Refusal::invalid("since", message).into());
            }
            let event = Event::decode(&recorded.kind, recorded.schema, &recorded.payload)?;
            streams.extend(accounts_of(&event).into_iter().map(Stream::Account));
            streams.insert(stream);
        }
        next += page.len() as u64;
        if page.len() < PAGE as usize {
            return Ok(streams);
        }
    }
}

/// The accounts that may come back when a deed is undone.
fn accounts_of(event: &Event) -> Vec<AccountId> {
    match event {
        Event::Plugin(PluginEvent::OwnerRemoved(event)) => vec![event.account],
        Event::Plugin(PluginEvent::OwnershipTransferred(event)) => vec![event.from],
        Event::Team(TeamEvent::TeamMemberRemoved(event)) => vec![event.account],
        Event::Account(AccountEvent::StaffWithdrawn(event)) => vec![event.account],
        _ => vec![],
    }
}

/// The position of the first event since then. Times in the log never go back, so it is found by halving.
async fn first_since(registry: &Registry, since: DateTime<Utc>) -> Result<u64, Fault> {
    let (mut low, mut high) = (0, registry.head().await?);
    while low < high {
        let middle = low + (high - low) / 2;
        let earlier = registry.read(middle, 1).await?.first().is_some_and(|event| event.recorded_at < since);
        if earlier { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

fn past(stream: &Stream, recorded: &Recorded) -> Result<Past, Fault> {
    Ok(Past {
        position: recorded.position,
        at: recorded.recorded_at,
        actor: actor_of(recorded)?,
        stream: stream.clone(),
        event: Event::decode(&recorded.kind, recorded.schema, &recorded.payload)?,
    })
}

fn actor_of(recorded: &Recorded) -> Result<Actor, StoreError> {
    let meta: Result<EventMeta, _> = serde_json::from_slice(&recorded.metadata);
    let fault = |fault| StoreError::Damaged(format!("metadata of event {}: {fault}", recorded.position));
    meta.map(|meta| meta.actor).map_err(fault)
}

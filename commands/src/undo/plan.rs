//! What is to be done so that things are as if an actor had done nothing since a time. Pure: histories in, events out.
//!
//! Every thing that the actor's deeds changed is followed through the histories. Where nobody else touched it afterwards it is
//! made again what it was before the first of these deeds; where somebody did, that is a later decision of theirs, and what to
//! make of it is left for a human.

use super::aspect::{Aspect, Value, aspects};
use super::belonging::restore_belonging;
use super::restore::Now;
use crate::Fact;
use cairn_domain::event::{Event, PluginEvent, Stream};
use cairn_domain::ids::{AccountId, TokenId};
use cairn_domain::names::PackageName;
use cairn_domain::{Actor, Known};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whose deeds are undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// An account's, by itself and by its tokens.
    Account(AccountId),
    /// One plugin token's.
    Token(TokenId),
}

impl Who {
    /// Whether it was this actor.
    pub(super) fn is(self, actor: Actor) -> bool {
        match self {
            Self::Account(account) => actor.account() == Some(account),
            Self::Token(token) => actor.token() == Some(token),
        }
    }
}

/// One event of the log, as far as a plan looks at it.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// Where it is.
    pub position: u64,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub actor: Actor,
    /// The history it belongs to.
    pub stream: Stream,
    /// What happened.
    pub event: Event,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) who: Who,
    pub(super) since: DateTime<Utc>,
    pub(super) now: DateTime<Utc>,
    /// Whoever asks may also say who is staff.
    pub(super) admin: bool,
}

/// Something that is undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The position of the first deed that is undone by it.
    pub position: u64,
    /// The kind of that deed.
    pub deed: String,
    /// The stream that it is in.
    pub stream: String,
    /// The kind of the event that undoes it.
    pub by: String,
}

/// Something that is left for a human.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// The position of the deed.
    pub position: u64,
    /// The kind of the deed.
    pub deed: String,
    /// The stream that it is in.
    pub stream: String,
    /// Why it is left.
    pub reason: String,
    /// The position of the later act that stands in the way, if one does.
    pub later: Option<u64>,
}

/// What is undone and what is left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// What is undone.
    pub done: Vec<Taken>,
    /// What is left for a human.
    pub left: Vec<Left>,
}

/// The events that undo, and what to tell of it.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) facts: Vec<Fact>,
    pub(super) told: Undone,
}

/// A thing that the actor changed and nobody else touched since.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    pub(super) aspect: Aspect,
    pub(super) before: Value,
    pub(super) position: u64,
    pub(super) deed: &'static str,
}

/// Words that came with events and that states do not keep.
#[derive(Debug, Default)]
pub(super) struct Reasons {
    yanked: BTreeMap<(PackageName, u64), String>,
    deprecated: BTreeMap<PackageName, Option<String>>,
}

impl Reasons {
    pub(super) fn yanked(&self, package: &PackageName, version: u64) -> Option<String> {
        self.yanked.get(&(package.clone(), version)).cloned()
    }

    pub(super) fn deprecated(&self, package: &PackageName) -> Option<String> {
        self.deprecated.get(package).cloned().flatten()
    }

    /// Keeps the words of what others did, and of what the actor did before.
    fn keep(&mut self, event: &Event, aspects: &[Aspect]) {
        match (event, aspects) {
            (Event::Plugin(PluginEvent::VersionYanked(yanked)), [Aspect::Yanked(package, id)]) => {
                self.yanked.insert((package.clone(), *id), yanked.reason.clone());
            }
            (Event::Plugin(PluginEvent::PluginDeprecated(event)), _) => {
                self.deprecated.insert(event.package.clone(), event.reason.clone());
            }
            _ => {}
        }
    }
}

/// The plan for histories that are complete and in the order of the log.
pub(super) fn plan(past: &[Past], asked: Asked) -> Plan {
    let mut walk = Walk::default();
    for one in past {
        walk.step(one, asked);
    }
    let Walk { known, open, left, accepted, reasons } = walk;
    let mut plan = Plan::default();
    plan.told.left = left;
    for (deed, package, account) in accepted {
        let owns = known.plugin_like(&package).is_some_and(|plugin| plugin.owners.contains(&account));
        plan.told.left.extend(Some(deed).filter(|_| owns));
    }
    let changed = open.into_values().filter(|changed| changed.aspect.value(&known) != changed.before);
    let (of_people, alone): (Vec<Changed>, Vec<Changed>) = changed.partition(Changed::belongs);
    let now = Now { known: &known, at: asked.now, admin: asked.admin, reasons: &reasons };
    for changed in alone {
        match now.restore(&changed.aspect, &changed.before) {
            Ok(Some(event)) => plan.take(&changed, event),
            Ok(None) => {}
            Err(why) => plan.leave(&changed, why),
        }
    }
    restore_belonging(&now, &of_people, &mut plan);
    plan.told.done.sort_by_key(|taken| taken.position);
    plan.told.left.sort_by_key(|left| left.position);
    plan
}

/// The histories, walked through once.
#[derive(Default)]
struct Walk {
    known: Known,
    /// Things that the actor changed and nobody else touched since.
    open: BTreeMap<Aspect, Changed>,
    left: Vec<Left>,
    /// Invitations of the actor that somebody accepted, left if they own the plugin still.
    accepted: Vec<(Left, PackageName, AccountId)>,
    reasons: Reasons,
}

impl Walk {
    fn step(&mut self, one: &Past, asked: Asked) {
        let aspects = aspects(&self.known, one.position, &one.stream, &one.event);
        let deed = asked.who.is(one.actor) && one.at >= asked.since;
        if deed {
            for aspect in &aspects {
                if !self.open.contains_key(aspect) {
                    let before = aspect.value(&self.known);
                    let (position, deed) = (one.position, one.event.kind());
                    let changed = Changed { aspect: aspect.clone(), before, position, deed };
                    self.open.insert(aspect.clone(), changed);
                }
            }
            self.left.extend(credential(one));
        } else {
            self.reasons.keep(&one.event, &aspects);
            self.accept(one);
        }
        self.known.evolve(&one.stream, one.position, &one.event);
        if !deed {
            for aspect in aspects {
                let Some(changed) = self.open.remove(&aspect) else { continue };
                if aspect.value(&self.known) != changed.before {
                    let why = format!("somebody else decided about it later ({})", one.event.kind());
                    self.left.push(changed.left(why, Some(one.position)));
                }
            }
        }
    }

    /// Notes that somebody accepted an invitation of the actor.
    fn accept(&mut self, one: &Past) {
        let Event::Plugin(PluginEvent::InvitationAccepted(accepted)) = &one.event else { return };
        let aspect = Aspect::Invitation(accepted.package.clone(), accepted.invitation);
        let (Some(changed), Some(account)) = (self.open.get(&aspect), one.actor.account()) else { return };
        let left =
            changed.left("the invited account accepted and owns the plugin".into(), Some(one.position));
        self.accepted.push((left, accepted.package.clone(), account));
    }
}

impl Changed {
    /// Whether it is about who belongs where, which other things of the sort depend on.
    fn belongs(&self) -> bool {
        matches!(
            self.aspect,
            Aspect::Owner(..) | Aspect::Team(..) | Aspect::Member(..) | Aspect::Staff(_) | Aspect::Admin(_)
        )
    }

    fn left(&self, reason: String, later: Option<u64>) -> Left {
        let (position, deed) = (self.position, self.deed.to_owned());
        Left { position, deed, stream: self.aspect.stream().to_string(), reason, later }
    }
}

impl Plan {
    /// Undoes a change by an event.
    pub(super) fn take(&mut self, changed: &Changed, event: Event) {
        self.told.done.push(Taken {
            position: changed.position,
            deed: changed.deed.to_owned(),
            stream: changed.aspect.stream().to_string(),
            by: event.kind().to_owned(),
        });
        self.facts.push((changed.aspect.stream(), event));
    }

    /// Leaves a change for a human.
    pub(super) fn leave(&mut self, changed: &Changed, why: &str) {
        self.told.left.push(changed.left(why.to_owned(), None));
    }
}

/// What a deed did to credentials and accounts themselves: no event takes that back.
fn credential(one: &Past) -> Option<Left> {
    let reason = match one.event.kind() {
        "AccountRegistered" => "an account that it made; block it if it should not be",
        "AccountErased" => "what was erased does not come back",
        "EmailChanged"
        | "PasswordChanged"
        | "SecondFactorAdded"
        | "SecondFactorRemoved"
        | "RecoveryCodesMade"
        | "IdentityLinked"
        | "IdentityUnlinked" => "how the account signs in; block it, or let its holder mend it",
        _ => return None,
    };
    Some(Left {
        position: one.position,
        deed: one.event.kind().to_owned(),
        stream: one.stream.to_string(),
        reason: reason.to_owned(),
        later: None,
    })
}

//! Reads the log and notes which letters are to be sent, and to whom.

use super::letter::{Letter, To, letter};
use super::outbox;
use crate::follow::Reaction;
use cairn_commands::{Commands, Fault};
use cairn_domain::Actor;
use cairn_domain::event::{AccountEvent, Event, EventMeta, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::TeamName;
use cairn_store::{Clock, Db, Position, Recorded, StoreError, Tx};
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

/// An event that is older makes no letter any more: mail was away for long, and its links have ended or its news are no news.
pub(super) const LETTER_AGE_MAX: TimeDelta = TimeDelta::days(7);

/// Notes which letters are to be sent.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) db: Db,
    pub(super) commands: Commands,
    pub(super) clock: Arc<dyn Clock>,
    /// Events before this one are from before mail was set up.
    pub(super) begin: Position,
    /// Staff are told of versions that wait.
    pub(super) staff_letters: bool,
    /// Told when there are new letters.
    pub(super) posted: Arc<Notify>,
}

/// What a page leads to.
#[derive(Debug)]
pub(super) struct Rows {
    letters: BTreeSet<(Position, Uuid)>,
    /// Whether an account is staff after the page.
    staff: BTreeMap<Uuid, bool>,
}

impl Reaction for Reader {
    const NAME: &'static str = "mail";
    type Rows = Rows;

    async fn react(&self, page: &[Recorded]) -> Result<Rows, Fault> {
        let mut conn = self.db.read().await?;
        let mut staff = BTreeSet::from_iter(outbox::staff(&mut conn).await?);
        drop(conn);
        let mut rows = Rows { letters: BTreeSet::new(), staff: BTreeMap::new() };
        let oldest = self.clock.now() - LETTER_AGE_MAX;
        for recorded in page {
            let event = Event::decode(&recorded.kind, recorded.schema, &recorded.payload)?;
            if let Some((account, is_staff)) = staff_change(&event) {
                rows.staff.insert(account, is_staff);
                if is_staff {
                    staff.insert(account)
                } else {
                    staff.remove(&account)
                };
            }
            if recorded.position < self.begin || recorded.recorded_at < oldest {
                continue;
            }
            if let Some(letter) = letter(&event) {
                let receivers = self.receivers(&letter, recorded, &staff).await?;
                rows.letters.extend(receivers.into_iter().map(|receiver| (recorded.position, receiver)));
            }
        }
        Ok(rows)
    }

    async fn write(&self, tx: &mut Tx, rows: Rows) -> Result<(), StoreError> {
        for (account, is_staff) in rows.staff {
            outbox::set_staff(tx, account, is_staff).await?;
        }
        let now = self.clock.now();
        for (position, receiver) in rows.letters {
            outbox::put(tx, position, receiver, now).await?;
        }
        Ok(())
    }

    fn written(&self) {
        self.posted.notify_one();
    }
}

impl Reader {
    /// Everybody a letter goes to. Who owns a plugin is asked now, not as of the event: whoever gave it away meanwhile does not
    /// get its letters.
    async fn receivers(
        &self,
        letter: &Letter,
        recorded: &Recorded,
        staff: &BTreeSet<Uuid>,
    ) -> Result<BTreeSet<Uuid>, Fault> {
        let mut receivers = match &letter.to {
            To::Account(account) => BTreeSet::from([account.0]),
            To::Invited(challenge) => return Ok(BTreeSet::from([challenge.0])),
            To::Staff if !self.staff_letters => BTreeSet::new(),
            To::Staff => staff.clone(),
            To::Holder(token) => {
                let known = self.commands.look(vec![Stream::Token(*token)], Actor::Site).await?;
                known.token(*token).map(|token| token.account.0).into_iter().collect()
            }
            To::Owners(package, and) => {
                let known = self.commands.look(vec![Stream::plugin(package)], Actor::Site).await?;
                let plugin = known.plugin_like(package);
                let people = plugin.into_iter().flat_map(|plugin| &plugin.owners).copied();
                let teams = plugin.into_iter().flat_map(|plugin| &plugin.teams);
                let teams = teams.filter_map(|team| known.team(&team.parse::<TeamName>().ok()?).ok());
                let members = teams.flat_map(|team| &team.members).copied();
                people.chain(members).chain(*and).map(|account: AccountId| account.0).collect()
            }
        };
        if !letter.says.is_for_its_actor()
            && let Some(actor) = actor(recorded).and_then(|actor| actor.account())
        {
            receivers.remove(&actor.0);
        }
        Ok(receivers)
    }
}

/// Who did it, as far as that can be read.
pub(super) fn actor(recorded: &Recorded) -> Option<Actor> {
    serde_json::from_slice::<EventMeta>(&recorded.metadata).ok().map(|meta| meta.actor)
}

fn staff_change(event: &Event) -> Option<(Uuid, bool)> {
    match event {
        Event::Account(AccountEvent::StaffGranted(it)) => Some((it.account.0, true)),
        Event::Account(AccountEvent::StaffWithdrawn(it)) => Some((it.account.0, false)),
        Event::Account(AccountEvent::AccountErased(it)) => Some((it.account.0, false)),
        _ => None,
    }
}

//! Makes a mail of a letter that is due, of what the log and the vault know at that time.

use super::letter::{Letter, Notice, Says, To, letter};
use super::outbox::Claimed;
use super::reader::{LETTER_AGE_MAX, actor};
use super::render::{Content, Facts, render};
use cairn_commands::link::{Link, Links};
use cairn_commands::{Commands, Fault};
use cairn_domain::account::Purpose;
use cairn_domain::event::{Event, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::{Actor, Known};
use cairn_outside::smtp::Mail;
use cairn_store::{Db, Recorded, StoreError, vault};
use chrono::{DateTime, Utc};
use url::Url;

/// What mails are made of.
#[derive(Debug)]
pub(super) struct Composer {
    pub(super) db: Db,
    pub(super) commands: Commands,
    pub(super) links: Links,
    pub(super) base_url: Url,
}

/// What became of a letter.
#[derive(Debug)]
pub(super) enum Composed {
    /// A mail, and its sort in metrics.
    Mail(Mail, &'static str),
    /// It could not be sent for so long that it is given up; its sort in metrics.
    TooOld(&'static str),
    /// Nothing is to be sent any more, for this reason.
    Pointless(&'static str),
}

/// A receiver.
struct Receiver {
    /// Empty for who has none yet.
    name: String,
    address: String,
}

impl Composer {
    /// The mail of a letter, if it has still a point.
    pub(super) async fn compose(&self, due: Claimed, now: DateTime<Utc>) -> Result<Composed, Fault> {
        let Some(recorded) = self.commands.registry().read(due.position, 1).await?.pop() else {
            return Err(StoreError::Damaged(format!(
                "letter for event {}, which is not there",
                due.position
            ))
            .into());
        };
        let event = Event::decode(&recorded.kind, recorded.schema, &recorded.payload)?;
        let Some(Letter { to, says }) = letter(&event) else {
            return Ok(Composed::Pointless("the event makes no letter"));
        };
        if recorded.recorded_at < now - LETTER_AGE_MAX {
            return Ok(Composed::TooOld(says.name()));
        }
        let account = AccountId(due.receiver);
        let streams = streams(&says, &to, account);
        let known = self.commands.look(streams, Actor::Site).await?;
        if !has_point(&says, &known, account, now) {
            return Ok(Composed::Pointless("nothing to say any more"));
        }
        let Some(receiver) = self.receiver(&to, &says, due).await? else {
            return Ok(Composed::Pointless("nobody to write to"));
        };
        let facts = Facts {
            base_url: &self.base_url,
            name: &receiver.name,
            actor: &self.actor_name(&recorded).await?,
            at: recorded.recorded_at,
            link: &self.link(&says, account),
        };
        let Content { subject, text, html } = render(&says, facts);
        let message_id = message_id(&recorded, due, &self.base_url);
        Ok(Composed::Mail(Mail { to: receiver.address, subject, text, html, message_id }, says.name()))
    }

    /// Who gets it, and where: that an address was changed is told at the one before.
    async fn receiver(&self, to: &To, says: &Says, due: Claimed) -> Result<Option<Receiver>, StoreError> {
        let mut conn = self.db.read().await?;
        if let To::Invited(challenge) = to {
            let address = vault::sign_up_address(&mut conn, challenge.0).await?;
            return Ok(address.map(|address| Receiver { name: String::new(), address }));
        }
        let Some(person) = vault::person_by_id(&mut conn, due.receiver).await? else { return Ok(None) };
        let former = match says {
            Says::Notice(Notice::AddressChanged) => vault::former_email(&mut conn, due.receiver).await?,
            _ => None,
        };
        Ok(Some(Receiver { name: person.name, address: former.unwrap_or(person.email) }))
    }

    async fn actor_name(&self, recorded: &Recorded) -> Result<String, StoreError> {
        let account = actor(recorded).and_then(|actor| actor.account());
        let Some(account) = account else { return Ok("The staff".into()) };
        let person = vault::person_by_id(&mut self.db.read().await?, account.0).await?;
        Ok(person.map_or_else(|| "Somebody".into(), |person| person.name))
    }

    /// Where the letter leads; nothing for one that leads nowhere.
    fn link(&self, says: &Says, account: AccountId) -> String {
        let path = match says {
            Says::ConfirmAddress(it) => {
                self.links.path(Link::ConfirmEmail { account, challenge: it.challenge })
            }
            Says::ResetPassword(it) => {
                self.links.path(Link::ResetPassword { account, challenge: it.challenge })
            }
            Says::SignUp(it) => self.links.path(Link::SignUp { challenge: it.challenge }),
            Says::OwnerInvitation { package, .. } | Says::PluginDeletion { package, .. } => {
                format!("/plugins/{package}/")
            }
            Says::Version { package, version, .. } | Says::Waiting { package, version } => {
                format!("/plugins/{package}/version/{}/", encoded(version.as_str()))
            }
            Says::Notice(_) => return String::new(),
        };
        format!("{}{path}", self.base_url.as_str().trim_end_matches('/'))
    }
}

/// A part of a path, with what has a meaning in addresses written in another way.
fn encoded(part: &str) -> String {
    let mut whole: Url = "http://localhost/".parse().expect("this is an address");
    whole.path_segments_mut().expect("it has a path").pop_if_empty().push(part);
    whole.path().trim_start_matches('/').to_owned()
}

/// The same for the same letter whenever it is sent.
fn message_id(recorded: &Recorded, due: Claimed, base_url: &Url) -> String {
    let host = base_url.host_str().unwrap_or("localhost").trim_matches(['[', ']']);
    format!("<{}.{}@{host}>", recorded.event_id, due.receiver.simple())
}

/// The histories by which it is known whether a letter has still a point.
fn streams(says: &Says, to: &To, account: AccountId) -> Vec<Stream> {
    let mut streams = match says {
        Says::SignUp(link) => vec![Stream::SignUp(link.challenge)],
        Says::OwnerInvitation { package, .. } | Says::Waiting { package, .. } => {
            vec![Stream::plugin(package)]
        }
        Says::ConfirmAddress(_)
        | Says::ResetPassword(_)
        | Says::Notice(_)
        | Says::Version { .. }
        | Says::PluginDeletion { .. } => vec![],
    };
    if !matches!(to, To::Invited(_)) {
        streams.push(Stream::Account(account));
    }
    streams
}

/// Whether a letter has still a point: its link is good, its question is open, what it tells of is so.
fn has_point(says: &Says, known: &Known, account: AccountId, now: DateTime<Utc>) -> bool {
    let holder = known.account(account);
    match says {
        Says::ConfirmAddress(link) => {
            holder.is_ok_and(|it| it.challenge_lives(link.challenge, Purpose::ConfirmEmail, now))
        }
        Says::ResetPassword(link) => {
            holder.is_ok_and(|it| it.challenge_lives(link.challenge, Purpose::ResetPassword, now))
        }
        Says::SignUp(link) => known.sign_up_invitation(link.challenge).is_some_and(|it| it.lives(now)),
        Says::OwnerInvitation { package, invitation, .. } => {
            let asked = known.plugin_like(package).and_then(|plugin| plugin.invitations.get(invitation));
            asked.is_some_and(|asked| now < asked.expires_at)
        }
        Says::Waiting { package, version } => {
            let reads = holder.is_ok_and(|it| it.staff && it.email_confirmed && !it.is_blocked(now));
            let plugin = known.plugin_like(package).filter(|plugin| plugin.deletion.is_none());
            let version = plugin.and_then(|plugin| {
                plugin.versions.iter().find(|known| known.number == *version && !known.deleted)
            });
            reads && version.is_some_and(|it| it.review_asked || !(it.approved || it.refused))
        }
        Says::Notice(_) | Says::Version { .. } | Says::PluginDeletion { .. } => {
            holder.is_ok_and(|it| !it.erased)
        }
    }
}

//! What happened to a plugin, as people read it.

use super::AccountObject;
use crate::graphql::asked::{Asker, asker};
use crate::graphql::paging::{Connected, Page, Place, cut};
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, Object};
use cairn_domain::event::{EventMeta, PluginEvent, Stream};
use cairn_domain::names::PackageName;
use cairn_domain::plugin::{Channel, PluginDetails};
use cairn_domain::version_number::VersionNumber;
use cairn_domain::{Actor, Event};
use cairn_store::Recorded;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// Something that happened to a plugin.
#[derive(Debug, Clone)]
pub(crate) struct HistoryEntry {
    position: u64,
    at: DateTime<Utc>,
    kind: &'static str,
    actor: Option<Actor>,
    version: Option<String>,
    reason: Option<String>,
    summary: String,
}

/// Something that happened to a plugin, as people read it.
#[Object(name = "HistoryEntry")]
impl HistoryEntry {
    /// Its place in the log.
    async fn position(&self) -> Position {
        Position(self.position)
    }

    /// When it happened.
    async fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// What happened, such as `VersionApproved`.
    async fn kind(&self) -> &'static str {
        self.kind
    }

    /// The account that did it, by itself or through a token; null if it was none, or nothing is known of it.
    async fn by(&self, context: &Context<'_>) -> Result<Option<AccountObject>, Problem> {
        let Some(account) = self.actor.and_then(|actor| actor.account()) else { return Ok(None) };
        Ok(asker(context).loaders.account(account).await?.map(AccountObject))
    }

    /// Who did it, in a word or two: a name, `the operator`, `the repository`.
    async fn who(&self, context: &Context<'_>) -> Result<String, Problem> {
        Ok(match self.actor {
            Some(Actor::Operator) => "the operator".into(),
            Some(Actor::Site) => "the repository".into(),
            Some(actor @ (Actor::Account { .. } | Actor::Token { .. })) => {
                let id = actor.account().expect("both have an account");
                let account = asker(context).loaders.account(id).await?;
                account.and_then(|account| account.name).unwrap_or_else(|| "somebody".into())
            }
            Some(Actor::Anonymous) | None => "somebody".into(),
        })
    }

    /// Whether it was done through a plugin token.
    async fn by_token(&self) -> bool {
        self.actor.is_some_and(|actor| actor.token().is_some())
    }

    /// The version it is about.
    async fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Why, in the words of whoever did it.
    async fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// What happened, in one plain sentence.
    async fn summary(&self) -> &str {
        &self.summary
    }
}

/// A page of a plugin's history, the newest first. What is not public yet, or is between its owners, is for them and staff.
pub(super) async fn history(
    asker: &Asker,
    package: &PackageName,
    plugin_id: u64,
    page: &Page<Place>,
) -> Result<Connected<HistoryEntry>, Problem> {
    let reviews = asker.reviews(plugin_id).await?;
    let stream = Stream::plugin(package).to_string();
    let registry = asker.app.commands.registry();
    let recorded = asker.snapshot.aside(registry.read_stream(&stream, 0)).await;
    let mut recorded = recorded.map_err(|fault| asker.store_fault(fault))?;
    let too_many = recorded.len().saturating_sub(asker.limits().history_events_max);
    recorded.drain(..too_many);
    let mut entries = told(&recorded, reviews);
    entries.reverse();
    Ok(cut(page, entries, |entry: &HistoryEntry| entry.position.to_string(), |entry| entry))
}

/// What is told of a plugin's events, in their order.
fn told(recorded: &[Recorded], reviews: bool) -> Vec<HistoryEntry> {
    let read = |it: &Recorded| match Event::decode(&it.kind, it.schema, &it.payload) {
        Ok(Event::Plugin(event)) => Some(event),
        _ => None,
    };
    let events: Vec<(&Recorded, PluginEvent)> =
        recorded.iter().filter_map(|it| Some((it, read(it)?))).collect();
    let public: BTreeSet<&str> = events
        .iter()
        .filter_map(|(_, event)| match event {
            PluginEvent::VersionApproved(it) => Some(it.version.as_str()),
            _ => None,
        })
        .collect();
    let mut details: Option<&PluginDetails> = None;
    let mut entries = Vec::new();
    for (recorded, event) in &events {
        let before = details;
        if let PluginEvent::PluginDetailsEdited(edited) = event {
            details = Some(&edited.details);
        }
        let Some(words) = words(event, before) else { continue };
        let seen = match words.seen {
            Seen::Everybody => true,
            Seen::OfVersion => words.version.as_deref().is_some_and(|version| public.contains(version)),
            Seen::Reviewers => false,
        };
        if seen || reviews {
            entries.push(entry(recorded, event, words));
        }
    }
    entries
}

fn entry(recorded: &Recorded, event: &PluginEvent, words: Words) -> HistoryEntry {
    let meta = serde_json::from_slice::<EventMeta>(&recorded.metadata).ok();
    HistoryEntry {
        position: recorded.position,
        at: recorded.recorded_at,
        kind: Event::Plugin(event.clone()).kind(),
        actor: meta.map(|meta| meta.actor),
        version: words.version,
        reason: words.reason,
        summary: words.summary,
    }
}

/// Who is told of it, besides the plugin's owners and staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Everybody,
    /// Everybody, once the version it is about was public.
    OfVersion,
    Reviewers,
}

/// How an event is told.
struct Words {
    summary: String,
    version: Option<String>,
    reason: Option<String>,
    seen: Seen,
}

impl Words {
    fn new(summary: impl Into<String>) -> Self {
        Self { summary: summary.into(), version: None, reason: None, seen: Seen::Everybody }
    }

    fn of(self, version: &VersionNumber) -> Self {
        Self { version: Some(version.to_string()), ..self }
    }

    fn because(self, reason: Option<&str>) -> Self {
        Self { reason: reason.map(str::to_owned).filter(|reason| !reason.is_empty()), ..self }
    }

    fn seen(self, seen: Seen) -> Self {
        Self { seen, ..self }
    }
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Stable => "stable",
        Channel::Experimental => "experimental",
    }
}

/// How an event is told; none where it only repeats another.
fn words(event: &PluginEvent, before: Option<&PluginDetails>) -> Option<Words> {
    use PluginEvent as E;
    Some(match event {
        E::PluginRegistered(_) => Words::new("The plugin was registered."),
        E::PluginDetailsEdited(it) => Words::new(edited(before?, &it.details)?),
        E::VersionUploaded(it) => {
            Words::new(format!("Version {} was uploaded.", it.version)).of(&it.version).seen(Seen::OfVersion)
        }
        E::VersionReplaced(it) if it.replaced == it.version => {
            Words::new(format!("Version {} got another file before it was public.", it.version))
                .of(&it.version)
                .seen(Seen::OfVersion)
        }
        E::VersionReplaced(it) => Words::new(format!(
            "Version {} took the place of {}, which never was public.",
            it.version, it.replaced
        ))
        .of(&it.version)
        .seen(Seen::OfVersion),
        E::VersionApproved(it) => {
            Words::new(format!("Version {} was approved and is public.", it.version)).of(&it.version)
        }
        E::VersionUnapproved(it) => Words::new(format!("Version {} is public no longer.", it.version))
            .of(&it.version)
            .because(it.reason.as_deref()),
        E::VersionRefused(it) => Words::new(format!("Version {} was refused in review.", it.version))
            .of(&it.version)
            .because(Some(&it.reason))
            .seen(Seen::Reviewers),
        E::VersionReviewAsked(it) => Words::new(format!("Version {} shall be looked at again.", it.version))
            .of(&it.version)
            .because(it.reason.as_deref())
            .seen(Seen::Reviewers),
        E::VersionDeleted(it) => Words::new(format!("Version {} was deleted.", it.version))
            .of(&it.version)
            .because(it.reason.as_deref())
            .seen(Seen::OfVersion),
        E::VersionYanked(it) => Words::new(format!("Version {} is offered no longer.", it.version))
            .of(&it.version)
            .because(Some(&it.reason)),
        E::VersionUnyanked(it) => {
            Words::new(format!("Version {} is offered again.", it.version)).of(&it.version)
        }
        E::VersionPinned(it) => {
            let summary = format!("Version {} is the {} one on offer.", it.version, channel(it.channel));
            Words::new(summary).of(&it.version).seen(Seen::OfVersion)
        }
        E::VersionUnpinned(it) => {
            Words::new(format!("The newest {} version is on offer again.", channel(it.channel)))
        }
        E::OwnerAdded(it) => Words::new("Somebody became an owner.").because(it.reason.as_deref()),
        E::OwnerRemoved(it) => Words::new("Somebody is an owner no longer.").because(it.reason.as_deref()),
        E::OwnershipTransferred(it) => {
            Words::new("An owner gave the plugin to somebody else.").because(it.reason.as_deref())
        }
        E::OwnerInvited(_) => Words::new("Somebody was invited to own it.").seen(Seen::Reviewers),
        E::InvitationAccepted(_) => Words::new("An invitation to own it was accepted.").seen(Seen::Reviewers),
        E::InvitationDeclined(_) => Words::new("An invitation to own it was declined.").seen(Seen::Reviewers),
        E::InvitationWithdrawn(_) => {
            Words::new("An invitation to own it was taken back.").seen(Seen::Reviewers)
        }
        E::TeamOwnerAdded(it) => Words::new(format!("The team {} became an owner.", it.team)),
        E::TeamOwnerRemoved(it) => Words::new(format!("The team {} is an owner no longer.", it.team)),
        E::MaintainerNamed(it) if it.account.is_some() => {
            Words::new("Its owners said whom to write to about it.")
        }
        E::MaintainerNamed(_) => Words::new("There is nobody in particular to write to about it."),
        E::RenamingAllowed(it) if it.allowed => {
            Words::new("Its name may change with its next versions.").seen(Seen::Reviewers)
        }
        E::RenamingAllowed(_) => {
            Words::new("Its name stays as it is with its next versions.").seen(Seen::Reviewers)
        }
        E::PluginDeprecated(it) => {
            let instead = it.successor.as_ref().map(|other| format!("; {other} takes its place"));
            Words::new(format!("The plugin was deprecated{}.", instead.unwrap_or_default()))
                .because(it.reason.as_deref())
        }
        E::PluginUndeprecated(_) => Words::new("The plugin is deprecated no longer."),
        E::PluginFeatured(_) => Words::new("Staff recommend the plugin."),
        E::PluginUnfeatured(_) => Words::new("Staff recommend the plugin no longer."),
        E::PluginMarkedForDeletion(it) => {
            Words::new(format!("The plugin was deleted; it can be restored until {}.", it.until.date_naive()))
                .because(it.reason.as_deref())
        }
        E::PluginRestored(_) => Words::new("The plugin was restored."),
        E::PluginTombstoned(it) => Words::new("The plugin is gone for good.").because(it.reason.as_deref()),
        E::PluginRevived(it) => Words::new("The plugin came back to life.").because(it.reason.as_deref()),
    })
}

/// Which of the details are others now.
fn edited(before: &PluginDetails, after: &PluginDetails) -> Option<String> {
    if before.name != after.name {
        return Some(format!("The plugin is called {} now; it was {}.", after.name, before.name));
    }
    let parts = [
        ("description", before.description != after.description),
        ("long description", before.about != after.about),
        ("home page", before.homepage != after.homepage),
        ("tracker", before.tracker != after.tracker),
        ("repository", before.repository != after.repository),
        ("tags", before.tags != after.tags),
        ("category", before.category != after.category),
        ("plugin dependencies", before.plugin_dependencies != after.plugin_dependencies),
        ("external dependencies", before.external_dependencies != after.external_dependencies),
        ("server flag", before.server != after.server),
        ("deprecated flag", before.deprecated != after.deprecated),
        ("Processing flag", before.has_processing_provider != after.has_processing_provider),
        ("icon", before.icon != after.icon),
    ];
    let parts: Vec<&str> = parts.into_iter().filter_map(|(part, other)| other.then_some(part)).collect();
    let (last, others) = parts.split_last()?;
    Some(match others {
        [] => format!("Another {last} came with a version."),
        others => format!("Another {} and {last} came with a version.", others.join(", ")),
    })
}

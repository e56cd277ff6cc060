//! What was changed about the repository as a whole, and by whom.

use super::{AccountObject, PolicyObject};
use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::STATEMENT;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, Object};
use cairn_domain::event::{EventMeta, SiteEvent, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::site::{Policy, QgisReleases};
use cairn_domain::{Actor, Event};
use cairn_store::Recorded;
use chrono::{DateTime, Utc};

/// The newest changes that are told.
pub(crate) const CHANGES_MAX: usize = 50;

/// A change of the rules or of the QGIS versions.
#[derive(Debug, Clone)]
pub(crate) struct SiteChangeObject {
    position: u64,
    at: DateTime<Utc>,
    by: Option<AccountId>,
    policy: Option<Policy>,
    releases: Option<QgisReleases>,
}

impl SiteChangeObject {
    /// The newest ones, the newest first. The site's own history is short, so it is read whole.
    pub(crate) async fn newest(asker: &Asker) -> Result<Vec<Self>, Problem> {
        let registry = asker.app.commands.registry();
        let site = Stream::Site.to_string();
        let told = asker.snapshot.aside(registry.read_stream(&site, 0)).await;
        let told = told.map_err(|fault| asker.store_fault(fault))?;
        Ok(told.into_iter().rev().filter_map(|recorded| Self::of(&recorded)).take(CHANGES_MAX).collect())
    }

    /// None for an event that tells of something else.
    fn of(recorded: &Recorded) -> Option<Self> {
        let event = Event::decode(&recorded.kind, recorded.schema, &recorded.payload).ok()?;
        let (policy, releases) = match event {
            Event::Site(SiteEvent::PolicySet(set)) => (Some(set.policy), None),
            Event::Site(SiteEvent::QgisReleasesSet(set)) => (None, Some(set.releases)),
            _ => return None,
        };
        let actor = serde_json::from_slice::<EventMeta>(&recorded.metadata).ok().map(|meta| meta.actor);
        let by = actor.and_then(|actor: Actor| actor.account());
        Some(Self { position: recorded.position, at: recorded.recorded_at, by, policy, releases })
    }
}

/// A change of the rules or of the QGIS versions.
#[Object(name = "SiteChange")]
impl SiteChangeObject {
    /// The place of its event in the registry log.
    async fn position(&self) -> Position {
        Position(self.position)
    }

    /// When it was made.
    async fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// Who made it; null if the operator did.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn by(&self, context: &Context<'_>) -> Result<Option<AccountObject>, Problem> {
        match self.by {
            Some(account) => Ok(asker(context).loaders.account(account).await?.map(AccountObject)),
            None => Ok(None),
        }
    }

    /// The rules from then on; null if the change was of something else.
    async fn policy(&self) -> Option<PolicyObject> {
        self.policy.map(PolicyObject)
    }

    /// What `latest` meant from then on; null if the change was of something else.
    async fn latest(&self) -> Option<&str> {
        self.releases.as_ref().map(|releases| releases.latest.as_str())
    }

    /// What `stable` meant from then on; null if the change was of something else.
    async fn stable(&self) -> Option<&str> {
        self.releases.as_ref().map(|releases| releases.stable.as_str())
    }

    /// What `ltr` meant from then on; null if the change was of something else.
    async fn ltr(&self) -> Option<&str> {
        self.releases.as_ref().map(|releases| releases.ltr.as_str())
    }
}

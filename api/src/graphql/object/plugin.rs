//! A plugin.

use super::life::{Deletion, Deprecation, Pin, PreviousName};
use super::{
    AccountObject, AskedSpan, CountryDownloads, DayDownloads, HistoryEntry, InvitationObject,
    PluginStatisticsObject, Publication, PublisherObject, QgisDownloads, Span, StatisticsStep, TeamObject,
    TokenObject, VersionObject, id_of,
};
use crate::credentials::{Credentials, Sight};
use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::{PAGE_SIZE, STATEMENT, cost_of_list};
use crate::graphql::paging::{Bounds, Connected, Page, cost_of_page, cut};
use crate::graphql::scalars::{Count, Date};
use crate::problem::Problem;
use async_graphql::{Context, ID, Object, SimpleObject};
use cairn_commands::Fault;
use cairn_domain::Moment;
use cairn_domain::event::Stream;
use cairn_domain::license::License;
use cairn_domain::plugin::Channel;
use cairn_domain::version_number;
use cairn_projections::catalogue::{Plugin, Version, offered};
use cairn_projections::feed::icon_path;
use cairn_projections::people::{self, Invitation};
use chrono::{DateTime, NaiveDate, Utc};
use std::sync::Arc;

/// A plugin, given only to those who may see it.
#[derive(Debug, Clone)]
pub(crate) struct PluginObject(pub(crate) Plugin);

/// What people think of a plugin.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct Rating {
    /// How many people voted.
    votes: Count,
    /// The sum of their votes, each 1 to 5.
    score: Count,
    /// The average vote, 1 to 5; null without votes.
    average: Option<f64>,
}

impl Rating {
    #[expect(clippy::cast_precision_loss, reason = "votes stay far below 2^52")]
    pub(crate) fn of(votes: u64, score: u64) -> Self {
        let average = (votes > 0).then(|| score as f64 / votes as f64);
        Self { votes: Count(votes), score: Count(score), average }
    }
}

impl PluginObject {
    /// The version that a caller means, if there is one and whoever asks may see it.
    pub(in crate::graphql) async fn version_called(
        &self,
        asker: &Asker,
        number: &str,
    ) -> Result<Option<VersionObject>, Problem> {
        let (all, reviews) = self.seen(asker).await?;
        let seen = || all.iter().filter(|version| version.approved || reviews);
        let found = version_number::find(number, seen().map(|version| &version.number));
        let found = found.and_then(|number| seen().find(|version| version.number == *number));
        Ok(found.cloned().map(VersionObject))
    }

    /// Its credentials, as far as whoever asks may see them.
    async fn credentials(&self, asker: &Asker) -> Result<Credentials, Problem> {
        if !asker.viewer().await?.in_person {
            return Ok(Credentials::default());
        }
        let sight = asker.snapshot.aside(Sight::of(&asker.app, asker.actor(), &self.0.package)).await;
        let sight = match sight {
            Ok(sight) => sight,
            Err(Fault::Refused(_)) => return Ok(Credentials::default()),
            Err(fault) => return Err(asker.fault(fault)),
        };
        let mut read = asker.snapshot.read().await?;
        sight.look(&mut read, &self.0.package).await.map_err(|fault| asker.store_fault(fault))
    }

    /// The invitations that wait, as far as whoever asks may see them.
    async fn open_invitations(&self, asker: &Asker) -> Result<Vec<Invitation>, Problem> {
        if asker.actor().token().is_some() || !asker.reviews(self.0.id).await? {
            return Ok(vec![]);
        }
        let now = asker.app.clock.now();
        let mut read = asker.snapshot.read().await?;
        let found = people::invitations_of(&mut read, &self.0.package, now).await;
        found.map_err(|fault| asker.store_fault(fault))
    }

    /// All versions, the newest first, and whether whoever asks may see those that are not public.
    async fn seen(&self, asker: &Asker) -> Result<(Arc<Vec<Version>>, bool), Problem> {
        let all = asker.loaders.versions(self.0.id).await?;
        let reviews = !all.iter().all(|version| version.approved) && asker.reviews(self.0.id).await?;
        Ok((all, reviews))
    }

    async fn offered(
        &self,
        context: &Context<'_>,
        channel: Channel,
    ) -> Result<Option<VersionObject>, Problem> {
        let all = asker(context).loaders.versions(self.0.id).await?;
        Ok(offered(&all, channel).cloned().map(VersionObject))
    }
}

/// A plugin. Everybody sees it while it lives and a version of it is public; otherwise its owners and staff do.
#[Object(name = "Plugin")]
impl PluginObject {
    /// One of a kind among all things.
    pub(crate) async fn id(&self) -> ID {
        id_of("plugin", self.0.id)
    }

    /// The number in feeds, which QGIS votes with.
    async fn plugin_id(&self) -> Count {
        Count(self.0.id)
    }

    /// The folder name in the zip and the key in addresses; it never changes.
    async fn package(&self) -> &str {
        self.0.package.as_str()
    }

    /// The name people see.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// One line about it.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// More about it, maybe several lines.
    async fn about(&self) -> Option<&str> {
        self.0.about.as_deref()
    }

    /// The home page.
    async fn homepage(&self) -> Option<&str> {
        self.0.homepage.as_deref()
    }

    /// Where to report faults.
    async fn tracker(&self) -> Option<&str> {
        self.0.tracker.as_deref()
    }

    /// Where the source is.
    async fn repository(&self) -> Option<&str> {
        self.0.repository.as_deref()
    }

    /// QGIS's menu category.
    async fn category(&self) -> Option<&str> {
        self.0.category.as_deref()
    }

    /// Other plugins it needs, as its metadata says.
    async fn plugin_dependencies(&self) -> Option<&str> {
        self.0.plugin_dependencies.as_deref()
    }

    /// What it needs from outside QGIS, as its metadata says.
    async fn external_dependencies(&self) -> Option<&str> {
        self.0.external_dependencies.as_deref()
    }

    /// Whether it has a QGIS Server part.
    async fn server(&self) -> bool {
        self.0.server
    }

    /// Whether its metadata, its owner or staff advise against using it.
    async fn deprecated(&self) -> bool {
        self.0.deprecated
    }

    /// What its owner or staff say about that; null if only the metadata does, or nobody.
    async fn deprecation(&self) -> Option<Deprecation> {
        Deprecation::of(&self.0)
    }

    /// Whether staff recommend it.
    async fn featured(&self) -> bool {
        self.0.featured
    }

    /// Whether its name may change with the metadata of its next versions.
    async fn renaming_allowed(&self) -> bool {
        self.0.renaming_allowed
    }

    /// The names it had before, the oldest first.
    #[graphql(complexity = "1 + 3 * child_complexity")]
    async fn previous_names(&self) -> Vec<PreviousName> {
        PreviousName::all(&self.0)
    }

    /// That it is hidden or gone; null while it lives.
    async fn deletion(&self) -> Option<Deletion> {
        Deletion::of(&self.0)
    }

    /// The pins that feeds follow, at most one for each channel.
    #[graphql(complexity = "1 + 2 * child_complexity")]
    async fn pins(&self, context: &Context<'_>) -> Result<Vec<Pin>, Problem> {
        Ok(Pin::all(&asker(context).loaders.versions(self.0.id).await?))
    }

    /// Whom visitors should write to, if somebody in particular.
    async fn maintainer(&self, context: &Context<'_>) -> Result<Option<AccountObject>, Problem> {
        let Some(account) = self.0.maintainer else { return Ok(None) };
        Ok(asker(context).loaders.account(account).await?.map(AccountObject))
    }

    /// Whether it adds Processing algorithms.
    async fn has_processing_provider(&self) -> bool {
        self.0.has_processing_provider
    }

    /// The licence of its newest public version: an SPDX expression where it could be told, else the words of its metadata; null where
    /// it is not known.
    async fn license(&self) -> Option<&str> {
        self.0.license.as_ref().map(License::as_str)
    }

    /// The absolute address of its icon.
    async fn icon_url(&self, context: &Context<'_>) -> Option<String> {
        let icon = self.0.icon.as_ref()?;
        Some(asker(context).app.settings.address(&icon_path(icon)))
    }

    /// Its labels, in the author's order.
    async fn tags(&self, context: &Context<'_>) -> Result<Vec<String>, Problem> {
        asker(context).loaders.tags(self.0.id).await
    }

    /// The accounts that own it themselves and may change it.
    #[graphql(complexity = "2 + 3 * child_complexity")]
    async fn owners(&self, context: &Context<'_>) -> Result<Vec<AccountObject>, Problem> {
        let loaders = &asker(context).loaders;
        let owners = loaders.owners(self.0.id).await?;
        Ok(loaders.accounts(&owners).await?.into_iter().map(AccountObject).collect())
    }

    /// The accounts that own it themselves and may change it, page by page.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity) - STATEMENT + 2")]
    async fn owners_connection(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from the beginning, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "The endCursor of the page before.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The startCursor of the page behind.")] before: Option<String>,
    ) -> Result<Connected<AccountObject>, Problem> {
        let asker = asker(context);
        let page = Page::of(&asker.limits(), Bounds { first, after, last, before })?;
        let owners = asker.loaders.owners(self.0.id).await?;
        let owners = asker.loaders.accounts(&owners).await?;
        Ok(cut(&page, owners, |account| account.id.to_string(), AccountObject))
    }

    /// The tokens for it that live, as far as you may see them, the newest first: one's own, and to who founded it and to
    /// staff all; none for strangers. Of the newest 200.
    #[graphql(
        complexity = "STATEMENT + PAGE_SIZE as usize * child_complexity",
        deprecation = "ask for `tokensConnection`"
    )]
    async fn tokens(&self, context: &Context<'_>) -> Result<Vec<TokenObject>, Problem> {
        let seen = self.credentials(asker(context)).await?;
        Ok(seen.tokens.into_iter().map(TokenObject).collect())
    }

    /// The tokens for it that live, of the newest 200, as far as you may see them, the newest first, page by page: one's own, and to
    /// who founded it and to staff all; none for strangers.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    async fn tokens_connection(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from the beginning, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "The endCursor of the page before.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The startCursor of the page behind.")] before: Option<String>,
    ) -> Result<Connected<TokenObject>, Problem> {
        let page = Page::of(&asker(context).limits(), Bounds { first, after, last, before })?;
        let seen = self.credentials(asker(context)).await?;
        Ok(cut(&page, seen.tokens, |token| token.id.to_string(), TokenObject))
    }

    /// Its trusted publishers, the newest first, up to 200; none for all but its owners and staff.
    #[graphql(
        complexity = "STATEMENT + PAGE_SIZE as usize * child_complexity",
        deprecation = "ask for `publishersConnection`"
    )]
    async fn publishers(&self, context: &Context<'_>) -> Result<Vec<PublisherObject>, Problem> {
        let seen = self.credentials(asker(context)).await?;
        Ok(seen.publishers.into_iter().map(PublisherObject).collect())
    }

    /// Its newest 200 trusted publishers, the newest first, page by page; none for all but its owners and staff.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    async fn publishers_connection(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from the beginning, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "The endCursor of the page before.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The startCursor of the page behind.")] before: Option<String>,
    ) -> Result<Connected<PublisherObject>, Problem> {
        let page = Page::of(&asker(context).limits(), Bounds { first, after, last, before })?;
        let seen = self.credentials(asker(context)).await?;
        Ok(cut(&page, seen.publishers, |publisher| publisher.id.to_string(), PublisherObject))
    }

    /// The teams that own it: each of their members may change it.
    #[graphql(complexity = "STATEMENT + 3 * child_complexity")]
    async fn teams(&self, context: &Context<'_>) -> Result<Vec<TeamObject>, Problem> {
        TeamObject::owning(asker(context), &self.0.package).await
    }

    /// The invitations to own it that wait for an answer, the newest first, up to 200; none for all but its owners and staff.
    #[graphql(
        complexity = "STATEMENT + 3 * child_complexity",
        deprecation = "ask for `invitationsConnection`"
    )]
    async fn invitations(&self, context: &Context<'_>) -> Result<Vec<InvitationObject>, Problem> {
        Ok(self.open_invitations(asker(context)).await?.into_iter().map(InvitationObject).collect())
    }

    /// The newest 200 invitations to own it that wait for an answer, the newest first, page by page; none for all but its owners and
    /// staff.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    async fn invitations_connection(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from the beginning, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "The endCursor of the page before.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The startCursor of the page behind.")] before: Option<String>,
    ) -> Result<Connected<InvitationObject>, Problem> {
        let page = Page::of(&asker(context).limits(), Bounds { first, after, last, before })?;
        let invitations = self.open_invitations(asker(context)).await?;
        Ok(cut(&page, invitations, |invitation| invitation.id.to_string(), InvitationObject))
    }

    /// Who registered it, or was given it after it was gone.
    async fn creator(&self, context: &Context<'_>) -> Result<Option<AccountObject>, Problem> {
        Ok(asker(context).loaders.account(self.0.creator).await?.map(AccountObject))
    }

    /// When it was registered.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the newest of the versions that feeds may offer was uploaded; while there is none, the newest of all.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Whether lists and feeds have it: it lives, and a version of it is public and not yanked.
    async fn listed(&self) -> bool {
        self.0.is_listed()
    }

    /// How many versions somebody should look at: those that wait for approval and were not refused, had it withdrawn, or were
    /// asked to be looked at again; null for who may not see them.
    async fn waiting_versions(&self, context: &Context<'_>) -> Result<Option<Count>, Problem> {
        Ok(asker(context).reviews(self.0.id).await?.then_some(Count(self.0.waiting)))
    }

    /// Whether you may approve its versions and take that back, in person.
    #[graphql(complexity = "STATEMENT")]
    async fn may_approve(&self, context: &Context<'_>) -> Result<bool, Problem> {
        let asker = asker(context);
        let (package, actor) = (&self.0.package, asker.actor());
        let looking = Box::pin(asker.app.commands.look(vec![Stream::plugin(package)], actor));
        let known = asker.snapshot.aside(looking).await.map_err(|fault| asker.fault(fault))?;
        let moment = Moment { now: asker.app.clock.now(), actor };
        let plugin = known.plugin(package);
        let allowed = known.acting_in_person(&moment).and_then(|acting| acting.may_approve(plugin?));
        Ok(allowed.is_ok())
    }

    /// The versions that you may see, the newest first: public ones, and to owners and staff those that wait, too.
    #[graphql(complexity = "cost_of_list(first, child_complexity) - STATEMENT + 1")]
    async fn versions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 20 if left out.")] first: Option<i32>,
    ) -> Result<Vec<VersionObject>, Problem> {
        let asker = asker(context);
        let first = asker.limits().page_size(first)?;
        let (all, reviews) = self.seen(asker).await?;
        let seen = all.iter().filter(|version| version.approved || reviews);
        Ok(seen.take(first as usize).cloned().map(VersionObject).collect())
    }

    /// The versions that you may see, the newest first, page by page: public ones, and to owners and staff those that wait, too.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity) - STATEMENT + 1")]
    async fn versions_connection(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from the beginning, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "The endCursor of the page before.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The startCursor of the page behind.")] before: Option<String>,
    ) -> Result<Connected<VersionObject>, Problem> {
        let asker = asker(context);
        let page = Page::of(&asker.limits(), Bounds { first, after, last, before })?;
        let (all, reviews) = self.seen(asker).await?;
        let seen = all.iter().filter(|version| version.approved || reviews).cloned().collect();
        Ok(cut(&page, seen, |version: &Version| version.id.to_string(), VersionObject))
    }

    /// One version, by its number in any of the forms that clients write (`1.1.0` for `1.1`, `1.3` for `v1.3`); null if
    /// there is none or you may not see it.
    async fn version(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The number, in any of those forms.")] number: String,
    ) -> Result<Option<VersionObject>, Problem> {
        self.version_called(asker(context), &number).await
    }

    /// The stable version on offer: the pinned one, or else the newest public one that is not yanked.
    async fn stable(&self, context: &Context<'_>) -> Result<Option<VersionObject>, Problem> {
        self.offered(context, Channel::Stable).await
    }

    /// The experimental version on offer: the pinned one, or else the newest public one that is not yanked.
    async fn experimental(&self, context: &Context<'_>) -> Result<Option<VersionObject>, Problem> {
        self.offered(context, Channel::Experimental).await
    }

    /// How often any of its versions was downloaded, deleted ones too.
    async fn downloads(&self, context: &Context<'_>) -> Result<Count, Problem> {
        asker(context).loaders.downloads_of_plugin(self.0.id).await.map(Count)
    }

    /// Its downloads day by day in UTC, from the earliest; days without any are left out. At most 366 days.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn downloads_by_day(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first day; 29 days before the last if left out.")] first_day: Option<Date>,
        #[graphql(desc = "The last day; today if left out.")] last_day: Option<Date>,
    ) -> Result<Vec<DayDownloads>, Problem> {
        DayDownloads::of(asker(context), self.0.id, first_day, last_day).await
    }

    /// Its downloads by QGIS version, the oldest first.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn downloads_by_qgis(&self, context: &Context<'_>) -> Result<Vec<QgisDownloads>, Problem> {
        QgisDownloads::of(asker(context), self.0.id, NaiveDate::MIN, NaiveDate::MAX).await
    }

    /// Its downloads by country, most first.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn downloads_by_country(&self, context: &Context<'_>) -> Result<Vec<CountryDownloads>, Problem> {
        CountryDownloads::of(asker(context), self.0.id, NaiveDate::MIN, NaiveDate::MAX).await
    }

    /// Its downloads in the 30 days that end with the newest day on which anything was downloaded.
    #[graphql(name = "downloadsLast30Days")]
    async fn downloads_last_30_days(&self, context: &Context<'_>) -> Result<Count, Problem> {
        asker(context).loaders.recent_downloads_of_plugin(self.0.id).await.map(Count)
    }

    /// Its downloads on each of these 30 days, the earliest first; for a small line in a list.
    async fn recent_downloads(&self, context: &Context<'_>) -> Result<Vec<Count>, Problem> {
        let days = asker(context).loaders.recent_days_of_plugin(self.0.id).await?;
        Ok(days.map_or([0; 30], |days| *days).into_iter().map(Count).collect())
    }

    /// Its numbers in a time. By day a leap year is told at most, by week three years, by month ten.
    #[graphql(complexity = "1 + child_complexity")]
    #[expect(clippy::unused_async, reason = "a field of the schema is asynchronous")]
    async fn statistics(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "The first day, widened to the beginning of its week or month; 29 days, 25 weeks or 11 months before the last if left out."
        )]
        from: Option<Date>,
        #[graphql(desc = "The last day, widened to the end of its week or month; today if left out.")]
        to: Option<Date>,
        #[graphql(desc = "What numbers are added up by; by day if left out.")] by: Option<StatisticsStep>,
    ) -> Result<PluginStatisticsObject, Problem> {
        let asker = asker(context);
        let today = asker.app.clock.now().date_naive();
        let span = Span::of(&asker.limits(), AskedSpan { from, to, by }, today)?;
        Ok(PluginStatisticsObject { plugin_id: self.0.id, span })
    }

    /// What happened to it, the newest first. What was not public, or is between its owners, is told to them and to staff only.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    async fn history(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from the beginning, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "The endCursor of the page before.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The startCursor of the page behind.")] before: Option<String>,
    ) -> Result<Connected<HistoryEntry>, Problem> {
        let asker = asker(context);
        let page = Page::of(&asker.limits(), Bounds { first, after, last, before })?;
        super::history::history(asker, &self.0.package, self.0.id, &page).await
    }

    /// By whom and by what its newest public version was published; null if none is public.
    #[graphql(complexity = "STATEMENT / 5 + child_complexity")]
    async fn published_by(&self, context: &Context<'_>) -> Result<Option<Publication>, Problem> {
        let asker = asker(context);
        let all = asker.loaders.versions(self.0.id).await?;
        let newest = all.iter().find(|version| version.is_offered());
        match newest.or_else(|| all.iter().find(|version| version.approved)) {
            Some(version) => Publication::of(asker, version).await.map(Some),
            None => Ok(None),
        }
    }

    /// What people think of it.
    async fn rating(&self) -> Rating {
        Rating::of(self.0.votes, self.0.score)
    }
}

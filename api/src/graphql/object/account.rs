//! An account.

use super::{
    EventObject, FactorsObject, IdentityObject, InvitationObject, PluginObject, PublisherObject,
    SessionObject, TeamObject, TokenObject, id_of,
};
use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::{PAGE_SIZE, STATEMENT};
use crate::graphql::paging::{Bounds, Connected, Page, asks_total, cost_of_page, cut, nothing};
use crate::problem::Problem;
use async_graphql::{Context, ID, Object};
use cairn_domain::Actor;
use cairn_domain::event::Stream;
use cairn_domain::ids::AccountId;
use cairn_projections::catalogue::{Plugin, plugins_owned_by};
use cairn_projections::people::{self, Account, Invitation, Publisher, Token, publishers_of, tokens_of};
use cairn_store::vault::{self, SessionRow};
use chrono::{DateTime, Utc};

/// An account; what is personal is told to itself and staff.
#[derive(Debug, Clone)]
pub(crate) struct AccountObject(pub(crate) Account);

/// One person or robot that may act.
#[Object(name = "Account")]
impl AccountObject {
    /// One of a kind among all things.
    pub(crate) async fn id(&self) -> ID {
        id_of("account", self.0.id)
    }

    /// The id in events.
    async fn account_id(&self) -> String {
        self.0.id.to_string()
    }

    /// The name to sign in with; null once the person is forgotten.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Where mail goes; null for all but the account itself and staff.
    async fn email(&self, context: &Context<'_>) -> Result<Option<&str>, Problem> {
        let known = asker(context).viewer().await?.knows(self.0.id);
        Ok(self.0.email.as_deref().filter(|_| known))
    }

    /// When it was made.
    async fn registered_at(&self) -> DateTime<Utc> {
        self.0.registered_at
    }

    /// Whether its uploads to its own plugins need no review.
    async fn trusted(&self) -> bool {
        self.0.trusted
    }

    /// Whether it decides about everybody's plugins and accounts.
    async fn staff(&self) -> bool {
        self.0.staff
    }

    /// Whether it may also say who is staff and change the policy.
    async fn admin(&self) -> bool {
        self.0.admin
    }

    /// Whether it may do nothing now.
    async fn blocked(&self, context: &Context<'_>) -> bool {
        self.0.is_blocked(asker(context).app.clock.now())
    }

    /// When its block ends by itself; null if it is not blocked, or for ever.
    async fn blocked_until(&self, context: &Context<'_>) -> Option<DateTime<Utc>> {
        let now = asker(context).app.clock.now();
        self.0.blocked_until.filter(|_| self.0.is_blocked(now))
    }

    /// Why it was blocked, in the words of whoever did; null for all but staff, and if nobody said why.
    async fn blocked_reason(&self, context: &Context<'_>) -> Result<Option<&str>, Problem> {
        let asker = asker(context);
        let viewer = asker.viewer().await?;
        let told = viewer.staff && viewer.in_person && self.0.is_blocked(asker.app.clock.now());
        Ok(self.0.blocked_reason.as_deref().filter(|_| told))
    }

    /// Since when it is blocked; null for all but staff.
    async fn blocked_at(&self, context: &Context<'_>) -> Result<Option<DateTime<Utc>>, Problem> {
        let asker = asker(context);
        let viewer = asker.viewer().await?;
        let told = viewer.staff && viewer.in_person && self.0.is_blocked(asker.app.clock.now());
        Ok(self.0.blocked_at.filter(|_| told))
    }

    /// When its holder signed in last; null for all but the account itself and staff.
    async fn last_signed_in_at(&self, context: &Context<'_>) -> Result<Option<DateTime<Utc>>, Problem> {
        let known = asker(context).viewer().await?.knows(self.0.id);
        Ok(self.0.signed_in_at.filter(|_| known))
    }

    /// What it did, by itself or through its tokens, the newest first; its votes are left out. Nothing for all but the account itself
    /// and staff.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    async fn events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from the beginning, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "The endCursor of the page before.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The startCursor of the page behind.")] before: Option<String>,
    ) -> Result<Connected<EventObject>, Problem> {
        let asker = asker(context);
        let page = Page::of(&asker.limits(), Bounds { first, after, last, before })?;
        if !asker.viewer().await?.knows(self.0.id) {
            return Ok(nothing());
        }
        super::acts::acts(asker, self.0.id, &page, asks_total(context)).await
    }

    /// Whether its holder was forgotten.
    async fn erased(&self) -> bool {
        self.0.erased
    }

    /// Whether its holder has proved to read mail at its address; null for all but the account itself and staff.
    #[graphql(complexity = "STATEMENT")]
    async fn email_confirmed(&self, context: &Context<'_>) -> Result<Option<bool>, Problem> {
        let asker = asker(context);
        if !asker.viewer().await?.knows(self.0.id) {
            return Ok(None);
        }
        let look = asker.app.commands.look(vec![Stream::Account(self.0.id)], Actor::Anonymous);
        let known = asker.snapshot.aside(look).await.map_err(|fault| asker.fault(fault))?;
        Ok(known.account(self.0.id).ok().map(|account| account.email_confirmed))
    }

    /// Whether it has a password here; null for all but the account itself and staff.
    #[graphql(complexity = "STATEMENT")]
    async fn has_password(&self, context: &Context<'_>) -> Result<Option<bool>, Problem> {
        let asker = asker(context);
        if !asker.viewer().await?.knows(self.0.id) {
            return Ok(None);
        }
        let mut read = asker.snapshot.read().await?;
        let person = vault::person_by_id(read.tx(), self.0.id.0).await;
        let person = person.map_err(|fault| asker.store_fault(fault))?;
        Ok(Some(person.is_some_and(|person| person.password_hash.is_some())))
    }

    /// The browsers and programs that are signed in, the newest first, up to 100; none for all but the account itself and staff.
    #[graphql(
        complexity = "STATEMENT + PAGE_SIZE as usize * child_complexity",
        deprecation = "ask for `sessionsConnection`"
    )]
    async fn sessions(&self, context: &Context<'_>) -> Result<Vec<SessionObject>, Problem> {
        Ok(self.own_sessions(asker(context)).await?.into_iter().map(SessionObject).collect())
    }

    /// The newest 100 browsers and programs that are signed in, the newest first, page by page; none for all but the account itself
    /// and staff.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    async fn sessions_connection(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from the beginning, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "The endCursor of the page before.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The startCursor of the page behind.")] before: Option<String>,
    ) -> Result<Connected<SessionObject>, Problem> {
        let page = Page::of(&asker(context).limits(), Bounds { first, after, last, before })?;
        let sessions = self.own_sessions(asker(context)).await?;
        Ok(cut(&page, sessions, |session| session.session_id.to_string(), SessionObject))
    }

    /// Who its holder is elsewhere and may sign in as, the oldest first, 20 at most; none for all but the account itself and staff.
    #[graphql(complexity = "STATEMENT + 3 * child_complexity")]
    async fn identities(&self, context: &Context<'_>) -> Result<Vec<IdentityObject>, Problem> {
        let asker = asker(context);
        if !asker.viewer().await?.knows(self.0.id) {
            return Ok(vec![]);
        }
        let mut read = asker.snapshot.read().await?;
        let rows = vault::identities_of(read.tx(), self.0.id.0).await;
        let rows = rows.map_err(|fault| asker.store_fault(fault))?;
        Ok(rows.into_iter().map(|row| IdentityObject::of(&asker.app, row)).collect())
    }

    /// The teams it is in, the oldest first, up to 200.
    #[graphql(complexity = "STATEMENT + 3 * child_complexity")]
    async fn teams(&self, context: &Context<'_>) -> Result<Vec<TeamObject>, Problem> {
        let asker = asker(context);
        let mut read = asker.snapshot.read().await?;
        let teams = people::teams_of(&mut read, self.0.id).await.map_err(|fault| asker.store_fault(fault))?;
        Ok(teams.into_iter().map(TeamObject).collect())
    }

    /// The invitations to own plugins that it can answer, the newest first, up to 200; none for all but the account itself and staff.
    #[graphql(
        complexity = "STATEMENT + 3 * child_complexity",
        deprecation = "ask for `invitationsConnection`"
    )]
    async fn invitations(&self, context: &Context<'_>) -> Result<Vec<InvitationObject>, Problem> {
        Ok(self.own_invitations(asker(context)).await?.into_iter().map(InvitationObject).collect())
    }

    /// The newest 200 invitations to own plugins that it can answer, the newest first, page by page; none for all but the account
    /// itself and staff.
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
        let invitations = self.own_invitations(asker(context)).await?;
        Ok(cut(&page, invitations, |invitation| invitation.id.to_string(), InvitationObject))
    }

    /// The plugins it owns, itself or as a member of a team, by name; those without a public version only for itself and staff.
    #[graphql(
        complexity = "STATEMENT + PAGE_SIZE as usize * child_complexity",
        deprecation = "ask for `pluginsConnection`"
    )]
    async fn plugins(&self, context: &Context<'_>) -> Result<Vec<PluginObject>, Problem> {
        Ok(self.seen_plugins(asker(context)).await?.into_iter().map(PluginObject).collect())
    }

    /// The plugins it owns, itself or as a member of a team, by name, page by page; those without a public version only for itself
    /// and staff.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    async fn plugins_connection(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from the beginning, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "The endCursor of the page before.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The startCursor of the page behind.")] before: Option<String>,
    ) -> Result<Connected<PluginObject>, Problem> {
        let page = Page::of(&asker(context).limits(), Bounds { first, after, last, before })?;
        let seen = self.seen_plugins(asker(context)).await?;
        Ok(cut(&page, seen, |plugin| plugin.id.to_string(), PluginObject))
    }

    /// The newest 200 plugin tokens it made, dead ones too, without their secrets, page by page; none for all but the account itself
    /// and staff.
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
        let tokens = self.own_tokens(asker(context)).await?;
        Ok(cut(&page, tokens, |token| token.id.to_string(), TokenObject))
    }

    /// Its second factors and recovery codes, without what they are made of; null for all but the account itself and staff.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn second_factors(&self, context: &Context<'_>) -> Result<Option<FactorsObject>, Problem> {
        let asker = asker(context);
        if !asker.viewer().await?.knows(self.0.id) {
            return Ok(None);
        }
        let summary = asker.snapshot.aside(asker.app.factors.summary(self.0.id)).await;
        summary.map(|summary| Some(FactorsObject(summary))).map_err(|fault| asker.fault(fault))
    }

    /// The newest 200 plugin tokens it made, dead ones too, without their secrets; none for all but the account itself and staff.
    #[graphql(
        complexity = "STATEMENT + PAGE_SIZE as usize * child_complexity",
        deprecation = "ask for `tokensConnection`"
    )]
    async fn tokens(&self, context: &Context<'_>) -> Result<Vec<TokenObject>, Problem> {
        Ok(self.own_tokens(asker(context)).await?.into_iter().map(TokenObject).collect())
    }

    /// The trusted publishers it named, the newest first, also for plugins to come, up to 200; none for all but the account itself
    /// and staff.
    #[graphql(
        complexity = "STATEMENT + PAGE_SIZE as usize * child_complexity",
        deprecation = "ask for `publishersConnection`"
    )]
    async fn publishers(&self, context: &Context<'_>) -> Result<Vec<PublisherObject>, Problem> {
        Ok(self.own_publishers(asker(context)).await?.into_iter().map(PublisherObject).collect())
    }

    /// The newest 200 trusted publishers that it named, the newest first, also for plugins to come, page by page; none for all but the
    /// account itself and staff.
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
        let publishers = self.own_publishers(asker(context)).await?;
        Ok(cut(&page, publishers, |publisher| publisher.id.to_string(), PublisherObject))
    }
}

impl AccountObject {
    /// An account that did something, if whoever asks may know whose name that is: that of staff, of who owns a public plugin, and
    /// one's own; staff know all.
    pub(in crate::graphql) async fn who_acted(asker: &Asker, id: AccountId) -> Result<Option<Self>, Problem> {
        let Some(account) = asker.loaders.account(id).await? else { return Ok(None) };
        let seen =
            account.staff || asker.viewer().await?.knows(id) || asker.loaders.owns_in_public(id).await?;
        Ok(seen.then_some(Self(account)))
    }
}

/// What its lists hold, empty where whoever asks may not know.
impl AccountObject {
    async fn own_sessions(&self, asker: &Asker) -> Result<Vec<SessionRow>, Problem> {
        if !asker.viewer().await?.knows(self.0.id) {
            return Ok(vec![]);
        }
        let sessions = asker.snapshot.aside(asker.app.sign_in.sessions_of(self.0.id)).await;
        sessions.map_err(|fault| asker.fault(fault))
    }

    async fn own_invitations(&self, asker: &Asker) -> Result<Vec<Invitation>, Problem> {
        if !asker.viewer().await?.knows(self.0.id) {
            return Ok(vec![]);
        }
        let now = asker.app.clock.now();
        let mut read = asker.snapshot.read().await?;
        let found = people::invitations_for(&mut read, self.0.id, now).await;
        found.map_err(|fault| asker.store_fault(fault))
    }

    async fn own_tokens(&self, asker: &Asker) -> Result<Vec<Token>, Problem> {
        if !asker.viewer().await?.knows(self.0.id) {
            return Ok(vec![]);
        }
        let mut read = asker.snapshot.read().await?;
        tokens_of(&mut read, self.0.id).await.map_err(|fault| asker.store_fault(fault))
    }

    async fn own_publishers(&self, asker: &Asker) -> Result<Vec<Publisher>, Problem> {
        if !asker.viewer().await?.knows(self.0.id) {
            return Ok(vec![]);
        }
        let mut read = asker.snapshot.read().await?;
        publishers_of(&mut read, self.0.id).await.map_err(|fault| asker.store_fault(fault))
    }

    async fn seen_plugins(&self, asker: &Asker) -> Result<Vec<Plugin>, Problem> {
        let viewer = asker.viewer().await?;
        let all = viewer.staff || viewer.account == Some(self.0.id);
        let mut read = asker.snapshot.read().await?;
        let owned = plugins_owned_by(&mut read, self.0.id).await.map_err(|fault| asker.store_fault(fault))?;
        Ok(owned.into_iter().filter(|plugin| all || plugin.is_public()).collect())
    }
}

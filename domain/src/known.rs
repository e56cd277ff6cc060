//! What a decider may look at: the histories it named, folded.

use crate::account::Account;
use crate::event::{Event, PluginEvent, PluginNameEvent, SessionEvent, SignUpEvent, Stream, TeamEvent};
use crate::ids::{AccountId, ChallengeId, SessionId, TokenId};
use crate::moment::{Actor, Moment};
use crate::names::{PackageName, PluginName, Sha256, TeamName};
use crate::plugin::Plugin;
use crate::publisher::Publishers;
use crate::refusal::Refusal;
use crate::session::Session;
use crate::sign_up::SignUpInvitation;
use crate::site::Site;
use crate::team::Team;
use crate::token::Token;
use crate::votes::Votes;
use std::collections::{BTreeMap, BTreeSet};

/// The folded streams that a command asked for, those of whoever gives it, and those that these point to
/// ([`Known::points_to`]).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    accounts: BTreeMap<AccountId, Account>,
    sessions: BTreeMap<SessionId, Session>,
    plugins: BTreeMap<String, Plugin>,
    names: BTreeMap<String, PackageName>,
    publishers: BTreeMap<String, Publishers>,
    tokens: BTreeMap<TokenId, Token>,
    spent: BTreeSet<Sha256>,
    teams: BTreeMap<String, Team>,
    invitations: BTreeMap<ChallengeId, SignUpInvitation>,
    site: Site,
    votes: BTreeMap<String, Votes>,
    ends: BTreeMap<Stream, u64>,
}

/// Somebody who may act at all: known, not blocked, with a credential that lives.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a right or a lack that rules ask about by itself")]
pub struct Acting {
    /// The account; `None` for the operator and the site itself.
    pub account: Option<AccountId>,
    /// May decide about everybody's plugins and accounts.
    pub staff: bool,
    /// May also grant the staff role and change settings.
    pub admin: bool,
    /// Own plugins' versions need no review.
    pub trusted: bool,
    /// Must add a second factor before acting as staff.
    pub lacks_staff_factor: bool,
    /// Must add a second factor before publishing.
    pub lacks_publisher_factor: bool,
    /// The known teams of which this account is a member, by their folded names.
    pub teams: BTreeSet<String>,
    /// The one plugin that the credential is for, where it is a plugin token.
    pub token_for: Option<PackageName>,
}

impl Known {
    /// Takes in one event of `stream` at `position`. An event of another category than its stream's says nothing.
    pub fn evolve(&mut self, stream: &Stream, position: u64, event: &Event) {
        self.ends.insert(stream.clone(), position);
        match (stream, event) {
            (Stream::Account(account), Event::Account(event)) => {
                self.accounts.entry(*account).or_default().evolve(position, event);
            }
            (Stream::Session(id), Event::Session(event)) => self.evolve_session(*id, position, event),
            (Stream::Plugin(key), Event::Plugin(event)) => self.evolve_plugin(key, position, event),
            (Stream::PluginName(key), Event::PluginName(PluginNameEvent::PluginNameClaimed(claim))) => {
                self.names.insert(key.clone(), claim.package.clone());
            }
            (Stream::Publishers(key), Event::Publisher(event)) => {
                self.publishers.entry(key.clone()).or_default().evolve(event);
            }
            (Stream::Token(id), Event::Token(event)) => match self.tokens.get_mut(id) {
                Some(token) => token.evolve(event),
                None => self.tokens.extend(Token::issued(position, event).map(|token| (*id, token))),
            },
            (Stream::IdentityToken(digest), Event::Token(_)) => {
                self.spent.insert(*digest);
            }
            (Stream::Team(key), Event::Team(event)) => self.evolve_team(key, event),
            (Stream::SignUp(id), Event::SignUp(event)) => self.evolve_invitation(*id, event),
            (Stream::Site, Event::Site(event)) => self.site.evolve(event),
            (Stream::Votes(key), Event::Votes(event)) => {
                self.votes.entry(key.clone()).or_default().evolve(event);
            }
            _ => {}
        }
    }

    fn evolve_session(&mut self, id: SessionId, position: u64, event: &SessionEvent) {
        match (event, self.sessions.get_mut(&id)) {
            (_, Some(session)) => session.evolve(event),
            (SessionEvent::SessionOpened(opened), None) => {
                let session = Session { opened: opened.clone(), opened_at: position, ended: false };
                self.sessions.insert(id, session);
            }
            (SessionEvent::SessionEnded(_), None) => {}
        }
    }

    fn evolve_plugin(&mut self, key: &str, position: u64, event: &PluginEvent) {
        match (event, self.plugins.get_mut(key)) {
            (_, Some(plugin)) => plugin.evolve(position, event),
            (PluginEvent::PluginRegistered(born), None) => {
                let plugin = Plugin::registered(position, born.package.clone(), born.owner);
                self.plugins.insert(key.to_owned(), plugin);
            }
            _ => {}
        }
    }

    fn evolve_team(&mut self, key: &str, event: &TeamEvent) {
        match (event, self.teams.get_mut(key)) {
            (_, Some(team)) => team.evolve(event),
            (TeamEvent::TeamFormed(formed), None) => {
                let team = Team { name: formed.team.clone(), members: BTreeSet::from([formed.founder]) };
                self.teams.insert(key.to_owned(), team);
            }
            _ => {}
        }
    }

    fn evolve_invitation(&mut self, id: ChallengeId, event: &SignUpEvent) {
        match (event, self.invitations.get_mut(&id)) {
            (_, Some(invitation)) => invitation.evolve(event),
            (SignUpEvent::SignUpInvited(invited), None) => {
                let invitation = SignUpInvitation { expires_at: invited.expires_at, used: false };
                self.invitations.insert(id, invitation);
            }
            (SignUpEvent::SignUpInvitationUsed(_), None) => {}
        }
    }

    /// Streams that what is known points to and a decision may depend on: the teams that own a plugin, the accounts that
    /// named its publishers, the plugin of a token, and the publisher of one that acts. Load them, then ask again, until
    /// there are no new ones.
    pub fn points_to(&self, actor: Actor) -> BTreeSet<Stream> {
        let teams = self.plugins.values().flat_map(|plugin| &plugin.teams);
        let token = actor.token().and_then(|token| self.tokens.get(&token));
        let publishers = self.publishers.values().flat_map(|publishers| publishers.named.values());
        let mut streams: BTreeSet<Stream> = teams.map(|team| Stream::Team(team.clone())).collect();
        streams.extend(publishers.map(|publisher| Stream::Account(publisher.account)));
        streams.extend(self.tokens.values().map(|token| Stream::plugin(&token.package)));
        streams.extend(
            token.filter(|token| token.publisher.is_some()).map(|token| Stream::publishers(&token.package)),
        );
        streams
    }

    /// Who acts, if they may act at all: the rule that ends every credential of a blocked account at once, and a token
    /// whose account lost its plugin.
    pub fn acting(&self, moment: &Moment) -> Result<Acting, Refusal> {
        match moment.actor {
            Actor::Anonymous => Err(Refusal::Unauthenticated),
            Actor::Operator => Ok(Acting::of_the_house(true)),
            Actor::Site => Ok(Acting::of_the_house(false)),
            Actor::Account { account } => self.acting_account(account, moment),
            Actor::Token { token, account } => self.acting_token(token, account, moment),
        }
    }

    /// As [`Known::acting`], for deeds that are not a plugin token's: everything but uploading and approving.
    pub fn acting_in_person(&self, moment: &Moment) -> Result<Acting, Refusal> {
        match moment.actor {
            Actor::Token { .. } => self.acting(moment).and(Err(Refusal::TokenScope)),
            Actor::Anonymous | Actor::Account { .. } | Actor::Operator | Actor::Site => self.acting(moment),
        }
    }

    /// As [`Known::acting`], for deeds that publish or make credentials that can: whoever must have a second factor for
    /// that has one. A token was made by somebody who had.
    pub fn acting_to_publish(&self, moment: &Moment) -> Result<Acting, Refusal> {
        let acting = self.acting(moment)?;
        if acting.lacks_publisher_factor { Err(Refusal::SecondFactorRequired) } else { Ok(acting) }
    }

    /// As [`Known::acting_in_person`], for deeds that only staff may do.
    pub fn acting_staff(&self, moment: &Moment) -> Result<Acting, Refusal> {
        let acting = self.acting_in_person(moment)?;
        acting.must_be_staff()?;
        Ok(acting)
    }

    /// As [`Known::acting_staff`], for deeds that only admins may do.
    pub fn acting_admin(&self, moment: &Moment) -> Result<Acting, Refusal> {
        let acting = self.acting_staff(moment)?;
        if acting.admin { Ok(acting) } else { Err(Refusal::NotAdmin) }
    }

    fn acting_account(&self, id: AccountId, moment: &Moment) -> Result<Acting, Refusal> {
        let account = self.account(id)?;
        if account.is_blocked(moment.now) {
            return Err(Refusal::AccountBlocked);
        }
        let bare = account.factors.is_empty();
        let teams = self.teams.iter().filter(|(_, team)| team.members.contains(&id));
        Ok(Acting {
            account: Some(id),
            staff: account.staff,
            admin: account.admin,
            trusted: account.trusted,
            lacks_staff_factor: bare && account.staff && self.site.demands_factor_of_staff(),
            lacks_publisher_factor: bare && self.site.policy.publisher_factor,
            teams: teams.map(|(key, _)| key.clone()).collect(),
            token_for: None,
        })
    }

    fn acting_token(&self, id: TokenId, account: AccountId, moment: &Moment) -> Result<Acting, Refusal> {
        let token = self.tokens.get(&id).filter(|token| token.lives(moment.now));
        let token = token.filter(|token| token.account == account).ok_or(Refusal::TokenInvalid)?;
        let acting = self.acting_account(account, moment)?;
        if token.issued_at < self.account(account)?.tokens_since {
            return Err(Refusal::TokenInvalid);
        }
        if self.plugins.get(&token.package.folded()).is_some_and(|plugin| acting.may_change(plugin).is_err())
        {
            return Err(Refusal::TokenInvalid);
        }
        let publishers = self.publishers.get(&token.package.folded());
        let removed = |id| publishers.is_none_or(|publishers| !publishers.named.contains_key(&id));
        if token.publisher.is_some_and(removed) {
            return Err(Refusal::TokenInvalid);
        }
        let trusted = acting.trusted && token.may_approve;
        let token_for = Some(token.package.clone());
        Ok(Acting { staff: false, admin: false, trusted, lacks_publisher_factor: false, token_for, ..acting })
    }

    /// Where in the log the last known event of a stream is: who read its history up to there has read all of it.
    pub fn end_of(&self, stream: &Stream) -> Option<u64> {
        self.ends.get(stream).copied()
    }

    /// The repository's policy and what else holds for all of it.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The session, or the refusal that says it does not exist.
    pub fn session(&self, id: SessionId) -> Result<&Session, Refusal> {
        self.sessions.get(&id).ok_or(Refusal::SessionUnknown)
    }

    /// Whether the session has neither ended nor been ended with all others of its account.
    pub fn session_lives(&self, id: SessionId) -> bool {
        self.sessions.get(&id).is_some_and(|session| {
            let account = self.accounts.get(&session.opened.account);
            !session.ended && account.is_some_and(|account| session.opened_at >= account.sessions_since)
        })
    }

    /// The trusted publishers of a plugin, whether it exists or not.
    pub fn publishers(&self, package: &PackageName) -> Publishers {
        self.publishers.get(&package.folded()).cloned().unwrap_or_default()
    }

    /// Whether the identity token of this stream was exchanged before.
    pub fn is_spent(&self, identity_token: &Stream) -> bool {
        matches!(identity_token, Stream::IdentityToken(digest) if self.spent.contains(digest))
    }

    /// The team, or the refusal that says it does not exist.
    pub fn team(&self, name: &TeamName) -> Result<&Team, Refusal> {
        self.teams.get(&name.folded()).ok_or_else(|| Refusal::TeamUnknown { team: name.to_string() })
    }

    /// The invitation to sign up, if there is one.
    pub fn sign_up_invitation(&self, id: ChallengeId) -> Option<&SignUpInvitation> {
        self.invitations.get(&id)
    }

    /// The account, or the refusal that says it does not exist.
    pub fn account(&self, id: AccountId) -> Result<&Account, Refusal> {
        self.accounts.get(&id).ok_or_else(|| Refusal::AccountUnknown { account: id.to_string() })
    }

    /// The plugin, or the refusal that says it does not exist. Its name must be written as it was registered.
    pub fn plugin(&self, package: &PackageName) -> Result<&Plugin, Refusal> {
        self.plugin_like(package)
            .filter(|plugin| plugin.package == *package)
            .ok_or_else(|| Refusal::PluginUnknown { package: package.to_string() })
    }

    /// As [`Known::plugin`], for all deeds but those that end a deletion: refused while the plugin is marked for deletion
    /// and when it is gone.
    pub fn living(&self, package: &PackageName) -> Result<&Plugin, Refusal> {
        let plugin = self.plugin(package)?;
        plugin.must_live()?;
        Ok(plugin)
    }

    /// The plugin whose package name is the same without regard to case, if there is one.
    pub fn plugin_like(&self, package: &PackageName) -> Option<&Plugin> {
        self.plugins.get(&package.folded())
    }

    /// Which plugin has this plugin name, if one has.
    pub fn holder_of(&self, name: &PluginName) -> Option<&PackageName> {
        match Stream::plugin_name(name) {
            Stream::PluginName(key) => self.names.get(&key),
            _ => None,
        }
    }

    /// The token, or the refusal that says it does not exist.
    pub fn token(&self, id: TokenId) -> Result<&Token, Refusal> {
        self.tokens.get(&id).ok_or_else(|| Refusal::TokenUnknown { token: id.to_string() })
    }

    /// The votes for a plugin.
    pub fn votes(&self, package: &PackageName) -> Votes {
        self.votes.get(&package.folded()).cloned().unwrap_or_default()
    }
}

impl Acting {
    fn of_the_house(admin: bool) -> Self {
        Self {
            account: None,
            staff: true,
            admin,
            trusted: false,
            lacks_staff_factor: false,
            lacks_publisher_factor: false,
            teams: BTreeSet::new(),
            token_for: None,
        }
    }

    /// Refuses who is not staff, or is staff and must first add a second factor.
    pub fn must_be_staff(&self) -> Result<(), Refusal> {
        match (self.staff, self.lacks_staff_factor) {
            (false, _) => Err(Refusal::NotStaff),
            (true, true) => Err(Refusal::SecondFactorRequired),
            (true, false) => Ok(()),
        }
    }

    /// Whether this is an owner of the plugin, or a member of a team that is.
    pub fn owns(&self, plugin: &Plugin) -> bool {
        let in_person = self.account.is_some_and(|account| plugin.owners.contains(&account));
        in_person || !self.teams.is_disjoint(&plugin.teams)
    }

    /// Refuses who is neither owner nor staff. A plugin token that lives is of somebody who may.
    pub fn may_change(&self, plugin: &Plugin) -> Result<(), Refusal> {
        match &self.token_for {
            Some(package) if package.folded() == plugin.package.folded() => return Ok(()),
            Some(package) => return Err(Refusal::TokenForAnotherPlugin { package: package.to_string() }),
            None => {}
        }
        match (self.owns(plugin), self.must_be_staff()) {
            (true, _) | (false, Ok(())) => Ok(()),
            (false, Err(Refusal::NotStaff)) => Err(Refusal::NotOwner { package: plugin.package.to_string() }),
            (false, Err(refusal)) => Err(refusal),
        }
    }

    /// Refuses who is neither staff nor a trusted owner.
    pub fn may_approve(&self, plugin: &Plugin) -> Result<(), Refusal> {
        match (self.trusted && self.owns(plugin), self.must_be_staff()) {
            (true, _) | (false, Ok(())) => Ok(()),
            (false, Err(Refusal::NotStaff)) => {
                Err(Refusal::NotApprover { package: plugin.package.to_string() })
            }
            (false, Err(refusal)) => Err(refusal),
        }
    }
}

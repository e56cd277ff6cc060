//! What a decider may look at: the histories it named, folded.

use crate::account::Account;
use crate::event::{Event, Stream};
use crate::ids::{AccountId, TokenId};
use crate::moment::{Actor, Moment};
use crate::names::{PackageName, PluginName};
use crate::plugin::Plugin;
use crate::refusal::Refusal;
use crate::token::Token;
use crate::votes::Votes;
use std::collections::BTreeMap;

/// The folded streams that a command asked for, and those of whoever gives it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    accounts: BTreeMap<AccountId, Account>,
    plugins: BTreeMap<String, Plugin>,
    names: BTreeMap<String, PackageName>,
    tokens: BTreeMap<TokenId, Token>,
    votes: BTreeMap<String, Votes>,
}

/// Somebody who may act at all: known, not blocked, with a credential that lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acting {
    /// The account; `None` for the operator.
    pub account: Option<AccountId>,
    /// May decide about everybody's plugins and accounts.
    pub staff: bool,
    /// Own plugins' versions need no review.
    pub trusted: bool,
}

impl Known {
    /// Takes in one event of `stream` at `position`.
    pub fn evolve(&mut self, stream: &Stream, position: u64, event: &Event) {
        match stream {
            Stream::Account(account) => self.accounts.entry(*account).or_default().evolve(event),
            Stream::Plugin(key) => match (event, self.plugins.get_mut(key)) {
                (_, Some(plugin)) => plugin.evolve(position, event),
                (Event::PluginRegistered(born), None) => {
                    let plugin = Plugin::registered(position, born.package.clone(), born.owner);
                    self.plugins.insert(key.clone(), plugin);
                }
                _ => {}
            },
            Stream::PluginName(key) => {
                if let Event::PluginNameClaimed(claim) = event {
                    self.names.insert(key.clone(), claim.package.clone());
                }
            }
            Stream::Token(id) => match (event, self.tokens.get_mut(id)) {
                (Event::TokenIssued(issued), None) => {
                    self.tokens.insert(*id, Token { issued: issued.clone(), revoked: false });
                }
                (_, Some(token)) => token.evolve(event),
                _ => {}
            },
            Stream::Votes(key) => self.votes.entry(key.clone()).or_default().evolve(event),
        }
    }

    /// Who acts, if they may act at all: the rule that ends every credential of a blocked account at once.
    pub fn acting(&self, moment: &Moment) -> Result<Acting, Refusal> {
        match moment.actor {
            Actor::Anonymous => Err(Refusal::Unauthenticated),
            Actor::Operator => Ok(Acting { account: None, staff: true, trusted: false }),
            Actor::Account { account } => self.acting_account(account),
            Actor::Token { token, account } => {
                let alive = self.tokens.get(&token).is_some_and(|token| token.lives(moment.now));
                if alive { self.acting_account(account) } else { Err(Refusal::TokenInvalid) }
            }
        }
    }

    /// As [`Known::acting`], for deeds that are not a plugin token's: everything but uploading.
    pub fn acting_in_person(&self, moment: &Moment) -> Result<Acting, Refusal> {
        match moment.actor {
            Actor::Token { .. } => self.acting(moment).and(Err(Refusal::TokenScope)),
            Actor::Anonymous | Actor::Account { .. } | Actor::Operator => self.acting(moment),
        }
    }

    /// As [`Known::acting_in_person`], for deeds that only staff may do.
    pub fn acting_staff(&self, moment: &Moment) -> Result<Acting, Refusal> {
        let acting = self.acting_in_person(moment)?;
        if acting.staff { Ok(acting) } else { Err(Refusal::NotStaff) }
    }

    fn acting_account(&self, id: AccountId) -> Result<Acting, Refusal> {
        let account = self.account(id)?;
        if account.blocked {
            return Err(Refusal::AccountBlocked);
        }
        Ok(Acting { account: Some(id), staff: account.staff, trusted: account.trusted })
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
    /// Whether this is an owner of the plugin.
    pub fn owns(&self, plugin: &Plugin) -> bool {
        self.account.is_some_and(|account| plugin.owners.contains(&account))
    }

    /// Refuses who is neither owner nor staff.
    pub fn may_change(&self, plugin: &Plugin) -> Result<(), Refusal> {
        if self.staff || self.owns(plugin) {
            Ok(())
        } else {
            Err(Refusal::NotOwner { package: plugin.package.to_string() })
        }
    }

    /// Refuses who is neither staff nor a trusted owner.
    pub fn may_approve(&self, plugin: &Plugin) -> Result<(), Refusal> {
        if self.staff || (self.trusted && self.owns(plugin)) {
            Ok(())
        } else {
            Err(Refusal::NotApprover { package: plugin.package.to_string() })
        }
    }
}

//! What somebody may see of a plugin's tokens and trusted publishers: one's own; the founder of a plugin sees everybody's
//! tokens for it, its owners see all its publishers, and staff see everything.

use crate::App;
use cairn_commands::Fault;
use cairn_domain::event::Stream;
use cairn_domain::ids::{AccountId, TokenId};
use cairn_domain::names::PackageName;
use cairn_domain::{Actor, Moment, Refusal};
use cairn_projections::Read;
use cairn_projections::people::{Publisher, Token, publishers_for, tokens_for};
use cairn_store::{StoreError, vault};
use std::collections::HashMap;
use uuid::Uuid;

/// How much of a plugin's credentials somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    account: Option<AccountId>,
    every_token: bool,
    every_publisher: bool,
}

/// What somebody sees.
#[derive(Clone, Default)]
pub struct Credentials {
    /// Tokens that are not revoked, the newest first.
    pub tokens: Vec<Token>,
    /// What they are called.
    pub notes: HashMap<TokenId, String>,
    /// Publishers, the newest first.
    pub publishers: Vec<Publisher>,
}

/// What somebody wrote stays out of logs.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("tokens", &self.tokens.len()).finish_non_exhaustive()
    }
}

impl Sight {
    /// What `actor` may see of this plugin's credentials. Of a plugin that does not exist yet everybody sees their own;
    /// strangers to one that does are refused, and so are plugin tokens.
    pub async fn of(app: &App, actor: Actor, package: &PackageName) -> Result<Self, Fault> {
        let known = app.commands.look(vec![Stream::plugin(package)], actor).await?;
        let acting = known.acting_in_person(&Moment { now: app.clock.now(), actor })?;
        let staff = acting.must_be_staff().is_ok();
        let plugin = known.plugin_like(package);
        if let Some(plugin) = plugin {
            if plugin.package != *package {
                return Err(Refusal::PluginUnknown { package: package.to_string() }.into());
            }
            acting.may_change(plugin)?;
        }
        let owned = plugin.filter(|plugin| acting.owns(plugin));
        let founded = owned.is_some_and(|plugin| acting.account == Some(plugin.founder));
        Ok(Self {
            account: acting.account,
            every_token: staff || founded,
            every_publisher: staff || owned.is_some(),
        })
    }

    /// Whether this token may be seen.
    pub fn shows(&self, token: &Token) -> bool {
        self.every_token || self.account == Some(token.account)
    }

    /// All that may be seen, as the read models have it.
    pub async fn look(&self, read: &mut Read, package: &PackageName) -> Result<Credentials, StoreError> {
        let mut tokens = tokens_for(read, package).await?;
        tokens.retain(|token| token.revoked_at.is_none() && self.shows(token));
        let mut publishers = publishers_for(read, package).await?;
        publishers.retain(|publisher| self.every_publisher || self.account == Some(publisher.account));
        let notes = notes_of(read, &tokens).await?;
        Ok(Credentials { tokens, notes, publishers })
    }
}

/// What tokens are called; those that have no description are left out.
pub async fn notes_of(read: &mut Read, tokens: &[Token]) -> Result<HashMap<TokenId, String>, StoreError> {
    let ids: Vec<Uuid> = tokens.iter().map(|token| token.id.0).collect();
    let notes = vault::token_notes(read.tx(), &ids).await?;
    Ok(notes.into_iter().map(|row| (TokenId(row.token_id), row.note)).collect())
}

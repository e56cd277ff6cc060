//! What somebody may see of a plugin's tokens and trusted publishers: one's own; the founder of a plugin sees everybody's
//! tokens for it, its owners see all its publishers, and staff see everything.

use crate::App;
use cairn_commands::Fault;
use cairn_domain::event::Stream;
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::{Actor, Moment, Refusal};
use cairn_projections::Read;
use cairn_projections::people::{Publisher, Token, publishers_for, tokens_for};
use cairn_store::StoreError;

/// How much of a plugin's credentials somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sight {
    account: Option<AccountId>,
    every_token: bool,
    every_publisher: bool,
}

/// What somebody sees.
#[derive(Clone, Default)]
pub(crate) struct Credentials {
    /// Tokens that are not revoked, the newest first.
    pub(crate) tokens: Vec<Token>,
    /// Publishers, the newest first.
    pub(crate) publishers: Vec<Publisher>,
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
    pub(crate) async fn of(app: &App, actor: Actor, package: &PackageName) -> Result<Self, Fault> {
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
    pub(crate) fn shows(&self, token: &Token) -> bool {
        self.every_token || self.account == Some(token.account)
    }

    /// All that may be seen, as the read models have it.
    pub(crate) async fn look(
        &self,
        read: &mut Read,
        package: &PackageName,
    ) -> Result<Credentials, StoreError> {
        let mut tokens = tokens_for(read, package).await?;
        tokens.retain(|token| token.revoked_at.is_none() && self.shows(token));
        let mut publishers = publishers_for(read, package).await?;
        publishers.retain(|publisher| self.every_publisher || self.account == Some(publisher.account));
        Ok(Credentials { tokens, publishers })
    }
}

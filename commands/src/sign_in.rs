//! Who is behind a name and password.

use crate::secret::verify_password;
use crate::{Commands, Fault};
use cairn_domain::event::Stream;
use cairn_domain::ids::AccountId;
use cairn_domain::known::Acting;
use cairn_domain::names::fold;
use cairn_domain::{Actor, Moment, Refusal};
use cairn_store::{Clock, vault};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Checks credentials against the vault and the log. Clones share the limit on concurrent hashing.
#[derive(Debug, Clone)]
pub struct SignIn {
    commands: Commands,
    clock: Arc<dyn Clock>,
    hashing: Arc<Semaphore>,
}

impl SignIn {
    /// At most two passwords are hashed at once: each takes 19 MiB and a core.
    pub fn new(commands: Commands, clock: Arc<dyn Clock>) -> Self {
        Self { commands, clock, hashing: Arc::new(Semaphore::new(2)) }
    }

    /// The account with this name and password, if it may act. An unknown name costs the same time as a wrong password.
    pub async fn by_password(&self, name: &str, password: &str) -> Result<AccountId, Fault> {
        let mut conn = self.commands.registry().db().read().await?;
        let person = vault::person_by_name(&mut conn, &fold(name)).await?;
        drop(conn);
        let _turn = self.hashing.acquire().await.expect("the semaphore is never closed");
        let hash = person.as_ref().and_then(|person| person.password_hash.clone());
        let password = password.to_owned();
        let right = tokio::task::spawn_blocking(move || verify_password(&password, hash.as_deref())).await;
        let right = right.expect("checking a password neither panics nor is cancelled");
        let account = person.filter(|_| right).map(|person| AccountId(person.account_id));
        let account = account.ok_or(Refusal::WrongCredentials)?;
        self.may_act(Actor::Account { account }).await?;
        Ok(account)
    }

    /// The account behind a plugin token, if the token lives and its account may act.
    pub async fn by_token(&self, token: &crate::secret::PluginToken) -> Result<Actor, Fault> {
        let known = self.commands.look(vec![Stream::Token(token.id)], Actor::Anonymous).await?;
        let issued = known.token(token.id).map_err(|_| Refusal::TokenInvalid)?;
        if issued.secret_sha256 != token.secret_sha256() {
            return Err(Refusal::TokenInvalid.into());
        }
        let actor = Actor::Token { token: token.id, account: issued.account };
        self.may_act(actor).await?;
        Ok(actor)
    }

    /// What an actor is; refused when its account is unknown or blocked, or its token dead.
    pub async fn may_act(&self, actor: Actor) -> Result<Acting, Fault> {
        let known = self.commands.look(vec![], actor).await?;
        Ok(known.acting(&Moment { now: self.clock.now(), actor })?)
    }
}

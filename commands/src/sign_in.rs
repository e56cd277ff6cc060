//! Who is behind a name and password, a session or a token.

mod directory;
mod limiter;
mod passwords;
mod pending;
mod session;

#[cfg(test)]
mod tests;

pub use limiter::{AttemptLimits, Limiter, Subject};
pub use passwords::Passwords;
pub use pending::{PENDING_LIFE, Pending};
pub use session::{Device, NewSession, Signed};

use crate::factor::{Factors, Proof, Shown};
use crate::identity::{Directory, Identities};
use crate::secret::PluginToken;
use crate::vault_key::VaultKey;
use crate::{Commands, Fault};
use cairn_domain::event::Stream;
use cairn_domain::ids::AccountId;
use cairn_domain::known::Acting;
use cairn_domain::names::fold;
use cairn_domain::{Actor, Moment, Refusal};
use cairn_store::vault::{self, Person};
use cairn_store::{Clock, StoreError};
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Checks credentials against the vault and the log. Clones share the limit on concurrent hashing.
#[derive(Debug, Clone)]
pub struct SignIn {
    commands: Commands,
    clock: Arc<dyn Clock>,
    passwords: Passwords,
    factors: Factors,
    limiter: Limiter,
    /// Codes are checked one at a time, so that guesses which come at once are counted one after the other.
    proving: Arc<Mutex<()>>,
    pending_key: VaultKey,
    identities: Identities,
    directory: Option<Directory>,
}

/// Who brings a name and a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    /// A person, once.
    Person,
    /// A program, with each request.
    Program,
}

/// Somebody whose password was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedIn {
    /// That was all it takes.
    Done(AccountId),
    /// They must show a second factor too.
    FactorNeeded(Pending),
}

impl SignIn {
    /// Sign-in with these passwords and factors.
    pub fn new(commands: Commands, clock: Arc<dyn Clock>, passwords: Passwords, factors: Factors) -> Self {
        let db = commands.registry().db().clone();
        let ids = Arc::new(commands.ids().clone());
        let limits = AttemptLimits::default();
        let limiter = Limiter::new(db.clone(), Arc::clone(&clock), Arc::clone(&ids), limits);
        let pending_key = VaultKey::new("pending sign-ins", db, ids);
        let identities = Identities::new(commands.clone());
        let (proving, directory) = (Arc::default(), None);
        Self { commands, clock, passwords, factors, limiter, proving, pending_key, identities, directory }
    }

    /// How passwords are hashed and checked.
    pub fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// Who must wait.
    pub fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// The account with this name and password, if it may act and has no second factor: for programs, which cannot be asked
    /// for one and bring their password with each request.
    pub async fn by_password(&self, name: &str, password: &str, from: IpAddr) -> Result<AccountId, Fault> {
        without_factor(counted(self.try_password(name, password, from, Caller::Program).await)?)
    }

    /// As [`SignIn::by_password`], once for a session: a directory is asked now, and the account has the roles that it says.
    pub async fn once_by_password(
        &self,
        name: &str,
        password: &str,
        from: IpAddr,
    ) -> Result<AccountId, Fault> {
        without_factor(self.with_password(name, password, from).await?)
    }

    /// The account with this name and password, if it may act; whether it must show a second factor is told only then. An
    /// unknown name costs the same time as a wrong password, and both are counted.
    pub async fn with_password(&self, name: &str, password: &str, from: IpAddr) -> Result<SignedIn, Fault> {
        counted(self.try_password(name, password, from, Caller::Person).await)
    }

    /// The local account goes first, if it has a password; whoever has none here is asked about in the directory.
    async fn try_password(
        &self,
        name: &str,
        password: &str,
        from: IpAddr,
        caller: Caller,
    ) -> Result<SignedIn, Fault> {
        let mut conn = self.commands.registry().db().read().await?;
        let person = vault::person_by_name(&mut conn, &fold(name)).await?;
        drop(conn);
        let hash = person.as_ref().and_then(|person| person.password_hash.clone());
        let subjects = [Subject::Name(name.to_owned()), Subject::Address(from)];
        if self.directory.is_some() && (hash.is_none() || self.is_linked(name).await?) {
            let right = self.compared(&subjects, password, hash).await?;
            if !right {
                let account = self.by_directory(&subjects, name, password, caller).await?;
                return self.next_step(account).await;
            }
        } else if !self.guarded(&subjects, password, hash).await? {
            return Err(Refusal::WrongCredentials.into());
        }
        let person = person.ok_or(Refusal::WrongCredentials)?;
        self.renew_hash(&person, password).await?;
        self.next_step(AccountId(person.account_id)).await
    }

    /// What is left to do for somebody who proved to be this account's holder by password or elsewhere.
    pub async fn next_step(&self, account: AccountId) -> Result<SignedIn, Fault> {
        self.may_act(Actor::Account { account }).await?;
        let known = self.commands.look(vec![Stream::Account(account)], Actor::Anonymous).await?;
        if known.account(account)?.factors.is_empty() {
            Ok(SignedIn::Done(account))
        } else {
            Ok(SignedIn::FactorNeeded(self.pending(account).await?))
        }
    }

    /// [`Refusal::WrongCredentials`] unless this is the password of the account: asked anew before what cannot be undone.
    pub async fn is_password_of(
        &self,
        account: AccountId,
        password: &str,
        from: IpAddr,
    ) -> Result<(), Fault> {
        let mut conn = self.commands.registry().db().read().await?;
        let person = vault::person_by_id(&mut conn, account.0).await?;
        drop(conn);
        let name = person.as_ref().map(|person| person.name.clone()).unwrap_or_default();
        let subjects = [Subject::Name(name), Subject::Address(from)];
        let hash = person.and_then(|person| person.password_hash);
        let right = match hash {
            None if self.directory.is_some() => {
                self.is_directory_password_of(account, password, from).await?
            }
            hash => self.guarded(&subjects, password, hash).await?,
        };
        if right { Ok(()) } else { Err(Refusal::WrongCredentials.into()) }
    }

    /// What proves a second factor of the account, if it is right. That it was not used before is decided with the deed it is
    /// shown for.
    pub async fn prove(&self, account: AccountId, shown: &Shown, from: IpAddr) -> Result<Proof, Fault> {
        let subjects = [Subject::Factor(account), Subject::Address(from)];
        let _turn = self.proving.lock().await;
        self.limiter.admit(&subjects).await?;
        let proven = self.factors.prove(account, shown).await;
        match &proven {
            Ok(_) => self.limiter.succeeded(&Subject::Factor(account)).await?,
            Err(Fault::Refused(_)) => self.limiter.failed(&subjects).await?,
            Err(Fault::Store(_) | Fault::Unreadable(_)) => {}
        }
        proven
    }

    /// Whether the password is right; who failed too often is refused before it is looked at. The first subject is the one
    /// that success makes good.
    ///
    /// Guesses that come at once are counted one after the other, since each waits for its turn to hash.
    async fn guarded(
        &self,
        subjects: &[Subject; 2],
        password: &str,
        hash: Option<String>,
    ) -> Result<bool, Fault> {
        let turn = self.passwords.turn().await;
        self.limiter.admit(subjects).await?;
        let right = turn.verify(password, hash).await;
        if right {
            let [first, _] = subjects;
            self.limiter.succeeded(first).await?;
        } else {
            self.limiter.failed(subjects).await?;
        }
        Ok(right)
    }

    /// As [`SignIn::guarded`], where a wrong password is not the last word: it is for the caller to count.
    async fn compared(
        &self,
        subjects: &[Subject; 2],
        password: &str,
        hash: Option<String>,
    ) -> Result<bool, Fault> {
        let turn = self.passwords.turn().await;
        self.limiter.admit(subjects).await?;
        let right = turn.verify(password, hash).await;
        if right {
            let [first, _] = subjects;
            self.limiter.succeeded(first).await?;
        }
        Ok(right)
    }

    /// Writes a hash anew that came from elsewhere, now that its password is known.
    async fn renew_hash(&self, person: &Person, password: &str) -> Result<(), StoreError> {
        let Some(new) = self.passwords.renewed(person.password_hash.as_deref(), password).await else {
            return Ok(());
        };
        let mut tx = self.commands.registry().db().begin().await?;
        let now = vault::person_by_id(&mut tx, person.account_id).await?;
        // The password may have been changed meanwhile; then the new one stays.
        if now.is_some_and(|now| now.password_hash == person.password_hash) {
            vault::update_password_hash(&mut tx, person.account_id, Some(&new)).await?;
        }
        tx.commit().await
    }

    /// The account behind a plugin token, if the token lives and its account may act.
    pub async fn by_token(&self, token: &PluginToken) -> Result<Actor, Fault> {
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

/// Where nobody can be asked for a second factor.
fn without_factor(signed_in: SignedIn) -> Result<AccountId, Fault> {
    match signed_in {
        SignedIn::Done(account) => Ok(account),
        SignedIn::FactorNeeded(_) => Err(Refusal::SecondFactorNeeded.into()),
    }
}

/// Tells the metrics what came of a sign-in.
fn counted(outcome: Result<SignedIn, Fault>) -> Result<SignedIn, Fault> {
    let word = match &outcome {
        Ok(SignedIn::Done(_)) => "done",
        Ok(SignedIn::FactorNeeded(_)) => "factor_needed",
        Err(Fault::Refused(refusal)) => refusal.code(),
        Err(Fault::Store(_) | Fault::Unreadable(_)) => "failed",
    };
    metrics::counter!("cairn_sign_ins_total", "outcome" => word).increment(1);
    outcome
}

//! Signing in with the name and password of the directory, for people who have no password here.

use super::{Caller, SignIn, Subject};
use crate::Fault;
use crate::identity::{Directory, Identities, Registers, Vouched};
use cairn_domain::Refusal;
use cairn_domain::ids::AccountId;
use cairn_domain::names::fold;
use cairn_store::vault;
use std::net::IpAddr;

impl SignIn {
    /// Also with the names and passwords of this directory.
    #[must_use]
    pub fn with_directory(self, directory: Directory) -> Self {
        Self { directory: Some(directory), ..self }
    }

    /// The directory that knows people, if one does.
    pub fn directory(&self) -> Option<&Directory> {
        self.directory.as_ref()
    }

    /// Who people are elsewhere.
    pub fn identities(&self) -> &Identities {
        &self.identities
    }

    /// Who has this name and this password in the directory, as it says now: to link it. Failures are counted as at signing
    /// in.
    pub async fn vouched(&self, name: &str, password: &str, from: IpAddr) -> Result<Vouched, Fault> {
        let directory = self.directory.as_ref().ok_or(Refusal::NothingHere)?;
        let subjects = [Subject::Name(name.to_owned()), Subject::Address(from)];
        self.limiter.admit(&subjects).await?;
        self.ask(directory, &subjects, name, password).await
    }

    /// The account of who has this name and password in the directory; makes it at the first time. [`Refusal::WrongCredentials`]
    /// without a directory, and for whom it does not know. The caller has asked the limiter.
    ///
    /// A program brings its password with each request, so what the directory said a moment ago is good enough for it. That
    /// a name belongs to a local account with a password shows in the time this takes; that it has an account is no secret.
    pub(super) async fn by_directory(
        &self,
        subjects: &[Subject; 2],
        name: &str,
        password: &str,
        caller: Caller,
    ) -> Result<AccountId, Fault> {
        let Some(directory) = &self.directory else { return Err(Refusal::WrongCredentials.into()) };
        if caller == Caller::Program
            && let Some(identity) = directory.recall(name, password, self.clock.now())
            && let Some(account) = self.identities.account_of(&identity).await?
        {
            return Ok(account);
        }
        let vouched = self.ask(directory, subjects, name, password).await?;
        self.identities.arrive(&vouched, Registers::Everybody).await
    }

    /// Whether the directory knows this name as an identity of some account, so that it is asked although the local account of
    /// that name has a password.
    pub(super) async fn is_linked(&self, name: &str) -> Result<bool, Fault> {
        let Some(directory) = &self.directory else { return Ok(false) };
        let mut conn = self.commands.registry().db().read().await?;
        Ok(vault::identity_of(&mut conn, directory.issuer(), &fold(name)).await?.is_some())
    }

    /// Whether this is the password that the holder of the account has in the directory.
    pub(super) async fn is_directory_password_of(
        &self,
        account: AccountId,
        password: &str,
        from: IpAddr,
    ) -> Result<bool, Fault> {
        let Some(directory) = &self.directory else { return Ok(false) };
        let mut conn = self.commands.registry().db().read().await?;
        let linked = vault::identities_of(&mut conn, account.0).await?;
        drop(conn);
        let Some(row) = linked.into_iter().find(|row| row.issuer == directory.issuer()) else {
            return Ok(false);
        };
        match self.vouched(&row.label, password, from).await {
            Ok(vouched) => Ok(vouched.identity.subject() == row.subject),
            Err(Fault::Refused(Refusal::WrongCredentials)) => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// Asks, and counts what came of it. Guesses that come at once may each be asked about before the first is counted: as many
    /// as the directory is asked about at once.
    async fn ask(
        &self,
        directory: &Directory,
        subjects: &[Subject; 2],
        name: &str,
        password: &str,
    ) -> Result<Vouched, Fault> {
        let asked = directory.who(name, password, self.clock.now()).await;
        match &asked {
            Ok(_) => {
                let [first, _] = subjects;
                self.limiter.succeeded(first).await?;
            }
            Err(Refusal::WrongCredentials) => self.limiter.failed(subjects).await?,
            // Nobody could tell, so nobody failed.
            Err(_) => {}
        }
        Ok(asked?)
    }
}

//! What people do with their own accounts: the steps behind the deeds of the schema. Each checks what a rule cannot know
//! (passwords, links, how often) and then sends one command, which decides.

use crate::App;
use cairn_commands::account::{
    Address, AskEmailConfirmation, AskPasswordReset, ChangeEmail, ChangePassword, ConfirmEmail, EraseAccount,
    RegisterAccount, ResetPassword, SignUp, Trail,
};
use cairn_commands::link::{Link, LinkSort};
use cairn_commands::sign_in::Subject;
use cairn_commands::{Done, Fault};
use cairn_domain::account::Origin;
use cairn_domain::ids::{AccountId, ChallengeId};
use cairn_domain::names::{AccountName, Email, fold};
use cairn_domain::{Actor, Refusal};
use cairn_store::vault::{self, Person};
use std::net::IpAddr;

/// How many accounts of one address get a link to reset their password.
const ACCOUNTS_OF_ADDRESS_MAX: u32 = 5;

/// Somebody who wants an account.
pub(crate) struct NewAccount {
    /// The name to sign in with.
    pub(crate) name: String,
    /// Where mail goes.
    pub(crate) email: String,
    /// The password; needed by whoever signs up.
    pub(crate) password: Option<String>,
    /// The text of the link in an invitation.
    pub(crate) invitation: Option<String>,
}

impl std::fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewAccount(…)")
    }
}

/// Makes an account: for oneself, or as staff for somebody. A link to prove the address goes there, unless the invitation went
/// to the same address.
pub(crate) async fn sign_up(
    app: &App,
    actor: Actor,
    new: NewAccount,
    from: IpAddr,
    key: Option<&str>,
) -> Result<Done<AccountId>, Fault> {
    let name: AccountName = new.name.trim().parse()?;
    let email: Email = new.email.parse()?;
    let subjects = [Subject::Mails(from)];
    if actor == Actor::Anonymous {
        app.sign_in.limiter().admit(&subjects).await?;
        if new.password.is_none() {
            return Err(Refusal::invalid("password", "is missing").into());
        }
    }
    let ids = app.commands.ids();
    let sign_up = match new.invitation {
        None => SignUp { invitation: None, address: Address::Asked { challenge: ChallengeId(ids.v4()) } },
        Some(text) => invited(app, &text, &email).await?,
    };
    let mut command = RegisterAccount {
        account: AccountId(ids.v4()),
        name,
        email,
        password_hash: None,
        salt: ids.bytes(),
        origin: Origin::Local,
        sign_up,
    };
    app.commands.foresee(&command, actor, app.clock.now()).await?;
    if let Some(password) = new.password {
        command.password_hash = Some(app.sign_in.passwords().hash_new(&password).await?);
    }
    let done = app.commands.send(&command, actor, key).await;
    if actor == Actor::Anonymous {
        // Names that are taken count too, or one could ask for all of them.
        app.sign_in.limiter().failed(&subjects).await?;
    }
    done
}

async fn invited(app: &App, text: &str, email: &Email) -> Result<SignUp, Fault> {
    let challenge = app.links.read(LinkSort::SignUp, text)?.challenge();
    let mut conn = app.projections.db().read().await?;
    let sent_to = vault::sign_up_address(&mut conn, challenge.0).await?;
    let same = sent_to.is_some_and(|sent_to| sent_to.eq_ignore_ascii_case(email.as_str()));
    let fresh = ChallengeId(app.commands.ids().v4());
    let address = if same { Address::Proven } else { Address::Asked { challenge: fresh } };
    Ok(SignUp { invitation: Some(challenge), address })
}

/// Sends a link for a new password to the accounts of this name or address. Whether there is one is told to nobody; the position
/// is for those who test it.
pub(crate) async fn ask_reset(app: &App, called: &str, from: IpAddr) -> Result<Option<u64>, Fault> {
    let subjects = [Subject::Mails(from)];
    app.sign_in.limiter().admit(&subjects).await?;
    app.sign_in.limiter().failed(&subjects).await?;
    let mut conn = app.projections.db().read().await?;
    let named = vault::person_by_name(&mut conn, &fold(called)).await?;
    let people = match named {
        Some(person) => vec![person],
        None => vault::people_by_email(&mut conn, called.trim(), ACCOUNTS_OF_ADDRESS_MAX).await?,
    };
    drop(conn);
    let mut position = None;
    for person in people {
        let challenge = ChallengeId(app.commands.ids().v4());
        let command = AskPasswordReset { account: AccountId(person.account_id), challenge };
        position = Some(app.commands.send(&command, Actor::Anonymous, None).await?.position);
    }
    Ok(position)
}

/// Sets a new password by the text of a mailed link.
pub(crate) async fn reset(app: &App, link: &str, password: &str) -> Result<Done<AccountId>, Fault> {
    let Link::ResetPassword { account, challenge } = app.links.read(LinkSort::ResetPassword, link)? else {
        return Err(Refusal::LinkInvalid.into());
    };
    let mut command = ResetPassword { account, challenge, password_hash: String::new() };
    app.commands.foresee(&command, Actor::Anonymous, app.clock.now()).await?;
    command.password_hash = app.sign_in.passwords().hash_new(password).await?;
    let done = app.commands.send(&command, Actor::Anonymous, None).await?;
    // Who reads the account's mail need not wait for what others guessed.
    if let Some(person) = person(app, account).await? {
        app.sign_in.limiter().succeeded(&Subject::Name(person.name)).await?;
    }
    Ok(done)
}

/// Proves an address by the text of a mailed link.
pub(crate) async fn confirm(app: &App, link: &str) -> Result<Done<AccountId>, Fault> {
    let Link::ConfirmEmail { account, challenge } = app.links.read(LinkSort::ConfirmEmail, link)? else {
        return Err(Refusal::LinkInvalid.into());
    };
    app.commands.send(&ConfirmEmail { account, challenge: Some(challenge) }, Actor::Anonymous, None).await
}

/// Sends the link that proves the address of an account once more.
pub(crate) async fn ask_confirmation(
    app: &App,
    actor: Actor,
    account: AccountId,
) -> Result<Done<AccountId>, Fault> {
    let challenge = ChallengeId(app.commands.ids().v4());
    app.commands.send(&AskEmailConfirmation { account, challenge }, actor, None).await
}

/// Gives an account another address; its owner shows the password.
pub(crate) async fn change_email(
    app: &App,
    account: AccountId,
    email: &str,
    password: &str,
    from: IpAddr,
) -> Result<Done<AccountId>, Fault> {
    let email: Email = email.parse()?;
    app.sign_in.is_password_of(account, password, from).await?;
    let person = person(app, account).await?.ok_or(Refusal::AccountErased)?;
    let challenge = ChallengeId(app.commands.ids().v4());
    let command = ChangeEmail { account, name: person.name.parse()?, email, salt: person.salt, challenge };
    app.commands.send(&command, Actor::Account { account }, None).await
}

/// Sets another password; the account's owner shows the old one. All its sessions end.
pub(crate) async fn change_password(
    app: &App,
    account: AccountId,
    old: &str,
    new: &str,
    from: IpAddr,
) -> Result<Done<AccountId>, Fault> {
    app.sign_in.is_password_of(account, old, from).await?;
    let password_hash = app.sign_in.passwords().hash_new(new).await?;
    app.commands.send(&ChangePassword { account, password_hash }, Actor::Account { account }, None).await
}

/// Erases an account; its owner shows the password, if it has one.
pub(crate) async fn erase(
    app: &App,
    actor: Actor,
    account: AccountId,
    password: Option<&str>,
    from: IpAddr,
) -> Result<Done<AccountId>, Fault> {
    let has_password = person(app, account).await?.is_some_and(|person| person.password_hash.is_some());
    if actor.account() == Some(account) && has_password {
        app.sign_in.is_password_of(account, password.unwrap_or_default(), from).await?;
    }
    let trail = Trail::of(app.commands.registry(), account).await?;
    app.commands.send(&EraseAccount { account, trail }, actor, None).await
}

/// The person of an account.
pub async fn person(app: &App, account: AccountId) -> Result<Option<Person>, Fault> {
    let mut conn = app.projections.db().read().await?;
    Ok(vault::person_by_id(&mut conn, account.0).await?)
}

//! `cairn identity`: who people are elsewhere, for the operator.

use crate::args::{IdentityDeed, IdentityLinkArgs};
use crate::config::Config;
use crate::house::House;
use crate::out;
use anyhow::{Context, bail};
use cairn_api::directory::issuer_of;
use cairn_commands::identity::{Identity, LinkIdentity, UnlinkIdentity, Vouched};
use cairn_domain::Actor;
use cairn_domain::names::{Sha256, fold};
use cairn_store::vault;
use std::io::BufRead;
use std::process::ExitCode;

/// Carries out one deed and says what was done.
pub async fn run(config: &Config, deed: IdentityDeed) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    let outcome = match deed {
        IdentityDeed::Ask { name } => ask(&house, &name).await,
        IdentityDeed::List { account } => list(&house, &account).await,
        IdentityDeed::Link(args) => link(&house, &args).await,
        IdentityDeed::Unlink { account, identity } => unlink(&house, &account, &identity).await,
    };
    house.close().await;
    outcome.map(|()| ExitCode::SUCCESS)
}

/// Asks the directory as signing in does, and tells what would come of it. Nothing is changed.
async fn ask(house: &House, name: &str) -> anyhow::Result<()> {
    let Some(table) = &house.config.ldap else { bail!("there is no [ldap] in the configuration") };
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password).context("reading the password")?;
    let person = table.open()?.sign_in(name, password.trim_end_matches(['\r', '\n'])).await;
    let vouched = cairn_api::directory::vouched(&issuer_of(&table.name), person?)?;
    tell(&vouched);
    let mut conn = house.db.read().await?;
    let (issuer, subject) = (vouched.identity.issuer(), vouched.identity.subject());
    let linked = vault::identity_of(&mut conn, issuer, subject).await?;
    let holder = match linked {
        Some(row) => vault::person_by_id(&mut conn, row.account_id).await?,
        None => None,
    };
    let namesake = vault::person_by_name(&mut conn, subject).await?;
    out::line(&match (holder, namesake) {
        (Some(person), _) => format!("account  {}", person.name),
        (None, Some(person)) => format!(
            "account  none, and there is an account {0} that is not linked: they cannot sign in before \
             `cairn identity link {0} {1}`",
            person.name,
            vouched.identity.label()
        ),
        (None, None) => "account  none yet; signing in makes one".to_owned(),
    });
    Ok(())
}

fn tell(vouched: &Vouched) {
    let role = |is: Option<bool>| match is {
        Some(true) => "yes",
        Some(false) => "no",
        None => "no group is set up for this",
    };
    out::line(&format!("name     {}", vouched.identity.label()));
    out::line(&format!("mail     {}", vouched.email.as_deref().unwrap_or("none; no account can be made")));
    out::line(&format!("staff    {}", role(vouched.roles.staff)));
    out::line(&format!("trusted  {}", role(vouched.roles.trusted)));
}

async fn list(house: &House, account: &str) -> anyhow::Result<()> {
    let account = house.account(account).await?;
    let mut conn = house.db.read().await?;
    for row in vault::identities_of(&mut conn, account.0).await? {
        out::line(&format!("{} {:<24} {}", row.identity, row.label, row.issuer));
    }
    Ok(())
}

async fn link(house: &House, args: &IdentityLinkArgs) -> anyhow::Result<()> {
    let account = house.account(&args.account).await?;
    let identity = match &args.provider {
        None => {
            let Some(table) = &house.config.ldap else { bail!("there is no [ldap] in the configuration") };
            Identity::new(&issuer_of(&table.name), &fold(&args.subject), &args.subject)?
        }
        Some(provider) => {
            let table = house.config.oidc.iter().find(|table| table.name == *provider);
            let table = table.with_context(|| format!("there is no [[oidc]] {provider}"))?;
            Identity::new(&table.issuer, &args.subject, &args.subject)?
        }
    };
    let link = LinkIdentity { account, identity, salt: house.ids.bytes() };
    house.commands.send(&link, Actor::Operator, None).await?;
    out::err(&format!("{} signs in to {} from now on", args.subject, args.account));
    Ok(())
}

async fn unlink(house: &House, account: &str, identity: &str) -> anyhow::Result<()> {
    let identity: Sha256 = identity.parse()?;
    let unlink = UnlinkIdentity { account: house.account(account).await?, identity };
    house.commands.send(&unlink, Actor::Operator, None).await?;
    out::err(&format!("it signs in to {account} no longer"));
    Ok(())
}

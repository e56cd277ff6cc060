//! `cairn user`: accounts, for the operator.

mod holder;
mod import;

use crate::args::{UserAddArgs, UserBlockArgs, UserDeed, UserReasonArgs, UserRoleArgs};
use crate::config::Config;
use crate::house::House;
use crate::out;
use anyhow::{Context, bail};
use cairn_commands::account::{
    BLOCK_VERSIONS_MAX, BlockAccount, GrantAdmin, GrantStaff, GrantTrust, Published, RegisterAccount,
    UnblockAccount, WithdrawAdmin, WithdrawStaff, WithdrawTrust,
};
use cairn_commands::{Command, secret};
use cairn_domain::Actor;
use cairn_domain::ids::AccountId;
use cairn_projections::{catalogue, people};
use cairn_store::vault;
use serde_json::json;
use std::io::BufRead;
use std::process::ExitCode;

/// Carries out one deed and says what was done.
pub async fn run(config: &Config, deed: UserDeed) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    match deed {
        UserDeed::Add(args) => run_add(&house, &args).await?,
        UserDeed::List { json } => list(&house, json).await?,
        UserDeed::Grant(args) => grant(&house, &args).await?,
        UserDeed::Withdraw(args) => withdraw(&house, &args).await?,
        UserDeed::Block(args) => block(&house, args).await?,
        UserDeed::Unblock(UserReasonArgs { name, reason }) => {
            let account = house.account(&name).await?;
            send(&house, &UnblockAccount { account, reason }).await?;
            out::err(&format!("{name} may act again"));
        }
        UserDeed::SetPassword(args) => holder::set_password(&house, &args.name).await?,
        UserDeed::Confirm(args) => holder::confirm(&house, &args.name).await?,
        UserDeed::EndSessions(args) => holder::end_sessions(&house, &args.name).await?,
        UserDeed::Invite { email } => holder::invite(&house, &email).await?,
        UserDeed::Export(args) => holder::print(&house, &args.name).await?,
        UserDeed::Erase(args) => holder::erase(&house, &args.name).await?,
        UserDeed::Import { file } => import::run(&house, &file).await?,
    }
    house.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Registers an account; without a password it cannot sign in with one.
pub(crate) async fn add(
    house: &House,
    name: &str,
    email: &str,
    password: Option<&str>,
) -> anyhow::Result<AccountId> {
    let salt = house.ids.bytes();
    let password_hash = password.map(|password| secret::hash_password(password, &salt)).transpose()?;
    let command = RegisterAccount {
        account: AccountId(house.ids.v4()),
        name: name.parse()?,
        email: email.parse()?,
        password_hash,
        salt: house.ids.bytes(),
        origin: cairn_domain::account::Origin::Local,
        sign_up: cairn_commands::account::SignUp::default(),
    };
    Ok(house.commands.send(&command, Actor::Operator, None).await?.answer)
}

async fn run_add(house: &House, args: &UserAddArgs) -> anyhow::Result<()> {
    let password = if args.password_stdin { Some(read_password()?) } else { None };
    let account = add(house, &args.name, &args.email, password.as_deref()).await?;
    if args.trusted {
        send(house, &GrantTrust { account, reason: None }).await?;
    }
    if args.staff {
        send(house, &GrantStaff { account }).await?;
    }
    let how = if password.is_some() { "" } else { "; it has no password, so only tokens work for it" };
    out::err(&format!("{} is account {account}{how}", args.name));
    Ok(())
}

fn read_password() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("reading the password")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        bail!("standard input is empty, where a password is expected");
    }
    Ok(password)
}

async fn grant(house: &House, args: &UserRoleArgs) -> anyhow::Result<()> {
    let account = house.account(&args.name).await?;
    if args.trusted {
        send(house, &GrantTrust { account, reason: args.reason.clone() }).await?;
        out::err(&format!("{} is trusted", args.name));
    }
    if args.staff {
        send(house, &GrantStaff { account }).await?;
        out::err(&format!("{} is staff", args.name));
    }
    if args.admin {
        send(house, &GrantAdmin { account }).await?;
        out::err(&format!("{} is an admin", args.name));
    }
    Ok(())
}

async fn withdraw(house: &House, args: &UserRoleArgs) -> anyhow::Result<()> {
    let account = house.account(&args.name).await?;
    if args.trusted {
        send(house, &WithdrawTrust { account, reason: args.reason.clone() }).await?;
        out::err(&format!("{} is trusted no longer", args.name));
    }
    if args.admin {
        send(house, &WithdrawAdmin { account }).await?;
        out::err(&format!("{} is an admin no longer", args.name));
    }
    if args.staff {
        send(house, &WithdrawStaff { account }).await?;
        out::err(&format!("{} is staff no longer", args.name));
    }
    Ok(())
}

async fn block(house: &House, args: UserBlockArgs) -> anyhow::Result<()> {
    let UserBlockArgs { name, reason, until } = args;
    let account = house.account(&name).await?;
    house.projections.catch_up().await?;
    let mut read = house.projections.read().await?;
    let published = catalogue::published_by(&mut read, account, BLOCK_VERSIONS_MAX + 1).await?;
    drop(read);
    let published = published.into_iter().map(|(package, version)| Published { package, version }).collect();
    send(house, &BlockAccount { account, reason, until, published }).await?;
    let until = until.map_or_else(String::new, |until| format!(" until {until}"));
    out::err(&format!("{name} is blocked{until}: no credential of theirs works any more"));
    Ok(())
}

/// Lists people with their roles, after the read models have caught up with the log.
async fn list(house: &House, as_json: bool) -> anyhow::Result<()> {
    const PAGE: u32 = 500;
    house.projections.catch_up().await?;
    let now = house.clock.now();
    let mut after = String::new();
    loop {
        let mut read = house.projections.read().await?;
        let page = vault::people(read.tx(), &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(&last.name_folded);
        for person in &page {
            let role = people::account(&mut read, AccountId(person.account_id)).await?;
            let is = |of: fn(&people::Account) -> bool| role.as_ref().is_some_and(of);
            let (admin, staff, trusted) =
                (is(|role| role.admin), is(|role| role.staff), is(|role| role.trusted));
            let blocked = role.as_ref().is_some_and(|role| role.is_blocked(now));
            if as_json {
                let line = json!({ "account": person.account_id, "name": person.name, "email": person.email,
                    "admin": admin, "staff": staff, "trusted": trusted, "blocked": blocked });
                out::line(&line.to_string());
            } else {
                let words = [(admin, "admin"), (staff, "staff"), (trusted, "trusted"), (blocked, "blocked")];
                let words: Vec<&str> = words.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
                out::line(&format!("{:<24} {:<32} {}", person.name, person.email, words.join(" ")));
            }
        }
    }
}

async fn send<C: Command>(house: &House, command: &C) -> anyhow::Result<C::Answer> {
    Ok(house.commands.send(command, Actor::Operator, None).await?.answer)
}

//! `cairn owner`: who owns a plugin.

use crate::args::{InvitationArgs, OwnerArgs, OwnerDeed, OwnerReasonArgs, TeamOwnerArgs};
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_commands::Command;
use cairn_commands::plugin::{
    AcceptInvitation, AddOwner, AddTeamOwner, DeclineInvitation, InviteOwner, LeavePlugin, ReassignPlugin,
    RemoveOwner, RemoveTeamOwner, TransferOwnership, WithdrawInvitation,
};
use cairn_domain::ids::{AccountId, InvitationId};
use cairn_domain::names::PackageName;
use cairn_domain::{Actor, Refusal};
use cairn_projections::{Read, catalogue, people};
use std::process::ExitCode;

/// Carries out one deed and says what was done.
pub async fn run(config: &Config, args: OwnerArgs) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    let done = carry_out(&house, args).await;
    house.close().await;
    if let Some(said) = done? {
        out::err(&said);
    }
    Ok(ExitCode::SUCCESS)
}

async fn carry_out(house: &House, args: OwnerArgs) -> anyhow::Result<Option<String>> {
    let actor = match &args.account {
        Some(name) => house.actor(name).await?,
        None => Actor::Operator,
    };
    Ok(Some(match args.deed {
        OwnerDeed::List { plugin } => {
            list(house, &plugin.parse()?).await?;
            return Ok(None);
        }
        OwnerDeed::Invite { plugin, name, transfer } => {
            let command = InviteOwner {
                package: plugin.parse()?,
                account: house.account(&name).await?,
                transfer,
                invitation: InvitationId(house.ids.v4()),
            };
            let invited = send(house, actor, &command).await?;
            match (invited.invitation, invited.expires_at) {
                (Some(id), Some(end)) => format!("{name} has until {end} to answer invitation {id}"),
                _ => format!("{name} owns {plugin} already"),
            }
        }
        OwnerDeed::Accept(what) => {
            let (package, invitation) = invitation(&what)?;
            let owners = send(house, actor, &AcceptInvitation { package, invitation }).await?;
            format!("{} has one more owner", owners.package)
        }
        OwnerDeed::Decline(what) => {
            let (package, invitation) = invitation(&what)?;
            send(house, actor, &DeclineInvitation { package, invitation }).await?;
            "the invitation is declined".to_owned()
        }
        OwnerDeed::Withdraw(what) => {
            let (package, invitation) = invitation(&what)?;
            send(house, actor, &WithdrawInvitation { package, invitation }).await?;
            "the invitation is taken back".to_owned()
        }
        OwnerDeed::Add(OwnerReasonArgs { plugin, name, reason }) => {
            let account = house.account(&name).await?;
            send(house, actor, &AddOwner { package: plugin.parse()?, account, reason }).await?;
            format!("{name} owns {plugin} too")
        }
        OwnerDeed::Remove { plugin, name, reason } => {
            let account = house.account(&name).await?;
            send(house, actor, &RemoveOwner { package: plugin.parse()?, account, reason }).await?;
            format!("{name} owns {plugin} no longer")
        }
        OwnerDeed::Leave { plugin } => {
            send(house, actor, &LeavePlugin { package: plugin.parse()? }).await?;
            format!("{plugin} has one owner less")
        }
        OwnerDeed::Transfer { plugin, from, to, reason } => {
            let command = TransferOwnership {
                package: plugin.parse()?,
                from: house.account(&from).await?,
                to: house.account(&to).await?,
                reason,
            };
            send(house, actor, &command).await?;
            format!("{to} owns {plugin} in the place of {from}")
        }
        OwnerDeed::Reassign(OwnerReasonArgs { plugin, name, reason }) => {
            let (package, account) = (plugin.parse()?, house.account(&name).await?);
            house.projections.catch_up().await?;
            let mut read = house.projections.read().await?;
            let owners = catalogue::owners_of_package(&mut read, &package).await?;
            drop(read);
            send(house, actor, &ReassignPlugin { package, account, reason, owners }).await?;
            format!("{name} owns {plugin} in the place of those who are gone")
        }
        OwnerDeed::AddTeam(TeamOwnerArgs { plugin, team }) => {
            send(house, actor, &AddTeamOwner { package: plugin.parse()?, team: team.parse()? }).await?;
            format!("team {team} owns {plugin} too")
        }
        OwnerDeed::RemoveTeam(TeamOwnerArgs { plugin, team }) => {
            send(house, actor, &RemoveTeamOwner { package: plugin.parse()?, team: team.parse()? }).await?;
            format!("team {team} owns {plugin} no longer")
        }
    }))
}

/// An id that cannot be read is that of no invitation.
fn invitation(args: &InvitationArgs) -> Result<(PackageName, InvitationId), Refusal> {
    let id = args.invitation.parse().map_err(|_| Refusal::InvitationUnknown)?;
    Ok((args.plugin.parse()?, id))
}

async fn list(house: &House, package: &PackageName) -> anyhow::Result<()> {
    house.projections.catch_up().await?;
    let now = house.clock.now();
    let mut read = house.projections.read().await?;
    if catalogue::plugin_by_package(&mut read, package).await?.is_none() {
        return Err(Refusal::PluginUnknown { package: package.to_string() }.into());
    }
    let key = package.folded();
    for owner in catalogue::owners_of_package(&mut read, package).await? {
        out::line(&format!("account     {}", name_of(&mut read, owner).await?));
    }
    let teams = people::teams_owning(&mut read, &[key.as_str()]).await?.remove(&key).unwrap_or_default();
    for team in teams {
        out::line(&format!("team        {team}"));
    }
    for asked in people::invitations_of(&mut read, package, now).await? {
        let name = name_of(&mut read, asked.account).await?;
        out::line(&format!("invitation  {}  {name}  until {}", asked.id, asked.expires_at));
    }
    Ok(())
}

/// An account's name, or its id once its holder is forgotten.
pub(crate) async fn name_of(read: &mut Read, account: AccountId) -> anyhow::Result<String> {
    let known = people::account(read, account).await?;
    Ok(known.and_then(|account| account.name).unwrap_or_else(|| account.to_string()))
}

async fn send<C: Command>(house: &House, actor: Actor, command: &C) -> anyhow::Result<C::Answer> {
    Ok(house.commands.send(command, actor, None).await?.answer)
}

//! `cairn team`: teams and who is in them.

use super::owner::name_of;
use crate::args::{TeamArgs, TeamDeed, TeamMemberArgs};
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_commands::team::{AddTeamMember, FormTeam, RemoveTeamMember};
use cairn_domain::names::TeamName;
use cairn_domain::{Actor, Refusal};
use cairn_projections::people;
use std::process::ExitCode;

/// Carries out one deed and says what was done.
pub async fn run(config: &Config, args: TeamArgs) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    let done = carry_out(&house, args).await;
    house.close().await;
    if let Some(said) = done? {
        out::err(&said);
    }
    Ok(ExitCode::SUCCESS)
}

async fn carry_out(house: &House, args: TeamArgs) -> anyhow::Result<Option<String>> {
    let actor = match &args.account {
        Some(name) => house.actor(name).await?,
        None => Actor::Operator,
    };
    Ok(Some(match args.deed {
        TeamDeed::Show { team } => {
            show(house, &team.parse()?).await?;
            return Ok(None);
        }
        TeamDeed::Form { team } => {
            let formed = house.commands.send(&FormTeam { team: team.parse()? }, actor, None).await?;
            format!("there is a team {}", formed.answer.team)
        }
        TeamDeed::Add(TeamMemberArgs { team, name }) => {
            let account = house.account(&name).await?;
            let command = AddTeamMember { team: team.parse()?, account };
            let done = house.commands.send(&command, actor, None).await?;
            format!("{name} is in team {}", done.answer.team)
        }
        TeamDeed::Remove(TeamMemberArgs { team, name }) => {
            let account = house.account(&name).await?;
            let command = RemoveTeamMember { team: team.parse()?, account };
            let done = house.commands.send(&command, actor, None).await?;
            format!("{name} is not in team {}", done.answer.team)
        }
    }))
}

async fn show(house: &House, name: &TeamName) -> anyhow::Result<()> {
    house.projections.catch_up().await?;
    let mut read = house.projections.read().await?;
    let team = people::team(&mut read, name).await?;
    let team = team.ok_or_else(|| Refusal::TeamUnknown { team: name.to_string() })?;
    out::line(&format!("team    {}", team.name));
    for member in team.members {
        out::line(&format!("member  {}", name_of(&mut read, member).await?));
    }
    for package in team.packages {
        out::line(&format!("plugin  {package}"));
    }
    Ok(())
}

//! `cairn plugin`: what owners and staff make of a plugin as a whole.

use crate::args::{PluginArgs, PluginDeed, PluginDeprecateArgs, PluginEditArgs, PluginReviveArgs};
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_commands::Command;
use cairn_commands::plugin::{
    AllowRenaming, DeprecatePlugin, EditDetails, FeaturePlugin, MarkForDeletion, NameMaintainer,
    RestorePlugin, RevivePlugin, TombstonePlugin, UndeprecatePlugin, UnfeaturePlugin,
};
use cairn_domain::names::PackageName;
use cairn_domain::{Actor, Refusal};
use std::process::ExitCode;

/// Carries out one deed and says what was done.
pub async fn run(config: &Config, args: PluginArgs) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    let done = carry_out(&house, args).await;
    house.close().await;
    out::err(&done?);
    Ok(ExitCode::SUCCESS)
}

async fn carry_out(house: &House, args: PluginArgs) -> anyhow::Result<String> {
    let actor = match &args.account {
        Some(name) => house.actor(name).await?,
        None => Actor::Operator,
    };
    let send = Send { house, actor };
    Ok(match args.deed {
        PluginDeed::Edit(PluginEditArgs { plugin, tags, server }) => {
            let tags = tags.map(|tags| parse_tags(&tags)).transpose()?;
            let package = send.it(&EditDetails { package: plugin.parse()?, tags, server }).await?;
            format!("{package} says so")
        }
        PluginDeed::Maintainer { plugin, name } => {
            let account = match &name {
                Some(name) => Some(house.account(name).await?),
                None => None,
            };
            let package = send.it(&NameMaintainer { package: plugin.parse()?, account }).await?;
            format!("{} maintains {package}", name.as_deref().unwrap_or("nobody in particular"))
        }
        PluginDeed::AllowRenaming { plugin } => {
            let package = send.it(&AllowRenaming { package: plugin.parse()?, allowed: true }).await?;
            format!("the next versions of {package} may rename it")
        }
        PluginDeed::ForbidRenaming { plugin } => {
            let package = send.it(&AllowRenaming { package: plugin.parse()?, allowed: false }).await?;
            format!("{package} keeps its name")
        }
        PluginDeed::Deprecate(PluginDeprecateArgs { plugin, successor, reason }) => {
            let successor = successor.map(|successor| successor.parse()).transpose()?;
            let command = DeprecatePlugin { package: plugin.parse()?, successor, reason };
            format!("{} is deprecated", send.it(&command).await?)
        }
        PluginDeed::Undeprecate { plugin } => {
            let package = send.it(&UndeprecatePlugin { package: plugin.parse()? }).await?;
            format!("{package} is deprecated no longer, unless its metadata says so")
        }
        PluginDeed::Feature { plugin } => {
            format!("{} is recommended", send.it(&FeaturePlugin { package: plugin.parse()? }).await?)
        }
        PluginDeed::Unfeature { plugin } => {
            let package = send.it(&UnfeaturePlugin { package: plugin.parse()? }).await?;
            format!("{package} is recommended no longer")
        }
        PluginDeed::Delete(what) => {
            let command = MarkForDeletion { package: what.plugin.parse()?, reason: what.reason };
            format!("{} is hidden and can be restored for 30 days", send.it(&command).await?)
        }
        PluginDeed::Restore { plugin } => {
            format!("{} is back", send.it(&RestorePlugin { package: plugin.parse()? }).await?)
        }
        PluginDeed::Bury(what) => {
            let command = TombstonePlugin { package: what.plugin.parse()?, reason: what.reason };
            format!("{} is gone for good", send.it(&command).await?)
        }
        PluginDeed::Revive(PluginReviveArgs { plugin, owner, reason }) => {
            let account = house.account(&owner).await?;
            let command = RevivePlugin { package: plugin.parse()?, owner: account, reason };
            format!("{} is {owner}'s", send.it(&command).await?)
        }
    })
}

fn parse_tags<T: std::str::FromStr<Err = Refusal>>(text: &str) -> Result<Vec<T>, Refusal> {
    text.split(',').filter(|tag| !tag.trim().is_empty()).map(str::parse).collect()
}

/// Who does it, and where.
struct Send<'h> {
    house: &'h House,
    actor: Actor,
}

impl Send<'_> {
    async fn it<C: Command<Answer = PackageName>>(&self, command: &C) -> anyhow::Result<PackageName> {
        Ok(self.house.commands.send(command, self.actor, None).await?.answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_domain::names::Tag;

    #[test]
    fn tags_are_read_between_commas() {
        let tags: Vec<Tag> = parse_tags(" Raster,mesh, ,").unwrap();
        assert_eq!(tags.iter().map(Tag::as_str).collect::<Vec<_>>(), ["raster", "mesh"]);
        assert_eq!(parse_tags::<Tag>("").unwrap(), []);
        assert!(parse_tags::<Tag>(&"x".repeat(65)).is_err());
    }
}

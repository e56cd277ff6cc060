//! `cairn version`: what owners, approvers and staff make of a version.

use crate::args::{VersionArgs, VersionDeed};
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_commands::Command;
use cairn_commands::version::{
    DeleteVersion, PinVersion, RefuseVersion, UnapproveVersion, UnpinVersion, UnyankVersion, YankVersion,
};
use cairn_domain::Actor;
use std::process::ExitCode;

/// Carries out one deed and says what was done.
pub async fn run(config: &Config, args: VersionArgs) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    let done = carry_out(&house, args).await;
    house.close().await;
    out::err(&done?);
    Ok(ExitCode::SUCCESS)
}

async fn carry_out(house: &House, args: VersionArgs) -> anyhow::Result<String> {
    let actor = match &args.account {
        Some(name) => house.actor(name).await?,
        None => Actor::Operator,
    };
    Ok(match args.deed {
        VersionDeed::Unapprove(what) => {
            let (package, version, reason) = (what.plugin.parse()?, what.version, what.reason);
            let done = send(house, actor, &UnapproveVersion { package, version, reason }).await?;
            format!("{} {} is public no longer", done.package, done.version)
        }
        VersionDeed::Refuse(what) => {
            let command = RefuseVersion {
                package: what.plugin.parse()?,
                version: what.version,
                sha256: what.sha256.parse()?,
                base: what.base.map(|base| base.parse()).transpose()?,
                reason: what.reason,
            };
            let done = send(house, actor, &command).await?;
            format!("{} {} is refused", done.package, done.version)
        }
        VersionDeed::Yank { plugin, version, reason } => {
            let done = send(house, actor, &YankVersion { package: plugin.parse()?, version, reason }).await?;
            format!(
                "{} {} is yanked: out of the feeds, its page and its file stay",
                done.package, done.version
            )
        }
        VersionDeed::Unyank { plugin, version } => {
            let done = send(house, actor, &UnyankVersion { package: plugin.parse()?, version }).await?;
            format!("{} {} is offered again", done.package, done.version)
        }
        VersionDeed::Pin { plugin, version, channel } => {
            let command = PinVersion { package: plugin.parse()?, version, channel: channel.into() };
            let done = send(house, actor, &command).await?;
            format!("feeds offer {} {}", done.package, done.version)
        }
        VersionDeed::Unpin { plugin, channel } => {
            let command = UnpinVersion { package: plugin.parse()?, channel: channel.into() };
            format!("feeds offer the newest version of {}", send(house, actor, &command).await?)
        }
        VersionDeed::Delete(what) => {
            let (package, version, reason) = (what.plugin.parse()?, what.version, what.reason);
            let command = DeleteVersion { package, version, reason };
            let package = send(house, actor, &command).await?;
            format!("{package} {} is gone", command.version)
        }
    })
}

async fn send<C: Command>(house: &House, actor: Actor, command: &C) -> anyhow::Result<C::Answer> {
    Ok(house.commands.send(command, actor, None).await?.answer)
}

//! `cairn approve`: make a version public.

use crate::args::ApproveArgs;
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_commands::version::ApproveVersion;
use std::process::ExitCode;

/// Approves as an account, by the same rules as every other door.
pub async fn run(config: &Config, args: ApproveArgs) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    let actor = house.actor(&args.account).await?;
    let command =
        ApproveVersion { package: args.plugin.parse()?, version: args.version, sha256: None, base: None };
    let done = house.commands.send(&command, actor, None).await;
    house.close().await;
    let done = done?.answer;
    out::err(&format!("{} {} is approved", done.package, done.version));
    Ok(ExitCode::SUCCESS)
}

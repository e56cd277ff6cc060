//! `cairn upload`: a package from this machine.

use crate::args::UploadArgs;
use crate::commands::inspect::tell;
use crate::config::Config;
use crate::house::House;
use crate::out;
use anyhow::Context;
use cairn_commands::Fault;
use cairn_domain::Refusal;
use std::process::ExitCode;

/// Uploads as an account, by the same rules as every other door.
pub async fn run(config: &Config, args: UploadArgs) -> anyhow::Result<ExitCode> {
    let zip = std::fs::read(&args.file).with_context(|| format!("reading {}", args.file.display()))?;
    let house = House::open(config.clone()).await?;
    let actor = house.actor(&args.account).await?;
    let into = args.plugin.as_deref().map(str::parse).transpose()?;
    let received = house.intake().add(into, zip.into(), actor, None).await;
    house.close().await;
    match received {
        Ok(received) => {
            tell(&received.warnings);
            let done = received.done.answer;
            let state = if done.approved { "public" } else { "waiting for approval" };
            out::err(&format!("{} {} is {state}", done.package, done.version));
            Ok(ExitCode::SUCCESS)
        }
        Err(Fault::Refused(Refusal::PackageRefused { findings })) => {
            tell(&findings);
            Ok(ExitCode::FAILURE)
        }
        Err(fault) => Err(fault.into()),
    }
}

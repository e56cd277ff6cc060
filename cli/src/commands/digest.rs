//! `cairn digest`: what the read models hold, in one line each.

use crate::config::Config;
use crate::house::House;
use crate::out;
use std::process::ExitCode;

/// Brings the read models up to the log's head and prints their digests.
pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    house.projections.catch_up().await?;
    for (name, digest) in house.projections.digests().await? {
        out::line(&format!("{digest}  {name}"));
    }
    house.close().await;
    Ok(ExitCode::SUCCESS)
}

//! `cairn check`: the configuration in force, and whether what it names answers.

use crate::config::Config;
use crate::house::House;
use crate::out;
use std::process::ExitCode;

/// Prints the configuration as TOML with secrets hidden, then tries database, package store and projections.
pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    out::line(&config.to_string());
    let house = House::open(config.clone()).await?;
    let registry = house.commands.registry().head().await?;
    let downloads = house.downloads.head().await?;
    out::line(&format!(
        "\n# {}: registry log {registry} events, downloads log {downloads} rows",
        house.db.engine_name()
    ));
    house.blobs.exists(&"0".repeat(64)).await?;
    out::line("# packages: the store answers");
    let mut halted = false;
    for status in house.projections.status().await? {
        let state = match &status.halted {
            Some((position, fault)) => {
                halted = true;
                format!("HALTED at {position}: {fault}")
            }
            None => format!("{} of {}", status.next_position, status.head),
        };
        out::line(&format!("# {} (generation {}): {state}", status.name, status.generation));
    }
    house.close().await;
    Ok(if halted { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

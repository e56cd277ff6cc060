//! `cairn check`: the configuration in force, and whether what it names answers.

use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_domain::site::QgisReleases;
use cairn_outside::smtp::Mailer;
use cairn_reactors::qgis;
use std::process::ExitCode;

/// Prints the configuration as TOML with secrets hidden, then tries database, package store, projections, and the servers that
/// it names.
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
    let silent = !mail(&house, config).await? | !qgis_versions(&house).await?;
    house.close().await;
    Ok(if halted || silent { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Whether letters can be sent, if they shall be.
async fn mail(house: &House, config: &Config) -> anyhow::Result<bool> {
    let waiting = house.reactors().letters_waiting().await?;
    let Some(mail) = &config.mail else {
        out::line(&format!("# mail: smtp_url is not set, so nobody gets any; {waiting} letters wait"));
        return Ok(true);
    };
    let greeted = match Mailer::new(mail.server()) {
        Ok(mailer) => mailer.greet().await,
        Err(fault) => Err(fault),
    };
    match &greeted {
        Ok(()) => out::line(&format!("# mail: the server answers; {waiting} letters wait")),
        Err(fault) => out::line(&format!("# mail: NONE CAN BE SENT: {fault}; {waiting} letters wait")),
    }
    Ok(greeted.is_ok())
}

/// Whether the list of QGIS versions can be fetched, if it shall be.
async fn qgis_versions(house: &House) -> anyhow::Result<bool> {
    let Some(versions) = house.qgis_versions()? else { return Ok(true) };
    match qgis::fetch(&versions).await {
        Ok(QgisReleases { latest, ltr, .. }) => {
            out::line(&format!("# qgis versions: the list says latest {latest}, ltr {ltr}"));
            Ok(true)
        }
        Err(fault) => {
            out::line(&format!("# qgis versions: NOT LEARNED: {fault}"));
            Ok(false)
        }
    }
}

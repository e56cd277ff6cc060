//! `cairn qgis`: which QGIS versions feeds mean by their labels.

use crate::args::{QgisDeed, QgisSetArgs};
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_commands::site::SetQgisReleases;
use cairn_domain::Actor;
use cairn_domain::site::QgisReleases;
use std::process::ExitCode;

/// Sets or shows them.
pub async fn run(config: &Config, deed: QgisDeed) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    match deed {
        QgisDeed::Set(QgisSetArgs { latest, stable, ltr }) => {
            let releases = QgisReleases { latest, stable: stable.unwrap_or_else(|| ltr.clone()), ltr };
            let done = house.commands.send(&SetQgisReleases { releases }, Actor::Operator, None).await?;
            let QgisReleases { latest, stable, ltr } = done.answer;
            out::err(&format!("feeds mean by latest {latest}, by stable {stable} and by ltr {ltr}"));
        }
        QgisDeed::Show => show(&house).await?,
    }
    house.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn show(house: &House) -> anyhow::Result<()> {
    let known = house.commands.look(vec![], Actor::Operator).await?;
    if let Some(QgisReleases { latest, stable, ltr }) = &known.site().releases {
        out::line(&format!("latest {latest}\nstable {stable}\nltr    {ltr}"));
    } else {
        for (label, version) in &house.config.qgis_labels {
            out::line(&format!("{label:<6} {version}"));
        }
        out::err("these are from the settings, since nobody has told others yet");
    }
    Ok(())
}

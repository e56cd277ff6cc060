//! `cairn project`: only the workers.

use crate::config::Config;
use crate::house::House;
use std::process::ExitCode;

use super::serve::{log_as, record_metrics};

/// Builds read models until it is told to stop.
pub async fn run(config: Config) -> anyhow::Result<ExitCode> {
    log_as(&config)?;
    record_metrics()?;
    let house = House::open(config).await?;
    house.start_workers();
    house.start_reactors().await?;
    tracing::info!("projecting on {}", house.db.engine_name());
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    house.close().await;
    Ok(ExitCode::SUCCESS)
}

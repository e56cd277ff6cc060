//! `cairn rebuild`: read models anew from the log.

use crate::args::RebuildArgs;
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_projections::Name;
use indicatif::{ProgressBar, ProgressStyle};
use std::process::ExitCode;

/// Builds a new generation beside the live one, with a progress bar, and switches over.
pub async fn run(config: &Config, args: &RebuildArgs) -> anyhow::Result<ExitCode> {
    let names = match &args.name {
        Some(name) => vec![name.parse::<Name>()?],
        None => Name::ALL.to_vec(),
    };
    let house = House::open(config.clone()).await?;
    let style =
        ProgressStyle::with_template("{prefix:>12} [{bar:40}] {pos}/{len} rows  {per_sec}  {eta} left")?;
    for name in names {
        let bar = ProgressBar::new(0).with_style(style.clone()).with_prefix(name.to_string());
        house
            .projections
            .rebuild(name, |done, total| {
                bar.set_length(total);
                bar.set_position(done);
            })
            .await?;
        bar.finish();
        out::err(&format!("{name} is rebuilt from {} rows of its log", bar.position()));
    }
    house.close().await;
    Ok(ExitCode::SUCCESS)
}

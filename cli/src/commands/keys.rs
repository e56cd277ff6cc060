//! `cairn keys`: the keys that account tokens are signed with.

use crate::args::KeysDeed;
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_api::access_token::{KeyInfo, list, rotate};
use std::process::ExitCode;

/// Lists the keys, or makes a new one first.
pub async fn run(config: &Config, deed: &KeysDeed) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    let keys = match deed {
        KeysDeed::List => list(&house.db).await?,
        KeysDeed::Rotate => rotate(&house.db, &*house.clock, &house.ids).await?,
    };
    for key in &keys {
        out::line(&line_of(key));
    }
    house.close().await;
    Ok(ExitCode::SUCCESS)
}

fn line_of(key: &KeyInfo) -> String {
    let until = key.verifies_until.map_or("signs".to_owned(), |end| format!("verifies until {end}"));
    format!("{}  made {}  {until}", key.kid, key.created_at)
}

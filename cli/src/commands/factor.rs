//! `cairn factor`: second factors of people, for the operator.

use crate::args::FactorDeed;
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_commands::factor::{Factors, RemoveFactor};
use cairn_domain::account::FactorSort;
use cairn_domain::ids::FactorId;
use cairn_domain::{Actor, Refusal};
use std::process::ExitCode;
use std::sync::Arc;

/// Carries out one deed and says what was done.
pub async fn run(config: &Config, deed: FactorDeed) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    let outcome = match deed {
        FactorDeed::List { name } => list(&house, &name).await,
        FactorDeed::Remove { name, factor } => remove(&house, &name, factor.as_deref()).await,
    };
    house.close().await;
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn list(house: &House, name: &str) -> anyhow::Result<()> {
    let summary = factors(house).summary(house.account(name).await?).await?;
    for note in &summary.factors {
        let sort = match note.sort {
            FactorSort::Totp => "app    ",
            FactorSort::Passkey => "passkey",
        };
        let used = note
            .last_used_at
            .map_or_else(|| "never used".to_owned(), |at| format!("used {}", at.date_naive()));
        out::line(&format!(
            "{}  {sort}  {}  added {}, {used}",
            note.factor,
            note.label,
            note.added_at.date_naive()
        ));
    }
    let (factors, codes) = (summary.factors.len(), summary.recovery_codes_left);
    out::err(&format!("{name} has {factors} second factors and {codes} recovery codes"));
    Ok(())
}

async fn remove(house: &House, name: &str, factor: Option<&str>) -> anyhow::Result<()> {
    let account = house.account(name).await?;
    let wanted: Vec<FactorId> = if let Some(text) = factor {
        vec![text.parse().map_err(|_| Refusal::FactorUnknown)?]
    } else {
        let summary = factors(house).summary(account).await?;
        summary.factors.into_iter().map(|note| note.factor).collect()
    };
    for factor in &wanted {
        let command = RemoveFactor { account, factor: *factor, fresh: None };
        house.commands.send(&command, Actor::Operator, None).await?;
    }
    out::err(&format!("removed {} second factors of {name}", wanted.len()));
    Ok(())
}

fn factors(house: &House) -> Factors {
    Factors::new(house.commands.clone(), Arc::clone(&house.clock), &house.config.base_url)
}

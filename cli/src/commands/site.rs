//! `cairn site`: the rules that hold for everybody.

use crate::args::SiteDeed;
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_commands::site::SetPolicy;
use cairn_domain::site::{OnBlock, Policy, Registration, StaffFactor};
use cairn_domain::{Actor, Refusal};
use serde::de::{DeserializeOwned, IntoDeserializer, value::StrDeserializer};
use std::process::ExitCode;

/// Carries out one deed and says what was done.
pub async fn run(config: &Config, deed: SiteDeed) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    let done = carry_out(&house, deed).await;
    house.close().await;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn carry_out(house: &House, deed: SiteDeed) -> anyhow::Result<()> {
    match deed {
        SiteDeed::Show { json } => {
            let policy = house.commands.look(vec![], Actor::Operator).await?.site().policy;
            show(policy, json)
        }
        SiteDeed::Set { rules } => {
            let done = house.commands.send(&change(&rules)?, Actor::Operator, None).await?;
            show(done.answer, false)
        }
    }
}

/// The rules as they are set: `key=value`, one a line.
fn show(policy: Policy, as_json: bool) -> anyhow::Result<()> {
    let told = serde_json::to_value(policy)?;
    if as_json {
        out::line(&told.to_string());
        return Ok(());
    }
    for (key, value) in told.as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        out::line(&format!("{key}={value}"));
    }
    Ok(())
}

/// What `key=value`s ask for; a key that comes twice has its last value.
fn change(rules: &[String]) -> Result<SetPolicy, Refusal> {
    let mut change = SetPolicy::default();
    for rule in rules {
        let (key, value) = rule.split_once('=').unwrap_or((rule, ""));
        match key {
            "registration" => {
                change.registration = Some(word::<Registration>(key, value, "open, invite or closed")?);
            }
            "staff_factor" => {
                change.staff_factor = Some(word::<StaffFactor>(key, value, "auto, always or never")?);
            }
            "publisher_factor" => {
                let fault = |_| Refusal::invalid(key, "is true or false");
                change.publisher_factor = Some(value.parse().map_err(fault)?);
            }
            "on_block" => {
                change.on_block = Some(word::<OnBlock>(key, value, "keep, unapprove or review")?);
            }
            "token_days_max" => {
                let fault = |_| Refusal::invalid(key, "is a number of days, 1 to 3650");
                change.token_days_max = Some(value.parse().map_err(fault)?);
            }
            _ => return Err(Refusal::invalid(key, "is no rule; see `cairn site set --help`")),
        }
    }
    Ok(change)
}

/// A word as the log writes it.
fn word<T: DeserializeOwned>(key: &str, value: &str, words: &str) -> Result<T, Refusal> {
    let read: StrDeserializer<'_, serde::de::value::Error> = value.into_deserializer();
    T::deserialize(read).map_err(|_| Refusal::invalid(key, format!("is {words}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rules: &[&str]) -> Result<SetPolicy, Refusal> {
        change(&rules.iter().map(|rule| (*rule).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn every_rule_is_read() {
        let all = of(&[
            "registration=invite",
            "staff_factor=always",
            "publisher_factor=true",
            "on_block=review",
            "token_days_max=90",
        ]);
        let expected = SetPolicy {
            registration: Some(Registration::Invite),
            staff_factor: Some(StaffFactor::Always),
            publisher_factor: Some(true),
            on_block: Some(OnBlock::Review),
            token_days_max: Some(90),
        };
        assert_eq!(all, Ok(expected));
        assert_eq!(of(&["token_days_max=1", "token_days_max=2"]).unwrap().token_days_max, Some(2));
    }

    #[test]
    fn a_rule_that_cannot_be_read_says_what_it_may_be() {
        for (rule, told) in [
            ("registration=maybe", "registration: is open, invite or closed"),
            ("staff_factor", "staff_factor: is auto, always or never"),
            ("publisher_factor=yes", "publisher_factor: is true or false"),
            ("on_block=", "on_block: is keep, unapprove or review"),
            ("token_days_max=-1", "token_days_max: is a number of days, 1 to 3650"),
            ("colour=red", "colour: is no rule; see `cairn site set --help`"),
        ] {
            assert_eq!(of(&[rule]).unwrap_err().to_string(), told);
        }
    }
}

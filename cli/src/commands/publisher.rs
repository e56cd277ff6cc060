//! `cairn publisher`: workflows that publish without a kept secret, for the operator.

use crate::args::{PublisherDeed, PublisherNameArgs};
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_commands::publisher::{NamePublisher, RemovePublisher, workflow};
use cairn_domain::ids::PublisherId;
use cairn_domain::{Actor, Refusal};
use cairn_projections::people::{self, Publisher};
use std::process::ExitCode;

/// Names, lists or removes publishers.
pub async fn run(config: &Config, deed: PublisherDeed) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    match deed {
        PublisherDeed::Name(args) => name(&house, &args).await?,
        PublisherDeed::List { plugin } => {
            let mut read = house.projections.read().await?;
            for publisher in people::publishers_for(&mut read, &plugin.parse()?).await? {
                out::line(&line_of(&publisher));
            }
        }
        PublisherDeed::Remove { plugin, publisher } => {
            let publisher = publisher.parse::<PublisherId>().map_err(|_| Refusal::PublisherUnknown)?;
            let command = RemovePublisher { package: plugin.parse()?, publisher };
            house.commands.send(&command, Actor::Operator, None).await?;
            out::err(&format!("publisher {publisher} is removed"));
        }
    }
    house.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn name(house: &House, args: &PublisherNameArgs) -> anyhow::Result<()> {
    let actor = house.actor(&args.user).await?;
    let issuers = &house.config.publish_issuers;
    if !issuers.iter().any(|known| known.issuer.trim_end_matches('/') == args.issuer.trim_end_matches('/')) {
        let known: Vec<&str> = issuers.iter().map(|known| known.issuer.as_str()).collect();
        return Err(Refusal::invalid("issuer", format!("is one of {}", known.join(", "))).into());
    }
    let (environment, ref_pattern) = (args.environment.as_deref(), args.ref_pattern.as_deref());
    let command = NamePublisher {
        publisher: PublisherId(house.ids.v4()),
        package: args.plugin.parse()?,
        workflow: workflow(&args.issuer, &args.repository, &args.workflow, environment, ref_pattern)?,
        may_approve: args.may_approve,
    };
    let done = house.commands.send(&command, actor, None).await?;
    out::line(&done.answer.to_string());
    Ok(())
}

fn line_of(publisher: &Publisher) -> String {
    let workflow = &publisher.workflow;
    let only = |what: &str, text: &Option<String>| {
        text.as_ref().map_or(String::new(), |text| format!(", {what} {text}"))
    };
    format!(
        "{}  {} at {}, {}{}{}",
        publisher.id,
        workflow.repository,
        workflow.issuer,
        workflow.workflow,
        only("environment", &workflow.environment),
        only("ref", &workflow.ref_pattern),
    )
}

//! `cairn undo-actor`: undo what an account or a plugin token did since a time.

use crate::args::UndoArgs;
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_commands::undo::{Ask, Undone, Who, undo, who_is};
use cairn_domain::Actor;
use std::process::ExitCode;

/// Undoes, or with `--dry-run` tells what would be done.
pub async fn run(config: &Config, args: UndoArgs) -> anyhow::Result<ExitCode> {
    let house = House::open(config.clone()).await?;
    let undone = carry_out(&house, &args).await;
    house.close().await;
    let undone = undone?;
    if args.json {
        out::line(&serde_json::to_string(&undone)?);
    } else {
        tell(&undone, args.dry_run);
    }
    Ok(ExitCode::SUCCESS)
}

async fn carry_out(house: &House, args: &UndoArgs) -> anyhow::Result<Undone> {
    let actor = match &args.account {
        Some(name) => house.actor(name).await?,
        None => Actor::Operator,
    };
    let who = match args.actor.parse() {
        Ok(id) => who_is(&house.commands, id).await?,
        Err(_) => Who::Account(house.account(&args.actor).await?),
    };
    let ask = Ask { actor, who, since: args.since, dry_run: args.dry_run, now: house.clock.now() };
    Ok(undo(&house.commands, ask, None).await?.answer)
}

fn tell(undone: &Undone, dry_run: bool) {
    for taken in &undone.done {
        out::line(&format!("{:>10}  {:<24} {:<32} {}", taken.position, taken.deed, taken.stream, taken.by));
    }
    for left in &undone.left {
        let later = left.later.map_or_else(String::new, |position| format!(", at {position}"));
        let (position, deed, stream) = (left.position, &left.deed, &left.stream);
        out::line(&format!("{position:>10}  {deed:<24} {stream:<32} left: {}{later}", left.reason));
    }
    let word = if dry_run { "would be undone" } else { "undone" };
    out::err(&format!("{} {word}, {} left for you", undone.done.len(), undone.left.len()));
}

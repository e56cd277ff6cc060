//! `cairn events`: the registry log as JSON lines.

use crate::args::EventsArgs;
use crate::config::Config;
use crate::house::House;
use crate::out;
use cairn_domain::event::Stream;
use cairn_domain::names::PackageName;
use cairn_store::Recorded;
use serde_json::{Value, json};
use std::process::ExitCode;

/// How many events are read at once.
const PAGE: u32 = 1000;

/// How many events are shown when nothing says where to begin.
const LAST: u64 = 20;

/// Prints events, oldest first; with `--follow` goes on with what comes.
pub async fn run(config: &Config, args: EventsArgs) -> anyhow::Result<ExitCode> {
    let wanted = Wanted::of(&args)?;
    let house = House::open(config.clone()).await?;
    house.follow();
    let registry = house.commands.registry();
    let mut heads = registry.watch();
    let mut next = match args.after {
        Some(after) => after,
        None => registry.head().await?.saturating_sub(LAST),
    };
    let mut left = args.limit.unwrap_or(usize::MAX);
    while left > 0 {
        let page = registry.read(next, PAGE).await?;
        next += page.len() as u64;
        let last_page = page.len() < PAGE as usize;
        for event in page.iter().filter(|event| wanted.wants(event)).take(left) {
            out::line(&line(event).to_string());
            left -= 1;
        }
        if last_page && !args.follow {
            break;
        }
        if last_page {
            tokio::select! {
                changed = heads.wait_for(|head| *head > next) => { changed?; }
                _ = tokio::signal::ctrl_c() => break,
            }
        }
    }
    house.close().await;
    Ok(ExitCode::SUCCESS)
}

struct Wanted {
    kinds: Vec<String>,
    streams: Option<[String; 2]>,
}

impl Wanted {
    fn of(args: &EventsArgs) -> anyhow::Result<Self> {
        let package = args.plugin.as_deref().map(str::parse::<PackageName>).transpose()?;
        let streams =
            package.map(|package| [Stream::plugin(&package), Stream::votes(&package)].map(|s| s.to_string()));
        Ok(Self { kinds: args.kinds.clone(), streams })
    }

    fn wants(&self, event: &Recorded) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&event.kind))
            && self.streams.as_ref().is_none_or(|streams| streams.contains(&event.stream))
    }
}

/// One event as one object. A payload that is not JSON, which no version of this program writes, is told as null.
fn line(event: &Recorded) -> Value {
    let json_of = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or_default();
    json!({
        "position": event.position,
        "recorded_at": event.recorded_at,
        "event_id": event.event_id,
        "stream": event.stream,
        "version": event.version,
        "kind": event.kind,
        "schema": event.schema,
        "meta": json_of(&event.metadata),
        "payload": json_of(&event.payload),
    })
}

//! A made-up community for an empty repository: some 200 plugins, 60 people, four years, 120,000 downloads.
//!
//! Everything is done by the commands that people give, with a clock that is set to when they would have given them. So what
//! is shown is what such a history leads to, and nothing knows that it was made up.

mod catalogue;
mod chance;
mod downloads;
mod events;
mod icon;
mod lives;
mod package;
mod people;
mod plan;
mod releases;
mod stage;
mod texts;

use crate::config::Config;
use crate::house::House;
use crate::out;
use anyhow::{Context, bail};
use cairn_commands::secret;
use cairn_domain::download::{self, BATCH_ITEMS_MAX, Download};
use cairn_store::{Clock, FixedClock, NewBatch, SystemClock};
use chrono::{DateTime, Utc};
use downloads::Downloads;
use indicatif::{ProgressBar, ProgressStyle};
use plan::Plan;
use stage::Stage;
use std::sync::Arc;
use uuid::Uuid;

/// What everybody in the demo types to sign in.
pub const PASSWORD: &str = "one stone on another";

/// Whom a visitor of the demo can be: an author, and one of the staff.
pub const AUTHOR: &str = "ada";
/// See [`AUTHOR`].
pub const STAFF: &str = "grace";

/// The same community each time.
const SEED: u64 = 2_011;

/// Fills an empty repository, up to now.
pub async fn fill(config: &Config) -> anyhow::Result<()> {
    out::err(
        "  Making up a demo: 60 people, 200 plugins and what they did in four years. It takes a minute at most.",
    );
    fill_until(config, SystemClock.now()).await
}

/// [`fill`], as if it were `now`. Refused when anything has ever happened in the repository.
pub async fn fill_until(config: &Config, now: DateTime<Utc>) -> anyhow::Result<()> {
    let clock = Arc::new(FixedClock::at(now));
    let house = House::open_with(config.clone(), clock.clone()).await?;
    let done = fill_house(&house, &clock, now).await;
    house.close().await;
    done
}

async fn fill_house(house: &House, clock: &FixedClock, now: DateTime<Utc>) -> anyhow::Result<()> {
    let used = house.commands.registry().head().await? + house.downloads.head().await?;
    if used > 0 {
        bail!(
            "--demo fills an empty repository only, and something has happened in {} already; name another folder, as in \
             `cairn --data-dir demo serve --demo`, or leave --demo away",
            house.db.engine_name()
        );
    }
    let plan = Plan::new(SEED, now);
    let days = u64::try_from((plan.span.1 - plan.span.0).num_days()).expect("it ends after it begins");
    let bar = ProgressBar::new(plan.steps.len() as u64 + days);
    bar.set_style(ProgressStyle::with_template("  {msg:<28} [{bar:40}] {percent}%")?);

    bar.set_message("people work for four years");
    let hash = secret::hash_password(PASSWORD, &house.ids.bytes())?;
    let mut stage = Stage::new(house, &plan, hash);
    for (at, act) in &plan.steps {
        clock.set(*at);
        stage.carry_out(act).await.with_context(|| format!("making up what happened at {at}"))?;
        bar.inc(1);
    }
    bar.set_message("others download");
    clock.set(plan.span.0);
    record(house, clock, Downloads::new(SEED, &plan, &stage.public), &bar).await?;
    clock.set(now);
    bar.set_message("pages are made ready");
    house.projections.catch_up().await?;
    bar.finish_and_clear();
    Ok(())
}

/// Writes downloads as a server would have, but for the time between two batches.
async fn record(
    house: &House,
    clock: &FixedClock,
    downloads: Downloads<'_>,
    bar: &ProgressBar,
) -> anyhow::Result<()> {
    let (writer_id, mut writer_seq) = (house.ids.v4(), 0);
    let mut waiting: Vec<Download> = Vec::new();
    for day in downloads {
        waiting.extend(day);
        while waiting.len() >= BATCH_ITEMS_MAX {
            let rest = waiting.split_off(BATCH_ITEMS_MAX);
            writer_seq += 1;
            append(house, clock, (writer_id, writer_seq), &waiting).await?;
            waiting = rest;
        }
        bar.inc(1);
    }
    if !waiting.is_empty() {
        append(house, clock, (writer_id, writer_seq + 1), &waiting).await?;
    }
    Ok(())
}

async fn append(
    house: &House,
    clock: &FixedClock,
    (writer_id, writer_seq): (Uuid, u64),
    items: &[Download],
) -> anyhow::Result<()> {
    let time = |item: Option<&Download>| item.and_then(|item| DateTime::from_timestamp_millis(item.at_ms));
    let (first_at, last_at) =
        time(items.first()).zip(time(items.last())).context("a batch has a first and a last item")?;
    clock.set(last_at);
    let batch = NewBatch {
        writer_id,
        writer_seq,
        first_at,
        last_at,
        n: u32::try_from(items.len()).context("a batch is small")?,
        format: u16::try_from(download::FORMAT).context("the format is a small number")?,
        body: download::encode(items),
    };
    house.downloads.append(&batch).await?;
    Ok(())
}

/// Tells a newcomer whom they can be and where to look.
pub(crate) fn tell(config: &Config) {
    let base = config.base_url.as_str().trim_end_matches('/');
    out::line("  This is a demo: every plugin, person and number in it is made up.");
    out::line("      visitor   needs no account");
    out::line(&format!("      author    name {AUTHOR}, password {PASSWORD}"));
    out::line(&format!("      staff     name {STAFF}, password {PASSWORD}"));
    out::line("  Begin at");
    for (path, what) in
        [("/", "the home page"), ("/plugins/contour_loom/", "a plugin"), ("/account/sign-in/", "signing in")]
    {
        out::line(&format!("      {:<44} {what}", format!("{base}{path}")));
    }
    if !config.listen.ip().is_loopback() {
        out::line("  Everybody who reaches this address can be staff here: the password is in the program.");
    }
}

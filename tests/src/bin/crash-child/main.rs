//! The program that the crash test kills: appends to both logs, projects, and tells each thing that it was promised.
//!
//! `crash-child URL SEED ROUND AHEAD_SECS REBUILD NEXT…`: the database, what chance begins with, the number of this
//! process among those before it, how far its clock is ahead, whether to rebuild the catalogue meanwhile, and the next
//! deed of each teller. Ends well when its standard input does.

mod ack;
mod downloads;
mod story;

use ack::Ack;
use cairn_commands::{Command, Commands, Fault};
use cairn_domain::Refusal;
use cairn_projections::{Name, Projections};
use cairn_store::{Clock, Db, Downloads, Ids, Registry, SystemClock};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use std::io::{Read, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use story::{Deed, TELLERS, What};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Small pages, so that a kill finds many checkpoints on their way.
const ROWS_PER_PAGE: u32 = 7;

/// How often a deed is tried, and the pause between: two seconds.
const ATTEMPTS_MAX: u32 = 100;
const PAUSE: Duration = Duration::from_millis(20);

/// How late answers come over a slow line.
const SLOW_LINE: Duration = Duration::from_millis(5);

/// The machine's clock, moved: leases of those who were killed have run out, and now and then time steps back.
#[derive(Debug)]
struct MovedClock(TimeDelta);

impl Clock for MovedClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + self.0
    }
}

/// What the parent asked for.
struct Asked {
    url: String,
    seed: u64,
    round: u64,
    ahead: TimeDelta,
    rebuild: bool,
    next: Vec<u32>,
}

impl Asked {
    fn read() -> Option<Self> {
        let mut words = std::env::args().skip(1);
        Some(Self {
            url: words.next()?,
            seed: words.next()?.parse().ok()?,
            round: words.next()?.parse().ok()?,
            ahead: TimeDelta::seconds(words.next()?.parse().ok()?),
            rebuild: words.next()?.parse().ok()?,
            next: words.map(|word| word.parse().ok()).collect::<Option<_>>()?,
        })
    }
}

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    let asked = Asked::read().filter(|asked| asked.next.len() == TELLERS as usize);
    let Some(asked) = asked else {
        tell(&Ack::Fault("usage: crash-child URL SEED ROUND AHEAD_SECS REBUILD NEXT…".into()));
        return ExitCode::FAILURE;
    };
    match run(asked).await {
        Ok(()) => {
            tell(&Ack::End);
            ExitCode::SUCCESS
        }
        Err(fault) => {
            tell(&Ack::Fault(fault));
            ExitCode::FAILURE
        }
    }
}

async fn run(asked: Asked) -> Result<(), String> {
    let clock: Arc<dyn Clock> = Arc::new(MovedClock(asked.ahead));
    let db = Db::open(&asked.url).await.map_err(|fault| format!("opening: {fault:?}"))?;
    let registry = Registry::new(db.clone(), Arc::clone(&clock));
    let log = Downloads::new(db.clone(), Arc::clone(&clock));
    let commands = Commands::new(registry.clone(), Arc::new(Ids::random()));
    let projections = Projections::new(registry.clone(), log.clone(), clock, Arc::new(Ids::random())).await;
    let projections =
        projections.map_err(|fault| format!("projecting: {fault:?}"))?.with_rows_per_page(ROWS_PER_PAGE);

    let (workers, tellers, cancel) = (TaskTracker::new(), TaskTracker::new(), CancellationToken::new());
    end_with_input(cancel.clone());
    let stop_workers = CancellationToken::new();
    registry.follow(&workers, stop_workers.clone());
    log.follow(&workers, stop_workers.clone());
    projections.spawn_workers(&workers, stop_workers.clone());
    for name in Name::ALL {
        workers
            .spawn(stop_workers.clone().run_until_cancelled_owned(tell_progress(projections.clone(), name)));
    }
    if asked.rebuild {
        let projections = projections.clone();
        let rebuilding = async move {
            // Another process's rebuild may have come between; workers bring what is begun to its end.
            let _ = projections.rebuild(Name::Catalogue, |_, _| {}).await;
        };
        workers.spawn(stop_workers.clone().run_until_cancelled_owned(rebuilding));
    }
    downloads::spawn(log, asked.seed, asked.round, &tellers, &workers, &cancel, &stop_workers);
    for (teller, next) in (0..).zip(asked.next) {
        tellers.spawn(tell_story(commands.clone(), teller, next, cancel.clone()));
    }

    tellers.close();
    tellers.wait().await;
    stop_workers.cancel();
    workers.close();
    workers.wait().await;
    db.close().await;
    Ok(())
}

/// Cancels when standard input ends, which it also does when the parent is gone.
fn end_with_input(cancel: CancellationToken) {
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        cancel.cancel();
    });
}

async fn tell_progress(projections: Projections, name: Name) {
    let mut progress = projections.watch(name);
    while progress.changed().await.is_ok() {
        tell(&Ack::Projected);
    }
}

/// Does deed after deed, from the last one that was answered before the kill, which must be answered the same again. The
/// first teller's answers come late, as over a slow line, so that many kills find a deed done and not answered. Does not end
/// before the deed that nobody knows the outcome of.
async fn tell_story(commands: Commands, teller: u32, next: u32, cancel: CancellationToken) {
    let mut n = next.saturating_sub(1);
    while n <= next || !cancel.is_cancelled() {
        let answered = answer(&commands, &story::deed(teller, n)).await;
        if teller == 0 {
            sleep(SLOW_LINE).await;
        }
        match answered {
            Ok((repeated, head, answer)) => tell(&Ack::Deed { teller, n, repeated, head, answer }),
            Err(fault) => {
                tell(&Ack::Fault(format!("deed {n} of teller {teller}: {fault:?}")));
                return cancel.cancel();
            }
        }
        n += 1;
    }
}

async fn answer(commands: &Commands, deed: &Deed) -> Result<(bool, u64, String), Fault> {
    match &deed.what {
        What::Register(command) => send(commands, command, deed).await,
        What::Upload(command) => send(commands, &**command, deed).await,
        What::Approve(command) => send(commands, command, deed).await,
        What::Vote(command) => send(commands, command, deed).await,
        What::Join(command) => send(commands, command, deed).await,
        What::Leave(command) => send(commands, command, deed).await,
        What::Trust(command) => send(commands, command, deed).await,
    }
}

/// Sends a command under its key, again if the database has to get rid of the killed process first.
async fn send<C: Command>(
    commands: &Commands,
    command: &C,
    deed: &Deed,
) -> Result<(bool, u64, String), Fault> {
    for attempt in 1.. {
        match commands.send(command, deed.actor, Some(&deed.key)).await {
            Ok(done) => return Ok((done.repeated, done.position, json!(done.answer).to_string())),
            Err(Fault::Refused(refusal)) => return refused(deed, refusal),
            Err(Fault::Store(fault)) if fault.is_transient() && attempt < ATTEMPTS_MAX => sleep(PAUSE).await,
            Err(fault) => return Err(fault),
        }
    }
    unreachable!("the last attempt answers")
}

fn refused(deed: &Deed, refusal: Refusal) -> Result<(bool, u64, String), Fault> {
    if deed.leaves.is_empty() { Ok((false, 0, json!(refusal).to_string())) } else { Err(refusal.into()) }
}

/// One line in one write, so that a kill leaves no half of one. A parent that is gone is no reason to stop.
fn tell(ack: &Ack) {
    let _ = std::io::stdout().write_all(format!("{ack}\n").as_bytes());
}

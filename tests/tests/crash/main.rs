//! A process that appends to both logs and projects is killed at random moments, again and again. Whatever it was
//! promised is there, once, and what people read is what the logs say.
//!
//! The child is `src/bin/crash-child`. `CAIRN_CRASH_SEED` repeats a run as far as chance is the test's own.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the answer")]

#[path = "../../src/bin/crash-child/ack.rs"]
mod ack;
mod check;
mod child;
mod disk_full;
mod promised;
#[expect(dead_code, reason = "the deeds are done by the child; the test knows what they leave behind")]
#[path = "../../src/bin/crash-child/story.rs"]
mod story;

use cairn_store::{Engine, Ids, both};
use child::Child;
use promised::Promised;
use std::time::{Duration, Instant};

/// How often the child is killed.
fn rounds(engine: Engine) -> u64 {
    match engine {
        Engine::Sqlite => 100,
        Engine::Postgres => 30,
    }
}

both!(what_a_killed_process_was_promised_is_there_once, |t| {
    // The child shall be the only one that has the database open, so that its death leaves a log to recover.
    t.db.close().await;
    let (url, rounds) = (t.url(), rounds(t.db.engine()));
    let mut chance = Chance(seed());
    eprintln!("CAIRN_CRASH_SEED={}", chance.0);
    let (mut promised, mut seen, mut projecting, began) =
        (Promised::default(), check::Seen::default(), 0, Instant::now());
    for round in 0..rounds {
        eprintln!("round {round}, {:?} after the beginning", began.elapsed());
        let mut child = Child::start(url, chance.0, round, &promised);
        if chance.below(10) == 0 {
            // While it opens the database.
            tokio::time::sleep(Duration::from_millis(chance.below(40))).await;
        } else {
            child.first_line().await;
            tokio::time::sleep(Duration::from_millis(50 + chance.below(200))).await;
        }
        let acks = child.kill();
        projecting += u64::from(acks.contains(&ack::Ack::Projected));
        promised.take(acks);
        check::go_on(url, &mut seen, &promised).await;
    }
    eprintln!("round {rounds}, the last, ends well");
    let mut child = Child::start(url, chance.0, rounds, &promised);
    child.first_line().await;
    promised.take(child.end());
    check::go_on(url, &mut seen, &promised).await;
    check::all(url, &promised).await;
    assert!(projecting > rounds / 4, "the child projected in {projecting} rounds of {rounds} only");
    assert!(promised.met_again > 0, "no process ever met a deed of the one before it");
    eprintln!("{promised}; the child projected in {projecting} rounds");
});

/// Numbers by chance, the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn seed() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "whoever looks for a fault gives the seed that found it")]
    let given = std::env::var("CAIRN_CRASH_SEED").ok();
    given.map_or_else(
        || u64::from_be_bytes(Ids::random().bytes()),
        |seed| seed.parse().expect("a seed is a number"),
    )
}

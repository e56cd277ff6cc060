//! Measures Cairn, each time against a reference in the same run on the same machine.
//!
//! `cargo bench -p cairn-tests --bench measure` runs all in full size; `-- append feed` only these, `-- --quick` a small size
//! whose figures mean nothing, as `cargo test` does to see that all still runs, and `-- --rounds 7` each comparison seven
//! times. Nothing here fails for being slow. What came out on which machine is in `docs/benchmarks.md`.

mod append;
mod bare;
mod catalogue;
mod downloads;
mod feed;
mod figures;
mod machine;
mod pages;
mod replay;
mod server;
mod upload;
mod visible;
mod wrk;

use cairn_store::Engine;
use figures::say;
use std::process::ExitCode;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Only to see that it runs.
    pub(crate) quick: bool,
    /// How often each comparison is repeated.
    pub(crate) rounds: usize,
}

impl Size {
    /// `full`, or `quick` of it when it is only to be seen that it runs.
    pub(crate) fn of<T>(self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }
}

const BOTH: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

/// The name of the whole as a test.
const TEST: &str = "every_bench_still_runs";

const ALL: [&str; 6] = ["append", "replay", "feed", "visible", "upload", "pages"];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|first| first == "serve") {
        return server::serve();
    }
    if args.iter().any(|arg| arg == "--list") {
        list(&args);
        return ExitCode::SUCCESS;
    }
    match asked(&args) {
        // Somebody filters tests, and this is none of those.
        Err(_) if !args.iter().any(|arg| arg == "--bench") => ExitCode::SUCCESS,
        Ok((names, size)) => {
            say(&machine::described());
            for name in names {
                measure(name, size);
            }
            ExitCode::SUCCESS
        }
        Err(wrong) => {
            say(&format!("{wrong}; there are: {} --quick --rounds N", ALL.join(" ")));
            ExitCode::from(2)
        }
    }
}

/// What test runners ask every test program.
fn list(args: &[String]) {
    if !args.iter().any(|arg| arg == "--ignored") {
        say(&format!("{TEST}: test"));
    }
}

/// What to measure, and how much of it. `cargo bench` adds `--bench`; without it this is a test, so quick.
fn asked(args: &[String]) -> Result<(Vec<&str>, Size), String> {
    let has = |flag: &str| args.iter().any(|arg| arg == flag);
    let mut size = Size { quick: has("--quick") || !has("--bench"), rounds: 3 };
    if size.quick {
        size.rounds = 1;
    }
    let mut names = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "--rounds" => {
                let rounds = rest.next().and_then(|text| text.parse().ok()).filter(|rounds| *rounds > 0);
                size.rounds = rounds.ok_or("--rounds wants a number from 1 on")?;
            }
            // Of `cargo bench` and of test runners.
            "--quick" | "--bench" | "--exact" | "--nocapture" | TEST => {}
            name if ALL.contains(&name) => names.push(name),
            other => return Err(format!("{other} is not to be measured")),
        }
    }
    Ok((if names.is_empty() { ALL.to_vec() } else { names }, size))
}

fn measure(name: &str, size: Size) {
    say(&format!("\n{name}, load average {}", machine::load()));
    match name {
        "append" => BOTH.into_iter().for_each(|engine| append::measure(engine, size)),
        "replay" => BOTH.into_iter().for_each(|engine| replay::measure(engine, size)),
        "feed" => feed::measure(size),
        "visible" => visible::measure(size),
        "pages" => BOTH.into_iter().for_each(|engine| pages::measure(engine, size)),
        "upload" => BOTH.into_iter().for_each(|engine| upload::measure(engine, size)),
        _ => unreachable!("asked() lets nothing else through"),
    }
    say(&format!("done, load average {}", machine::load()));
}

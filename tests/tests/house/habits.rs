//! Plain habits of our files.

use crate::tree::{File, files};
use std::collections::BTreeSet;

/// The most lines of a Rust file; a hundred or two are natural.
const LINES_MAX: usize = 600;

/// Who may ask the environment, and for what: the configuration, and people who run tests.
const ENVIRONMENT: [&str; 4] =
    ["cli/src/config.rs", "cli/src/args.rs", "store/src/testing/", "store/postgres_here.rs"];

fn rust() -> Vec<File> {
    files().into_iter().filter(|file| file.has_extension("rs")).collect()
}

/// A module of tests may say it by the names of its claims.
#[test]
fn every_rust_file_says_first_what_it_is() {
    for file in rust().iter().filter(|file| file.is_program() || file.path.starts_with("tests/")) {
        let first = file.text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! "), "{} begins with {first:?}", file.path);
    }
}

#[test]
fn no_rust_file_is_a_book() {
    let rust = rust();
    let longest = rust.iter().max_by_key(|file| file.text.lines().count()).expect("there is Rust");
    let lines = longest.text.lines().count();
    eprintln!("the longest file is {} with {lines} lines", longest.path);
    assert!(
        lines <= LINES_MAX,
        "{} has {lines} lines; look for the idea inside it that wants a file",
        longest.path
    );
}

#[test]
fn only_the_configuration_asks_the_environment() {
    for file in rust().iter().filter(|file| file.is_program() || file.path.ends_with("build.rs")) {
        if ENVIRONMENT.iter().any(|allowed| file.path.starts_with(allowed)) {
            continue;
        }
        for (number, line) in file.program_lines() {
            let asks =
                ["env::var", "env::set_var", "env::temp_dir", "env::home_dir", "option_env!", "\"CAIRN_"];
            let asks = asks.iter().any(|way| line.contains(way)) && !line.trim_start().starts_with("//");
            assert!(!asks, "{}:{number} asks the environment: {line}", file.path);
        }
    }
}

/// Folders of one machine, and places that packages come from there. Each is written in two parts, so that this file is
/// not one of those it looks for.
const OF_ONE_MACHINE: [(&str, &str); 12] = [
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/Us", "ers/"),
    ("C:\\\\Us", "ers"),
    ("/tmp/ta", "rget"),
    ("spar", "se+http"),
    ("--index", "-url"),
    ("INDEX", "_URL"),
    ("replace", "-with"),
    ("regis", "try.npmjs"),
    (".cargo/regi", "stry/src"),
];

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    for file in files().iter().filter(|file| !is_foreign(&file.path)) {
        for (number, line) in (1..).zip(file.text.lines()) {
            let found = OF_ONE_MACHINE.iter().find(|(one, two)| line.contains(&format!("{one}{two}")));
            assert_eq!(found, None, "{}:{number} {line}", file.path);
        }
    }
}

/// Texts that other people wrote, kept as they were for tests.
fn is_foreign(path: &str) -> bool {
    path.contains("/fixtures/") || path.contains("/captures/")
}

#[test]
fn all_crates_come_from_one_registry_and_none_from_a_repository() {
    let mut sources = BTreeSet::new();
    let files = files();
    let locks = files.iter().filter(|file| file.path.ends_with("Cargo.lock"));
    for line in locks.flat_map(|lock| lock.text.lines()) {
        sources.extend(line.strip_prefix("source = "));
    }
    let sources: Vec<&str> = sources.into_iter().collect();
    assert!(sources.len() == 1 && sources[0].starts_with("\"registry+"), "{sources:?}");
}

#[test]
fn texts_are_plain() {
    for file in files() {
        assert!(!file.text.contains('\r') || is_foreign(&file.path), "{} has carriage returns", file.path);
        for (number, line) in (1..).zip(file.text.lines()) {
            let conflict = ["<<<<<<< ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark));
            assert!(!conflict, "{}:{number} is left from a merge", file.path);
        }
    }
}

//! `domain ← store ← {commands, projections} ← api ← web ← cli`, with `outside` beside the store and `reactors` beside the API, and
//! which outside crates each of them may name.

use crate::tree::top;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Each crate of ours with those it may know. Tests know everything.
const HOUSE: [(&str, &[&str]); 9] = [
    ("cairn-domain", &[]),
    ("cairn-store", &["cairn-domain"]),
    ("cairn-commands", &["cairn-domain", "cairn-store"]),
    ("cairn-projections", &["cairn-domain", "cairn-store"]),
    ("cairn-outside", &["cairn-domain"]),
    ("cairn-reactors", &["cairn-domain", "cairn-store", "cairn-commands", "cairn-outside"]),
    ("cairn-api", &["cairn-domain", "cairn-store", "cairn-commands", "cairn-projections", "cairn-outside"]),
    ("cairn-web", &["cairn-domain", "cairn-store", "cairn-commands", "cairn-projections", "cairn-api"]),
    (
        "cairn-cli",
        &[
            "cairn-domain",
            "cairn-store",
            "cairn-commands",
            "cairn-projections",
            "cairn-outside",
            "cairn-reactors",
            "cairn-api",
            "cairn-web",
        ],
    ),
];

/// Outside crates that only these of ours may name.
const RESERVED: [(&str, &[&str]); 26] = [
    ("sqlx", &["cairn-store"]),
    ("object_store", &["cairn-store"]),
    ("getrandom", &["cairn-store", "cairn-commands"]),
    ("argon2", &["cairn-commands"]),
    ("webauthn-rs", &["cairn-commands"]),
    ("totp-rs", &["cairn-commands"]),
    ("qrcode", &["cairn-commands"]),
    // In outside only for its tests.
    ("axum", &["cairn-api", "cairn-web", "cairn-cli", "cairn-outside"]),
    ("tower", &["cairn-api", "cairn-web"]),
    ("tower-http", &["cairn-api", "cairn-web"]),
    ("http-body-util", &["cairn-api"]),
    ("async-graphql", &["cairn-api"]),
    ("jsonwebtoken", &["cairn-api", "cairn-outside"]),
    ("reqwest", &["cairn-outside"]),
    ("lettre", &["cairn-outside"]),
    ("ldap3", &["cairn-outside"]),
    ("openidconnect", &["cairn-outside"]),
    ("maxminddb", &["cairn-api"]),
    ("askama", &["cairn-web", "cairn-reactors"]),
    ("graphql_client", &["cairn-web"]),
    ("comrak", &["cairn-web"]),
    ("ammonia", &["cairn-web"]),
    ("clap", &["cairn-cli"]),
    ("toml", &["cairn-cli"]),
    ("indicatif", &["cairn-cli"]),
    ("tracing-subscriber", &["cairn-cli"]),
];

/// All that `domain` may name: nothing that does IO, waits, or reads a clock.
const PURE: [&str; 12] = [
    "chrono",
    "image",
    "quick-xml",
    "rust-ini",
    "serde",
    "serde_json",
    "sha2",
    "spdx",
    "thiserror",
    "unicode-normalization",
    "uuid",
    "zip",
];

/// What each crate of the workspace names, for itself and for its tests.
struct Crate {
    names: BTreeSet<String>,
    names_in_tests: BTreeSet<String>,
}

fn crates() -> BTreeMap<String, Crate> {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(top())
        .output()
        .expect("cargo runs, since it runs this test");
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages.map(|package| (text(&package["name"]), crate_of(&package["dependencies"]))).collect()
}

fn crate_of(dependencies: &Value) -> Crate {
    let (tests, program): (Vec<&Value>, Vec<&Value>) =
        dependencies.as_array().unwrap().iter().partition(|dependency| dependency["kind"] == "dev");
    let names = |dependencies: Vec<&Value>| dependencies.iter().map(|one| text(&one["name"])).collect();
    Crate { names: names(program), names_in_tests: names(tests) }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn ours(names: &BTreeSet<String>) -> BTreeSet<&str> {
    names.iter().map(String::as_str).filter(|name| name.starts_with("cairn-")).collect()
}

#[test]
fn knowledge_flows_one_way() {
    let crates = crates();
    for (name, may_know) in HOUSE {
        let knows = &crates[name];
        let strangers: Vec<&str> =
            ours(&knows.names).into_iter().filter(|known| !may_know.contains(known)).collect();
        assert!(strangers.is_empty(), "{name} must not know {strangers:?}");
        // A crate may name itself for its tests, with more features.
        let in_tests = ours(&knows.names_in_tests).into_iter();
        let strangers: Vec<&str> =
            in_tests.filter(|known| *known != name && !may_know.contains(known)).collect();
        assert!(strangers.is_empty(), "the tests of {name} must not know {strangers:?}");
    }
    let unplaced: Vec<&String> = crates
        .keys()
        .filter(|name| !HOUSE.iter().any(|(known, _)| known == name) && !is_for_tests(name))
        .collect();
    assert!(unplaced.is_empty(), "these crates have no place in the house yet: {unplaced:?}");
}

#[test]
fn outside_crates_stay_where_they_belong() {
    let crates = crates();
    for (outside, belongs_to) in RESERVED {
        for (name, knows) in crates.iter().filter(|(name, _)| !is_for_tests(name)) {
            let named = knows.names.contains(outside) || knows.names_in_tests.contains(outside);
            assert!(!named || belongs_to.contains(&name.as_str()), "{name} must not name {outside}");
        }
        assert!(
            belongs_to.iter().any(|name| crates[*name].names.contains(outside)),
            "nobody names {outside} any more"
        );
    }
}

#[test]
fn the_domain_is_pure() {
    let crates = crates();
    let named: Vec<&String> = crates["cairn-domain"].names.iter().collect();
    let impure: Vec<_> = named.iter().filter(|name| !PURE.contains(&name.as_str())).collect();
    assert!(impure.is_empty(), "the domain must not name {impure:?}");
}

/// Crates of tests and benches.
fn is_for_tests(name: &str) -> bool {
    name.starts_with("cairn-tests") || name == "cairn-benches"
}

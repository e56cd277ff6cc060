//! Nothing that can be done is missing from the table.

use crate::deeds::{Deed, deeds};
use crate::table::Table;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Commands whose outcome does not depend on a role, each with what it depends on instead.
const NOT_BY_ROLE: &[(&str, &str)] = &[
    ("ask_password_reset", "anybody may ask; how often is limited"),
    ("confirm_email", "the mailed link"),
    ("end_session", "the session is the asker's own"),
    ("exchange_identity", "what a CI service says of a run"),
    ("link_identity", "what a provider says of whoever is signed in"),
    ("make_recovery_codes", "the asker has a second factor"),
    ("open_session", "the password was right"),
    ("open_with_factor", "the second factor was right"),
    ("register_by_identity", "what a provider or the directory says"),
    ("remove_factor", "a fresh proof"),
    ("report_leaked_token", "the token itself"),
    ("reset_password", "the mailed link"),
    ("unlink_identity", "the identity is the asker's own"),
];

/// Mutations of such commands, what only looks, and the second halves of what needs an answer of the first.
const NOT_TRIED: [&str; 17] = [
    "askPasskey",
    "askPasskeyToSignIn",
    "askPasswordReset",
    "confirmEmail",
    "confirmTotp",
    "endSession",
    "exportMyData",
    "finishPasskey",
    "linkDirectory",
    "makeRecoveryCodes",
    "removeSecondFactor",
    "resetPassword",
    "showSecondFactor",
    "signIn",
    "signOut",
    "stagePackage",
    "unlinkIdentity",
];

#[test]
fn rows_and_deeds_are_the_same() {
    let names: BTreeSet<&str> = deeds().iter().map(|deed| deed.name).collect();
    assert_eq!(names, Table::read().deeds());
}

#[test]
fn every_command_has_a_row() {
    let table = Table::read();
    let rows = table.deeds();
    let wrong: Vec<String> = commands()
        .into_iter()
        .filter(|command| {
            let excused = NOT_BY_ROLE.iter().any(|(name, _)| name == command);
            let there = rows.iter().any(|row| row.split(':').next() == Some(command.as_str()));
            there == excused
        })
        .collect();
    assert!(wrong.is_empty(), "each must have a row, or a reason to have none, and not both: {wrong:?}");
}

#[test]
fn every_mutation_is_tried() {
    let tried: BTreeSet<String> = deeds().iter().flat_map(Deed::mutations).collect();
    let excused = |mutation: &str| NOT_TRIED.contains(&mutation);
    let missing: Vec<String> =
        mutations().into_iter().filter(|mutation| tried.contains(mutation) == excused(mutation)).collect();
    assert!(missing.is_empty(), "to be tried, or excused, and not both: {missing:?}");
}

/// The `NAME` of every command.
fn commands() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("commands/src");
    each_file(&top, &mut |text| {
        names.extend(
            text.split("const NAME: &'static str = \"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .map(str::to_owned),
        );
    });
    names
}

fn each_file(folder: &PathBuf, take: &mut impl FnMut(&str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_file(&path, take);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            take(text.split("#[cfg(test)]").next().unwrap());
        }
    }
}

/// The fields of the schema's `Mutation`.
fn mutations() -> BTreeSet<String> {
    let schema = include_str!("../../../api/schema.graphql");
    let (_, body) = schema.split_once("type Mutation {").unwrap();
    let (body, _) = body.split_once("\n}").unwrap();
    // Words of a description stand between lines of quotes; arguments may have lines of their own.
    let (mut in_words, mut depth) = (false, 0);
    let mut names = BTreeSet::new();
    for line in body.lines().map(str::trim) {
        if line == "\"\"\"" {
            in_words = !in_words;
        } else if !in_words && !line.starts_with('"') {
            let name = line.split(['(', ':']).next().filter(|name| depth == 0 && !name.is_empty());
            names.extend(name.map(str::to_owned));
            depth += line.matches('(').count();
            depth -= line.matches(')').count();
        }
    }
    names
}

//! Files that the program writes and people commit.

use crate::tree::top;
use crate::{help, leaves, refusals};

/// Asserts that the file says this, or writes it when asked to.
#[expect(
    clippy::disallowed_methods,
    reason = "the switch to write generated files is for people who run the tests"
)]
pub(crate) fn is_current(path: &str, text: &str) {
    let file = top().join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, text).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    let line = (1..).zip(written.lines().zip(text.lines())).find(|(_, (written, made))| written != made);
    assert!(
        written == text,
        "{path} is not current: UPDATE=1 cargo test -p cairn-tests --test house, and commit it; first at {line:?}"
    );
}

#[test]
fn the_graphql_schema_is_current() {
    is_current("api/schema.graphql", &cairn_api::graphql::sdl(&cairn_api::graphql::schema()));
}

#[test]
fn the_help_of_the_command_line_is_current() {
    is_current("docs/cli.md", &help::page());
}

#[test]
fn the_list_of_refusals_is_current() {
    is_current("docs/refusals.md", &refusals::page());
}

#[test]
fn leaf_hashes_of_golden_events_never_change() {
    is_current(leaves::PATH, &leaves::page());
}

//! The help texts of `cairn` and all its subcommands, as one page.

use cairn_cli::args::Args;
use clap::{Command, CommandFactory};
use std::fmt::Write;

/// All of them. Settings, which every subcommand takes, are shown once; values of the reader's environment not at all.
pub(crate) fn page() -> String {
    let mut cairn = Args::command().mut_args(|argument| argument.hide_env_values(true));
    cairn.build();
    let mut page = String::from(
        "# The command line\n\nWhat `cairn --help` and the help of each subcommand say. Every subcommand takes the settings too; \
         they are shown only here.\n",
    );
    put(&mut page, "cairn", &mut cairn.clone());
    for command in cairn.get_subcommands_mut() {
        put_all(&mut page, "cairn", command);
    }
    page
}

fn put_all(page: &mut String, parent: &str, command: &mut Command) {
    if command.get_name() == "help" {
        return;
    }
    let name = format!("{parent} {}", command.get_name());
    let mut shown = command
        .clone()
        .mut_args(|argument| if argument.is_global_set() { argument.hide(true) } else { argument });
    put(page, &name, &mut shown);
    for command in command.get_subcommands_mut() {
        put_all(page, &name, command);
    }
}

fn put(page: &mut String, name: &str, command: &mut Command) {
    let help = command.render_long_help().to_string();
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    write!(page, "\n## `{name}`\n\n```text\n{}\n```\n", lines.join("\n").trim_end())
        .expect("a string takes everything");
}

#[test]
fn every_subcommand_teaches_by_example_or_is_plain() {
    let page = page();
    for name in
        ["cairn serve", "cairn upload", "cairn approve", "cairn inspect", "cairn events", "cairn user add"]
    {
        assert!(page.contains(&format!("## `{name}`\n")), "{name} is on the page");
    }
    assert!(page.matches("EXAMPLE").count() >= 10, "help teaches with examples");
    assert_eq!(page.matches("CAIRN_DATABASE_URL").count(), 1, "settings are shown once");
}

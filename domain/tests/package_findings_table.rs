//! docs/findings.md lists every finding; `UPDATE=1 cargo test` writes it anew.

use std::fmt::Write;

use cairn_domain::package::{FindingCode, Severity};

fn table() -> String {
    let mut text = String::from(
        "# Findings\n\nWhat `cairn inspect` and every upload can say about a package. An error refuses it, a warning does not. \
         Codes never change.\n\n| code | severity | what it means | how to mend it |\n|---|---|---|---|\n",
    );
    for code in FindingCode::ALL {
        let severity = match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let cell = |text: &str| text.replace('|', "\\|");
        writeln!(
            text,
            "| `{}` | {severity} | {} | {} |",
            code.as_str(),
            cell(code.meaning()),
            cell(code.mend())
        )
        .expect("writing to a string cannot fail");
    }
    text
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the switch to write generated files is for people who run the tests"
)]
fn the_table_of_findings_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/findings.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, table()).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(written, table(), "run the tests with UPDATE=1 and commit docs/findings.md");
}

#[test]
fn codes_are_snake_case_and_unique() {
    let mut codes: Vec<&str> = FindingCode::ALL.iter().map(|code| code.as_str()).collect();
    assert!(
        codes
            .iter()
            .all(|code| code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))
    );
    for code in FindingCode::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
    }
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), FindingCode::ALL.len());
}

//! Every refusal with its permanent code, its HTTP status and its sentence.

use crate::tree::{File, files};
use cairn_api::problem::status_of;
use cairn_domain::Refusal;
use cairn_domain::package::{Finding, FindingCode, Place};
use std::collections::BTreeSet;
use std::fmt::Write;

/// One example of each refusal. The compiler refuses the list when one is missing.
macro_rules! every {
    ($($variant:ident { $($field:ident: $value:expr),* $(,)? }),+ $(,)?) => {
        fn examples() -> Vec<Refusal> {
            vec![$(Refusal::$variant { $($field: $value),* }),+]
        }

        fn listed(refusal: &Refusal) -> &'static str {
            match refusal { $(Refusal::$variant { .. } => stringify!($variant)),+ }
        }
    };
}

every! {
    InvalidInput { field: "FIELD".into(), message: "what is wrong with it".into() },
    Unauthenticated {},
    WrongCredentials {},
    TokenInvalid {},
    TokenForAnotherPlugin { package: "PACKAGE".into() },
    TokenScope {},
    AccountBlocked {},
    AccountUnknown { account: "ACCOUNT".into() },
    AccountNameTaken { name: "NAME".into() },
    NotStaff {},
    StaffCannotBeBlocked {},
    NotOwner { package: "PACKAGE".into() },
    NotApprover { package: "PACKAGE".into() },
    NothingHere {},
    PluginUnknown { package: "PACKAGE".into() },
    PackageNameTaken { package: "PACKAGE".into(), taken_by: "Package".into() },
    PluginNameTaken { name: "NAME".into(), taken_by: "PACKAGE".into() },
    FolderMismatch { folder: "FOLDER".into(), package: "PACKAGE".into() },
    VersionUnknown { package: "PACKAGE".into(), version: "VERSION".into() },
    VersionNumberUsed { version: "VERSION".into(), used_as: "v VERSION".into() },
    VersionApproved { version: "VERSION".into() },
    PackageChanged { version: "VERSION".into() },
    OwnerUnknown { package: "PACKAGE".into(), account: "ACCOUNT".into() },
    LastOwner { package: "PACKAGE".into() },
    TokenUnknown { token: "TOKEN".into() },
    StagedUnknown {},
    PackageRefused { findings: findings() },
    TooLarge { what: "WHAT".into(), limit_bytes: 25_000_000 },
    VoteOutOfRange {},
    TooMany { retry_after_secs: 30 },
    SignUpClosed {},
    SignUpInvitationRequired {},
    LinkInvalid {},
    PasswordLeaked {},
    SecondFactorNeeded {},
    SecondFactorWrong {},
    SecondFactorRequired {},
    FactorUnknown {},
    SessionUnknown {},
    IdentityLinkedElsewhere {},
    IdentityUnknown {},
    LastCredential {},
    DirectoryUnavailable {},
    NotAdmin {},
    LastAdmin {},
    AccountErased {},
    OwnsPlugins { packages: vec!["PACKAGE".into(), "PACKAGE2".into()] },
    InvitationUnknown {},
    NotInvited {},
    TeamUnknown { team: "TEAM".into() },
    TeamNameTaken { team: "TEAM".into() },
    NotTeamMember { team: "TEAM".into() },
    LastMember { team: "TEAM".into() },
    PublisherUnknown {},
    NoTrustedPublisher { package: "PACKAGE".into() },
    IdentityTokenInvalid { reason: "what is wrong with it".into() },
    IdentityTokenSpent {},
    PluginDeleted { package: "PACKAGE".into() },
    PluginNotDeleted { package: "PACKAGE".into() },
    PluginGone { package: "PACKAGE".into() },
    RenameNotAllowed { name: "NAME".into(), wanted: "OTHER NAME".into() },
    VersionYanked { version: "VERSION".into() },
    VersionNotApproved { version: "VERSION".into() },
    WrongChannel { version: "VERSION".into() },
    BaseChanged { base: "VERSION".into() },
    QgisReleaseOlder { known: "4.2".into() },
    IdentityNameTaken { name: "NAME".into() },
    IdentityRefused { reason: "REASON".into() },
    HistoryChanged {},
    CommandIdReused {},
}

fn findings() -> Vec<Finding> {
    let finding = |code: FindingCode| Finding {
        code,
        severity: code.severity(),
        place: Place::package(),
        message: "what was seen first".into(),
        mend: code.mend().into(),
    };
    vec![finding(FindingCode::InitMissing), finding(FindingCode::LicenseMissing)]
}

pub(crate) fn page() -> String {
    let mut page = String::from(
        "# Refusals\n\nEvery reason why Cairn says no, with the code that machine clients may act on: it never changes and never \
         comes back with another meaning. Words in capitals stand for what was asked. What a refused package is told in \
         `findings` is listed in [findings.md](findings.md).\n\n| code | HTTP | sentence |\n|---|---|---|\n",
    );
    for refusal in examples() {
        let (code, status) = (refusal.code(), status_of(refusal.kind()).as_u16());
        writeln!(page, "| `{code}` | {status} | {} |", refusal.to_string().replace('|', "\\|"))
            .expect("a string takes everything");
    }
    page
}

/// A refusal that nobody ever sees is a promise that nobody keeps: each is named where tests stand, by its variant or its
/// code.
#[test]
fn every_refusal_is_reached_by_a_test() {
    let tests: Vec<String> = files().iter().filter_map(test_code).collect();
    let unreached: Vec<&str> = examples()
        .iter()
        .filter(|refusal| {
            let (variant, code) =
                (format!("Refusal::{}", listed(refusal)), format!("\"{}\"", refusal.code()));
            let named = |text: &String| names(text, &variant) || text.contains(&code);
            !tests.iter().any(named)
        })
        .map(listed)
        .collect();
    assert!(unreached.is_empty(), "no test reaches {unreached:?}");
}

/// What of a file is tests, if something is. This folder only lists things.
fn test_code(file: &File) -> Option<String> {
    if file.path.starts_with("tests/tests/house/") || !file.has_extension("rs") {
        None
    } else if file.is_program() {
        file.text.split_once("\n#[cfg(test)]\nmod tests {").map(|(_, tests)| tests.to_owned())
    } else {
        Some(file.text.clone())
    }
}

/// Whether `name` stands in `text` as a whole word.
fn names(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        !text[at + name.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '_')
    })
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let examples = examples();
    let variants: BTreeSet<&str> = examples.iter().map(listed).collect();
    assert_eq!(variants.len(), examples.len(), "one example of each");
    let codes: BTreeSet<&str> = examples.iter().map(Refusal::code).collect();
    assert_eq!(codes.len(), examples.len(), "no two share a code");
    for refusal in examples {
        let snake = listed(&refusal).chars().fold(String::new(), |snake, c| {
            let between = if c.is_uppercase() && !snake.is_empty() { "_" } else { "" };
            snake + between + &c.to_lowercase().to_string()
        });
        assert_eq!(refusal.code(), snake, "the code is the variant's name, so that both stay");
        let stored = serde_json::to_value(&refusal).unwrap();
        assert_eq!(stored["code"], refusal.code(), "and it is what a kept outcome holds");
    }
}

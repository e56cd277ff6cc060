//! Every refusal with its permanent code, its HTTP status and its sentence.

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
    PackageRefused { findings: findings() },
    TooLarge { what: "WHAT".into(), limit_bytes: 25_000_000 },
    VoteOutOfRange {},
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

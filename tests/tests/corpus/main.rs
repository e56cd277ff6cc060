//! Packages around metadata.txt files go through upload, approval and feed, and the authors' texts come back.
//!
//! The made files of `tests/corpus` always do; some hundred real ones do where the folder with them is at hand.

mod case;
mod expected;
mod journey;

use cairn_store::Engine;
use case::Case;
use std::path::Path;

/// Every file of a folder on one engine. Answers how many texts came back; 0 where the engine is missing.
fn all_come_back(engine: Engine, what: &str, cases: Vec<Case>) -> usize {
    let files = cases.len();
    let told = journey::travel(engine, cases);
    if told.repositories == 0 {
        return 0;
    }
    let texts: usize = told.texts.values().sum();
    eprintln!(
        "{what}, {engine:?}: {files} files, {} taken ({} by the official profile), {} refused; {texts} texts came \
         back: {:?}",
        told.taken_official + told.taken_minimal,
        told.taken_official,
        told.refused,
        told.texts
    );
    assert_eq!(told.taken_official + told.taken_minimal + told.refused, files);
    texts
}

fn made() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let cases =
        case::read(&folder.join("golden.jsonl"), &folder).expect("the made files are in the repository");
    for case in &cases {
        let findings = &case.inspection.findings;
        assert_eq!(case.profile.is_none(), case.file.starts_with("refused_"), "{}: {findings:?}", case.file);
    }
    cases
}

fn real() -> Option<Vec<Case>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    case::read(&folder.join("golden.jsonl"), &folder.join("metadata"))
}

#[test]
fn made_texts_come_back_through_sqlite() {
    assert!(all_come_back(Engine::Sqlite, "made files", made()) > 200);
}

#[test]
#[cfg_attr(no_postgres, ignore = "no PostgreSQL: set CAIRN_TEST_DATABASE_URL, or install its server")]
fn made_texts_come_back_through_postgres() {
    all_come_back(Engine::Postgres, "made files", made());
}

#[test]
fn real_texts_come_back_through_sqlite() {
    let Some(cases) = real() else { return };
    assert!(all_come_back(Engine::Sqlite, "real files", cases) > 1000);
}

#[test]
#[cfg_attr(no_postgres, ignore = "no PostgreSQL: set CAIRN_TEST_DATABASE_URL, or install its server")]
fn real_texts_come_back_through_postgres() {
    let Some(cases) = real() else { return };
    all_come_back(Engine::Postgres, "real files", cases);
}

//! Every `.sql` file is taken by the engines it is for, is used, and nothing else is SQL.

use crate::tree::{File, files};
use cairn_store::testing::prepare;
use cairn_store::{Engine, both};

/// Several statements in one file cannot be prepared; this one runs whenever anything is projected.
const SEVERAL_STATEMENTS: &str = "store/sql/allow_long_statements.postgres.sql";

/// Where the program's own questions to the database are. Migrations are run by every test with a database.
fn texts() -> Vec<File> {
    let texts: Vec<File> = files()
        .into_iter()
        .filter(|file| file.has_extension("sql") && !file.path.starts_with("migrations/"))
        .collect();
    assert!(texts.len() > 100, "only {} texts were found", texts.len());
    texts
}

fn is_for(path: &str, engine: Engine) -> bool {
    match engine {
        Engine::Sqlite => !path.ends_with(".postgres.sql"),
        Engine::Postgres => !path.ends_with(".sqlite.sql"),
    }
}

both!(every_sql_text_is_taken_by_its_engines, |t| {
    let mut refused = Vec::new();
    for file in
        texts().iter().filter(|file| is_for(&file.path, t.db.engine()) && file.path != SEVERAL_STATEMENTS)
    {
        if let Err(fault) = prepare(&t.db, &file.text).await {
            refused.push(format!("{}: {fault:?}", file.path));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
});

#[test]
fn twins_come_in_pairs() {
    let paths: Vec<String> = texts().into_iter().map(|file| file.path).collect();
    for path in &paths {
        if let Some(stem) = path.strip_suffix(".sqlite.sql") {
            assert!(paths.contains(&format!("{stem}.postgres.sql")), "{path} has no twin");
            assert!(!paths.contains(&format!("{stem}.sql")), "{stem}.sql is there beside its twins");
        }
    }
}

#[test]
fn every_sql_text_is_used() {
    let files = files();
    let rust: Vec<&File> = files.iter().filter(|file| file.has_extension("rs")).collect();
    for file in texts() {
        let (krate, _) = file.path.split_once('/').expect("a text is in a folder");
        let name = file.path.rsplit('/').next().expect("a path has a last part");
        let stem = name.trim_end_matches(".sql").trim_end_matches(".sqlite").trim_end_matches(".postgres");
        let named =
            [format!("/{name}\""), format!("/{stem}\""), format!("\"{name}\""), format!("\"{stem}\"")];
        let mut of_crate = rust.iter().filter(|rust| rust.path.starts_with(&format!("{krate}/")));
        assert!(
            of_crate.any(|rust| named.iter().any(|name| rust.text.contains(name.as_str()))),
            "nobody uses {}",
            file.path
        );
    }
}

#[test]
fn sql_lives_in_sql_files() {
    for file in files().iter().filter(|file| file.is_program()) {
        for (number, line) in file.program_lines() {
            let written = ["query(\"", "query_as(\"", "query_scalar(\"", "raw_sql(\""];
            assert!(
                !written.iter().any(|begin| line.contains(begin)),
                "{}:{number} has SQL in it: {line}",
                file.path
            );
        }
    }
}

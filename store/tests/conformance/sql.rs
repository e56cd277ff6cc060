//! Every text of the store is taken by the engines it is for.

use cairn_store::testing::prepare;
use cairn_store::{Engine, StoreError, both};
use std::path::Path;

/// The other engine's name in a file's name; several statements in one file cannot be prepared.
fn is_for(name: &str, engine: Engine) -> bool {
    let other = match engine {
        Engine::Sqlite => ".postgres.sql",
        Engine::Postgres => ".sqlite.sql",
    };
    !name.ends_with(other) && name != "allow_long_statements.postgres.sql"
}

both!(every_text_is_taken_by_its_engines, |t| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql");
    let mut tried = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if is_for(&name, t.db.engine()) {
            let text = std::fs::read_to_string(&path).unwrap();
            prepare(&t.db, &text).await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
            tried += 1;
        }
    }
    assert!(tried > 30, "only {tried} texts were found");
});

both!(a_text_with_a_wrong_column_is_not_taken, |t| {
    let refused = prepare(&t.db, "select colour from event").await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
});

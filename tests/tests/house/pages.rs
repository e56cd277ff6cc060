//! Pages have what they show from named documents of GraphQL and do what they do by them, and no secret stands in a link.

use crate::tree::{File, files};

/// The way of a page past the schema: a word of its text, and what it would reach by it.
const PAST_THE_SCHEMA: [(&str, &str); 8] = [
    ("cairn_commands", "commands"),
    ("cairn_projections", "read models"),
    ("cairn_store", "the database"),
    ("app.commands", "commands"),
    ("app.projections", "read models"),
    ("app.sign_in", "credentials"),
    ("app.factors", "credentials"),
    ("app.links", "mailed links"),
];

/// Pages that go past the schema, and why no document could do.
const ALLOWED: [(&str, &str); 3] = [
    (
        "web/src/pages/identities/provider.rs",
        "a browser is led to an identity provider and comes back by addresses, with what it keeps in a cookie",
    ),
    (
        "web/src/pages/machines/sitemap.rs",
        "a part lists ten thousand addresses; a page of a connection has a hundred",
    ),
    (
        "web/src/pages/staff/who.rs",
        "who may see a page at all is decided before anything is asked, as by a session",
    ),
];

/// Variables that hold secrets, in documents that only ask: what has one of them is asked secretly.
const SECRET_VARIABLES: [&str; 6] = ["link", "pending", "ceremony", "password", "code", "token"];

fn pages() -> Vec<File> {
    let is_page = |file: &File| file.path.starts_with("web/src/pages/") && file.is_program();
    let pages: Vec<File> = files().into_iter().filter(is_page).collect();
    assert!(pages.len() > 60, "there are pages: {}", pages.len());
    pages
}

#[test]
fn pages_ask_the_schema_and_nothing_else() {
    let pages = pages();
    let mut faults = Vec::new();
    for page in &pages {
        let lines = page.program_lines().filter(|(_, line)| !line.trim_start().starts_with("//"));
        let past: Vec<String> = lines
            .filter_map(|(number, line)| {
                let (word, what) = PAST_THE_SCHEMA.iter().find(|(word, _)| line.contains(word))?;
                Some(format!("{}:{number} reaches {what} by {word}", page.path))
            })
            .collect();
        let allowed = ALLOWED.iter().any(|(path, _)| *path == page.path);
        match (allowed, past.is_empty()) {
            (false, false) => faults.extend(past),
            (true, true) => faults.push(format!("{} asks the schema now: it needs no exception", page.path)),
            (true, false) | (false, true) => {}
        }
    }
    for (path, _) in ALLOWED {
        assert!(pages.iter().any(|page| page.path == path), "{path} is not there any more");
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// What `Ask::query` asks is linked on the page with its variables; `Ask::query_secretly` leaves no trace.
#[test]
fn no_page_links_a_secret() {
    let files = files();
    let documents = files.iter().filter(|file| file.path.starts_with("web/queries/pages/"));
    let secret: Vec<&str> = documents.filter_map(|file| secret_query(&file.text)).collect();
    assert!(secret.contains(&"MailedLink") && secret.contains(&"PendingSignIn"), "{secret:?}");
    for page in pages() {
        for name in &secret {
            let linked = format!(".query::<{name}>");
            assert!(!page.text.contains(&linked), "{} links the variables of {name}", page.path);
        }
        for (number, line) in page.program_lines() {
            let Some(name) = asked_by_name(line) else { continue };
            let mutation = files.iter().any(|file| file.text.contains(&format!("mutation {name}")));
            assert!(!mutation, "{}:{number} links the deed {name}", page.path);
        }
    }
}

/// The name of a document that asks and has a secret among its variables.
fn secret_query(text: &str) -> Option<&str> {
    let operation = text.lines().find_map(|line| line.strip_prefix("query "))?;
    let (name, variables) = operation.split_once('(')?;
    let has = |word: &&str| variables.contains(&format!("${word}:"));
    SECRET_VARIABLES.iter().any(has).then_some(name.trim())
}

/// The document in `….query::<Name>(`.
fn asked_by_name(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(".query::<")?;
    rest.split_once('>').map(|(name, _)| name)
}

#[test]
fn a_secret_among_variables_is_seen() {
    assert_eq!(secret_query("# Why.\nquery A($sort: S!, $link: String!) {\n"), Some("A"));
    assert_eq!(secret_query("query A($package: String!) {\n"), None);
    assert_eq!(secret_query("mutation A($link: String!) {\n"), None);
    assert_eq!(asked_by_name("    let told = ask.query::<HomePage>(x).await?;"), Some("HomePage"));
}

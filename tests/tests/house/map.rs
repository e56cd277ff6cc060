//! ARCHITECTURE.md names what is there: files, folders, functions and tests.

use crate::tree::{File, files, top};

/// Everything between backticks outside of drawings.
fn named(page: &str) -> Vec<String> {
    let prose: Vec<&str> = page.split("```").step_by(2).collect();
    prose.iter().flat_map(|text| text.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// A path from the top: it has a slash, and is not part of an address or a drawing.
fn is_path(word: &str) -> bool {
    word.contains('/')
        && word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
        && !word.starts_with('/')
}

/// `Type::function`, or the name of a test: a claim has several words.
fn is_code(word: &str) -> bool {
    let words = word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':');
    words && (word.contains("::") || word.matches('_').count() >= 3)
}

#[test]
fn the_map_names_what_is_there() {
    let files = files();
    let page = files.iter().find(|file| file.path == "ARCHITECTURE.md").expect("there is a map");
    let rust: Vec<&File> = files.iter().filter(|file| file.has_extension("rs")).collect();
    let (mut paths, mut words) = (0, 0);
    for word in named(&page.text) {
        if is_path(&word) {
            paths += 1;
            assert!(top().join(&word).exists(), "{word} is not there");
        } else if is_code(&word) {
            words += 1;
            let name = word.rsplit("::").next().expect("a text has a last part");
            let here = |file: &&File| file.path != "tests/tests/house/map.rs" && has_word(&file.text, name);
            assert!(rust.iter().copied().any(|file| here(&file)), "nothing is called {word}");
        }
    }
    assert!(paths > 40 && words > 30, "only {paths} paths and {words} names were found");
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        !before.ends_with(is_part) && !after.starts_with(is_part)
    })
}

#[test]
fn the_check_would_find_what_is_gone() {
    assert_eq!(named("a `b/c.rs` d ```text\n`e`\n``` f `G::h`"), ["b/c.rs", "G::h"]);
    assert!(is_path("store/src/log/") && !is_path("/plugins/plugins.xml") && !is_path("Cairn-Position"));
    assert!(is_code("Runner::page") && is_code("a_test_with_words") && !is_code("recorded_at"));
    assert!(has_word("fn page(", "page") && !has_word("fn pages(", "page"));
}

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::super::body::FeedBody;
use super::super::chunk::{Chunk, Counts, Part};
use super::super::fragment::{EntryText, Fragment};
use super::examples::{BASE_URL, entry_text, range};
use super::read::{Entry, entries};

/// The elements of the site behind plugins.qgis.org, in its order; then ours.
const OFFICIAL: [&str; 23] = [
    "description",
    "about",
    "trusted",
    "qgis_minimum_version",
    "qgis_maximum_version",
    "homepage",
    "file_name",
    "icon",
    "author_name",
    "download_url",
    "uploaded_by",
    "create_date",
    "update_date",
    "experimental",
    "deprecated",
    "tracker",
    "repository",
    "tags",
    "downloads",
    "average_vote",
    "rating_votes",
    "external_dependencies",
    "server",
];
const OURS: [&str; 5] = ["changelog", "category", "plugin_dependencies", "sha256", "size"];

fn feed_of(texts: &[EntryText], counts: Counts) -> String {
    let render = |text| Part { fragment: Arc::new(Fragment::render(text, BASE_URL)), counts };
    let body = FeedBody::new(vec![Arc::new(Chunk::new(texts.iter().map(render).collect()))]);
    String::from_utf8(body.identity().to_vec()).unwrap()
}

fn entry_of(text: &EntryText, counts: Counts) -> Entry {
    let xml = feed_of(std::slice::from_ref(text), counts);
    entries(&xml).unwrap().pop().expect("one entry")
}

fn names(entry: &Entry) -> Vec<&str> {
    entry.elements.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn an_entry_stands_in_the_feed_as_its_author_wrote_it() {
    let counts = Counts { downloads: 1234, rating_votes: 5, rating_score: 24 };
    let entry = entry_of(&entry_text(7, "1.01-rc1"), counts);

    let attributes = [("name", "Lasso & Co 7"), ("version", "1.01-rc1"), ("plugin_id", "7")];
    assert_eq!(entry.attributes, attributes.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(names(&entry), [&OFFICIAL[..], &OURS[..]].concat());
    for (element, text) in [
        ("description", "Selects <what> you draw"),
        ("about", "First line.\nSecond line & more."),
        ("trusted", "True"),
        ("qgis_minimum_version", "3.4.0"),
        ("qgis_maximum_version", "3.99.99"),
        ("homepage", "https://plugins.example.org:8443/plugins/lasso_7/"),
        ("file_name", "lasso_7.1.01-rc1.zip"),
        ("icon", "https://plugins.example.org:8443/media/packages/lasso.png"),
        ("author_name", "Ann Ö"),
        ("download_url", "https://plugins.example.org:8443/plugins/lasso_7/version/1.01-rc1/download/"),
        ("uploaded_by", "ann"),
        ("create_date", "2024-03-22T13:06:51.645792+00:00"),
        ("update_date", "2024-03-22T13:06:51.000000+00:00"),
        ("experimental", "False"),
        ("deprecated", "False"),
        ("tracker", "https://example.org/issues?a=1&b=2"),
        ("tags", "select,draw"),
        ("downloads", "1234"),
        ("average_vote", "4.799040191961607"),
        ("rating_votes", "5"),
        ("external_dependencies", "numpy>1"),
        ("server", "False"),
        ("changelog", "1.0: all of it"),
        ("plugin_dependencies", "QuickMapServices==0.19.34"),
        ("size", "123456"),
    ] {
        assert_eq!(entry.text(element), text, "{element}");
    }
}

#[test]
fn what_is_missing_is_empty_and_without_votes_the_average_is_zero() {
    let text = EntryText {
        icon_path: None,
        homepage: Some("https://example.org/".to_owned()),
        about: String::new(),
        tags: Vec::new(),
        ..entry_text(1, "1.0")
    };
    let entry = entry_of(&text, Counts::default());
    for element in ["icon", "about", "tags"] {
        assert_eq!(entry.text(element), "", "{element}");
    }
    assert_eq!(entry.text("homepage"), "https://example.org/");
    assert_eq!(entry.text("average_vote"), "0.0");
}

#[test]
fn the_authors_mail_address_shows_only_where_it_is_given() {
    let hidden = entry_of(&entry_text(1, "1.0"), Counts::default());
    assert!(!names(&hidden).contains(&"author_email"));
    let text = EntryText { author_email: Some("ann@example.org".to_owned()), ..entry_text(1, "1.0") };
    assert_eq!(entry_of(&text, Counts::default()).text("author_email"), "ann@example.org");
}

#[test]
fn a_maximum_is_written_so_that_qgis_takes_it_as_meant() {
    for (max, written) in [("3.22", "3.22.99"), ("3.22.0", "3.22.0"), ("3.99", "3.99.99"), ("", "3.99.99")] {
        let text = EntryText { compat: range("3.0", max), ..entry_text(1, "1.0") };
        assert_eq!(entry_of(&text, Counts::default()).text("qgis_maximum_version"), written);
    }
}

#[test]
fn a_stored_fragment_is_the_rendered_one() {
    let rendered = Fragment::render(&entry_text(1, "1.0"), BASE_URL);
    let stored = Fragment::from_parts(rendered.head().clone(), rendered.tail().clone());
    assert_eq!(stored, rendered);
    let whole = [&rendered.head()[..], &rendered.tail()[..]].concat();
    let shifted = Fragment::from_parts(whole.into(), bytes::Bytes::new());
    assert_ne!(shifted.digest(), rendered.digest());
}

#[test]
fn official_feeds_have_our_elements_in_our_order() {
    for (name, entry) in real_entries().iter().filter(|(name, _)| name.starts_with("official")) {
        // the element `version` was given up in 2025, `trusted` came after 2016
        let theirs: Vec<_> = names(entry).into_iter().filter(|element| *element != "version").collect();
        let ours: Vec<_> = OFFICIAL.into_iter().filter(|element| theirs.contains(element)).collect();
        assert_eq!(theirs, ours, "{name}");
    }
}

#[test]
fn the_texts_of_real_feeds_go_through_ours_unchanged() {
    let theirs = real_entries();
    let texts: Vec<_> = theirs.iter().map(|(_, entry)| rewritten(entry)).collect();
    let xml = feed_of(&texts, Counts::default());
    assert_eq!(xml.replace("& ", "&amp; "), xml);

    let ours = entries(&xml).unwrap();
    assert_eq!(ours.len(), theirs.len());
    for ((name, theirs), ours) in theirs.iter().zip(&ours) {
        assert_eq!(theirs.attribute("name"), ours.attribute("name"), "{name}");
        assert_eq!(theirs.attribute("version"), ours.attribute("version"), "{name}");
        for element in ["description", "about", "author_name", "tracker", "repository", "tags", "changelog"] {
            assert_eq!(theirs.text_or_empty(element), ours.text(element), "{element} in {name}");
        }
    }
}

fn rewritten(entry: &Entry) -> EntryText {
    let text = |name| entry.text_or_empty(name).to_owned();
    EntryText {
        plugin_name: entry.attribute("name").to_owned(),
        description: text("description"),
        about: text("about"),
        author_name: text("author_name"),
        tracker: text("tracker"),
        repository: text("repository"),
        tags: text("tags").split(',').map(str::to_owned).collect(),
        changelog: text("changelog"),
        ..entry_text(1, entry.attribute("version"))
    }
}

/// The entries of the well-formed feeds of other producers, with the name of the feed; at least one made here.
fn real_entries() -> Vec<(String, Entry)> {
    let here = include_str!("official.xml");
    let mut found: Vec<_> =
        entries(here).unwrap().into_iter().map(|entry| ("official.xml".to_owned(), entry)).collect();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/feeds");
    for file in fs::read_dir(corpus).into_iter().flatten() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        let text = String::from_utf8(fs::read(file.path()).unwrap()).unwrap_or_default();
        let read = entries(text.trim_start_matches('\u{feff}')).unwrap_or_default();
        let whole = read.into_iter().filter(|entry| {
            ["name", "version"].iter().all(|wanted| entry.attributes.iter().any(|(name, _)| name == wanted))
        });
        found.extend(whole.map(|entry| (name.clone(), entry)));
    }
    found
}

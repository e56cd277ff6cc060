//! What is found wrong without asking a directory, and what does not show.

use super::*;
use std::path::PathBuf;

fn template() -> People {
    People::Template("uid={name},ou=people,dc=osgeo,dc=org".into())
}

fn search() -> People {
    let bind = Bind { dn: "cn=cairn,dc=osgeo,dc=org".into(), password: "planted secret".into() };
    People::Search { bind: Some(bind), base: "dc=osgeo,dc=org".into(), user_filter: "(uid={name})".into() }
}

fn at(url: &str, people: People) -> DirectorySettings {
    DirectorySettings::new(url.parse().expect("an address"), people)
}

#[track_caller]
fn misfit(settings: DirectorySettings, words: &str) {
    match Directory::new(settings) {
        Err(DirectoryFault::Misconfigured(reason)) => assert!(reason.contains(words), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn passwords_go_in_plain_text_only_where_that_was_allowed() {
    assert!(Directory::new(at("ldap://localhost", template())).is_ok());
    assert!(Directory::new(at("ldaps://localhost", template())).is_ok());
    let plain = DirectorySettings { starttls: false, ..at("ldap://localhost", template()) };
    misfit(plain.clone(), "sends passwords in plain text");
    assert!(Directory::new(DirectorySettings { allow_plaintext: true, ..plain }).is_ok());
}

#[test]
fn what_can_never_work_is_refused_before_anybody_signs_in() {
    misfit(at("http://localhost", template()), "neither ldap:// nor ldaps://");
    misfit(at("ldapi:///run/slapd", template()), "has no host");
    misfit(at("ldaps://cairn:planted@localhost", template()), "has a name or password in it");
    misfit(DirectorySettings { starttls: true, ..at("ldaps://localhost", template()) }, "leave StartTLS");
    misfit(at("ldaps://localhost", People::Template("uid=ann,dc=org".into())), "has no {name}");
    misfit(at("ldaps://localhost", People::Template("{name}".into())), "is no name of an entry");
    let without = |base: &str, user_filter: &str| People::Search {
        bind: None,
        base: base.into(),
        user_filter: user_filter.into(),
    };
    misfit(at("ldaps://localhost", without("people", "(uid={name})")), "\"people\" is no name of an entry");
    misfit(at("ldaps://localhost", without("dc=org", "(uid=ann)")), "has no {name}");
    misfit(at("ldaps://localhost", without("dc=org", "(uid={name}")), "cannot be read");
    let mut settings = at("ldaps://localhost", template());
    settings.groups.staff = vec!["staff".into()];
    misfit(settings, "\"staff\" is no name of an entry");
    let mut settings = at("ldaps://localhost", template());
    settings.groups.source = GroupSource::Search { base: "dc=org".into(), filter: "(member=ann)".into() };
    misfit(settings, "neither {dn} nor {uid}");
    let mut settings = at("ldaps://localhost", template());
    settings.ca_file = Some(PathBuf::from("nowhere/ca.pem"));
    misfit(settings, "nowhere/ca.pem cannot be opened");
}

#[test]
fn the_password_of_our_own_account_does_not_show() {
    let settings = at("ldaps://localhost", search());
    let shown = format!("{settings:?} {:?}", Directory::new(settings.clone()));
    assert!(shown.contains("cn=cairn") && !shown.contains("planted"), "{shown}");
}

#[test]
fn names_and_passwords_have_their_lengths() {
    let directory = Directory::new(at("ldaps://localhost", search())).unwrap();
    let asked = |name: &str, password: &str| directory.may_be_asked(name, password);
    assert!(asked(&"ä".repeat(150), "p") && !asked(&"ä".repeat(151), "p"));
    assert!(asked("ann", &"p".repeat(1024)) && !asked("ann", &"p".repeat(1025)));
    assert!(!asked("ann", "") && !asked("", "p") && !asked("  ", "p"));
    assert!(!asked("an\0n", "p") && !asked("an\nn", "p") && !asked("ann", "p\0"));
    assert!(asked("*)(uid=*", "p"), "a directory decides, with these escaped");
}

#[test]
fn a_person_does_not_show() {
    let person = DirectoryPerson {
        dn: "uid=planted,dc=org".into(),
        uid: "planted".into(),
        email: Some("planted@example.org".into()),
        display_name: Some("Planted Person".into()),
        staff: Some(true),
        trusted: None,
    };
    let shown = format!("{person:?}");
    assert!(!shown.to_lowercase().contains("planted") && shown.contains("staff: Some(true)"), "{shown}");
}

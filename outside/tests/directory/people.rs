//! Who is who: names, passwords, and what groups mean.

use super::{block_on, greet, sign_in, slapd};
use cairn_outside::ldap::{Bind, Directory, DirectoryFault, DirectorySettings, GroupSource, People};
use cairn_outside::testing::Slapd;

/// A name with every character that means something in names of entries and in filters, and spaces at its end.
const SPECIAL: &str = "#a,b+c\"d\\e<f>g;h=i(*) ";

fn both_ways(slapd: &Slapd) -> [DirectorySettings; 2] {
    [slapd.by_template(), slapd.by_search()]
}

#[test]
fn the_right_password_tells_who_it_is() {
    let Some(slapd) = slapd() else { return };
    for settings in both_ways(&slapd) {
        let ann = greet(&settings, "ann");
        assert_eq!(ann.uid, "ann");
        assert_eq!(ann.dn, "uid=ann,ou=people,dc=osgeo,dc=org");
        assert_eq!(ann.email.as_deref(), Some("ann@example.org"));
        assert_eq!(ann.display_name.as_deref(), Some("Ann Example"));
        assert_eq!(
            greet(&settings, "ben").email.as_deref(),
            Some("ben@example.org"),
            "the first that is one"
        );
        assert_eq!(greet(&settings, "dan").email, None);
    }
}

#[test]
fn somebody_is_the_same_in_capital_letters() {
    let Some(slapd) = slapd() else { return };
    for settings in both_ways(&slapd) {
        let ann = sign_in(&settings, "ANN ", &Slapd::password("ann")).unwrap();
        assert_eq!(ann.uid, "ann");
    }
}

#[test]
fn a_wrong_password_and_an_unknown_name_are_the_same() {
    let Some(slapd) = slapd() else { return };
    for settings in both_ways(&slapd) {
        for (name, password) in [
            ("ann", "ben's password"),
            ("ann", "Ann's password"),
            ("ann", ""),
            ("zoe", "ann's password"),
            ("zoe", ""),
            ("", "ann's password"),
            ("fay", "fay's password"),
            ("fay", ""),
        ] {
            assert_eq!(
                sign_in(&settings, name, password),
                Err(DirectoryFault::WrongCredentials),
                "{name} {password}"
            );
        }
    }
}

/// Requests are what takes time; who measures it must not learn which names there are.
#[test]
fn an_unknown_name_costs_the_requests_of_a_wrong_password() {
    let Some(slapd) = slapd() else { return };
    for settings in both_ways(&slapd) {
        let requests = |name: &str, password: &str| {
            let before = slapd.log().len();
            assert_eq!(sign_in(&settings, name, password), Err(DirectoryFault::WrongCredentials));
            // The last line of a conversation comes a moment after it.
            let since = || slapd.log().get(before..).expect("a log only grows").to_owned();
            while !since().contains(" closed") {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            let lines = since();
            let count = |word: &str| lines.lines().filter(|line| line.contains(word)).count();
            (count(" BIND dn="), count(" SRCH base="), count(" RESULT "))
        };
        let wrong = requests("ann", "wrong");
        assert_eq!(requests("zoe", "wrong"), wrong);
        assert!(wrong.0 > 0);
        let before = slapd.log().len();
        assert_eq!(sign_in(&settings, "ann", ""), Err(DirectoryFault::WrongCredentials));
        assert_eq!(slapd.log().len(), before, "an empty password is never sent");
    }
}

#[test]
fn a_name_is_never_a_filter_or_a_part_of_a_name_of_an_entry() {
    let Some(slapd) = slapd() else { return };
    let password = Slapd::password("ann");
    for settings in both_ways(&slapd) {
        for name in [
            "*",
            "an*",
            "ann)(uid=*",
            "*)(uid=*))(|(uid=*",
            "ann)(&",
            "\\61nn",
            "ann\\",
            "ann,ou=people",
            "ann,ou=people,dc=osgeo,dc=org",
            "ann+cn=Ann Example",
            "{name}",
            "ann\u{0}",
        ] {
            let outcome = sign_in(&settings, name, &password);
            assert_eq!(outcome, Err(DirectoryFault::WrongCredentials), "{name}");
        }
    }
}

#[test]
fn a_name_of_special_characters_is_a_name_like_others() {
    let Some(slapd) = slapd() else { return };
    for settings in both_ways(&slapd) {
        let special = sign_in(&settings, SPECIAL, &Slapd::password("special")).unwrap();
        assert_eq!(special.uid, SPECIAL.trim());
        assert_eq!(special.display_name.as_deref(), Some("Special Example"));
    }
}

#[test]
fn two_entries_of_one_name_are_nobody() {
    let Some(slapd) = slapd() else { return };
    let twin = |settings: &DirectorySettings| sign_in(settings, "twin", &Slapd::password("twin"));
    assert_eq!(twin(&slapd.by_search()), Err(DirectoryFault::Ambiguous));
    assert_eq!(
        twin(&slapd.by_template()).map(|twin| twin.uid),
        Ok("twin".to_owned()),
        "a template names one"
    );
}

#[test]
fn one_entry_of_two_names_would_be_two_accounts() {
    let Some(slapd) = slapd() else { return };
    for mut settings in both_ways(&slapd) {
        match sign_in(&settings, "eve", &Slapd::password("eve")) {
            Err(DirectoryFault::Misconfigured(reason)) => {
                assert!(reason.contains("2 values of uid"), "{reason}");
            }
            other => panic!("{other:?}"),
        }
        settings.attributes.uid = "cn".into();
        assert_eq!(greet(&settings, "eve").uid, "Eve Example");
    }
}

#[test]
fn groups_make_staff_and_trusted_by_an_attribute_and_by_looking_for_groups() {
    let Some(slapd) = slapd() else { return };
    for settings in both_ways(&slapd) {
        let by_groups = |filter: &str| {
            let mut settings = settings.clone();
            settings.groups.source =
                GroupSource::Search { base: Slapd::GROUPS.into(), filter: filter.into() };
            settings
        };
        for settings in [settings.clone(), by_groups("(member={dn})"), by_groups("(&(member={dn})(cn=*))")] {
            let roles = |name: &str| {
                let person = greet(&settings, name);
                (person.staff, person.trusted)
            };
            assert_eq!(roles("ann"), (Some(true), Some(false)));
            assert_eq!(roles("ben"), (Some(false), Some(true)));
            assert_eq!(roles("cat"), (Some(true), Some(true)));
            assert_eq!(roles("dan"), (Some(false), Some(false)));
            let special = sign_in(&settings, SPECIAL, &Slapd::password("special")).unwrap();
            assert_eq!((special.staff, special.trusted), (Some(false), Some(false)));
        }
    }
}

#[test]
fn groups_may_be_hidden_from_the_people_in_them() {
    let Some(slapd) = slapd() else { return };
    let mut settings = slapd.by_search();
    settings.groups.source =
        GroupSource::Search { base: Slapd::HIDDEN.into(), filter: "(member={dn})".into() };
    settings.groups.staff = vec![Slapd::KEEPERS.into()];
    assert_eq!(greet(&settings, "dan").staff, Some(true));
    assert_eq!(greet(&settings, "ann").staff, Some(false));
}

#[test]
fn groups_are_compared_as_the_directory_compares_them() {
    let Some(slapd) = slapd() else { return };
    let mut settings = slapd.by_search();
    settings.groups.staff = vec!["CN=QGIS  Staff, OU=Groups, DC=osgeo, DC=org".into()];
    settings.groups.trusted = Vec::new();
    let ann = greet(&settings, "ann");
    assert_eq!((ann.staff, ann.trusted), (Some(true), None), "no group says who is trusted");
    assert_eq!(greet(&settings, "ben").staff, Some(false));
}

#[test]
fn nobody_is_in_more_groups_than_the_limit() {
    let Some(slapd) = slapd() else { return };
    let mut settings = slapd.by_search();
    let search = GroupSource::Search { base: Slapd::GROUPS.into(), filter: "(member={dn})".into() };
    for source in [settings.groups.source.clone(), search] {
        settings.groups.source = source;
        settings.limits.groups_max = 2;
        assert_eq!(greet(&settings, "cat").staff, Some(true));
        settings.limits.groups_max = 1;
        assert_eq!(greet(&settings, "ann").staff, Some(true));
        match sign_in(&settings, "cat", &Slapd::password("cat")) {
            Err(DirectoryFault::Misconfigured(reason)) => {
                assert!(reason.contains("more than 1 groups"), "{reason}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn people_are_found_only_by_who_may_look() {
    let Some(slapd) = slapd() else { return };
    let with = |bind: Option<Bind>| {
        let mut settings = slapd.by_search();
        settings.people =
            People::Search { bind, base: Slapd::PEOPLE.into(), user_filter: "(uid={name})".into() };
        sign_in(&settings, "ann", &Slapd::password("ann"))
    };
    let reader = |password: &str| Some(Bind { dn: Slapd::READER.into(), password: password.into() });
    assert!(with(reader(Slapd::READER_PASSWORD)).is_ok());
    for bind in [reader("wrong"), None] {
        assert!(
            matches!(with(bind), Err(DirectoryFault::Misconfigured(_))),
            "a matter for whoever runs Cairn"
        );
    }
}

#[test]
fn many_sign_in_at_once() {
    let Some(slapd) = slapd() else { return };
    let mut settings = slapd.by_search();
    settings.limits.connections_max = 2;
    let directory = Directory::new(settings).unwrap();
    block_on(async {
        let (ann, ben) = (Slapd::password("ann"), Slapd::password("ben"));
        let at_once = (0..20).map(|turn| {
            let (name, password) = if turn % 2 == 0 { ("ann", &ann) } else { ("ben", &ben) };
            let directory = &directory;
            async move { directory.sign_in(name, password).await.map(|person| person.uid == name) }
        });
        for outcome in futures_util::future::join_all(at_once).await {
            assert_eq!(outcome, Ok(true));
        }
    });
}

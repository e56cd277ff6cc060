//! Connections that are not safe, and directories that are away, dumb, or something else.

use super::{block_on, greet, sign_in, slapd};
use cairn_outside::ldap::{Directory, DirectoryFault, DirectorySettings};
use cairn_outside::testing::{Authority, Slapd};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

fn at(settings: DirectorySettings, url: &str) -> DirectorySettings {
    let url: url::Url = url.parse().expect("an address");
    DirectorySettings { starttls: url.scheme() == "ldap", url, ..settings }
}

#[track_caller]
fn not_safe(settings: &DirectorySettings, words: &str) {
    match sign_in(settings, "ann", &Slapd::password("ann")) {
        Err(DirectoryFault::Tls(reason)) => assert!(reason.contains(words), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn tls_from_the_start_starttls_and_where_allowed_plain_text() {
    let Some(slapd) = slapd() else { return };
    let starttls = slapd.by_search();
    assert!(starttls.starttls, "unless told otherwise");
    greet(&starttls, "ann");
    greet(&at(starttls.clone(), &slapd.tls_url()), "ann");
    greet(&DirectorySettings { starttls: false, allow_plaintext: true, ..starttls }, "ann");
}

#[test]
fn a_certificate_of_another_authority_is_refused() {
    let Some(slapd) = slapd() else { return };
    let folder = tempfile::tempdir().unwrap();
    let other = Authority::new(folder.path(), "other");
    for url in [slapd.url(), slapd.tls_url()] {
        let settings = at(slapd.by_search(), &url);
        not_safe(&DirectorySettings { ca_file: None, ..settings.clone() }, "UnknownIssuer");
        not_safe(&DirectorySettings { ca_file: Some(other.file().into()), ..settings }, "UnknownIssuer");
    }
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let Some(slapd) = slapd() else { return };
    for url in [slapd.url(), slapd.tls_url()] {
        let by_number = url.replace("localhost", "127.0.0.1");
        not_safe(&at(slapd.by_template(), &by_number), "not valid for name");
    }
}

/// The start of the answer to a first request: an extended response (RFC 4511, 4.12) with the code of an unknown request.
const NO_STARTTLS: [u8; 14] =
    [0x30, 0x0c, 0x02, 0x01, 0x01, 0x78, 0x07, 0x0a, 0x01, 0x02, 0x04, 0x00, 0x04, 0x00];

#[test]
fn without_starttls_nothing_is_said() {
    let heard = answering(|heard| if heard.is_empty() { Vec::new() } else { NO_STARTTLS.to_vec() });
    let settings = at(anywhere(), &heard.url("ldap"));
    not_safe(&settings, "refuses StartTLS");
    let said = heard.said();
    assert!(!said.is_empty() && !contains(&said, b"password") && !contains(&said, b"ann"));
}

#[test]
fn an_end_in_the_handshake_is_a_matter_of_tls() {
    let closing = answering(|_| Vec::new());
    not_safe(&at(anywhere(), &closing.url("ldaps")), "ends the handshake");
}

#[test]
fn what_does_not_speak_ldap_harms_nobody() {
    for (answer, name) in [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), "another protocol"),
        (vec![0x30, 0x05, 0x02, 0x01, 0x01, 0x61, 0x00], "an answer without a code"),
        (vec![0x30, 0x03, 0x02, 0x01, 0x01], "an answer to nothing"),
        (vec![0x04, 0x01, 0x00], "no message at all"),
    ] {
        let server = answering(move |heard| if heard.is_empty() { Vec::new() } else { answer.clone() });
        let settings = DirectorySettings {
            allow_plaintext: true,
            starttls: false,
            ..at(anywhere(), &server.url("ldap"))
        };
        let outcome = sign_in(&settings, "ann", "ann's password");
        assert!(matches!(outcome, Err(DirectoryFault::Unreachable(_))), "{name}: {outcome:?}");
    }
}

#[test]
fn a_directory_that_is_away_is_away_until_it_is_back() {
    let Some(mut slapd) = slapd() else { return };
    let directory = Directory::new(slapd.by_search()).unwrap();
    let ann = || block_on(directory.sign_in("ann", &Slapd::password("ann"))).map(|ann| ann.uid);
    assert_eq!(ann(), Ok("ann".to_owned()));
    slapd.kill();
    assert_eq!(ann(), Err(DirectoryFault::Unreachable("connection refused".into())));
    slapd.restart();
    assert_eq!(ann(), Ok("ann".to_owned()));
}

#[test]
fn a_host_that_nobody_has_is_away() {
    let settings = at(anywhere(), "ldaps://directory.invalid");
    let outcome = sign_in(&settings, "ann", "ann's password");
    assert!(matches!(outcome, Err(DirectoryFault::Unreachable(_) | DirectoryFault::Timeout)), "{outcome:?}");
}

/// Connections are taken by the system, and nobody ever reads what is said on them.
#[test]
fn a_directory_that_never_answers_is_not_waited_for() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = silent.local_addr().unwrap().port();
    for (url, plain) in [
        (format!("ldap://localhost:{port}"), false),
        (format!("ldaps://localhost:{port}"), false),
        (format!("ldap://localhost:{port}"), true),
    ] {
        let mut settings = at(anywhere(), &url);
        settings.limits.connect_timeout = Duration::from_millis(200);
        settings.limits.answer_timeout = Duration::from_millis(200);
        if plain {
            (settings.starttls, settings.allow_plaintext) = (false, true);
        }
        let begun = Instant::now();
        assert_eq!(sign_in(&settings, "ann", "ann's password"), Err(DirectoryFault::Timeout), "{url}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }
}

/// Settings for servers that are none.
fn anywhere() -> DirectorySettings {
    let people = cairn_outside::ldap::People::Template(format!("uid={{name}},{}", Slapd::PEOPLE));
    DirectorySettings::new("ldap://localhost".parse().expect("an address"), people)
}

/// A server that takes one connection, says something to the first it hears, and ends the connection.
struct Answering {
    port: u16,
    thread: std::thread::JoinHandle<Vec<u8>>,
}

fn answering(answer: impl FnOnce(&[u8]) -> Vec<u8> + Send + 'static) -> Answering {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there are free ports");
    let port = listener.local_addr().expect("it is bound").port();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody connects");
        let mut heard = vec![0; 4096];
        let length = stream.read(&mut heard).expect("somebody speaks");
        heard.truncate(length);
        // The other side may have gone by itself.
        let _ = stream.write_all(&answer(&heard));
        heard
    });
    Answering { port, thread }
}

impl Answering {
    fn url(&self, scheme: &str) -> String {
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// All that was said to it first.
    fn said(self) -> Vec<u8> {
        self.thread.join().expect("a server that ends")
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

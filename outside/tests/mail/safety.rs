//! Connections that are safe and that are not, and who may send.

use super::{login, mail, send, server};
use cairn_outside::smtp::{MailFault, MailerSettings};
use cairn_outside::testing::{Authority, SmtpSafety};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};

#[test]
fn mail_goes_over_tls() {
    for safety in [SmtpSafety::Starttls, SmtpSafety::Tls] {
        let Some(server) = server(safety, None) else { return };
        assert_eq!(send(&server.settings(), &mail("ann@example.org")), Ok(()), "{safety:?}");
        assert!(server.mails()[0].tls, "{safety:?}");
    }
}

#[track_caller]
fn not_safe(settings: &MailerSettings, words: &str) {
    match send(settings, &mail("ann@example.org")) {
        Err(MailFault::Tls(reason)) => assert!(reason.contains(words), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_certificate_of_another_authority_or_for_another_name_is_refused() {
    for safety in [SmtpSafety::Starttls, SmtpSafety::Tls] {
        let Some(server) = server(safety, None) else { return };
        let settings = server.settings();
        let folder = tempfile::tempdir().unwrap();
        let other = Authority::new(folder.path(), "other");
        not_safe(&MailerSettings { ca_file: None, ..settings.clone() }, "UnknownIssuer");
        not_safe(&MailerSettings { ca_file: Some(other.file().into()), ..settings.clone() }, "UnknownIssuer");
        let by_number = server.url().replace("localhost", "127.0.0.1").parse().unwrap();
        not_safe(&MailerSettings { url: by_number, ..settings }, "not valid for name");
        assert_eq!(server.mails(), []);
    }
}

#[test]
fn without_starttls_nothing_is_said_where_it_is_wanted() {
    let Some(server) = server(SmtpSafety::Plain, None) else { return };
    let settings = MailerSettings { starttls: true, login: Some(login("planted")), ..server.settings() };
    not_safe(&settings, "offers no STARTTLS");
    assert_eq!(server.mails(), []);
}

#[test]
fn mail_is_taken_from_who_signs_in() {
    for safety in [SmtpSafety::Plain, SmtpSafety::Starttls, SmtpSafety::Tls] {
        let Some(server) = server(safety, Some(login("right"))) else { return };
        let settings = server.settings();
        assert_eq!(send(&settings, &mail("ann@example.org")), Ok(()), "{safety:?}");
        let wrong = MailerSettings { login: Some(login("wrong")), ..settings.clone() };
        let nobody = MailerSettings { login: None, ..settings };
        for (settings, code) in [(wrong, "535"), (nobody, "530")] {
            let fault = send(&settings, &mail("ann@example.org")).unwrap_err();
            assert!(matches!(&fault, MailFault::Misconfigured(reason) if reason.contains(code)), "{fault:?}");
            assert!(!fault.is_permanent(), "the mail can be sent when the password was mended");
        }
        assert_eq!(server.mails().len(), 1);
    }
}

#[test]
fn a_server_without_sign_in_is_a_matter_of_the_settings() {
    let Some(server) = server(SmtpSafety::Plain, None) else { return };
    let settings = MailerSettings { login: Some(login("any")), ..server.settings() };
    let fault = send(&settings, &mail("ann@example.org")).unwrap_err();
    assert!(matches!(&fault, MailFault::Misconfigured(reason) if reason.contains("sign-in")), "{fault:?}");
}

#[test]
fn what_does_not_speak_smtp_harms_nobody() {
    for answer in ["HTTP/1.1 400 Bad Request\r\n\r\n", "", "220", "250-a\r\n", "\u{0}\u{1}\r\n", "999 x\r\n"]
    {
        let fault = greeted_with(answer);
        assert!(matches!(fault, MailFault::Unreachable(_)), "{answer:?}: {fault:?}");
    }
}

#[test]
fn no_mail_is_given_up_because_a_server_takes_none() {
    let fault = greeted_with("554 no mail here\r\n");
    assert!(matches!(&fault, MailFault::Misconfigured(reason) if reason.contains("554")), "{fault:?}");
    assert_eq!(greeted_with("421 come back later\r\n"), MailFault::Later { code: 421 });
}

/// What becomes of a mail where a server begins so and says no more.
fn greeted_with(greeting: &'static str) -> MailFault {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there are free ports");
    let port = listener.local_addr().expect("it is bound").port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody connects");
        // The other side may have gone by itself.
        let _ = stream.write_all(greeting.as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let url = format!("smtp://127.0.0.1:{port}").parse().expect("an address");
    let fault = send(&MailerSettings::new(url, "noreply@plugins.example.org"), &mail("ann@example.org"));
    server.join().expect("a server that ends");
    fault.expect_err("nobody took it")
}

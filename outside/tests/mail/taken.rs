//! What arrives, what is refused for good, what is put off, and what happens when the server dies.

use super::{block_on, login, mail, send, server};
use cairn_outside::smtp::{Mail, MailFault, Mailer, MailerSettings};
use cairn_outside::testing::SmtpSafety;
use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn what_arrives_is_what_was_sent() {
    let Some(server) = server(SmtpSafety::Plain, None) else { return };
    let long = format!("{} {}\n.\n..\nend", "Grüße ".repeat(300), "x".repeat(2000));
    let sent = Mail {
        subject: format!("Bestätigen Sie Ihre Adresse 🗺 {}", "lang ".repeat(30).trim()),
        text: long.clone(),
        html: format!("<p>{long}</p>"),
        ..mail("ann@example.org")
    };
    assert_eq!(send(&server.settings(), &sent), Ok(()));
    let mails = server.mails();
    let [got] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!(got.sender, "noreply@plugins.example.org");
    assert_eq!(got.recipients, ["ann@example.org"]);
    assert_eq!(got.header("Subject"), Some(sent.subject.as_str()));
    assert_eq!(got.header("To"), Some("ann@example.org"));
    assert_eq!(got.header("From"), Some("QGIS plugins <noreply@plugins.example.org>"));
    assert_eq!(got.header("Message-ID"), Some("<0b6f@plugins.example.org>"));
    assert_eq!(got.header("Auto-Submitted"), Some("auto-generated"));
    assert!(got.header("Date").is_some());
    assert!(
        got.header("Content-Type").is_some_and(|kind| kind.starts_with("multipart/alternative")),
        "{got:?}"
    );
    let plain =
        |text: &Option<String>| text.as_deref().map(|text| text.replace("\r\n", "\n").trim_end().to_owned());
    assert_eq!(plain(&got.text), Some(sent.text));
    assert_eq!(plain(&got.html), Some(sent.html));
    assert!(got.raw.lines().all(|line| line.len() <= 998), "lines that servers must take");
}

#[test]
fn a_server_is_greeted_without_any_mail() {
    let Some(mut server) = server(SmtpSafety::Starttls, Some(login("sesame"))) else { return };
    let greet = |settings: MailerSettings| {
        let mailer = Mailer::new(settings).expect("the settings can work");
        block_on(mailer.greet())
    };
    assert_eq!(greet(server.settings()), Ok(()));
    let stranger = MailerSettings { login: Some(login("wrong")), ..server.settings() };
    assert!(matches!(greet(stranger), Err(MailFault::Misconfigured(_))));
    assert_eq!(server.mails(), []);
    let settings = server.settings();
    server.kill();
    assert!(matches!(greet(settings), Err(MailFault::Unreachable(_))));
}

#[test]
fn an_address_beyond_ascii_is_reached_where_the_server_knows_them() {
    let Some(server) = server(SmtpSafety::Plain, None) else { return };
    assert_eq!(send(&server.settings(), &mail("jörg@example.org")), Ok(()));
    assert_eq!(server.mails()[0].recipients, ["jörg@example.org"]);
}

#[test]
fn what_is_refused_for_good_is_never_tried_again() {
    let Some(server) = server(SmtpSafety::Plain, None) else { return };
    for (to, code) in [("refused@example.org", 550), ("unwanted@example.org", 554)] {
        let fault = send(&server.settings(), &mail(to)).unwrap_err();
        assert_eq!(fault, MailFault::Refused { code });
        assert!(fault.is_permanent() && !fault.to_string().contains("example.org"), "{fault}");
    }
    assert_eq!(server.mails(), []);
    assert_eq!(send(&server.settings(), &mail("ann@example.org")), Ok(()), "others are not affected");
}

#[test]
fn what_is_put_off_is_tried_again() {
    let Some(server) = server(SmtpSafety::Plain, None) else { return };
    for (to, code) in [("later@example.org", 451), ("full@example.org", 452)] {
        let fault = send(&server.settings(), &mail(to)).unwrap_err();
        assert_eq!(fault, MailFault::Later { code });
        assert!(!fault.is_permanent());
    }
}

#[test]
fn no_mail_is_given_up_because_we_may_not_send() {
    let Some(server) = server(SmtpSafety::Plain, None) else { return };
    let settings = server.settings();
    let strange =
        MailerSettings { mail_from_address: "stranger@plugins.example.org".into(), ..settings.clone() };
    for (settings, to, code) in
        [(strange, "ann@example.org", "553"), (settings, "members@example.org", "530")]
    {
        let fault = send(&settings, &mail(to)).unwrap_err();
        assert!(matches!(&fault, MailFault::Misconfigured(reason) if reason.contains(code)), "{fault:?}");
        assert!(!fault.is_permanent());
    }
}

#[test]
fn a_server_that_is_away_gets_the_mail_when_it_is_back() {
    let Some(mut server) = server(SmtpSafety::Plain, None) else { return };
    let mailer = Mailer::new(server.settings()).unwrap();
    let ann = mail("ann@example.org");
    assert_eq!(block_on(mailer.send(&ann)), Ok(()));
    server.kill();
    let fault = block_on(mailer.send(&ann)).unwrap_err();
    assert_eq!(fault, MailFault::Unreachable("connection refused".into()));
    assert!(!fault.is_permanent());
    server.restart();
    assert_eq!(block_on(mailer.send(&ann)), Ok(()));
    assert_eq!(server.mails().len(), 2);
}

/// The worst moment: the server has the mail in full and dies before it says so.
#[test]
fn a_server_that_dies_with_the_mail_in_its_hands_gets_it_again() {
    let Some(mut server) = server(SmtpSafety::Plain, None) else { return };
    let settings = server.settings();
    let ann = mail("ann@example.org");
    server.hold();
    let sending = {
        let (settings, ann) = (settings.clone(), ann.clone());
        thread::spawn(move || send(&settings, &ann))
    };
    server.wait_until_held();
    server.kill();
    let fault = sending.join().unwrap().unwrap_err();
    assert!(matches!(fault, MailFault::Unreachable(_)) && !fault.is_permanent(), "{fault:?}");
    server.release();
    server.restart();
    assert_eq!(send(&settings, &ann), Ok(()));
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].header("Message-ID"), Some(ann.message_id.as_str()));
}

#[test]
fn a_server_that_hangs_is_not_waited_for() {
    let Some(server) = server(SmtpSafety::Plain, None) else { return };
    let mut settings = server.settings();
    settings.send_timeout = Duration::from_millis(300);
    server.hold();
    let begun = Instant::now();
    assert_eq!(send(&settings, &mail("ann@example.org")), Err(MailFault::Timeout));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());

    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = silent.local_addr().unwrap().port();
    settings.connect_timeout = Duration::from_millis(300);
    for scheme in ["smtp", "smtps"] {
        settings.url = format!("{scheme}://localhost:{port}").parse().unwrap();
        let begun = Instant::now();
        assert_eq!(send(&settings, &mail("ann@example.org")), Err(MailFault::Timeout), "{scheme}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    }
}

#[test]
fn many_are_sent_at_once() {
    let Some(server) = server(SmtpSafety::Plain, None) else { return };
    let mailer = Mailer::new(server.settings()).unwrap();
    let mails: Vec<Mail> = (0..10).map(|number| mail(&format!("reader{number}@example.org"))).collect();
    let outcomes = block_on(futures_util::future::join_all(mails.iter().map(|mail| mailer.send(mail))));
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    let mut got: Vec<String> = server.mails().into_iter().flat_map(|mail| mail.recipients).collect();
    got.sort();
    assert_eq!(got, mails.iter().map(|mail| mail.to.clone()).collect::<Vec<_>>());
}

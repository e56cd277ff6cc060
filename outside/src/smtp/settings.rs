//! Where the mail server is, and in whose name mail comes.

use super::fault::MailFault;
use lettre::message::Mailbox;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// Where the mail server is, and in whose name mail comes. Debug output hides who signs in there.
#[derive(Clone)]
pub struct MailerSettings {
    /// `smtp://host` or `smtps://host`, with a port where it is not 587 or 465, and nothing else.
    pub url: Url,
    /// Whether an `smtp://` connection is made safe by STARTTLS before anything is said on it. `smtps://` is safe from the start.
    pub starttls: bool,
    /// Whether mail may be sent over an `smtp://` connection without STARTTLS to another machine.
    pub allow_plaintext: bool,
    /// Name and password to sign in with, where the server wants them.
    pub login: Option<Login>,
    /// Certificates of authorities, in PEM, that are believed beside the built-in ones.
    pub ca_file: Option<PathBuf>,
    /// Whom mail is from: `noreply@plugins.example.org`, or with a name `QGIS plugins <noreply@plugins.example.org>`.
    pub mail_from_address: String,
    /// How long until there is a safe connection that takes mail.
    pub connect_timeout: Duration,
    /// How long until a mail is taken.
    pub send_timeout: Duration,
}

/// Name and password at a mail server.
#[derive(Clone)]
pub struct Login {
    /// The name, often an address.
    pub username: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Login").finish_non_exhaustive()
    }
}

impl fmt::Debug for MailerSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = out.debug_struct("MailerSettings");
        out.field("scheme", &self.url.scheme()).field("host", &self.url.host_str());
        out.field("starttls", &self.starttls).field("login", &self.login.is_some()).finish_non_exhaustive()
    }
}

impl MailerSettings {
    /// Those of a server at this address, with STARTTLS where the address is neither safe by itself nor this machine.
    pub fn new(url: Url, mail_from_address: &str) -> Self {
        Self {
            starttls: url.scheme() == "smtp" && !is_loopback(&url),
            url,
            allow_plaintext: false,
            login: None,
            ca_file: None,
            mail_from_address: mail_from_address.to_owned(),
            connect_timeout: Duration::from_secs(15),
            send_timeout: Duration::from_mins(1),
        }
    }

    /// Host, port, and whom mail is from, after everything that can be known without asking the server was found right.
    pub(super) fn checked(&self) -> Result<(String, u16, Mailbox), MailFault> {
        let bare = self.url.username().is_empty() && self.url.password().is_none();
        check(bare, "the address has a name or password in it; give them as settings of their own")?;
        let port = match (self.url.scheme(), self.starttls) {
            ("smtps", false) => 465,
            ("smtp", true) => 587,
            ("smtps", true) => {
                return Err(misfit("smtps:// is safe from the start; leave STARTTLS to smtp://"));
            }
            ("smtp", false) => {
                let known = self.allow_plaintext || is_loopback(&self.url);
                check(known, "smtp:// without STARTTLS sends mail in plain text")?;
                587
            }
            _ => return Err(misfit("the address begins with neither smtp:// nor smtps://")),
        };
        let host = self.url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        check(!host.is_empty(), "the address has no host")?;
        let from = &self.mail_from_address;
        check(!from.chars().any(char::is_control), "mail_from_address has control characters")?;
        let from = from.parse().map_err(|_| misfit("mail_from_address is no address"))?;
        Ok((host.to_owned(), self.url.port().unwrap_or(port), from))
    }
}

/// Whether it is this machine, so that nobody is between.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let number = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || number.is_ok_and(|number| number.is_loopback())
}

fn check(holds: bool, otherwise: &str) -> Result<(), MailFault> {
    if holds { Ok(()) } else { Err(misfit(otherwise)) }
}

fn misfit(reason: &str) -> MailFault {
    MailFault::Misconfigured(reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> MailerSettings {
        MailerSettings::new(url.parse().expect("an address"), "QGIS plugins <noreply@plugins.example.org>")
    }

    #[track_caller]
    fn misfit(settings: &MailerSettings, words: &str) {
        match settings.checked() {
            Err(MailFault::Misconfigured(reason)) => assert!(reason.contains(words), "{reason}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn mail_goes_in_plain_text_only_on_this_machine_or_where_that_was_allowed() {
        for here in ["smtp://localhost", "smtp://127.0.0.1", "smtp://127.8.9.1:25", "smtp://[::1]"] {
            assert!(!at(here).starttls && at(here).checked().is_ok(), "{here}");
        }
        for there in [
            "smtp://mail.example.org",
            "smtp://192.0.2.1",
            "smtp://localhost.example.org",
            "smtp://128.0.0.1",
        ] {
            assert!(at(there).starttls && at(there).checked().is_ok(), "{there}");
            let plain = MailerSettings { starttls: false, ..at(there) };
            misfit(&plain, "plain text");
            assert!(MailerSettings { allow_plaintext: true, ..plain }.checked().is_ok());
        }
    }

    #[test]
    fn ports_are_those_of_submission() {
        let port = |url: &str| at(url).checked().map(|(host, port, _)| format!("{host} {port}"));
        assert_eq!(port("smtp://mail.example.org"), Ok("mail.example.org 587".into()));
        assert_eq!(port("smtps://mail.example.org"), Ok("mail.example.org 465".into()));
        assert_eq!(port("smtp://[::1]:25"), Ok("::1 25".into()));
    }

    #[test]
    fn what_can_never_work_is_refused_before_any_mail() {
        misfit(&at("http://mail.example.org"), "neither smtp:// nor smtps://");
        misfit(&at("smtps:///"), "has no host");
        misfit(&at("smtps://cairn:planted@mail.example.org"), "has a name or password in it");
        misfit(&MailerSettings { starttls: true, ..at("smtps://mail.example.org") }, "leave STARTTLS");
        for from in ["", "noreply", "noreply@plugins.example.org\r\nBcc: eve@example.org", "a@b.org, c@d.org"]
        {
            let settings =
                MailerSettings { mail_from_address: from.into(), ..at("smtps://mail.example.org") };
            misfit(&settings, "mail_from_address");
        }
    }

    #[test]
    fn who_signs_in_does_not_show() {
        let login = Login { username: "planted".into(), password: "planted".into() };
        let settings = MailerSettings { login: Some(login), ..at("smtps://mail.example.org") };
        let shown = format!("{settings:?} {:?}", settings.login);
        assert!(shown.contains("mail.example.org") && !shown.contains("planted"), "{shown}");
    }
}

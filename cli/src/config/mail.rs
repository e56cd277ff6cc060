//! How letters are sent: `smtp_url` and what belongs to it.

use super::HIDDEN;
use anyhow::bail;
use cairn_outside::smtp::{Login, MailerSettings};
use cairn_reactors::MailSettings;
use std::fmt;
use std::path::PathBuf;
use url::Url;

/// The settings of mail as they are written, whether they came from the file, the environment or flags.
#[derive(Debug, Default)]
pub(super) struct MailGiven {
    pub(super) smtp_url: Option<Url>,
    pub(super) smtp_username: Option<String>,
    pub(super) smtp_password: Option<Secret>,
    pub(super) smtp_starttls: Option<bool>,
    pub(super) smtp_allow_plaintext: Option<bool>,
    pub(super) smtp_ca_file: Option<PathBuf>,
    pub(super) mail_from_address: Option<String>,
    pub(super) mail_staff: Option<bool>,
}

/// A text that is not shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret(pub(super) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

/// How letters are sent.
#[derive(Debug, Clone)]
pub struct MailConfig {
    smtp_url: Url,
    login: Option<(String, Secret)>,
    smtp_starttls: Option<bool>,
    smtp_allow_plaintext: bool,
    smtp_ca_file: Option<PathBuf>,
    mail_from_address: String,
    mail_staff: bool,
}

impl MailGiven {
    /// None without a mail server. What only the mailer knows to be wrong is told when it is made.
    pub(super) fn checked(self) -> anyhow::Result<Option<MailConfig>> {
        let Some(smtp_url) = self.smtp_url else { return Ok(None) };
        let Some(mail_from_address) = self.mail_from_address else {
            bail!("mail_from_address: with smtp_url it must be said whom mail is from");
        };
        let login = match (self.smtp_username, self.smtp_password) {
            (Some(username), Some(password)) => Some((username, password)),
            (None, None) => None,
            _ => bail!("smtp_username and smtp_password: there must be both or neither"),
        };
        Ok(Some(MailConfig {
            smtp_url,
            login,
            smtp_starttls: self.smtp_starttls,
            smtp_allow_plaintext: self.smtp_allow_plaintext.unwrap_or(false),
            smtp_ca_file: self.smtp_ca_file,
            mail_from_address,
            mail_staff: self.mail_staff.unwrap_or(true),
        }))
    }
}

impl MailConfig {
    /// The mail server.
    pub fn server(&self) -> MailerSettings {
        let mut server = MailerSettings::new(self.smtp_url.clone(), &self.mail_from_address);
        if let Some(starttls) = self.smtp_starttls {
            server.starttls = starttls;
        }
        server.allow_plaintext = self.smtp_allow_plaintext;
        server.ca_file.clone_from(&self.smtp_ca_file);
        server.login = self
            .login
            .as_ref()
            .map(|(username, password)| Login { username: username.clone(), password: password.0.clone() });
        server
    }

    /// What the letters of a site need.
    pub fn settings(&self, base_url: &Url) -> MailSettings {
        MailSettings { server: self.server(), base_url: base_url.clone(), staff_letters: self.mail_staff }
    }
}

/// As lines of a TOML file, secrets hidden.
impl fmt::Display for MailConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &dyn fmt::Display| toml::Value::String(value.to_string()).to_string();
        writeln!(f, "smtp_url = {}", text(&self.smtp_url))?;
        if let Some((username, _)) = &self.login {
            writeln!(f, "smtp_username = {}", text(username))?;
            writeln!(f, "smtp_password = {}", text(&HIDDEN))?;
        }
        if let Some(starttls) = self.smtp_starttls {
            writeln!(f, "smtp_starttls = {starttls}")?;
        }
        if self.smtp_allow_plaintext {
            writeln!(f, "smtp_allow_plaintext = true")?;
        }
        if let Some(path) = &self.smtp_ca_file {
            writeln!(f, "smtp_ca_file = {}", text(&path.display()))?;
        }
        writeln!(f, "mail_from_address = {}", text(&self.mail_from_address))?;
        writeln!(f, "mail_staff = {}", self.mail_staff)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::of;

    #[test]
    fn mail_is_set_up_by_an_address_and_a_sender() {
        assert!(of("").unwrap().mail.is_none());
        assert!(of("mail_from_address = 'a@example.org'").unwrap().mail.is_none());
        let config =
            of("smtp_url = 'smtps://mail.example.org'\ndefault_from_email = 'a@example.org'").unwrap();
        let server = config.mail.unwrap().server();
        assert_eq!(server.url.as_str(), "smtps://mail.example.org");
        assert_eq!(server.mail_from_address, "a@example.org", "the present site's name is understood");
        assert!(!server.starttls && server.login.is_none());
    }

    #[test]
    fn what_is_missing_is_named() {
        let told = |text: &str| format!("{:#}", of(text).unwrap_err());
        assert!(told("smtp_url = 'smtp://mail.example.org'").contains("mail_from_address"));
        let half = "smtp_url = 'smtp://m.example'\nmail_from_address = 'a@b.org'\nsmtp_username = 'cairn'";
        assert!(told(half).contains("smtp_password"));
    }

    #[test]
    fn the_password_does_not_show() {
        let config = of("smtp_url = 'smtp://m.example'\nmail_from_address = 'a@b.org'\n\
            smtp_username = 'cairn'\nsmtp_password = 'sesame'\nsmtp_starttls = true\nmail_staff = false");
        let config = config.unwrap();
        assert!(!format!("{config:?} {config}").contains("sesame"), "{config}");
        let again = of(&config.to_string()).unwrap();
        assert_eq!(again.to_string(), config.to_string());
        assert_eq!(config.mail.unwrap().server().login.unwrap().password, "sesame");
    }
}

//! Mail, handed over to a mail server (SMTP) one at a time.
//!
//! Each mail is a connection of its own: so it is known at which step a server said no. What it says to our sign-in or to the
//! address that mail comes from is about the settings, and no mail is given up for it; what it says to the receiver's
//! address or to the content is about that mail.

mod fault;
mod mail;
mod settings;

pub use fault::MailFault;
pub use mail::{
    ADDRESS_BYTES_MAX, HTML_BYTES_MAX, MESSAGE_ID_BYTES_MAX, Mail, SUBJECT_CHARS_MAX, TEXT_BYTES_MAX,
};
pub use settings::{Login, MailerSettings};

use crate::authorities;
use lettre::Address;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters, TlsParametersBuilder,
};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use std::fmt;
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// How long a server may take to say good-bye, after it has said what it thinks of the mail.
const LEAVE_TIMEOUT: Duration = Duration::from_secs(2);

/// A mail server that takes mail from us. Sending keeps no state: any number may be sent at once.
pub struct Mailer {
    settings: MailerSettings,
    host: String,
    port: u16,
    from: Mailbox,
    tls: TlsParameters,
    hello_name: ClientId,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Mailer").field(&self.settings).finish()
    }
}

impl Mailer {
    /// A mail server with these settings. It is not asked yet: it may be away when Cairn starts.
    ///
    /// Refuses with [`MailFault::Misconfigured`] what can never work: addresses that cannot be read, plain text that was
    /// not allowed, a file of authorities that is missing.
    pub fn new(settings: MailerSettings) -> Result<Self, MailFault> {
        let (host, port, from) = settings.checked()?;
        let mut tls =
            TlsParametersBuilder::new(host.clone()).certificate_store(CertificateStore::WebpkiRoots);
        let believed = settings.ca_file.as_deref().map(authorities::read).transpose();
        for certificate in believed.map_err(MailFault::Misconfigured)?.unwrap_or_default() {
            let certificate = Certificate::from_der(certificate.to_vec());
            tls = tls.add_root_certificate(
                certificate.map_err(|fault| MailFault::Misconfigured(fault.to_string()))?,
            );
        }
        let tls = tls.build_rustls().map_err(|fault| MailFault::Misconfigured(fault.to_string()))?;
        Ok(Self { settings, host, port, from, tls, hello_name: ClientId::default() })
    }

    /// Hands a mail over. When this returns without a fault, the server has taken it upon itself.
    ///
    /// A mail whose fault is not permanent is sent again later, with the same Message-Id: the server may have taken it when the
    /// connection ended before its answer.
    pub async fn send(&self, mail: &Mail) -> Result<(), MailFault> {
        let begun = Instant::now();
        let outcome = match mail.message(&self.from) {
            Ok(message) => self.deliver(&message).await,
            Err(fault) => Err(fault),
        };
        let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let message_id = mail.message_id.as_str();
        match &outcome {
            Ok(()) => tracing::info!(message_id, outcome = "sent", duration_ms, "mail was handed over"),
            Err(fault @ (MailFault::Tls(_) | MailFault::Misconfigured(_))) => {
                tracing::error!(message_id, outcome = %fault, duration_ms, "no mail can be handed over");
            }
            Err(fault) => {
                tracing::warn!(message_id, outcome = %fault, duration_ms, "mail was not handed over");
            }
        }
        outcome
    }

    /// Whether the server takes mail from us, as far as that shows without sending any: it can be reached safely, and signing in
    /// works where that is set up.
    pub async fn greet(&self) -> Result<(), MailFault> {
        let connecting = timeout(self.settings.connect_timeout, self.connect()).await;
        let mut connection = connecting.map_err(|_| MailFault::Timeout)??;
        drop(timeout(LEAVE_TIMEOUT, connection.abort()).await);
        Ok(())
    }

    async fn deliver(&self, message: &Message) -> Result<(), MailFault> {
        let connecting = timeout(self.settings.connect_timeout, self.connect()).await;
        let mut connection = connecting.map_err(|_| MailFault::Timeout)??;
        let handing_over = timeout(self.settings.send_timeout, hand_over(&mut connection, message)).await;
        let outcome = handing_over.unwrap_or(Err(MailFault::Timeout));
        // Whatever comes now changes nothing: the server has said what there was to say, or is waited for no longer.
        if !matches!(outcome, Err(MailFault::Timeout)) {
            drop(timeout(LEAVE_TIMEOUT, connection.abort()).await);
        }
        outcome
    }

    /// A connection on which mail may be sent.
    async fn connect(&self) -> Result<AsyncSmtpConnection, MailFault> {
        let from_the_start = (self.settings.url.scheme() == "smtps").then(|| self.tls.clone());
        let server = (self.host.as_str(), self.port);
        let patience = Some(self.settings.connect_timeout);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(server, patience, &self.hello_name, from_the_start, None);
        let mut connection =
            connecting.await.map_err(|fault| MailFault::of_step("the connection", &fault))?;
        if self.settings.starttls {
            if !connection.can_starttls() {
                return Err(MailFault::Tls("the server offers no STARTTLS".into()));
            }
            let safe = connection.starttls(self.tls.clone(), &self.hello_name).await;
            safe.map_err(|fault| MailFault::of_step("STARTTLS", &fault))?;
        }
        if let Some(Login { username, password }) = &self.settings.login {
            let credentials = Credentials::new(username.clone(), password.clone());
            let known = connection.auth(DEFAULT_MECHANISMS, &credentials).await;
            known.map_err(|fault| MailFault::of_step("sign-in", &fault))?;
        }
        Ok(connection)
    }
}

/// Gives the mail to the server, step by step.
async fn hand_over(connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), MailFault> {
    let envelope = message.envelope();
    let mut options = Vec::new();
    let beyond_ascii = |address: &Address| !AsRef::<str>::as_ref(address).is_ascii();
    if envelope.to().iter().chain(envelope.from()).any(beyond_ascii) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(MailFault::Unsendable("the mail server takes addresses of ASCII only"));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    let from = connection.command(MailFrom::new(envelope.from().cloned(), options)).await;
    from.map_err(|fault| MailFault::of_step("the address that mail comes from", &fault))?;
    for to in envelope.to() {
        let to = connection.command(Rcpt::new(to.clone(), Vec::new())).await;
        to.map_err(|fault| MailFault::of_mail(&fault))?;
    }
    connection.command(Data).await.map_err(|fault| MailFault::of_mail(&fault))?;
    let taken = connection.message(&message.formatted()).await;
    taken.map(drop).map_err(|fault| MailFault::of_mail(&fault))
}

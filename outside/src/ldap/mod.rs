//! Signing in with the name and the password that people have in a directory (LDAP), as at OSGeo.
//!
//! Each sign-in is a connection of its own: safe first, then a bind as the person. So no connection ever has the rights of
//! somebody who asked before, and a directory that was away is asked again without anybody's doing.

mod dn;
mod fault;
mod person;
mod settings;
mod talk;

pub use fault::DirectoryFault;
pub use person::DirectoryPerson;
pub use settings::{Attributes, Bind, DirectoryLimits, DirectorySettings, GroupSource, Groups, People};

use crate::authorities::client_config;
use futures_util::FutureExt;
use futures_util::future::{Either, select};
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, StdStream};
use rustls::ClientConfig;
use settings::Meanings;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;
use talk::Talk;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// A directory that knows people by name and password. To be shared: any number may sign in at once, and as many as the
/// limits say are asked about at once.
#[derive(Debug)]
pub struct Directory {
    settings: DirectorySettings,
    meanings: Meanings,
    tls: Arc<ClientConfig>,
    places: Semaphore,
}

impl Directory {
    /// A directory with these settings. It is not asked yet: it may be away when Cairn starts.
    ///
    /// Refuses with [`DirectoryFault::Misconfigured`] what can never work: addresses, names of entries and filters that
    /// cannot be read, plain text that was not allowed, a file of authorities that is missing.
    pub fn new(settings: DirectorySettings) -> Result<Self, DirectoryFault> {
        let meanings = settings.checked()?;
        let tls = client_config(settings.ca_file.as_deref()).map_err(DirectoryFault::Misconfigured)?;
        let places = Semaphore::new(settings.limits.connections_max.min(Semaphore::MAX_PERMITS));
        Ok(Self { settings, meanings, tls, places })
    }

    /// Who has this name and this password, as the directory knows them now.
    ///
    /// A wrong password and a name that nobody has are one fault, and cost the directory the same requests. A name or
    /// a password that is empty, too long or has control characters is refused without asking: to some servers a bind
    /// with an empty password is a good one, by nobody.
    pub async fn sign_in(&self, name: &str, password: &str) -> Result<DirectoryPerson, DirectoryFault> {
        if !self.may_be_asked(name, password) {
            return Err(DirectoryFault::WrongCredentials);
        }
        let begun = Instant::now();
        // The client panics on answers that are not LDAP; that must not reach whoever is behind another request.
        let asked = AssertUnwindSafe(self.ask(name, password)).catch_unwind().await;
        let outcome =
            asked.unwrap_or_else(|_| Err(DirectoryFault::Unreachable("it does not speak LDAP".into())));
        let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &outcome {
            Ok(_) => tracing::debug!(outcome = "known", duration_ms, "the directory knows who signs in"),
            Err(DirectoryFault::WrongCredentials) => {
                tracing::debug!(outcome = "wrong", duration_ms, "the directory does not know who signs in");
            }
            Err(fault @ (DirectoryFault::Unreachable(_) | DirectoryFault::Timeout)) => {
                tracing::warn!(outcome = %fault, duration_ms, "the directory is away");
            }
            Err(fault) => tracing::error!(outcome = %fault, duration_ms, "the directory is of no use"),
        }
        outcome
    }

    fn may_be_asked(&self, name: &str, password: &str) -> bool {
        let limits = &self.settings.limits;
        let name_fits = name.chars().count() <= limits.name_chars_max && !name.chars().any(char::is_control);
        let password_fits = password.len() <= limits.password_bytes_max && !password.contains('\0');
        !name.trim().is_empty() && !password.is_empty() && name_fits && password_fits
    }

    async fn ask(&self, name: &str, password: &str) -> Result<DirectoryPerson, DirectoryFault> {
        let patience = self.settings.limits.connect_timeout;
        let place = timeout(patience, self.places.acquire()).await.map_err(|_| DirectoryFault::Timeout)?;
        let _place = place.expect("the semaphore is never closed");
        let connecting = timeout(patience, self.connect()).await;
        let (connection, ldap) = connecting.map_err(|_| DirectoryFault::Timeout)??;
        let talk = pin!(Talk::new(&self.settings, &self.meanings, ldap).about(name, password));
        match select(talk, pin!(connection.drive())).await {
            Either::Left((outcome, _)) => outcome,
            // The last answer may have come right before the end. What waits for another one fails by itself now.
            Either::Right((_, talk)) => talk.await,
        }
    }

    /// A connection on which a password may be sent.
    async fn connect(&self) -> Result<(LdapConnAsync, Ldap), DirectoryFault> {
        let (host, port) = self.settings.host()?;
        let away = |fault: std::io::Error| DirectoryFault::Unreachable(fault.kind().to_string());
        let stream = TcpStream::connect((host.as_str(), port)).await.map_err(away)?;
        stream.set_nodelay(true).map_err(away)?;
        let connection = LdapConnSettings::new()
            .set_std_stream(StdStream::Tcp(stream.into_std().map_err(away)?))
            .set_starttls(self.settings.starttls)
            .set_config(Arc::clone(&self.tls));
        let made = LdapConnAsync::from_url_with_settings(connection, &self.settings.url).await;
        made.map_err(|fault| match (DirectoryFault::of_connection(&fault), fault) {
            (_, LdapError::LdapResult { result }) => {
                DirectoryFault::Tls(format!("the server refuses StartTLS with code {}", result.rc))
            }
            // Whoever speaks something else at this port ends it so; and so does one that fails just now.
            (DirectoryFault::Unreachable(_), LdapError::Io { source })
                if self.settings.url.scheme() == "ldaps" =>
            {
                DirectoryFault::Tls(format!("the server ends the handshake: {}", source.kind()))
            }
            (fault, _) => fault,
        })
    }
}

#[cfg(test)]
mod tests;

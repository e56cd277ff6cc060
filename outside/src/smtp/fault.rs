//! Why a mail was not handed over.

use crate::authorities::tls_fault;
use lettre::transport::smtp::Error;
use std::error::Error as _;
use thiserror::Error;

/// Codes that ask for sign-in, or for a better one (RFC 4954).
const WANTS_SIGN_IN: [u16; 4] = [530, 534, 535, 538];

/// Why a mail was not handed over. No text of it tells to whom: what servers say beside their codes often has the
/// address in it and is left out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MailFault {
    /// The server will never take this mail: the address does not exist, or the content is unwanted.
    #[error("the mail server refuses this mail for good with code {code}")]
    Refused {
        /// Its code, 500 to 599.
        code: u16,
    },
    /// No server could be given this mail.
    #[error("this mail cannot be sent: {0}")]
    Unsendable(&'static str),
    /// The server does not take this mail now: a mailbox is full, it is busy, or it asks strangers to come again.
    #[error("the mail server asks to try later with code {code}")]
    Later {
        /// Its code.
        code: u16,
    },
    /// Nobody listens, or the connection ended. The server may have taken the mail right before that.
    #[error("the mail server cannot be reached: {0}")]
    Unreachable(String),
    /// No connection that can be trusted: a certificate of the wrong authority or name, or no TLS at all.
    #[error("the connection to the mail server is not safe: {0}")]
    Tls(String),
    /// The settings do not fit the server: sign-in, the address that mail comes from, an address that cannot be read.
    #[error("the settings of mail do not fit: {0}")]
    Misconfigured(String),
    /// The server did not answer in time. It may have taken the mail all the same.
    #[error("the mail server did not answer in time")]
    Timeout,
}

impl MailFault {
    /// Whether it is useless to try this mail again. All other mail may be taken all the same.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Unsendable(_))
    }

    /// What a fault means that is about this mail. Some servers ask for sign-in only when they hear whom it is for.
    pub(super) fn of_mail(fault: &Error) -> Self {
        match fault.status().map(u16::from) {
            Some(code) if WANTS_SIGN_IN.contains(&code) => Self::of_step("mail without sign-in", fault),
            Some(code) if fault.is_permanent() => Self::Refused { code },
            _ => Self::of_connection(fault),
        }
    }

    /// What a fault means that would be the same for every mail, so that none is given up for it.
    pub(super) fn of_connection(fault: &Error) -> Self {
        if let Some(reason) = tls_fault(fault) {
            return Self::Tls(reason);
        }
        if let Some(code) = fault.status() {
            return Self::Later { code: u16::from(code) };
        }
        if fault.is_timeout() {
            return Self::Timeout;
        }
        if fault.is_response() {
            return Self::Unreachable("it ends the connection or does not speak SMTP".into());
        }
        let cause = fault.source().and_then(|cause| cause.downcast_ref::<std::io::Error>());
        Self::Unreachable(cause.map_or("the connection failed".to_owned(), |cause| cause.kind().to_string()))
    }

    /// What a fault means of the step that this says: a refusal of it is for who runs Cairn to mend.
    pub(super) fn of_step(step: &str, fault: &Error) -> Self {
        match fault.status().map(u16::from) {
            Some(code) if fault.is_permanent() => {
                Self::Misconfigured(format!("the mail server refuses {step} with code {code}"))
            }
            None if fault.is_client() => {
                Self::Misconfigured(format!("the mail server knows no way for {step}"))
            }
            _ => Self::of_connection(fault),
        }
    }
}

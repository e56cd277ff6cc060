//! Why nobody was signed in.

use crate::authorities::tls_fault;
use ldap3::{LdapError, LdapResult};
use thiserror::Error;

/// Why nobody was signed in. No text of it tells who tried: what the directory says beside its codes may have names in
/// it and is left out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DirectoryFault {
    /// No such name, or not this password; which of them is not told. The only fault that is the asker's.
    #[error("the name or the password is wrong")]
    WrongCredentials,
    /// Nobody listens, or the connection ended.
    #[error("the directory cannot be reached: {0}")]
    Unreachable(String),
    /// No connection that can be trusted: a certificate of the wrong authority or name, or no TLS at all.
    #[error("the connection to the directory is not safe: {0}")]
    Tls(String),
    /// The settings do not fit the directory. It stays so until somebody changes one of them.
    #[error("the settings of the directory do not fit: {0}")]
    Misconfigured(String),
    /// More than one entry has the name, so that nobody knows who it is.
    #[error("more than one entry of the directory has this name")]
    Ambiguous,
    /// The directory did not answer in time.
    #[error("the directory did not answer in time")]
    Timeout,
}

impl DirectoryFault {
    /// What an answer's code means where it is not about a person's credentials.
    pub(super) fn of_answer(deed: &str, answer: &LdapResult) -> Self {
        match answer.rc {
            TIME_LIMIT_EXCEEDED => Self::Timeout,
            BUSY | UNAVAILABLE => Self::Unreachable(format!("it answered {deed} with code {}", answer.rc)),
            code => Self::Misconfigured(format!("the directory answered {deed} with code {code}")),
        }
    }

    /// What a fault of the connection means.
    pub(super) fn of_connection(fault: &LdapError) -> Self {
        if let Some(fault) = tls_fault(fault) {
            return Self::Tls(fault);
        }
        match fault {
            LdapError::Timeout { .. } => Self::Timeout,
            LdapError::Io { source } => Self::Unreachable(source.kind().to_string()),
            LdapError::DNSName { .. } => {
                Self::Tls("its address is no name that a certificate can have".into())
            }
            LdapError::FilterParsing => Self::Misconfigured("a filter cannot be read".into()),
            LdapError::LdapResult { result } => Self::of_answer("a request", result),
            LdapError::OpSend { .. }
            | LdapError::ResultRecv { .. }
            | LdapError::IdScrubSend { .. }
            | LdapError::EndOfStream => Self::ended(),
            other => Self::Misconfigured(other.to_string()),
        }
    }

    /// The connection ended in the middle.
    pub(super) fn ended() -> Self {
        Self::Unreachable("it ended the connection".into())
    }
}

// Codes of RFC 4511, appendix A.
pub(super) const TIME_LIMIT_EXCEEDED: u32 = 3;
pub(super) const SIZE_LIMIT_EXCEEDED: u32 = 4;
pub(super) const CONSTRAINT_VIOLATION: u32 = 19;
pub(super) const NO_SUCH_OBJECT: u32 = 32;
pub(super) const INAPPROPRIATE_AUTHENTICATION: u32 = 48;
pub(super) const INVALID_CREDENTIALS: u32 = 49;
pub(super) const BUSY: u32 = 51;
pub(super) const UNAVAILABLE: u32 = 52;
pub(super) const UNWILLING_TO_PERFORM: u32 = 53;

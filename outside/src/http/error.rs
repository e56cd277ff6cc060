//! Why a request to the world outside brought no answer.

use super::resolver::Refused;
use std::error::Error as StdError;
use std::time::Duration;
use thiserror::Error;

/// Why a request brought no answer. Names the host and never what was sent or received.
#[derive(Debug, Error)]
pub enum OutgoingError {
    /// The file of authorities cannot be used, for this reason.
    #[error("{0}")]
    CaFile(String),
    /// The client cannot be made.
    #[error("the HTTP client cannot be made")]
    Client(#[source] reqwest::Error),
    /// The URL is malformed, has no host, has a scheme other than `http` and `https`, or has a password in it.
    #[error("the URL is not one that can be asked")]
    UrlMalformed,
    /// The URL has no TLS, and its host is not excepted.
    #[error("{host} is asked without TLS; use https, or allow the host in the settings")]
    Insecure {
        /// The host of the URL.
        host: String,
    },
    /// The host is, or its name resolves to, an address that is not public, and is not excepted.
    #[error("{host} has no public address; allow the host in the settings if that is meant")]
    AddressRefused {
        /// The host of the URL.
        host: String,
    },
    /// A redirect came after as many as are followed.
    #[error("more than {max} redirects")]
    TooManyRedirects {
        /// [`super::OutgoingLimits::redirects_max`].
        max: usize,
    },
    /// A redirect leads nowhere.
    #[error("{host} redirects to what is no URL")]
    RedirectMalformed {
        /// The host that said so.
        host: String,
    },
    /// The body has more bytes than the limit. No more than the limit was kept.
    #[error("{host} answers with more than {max} bytes")]
    TooLarge {
        /// The host that answered.
        host: String,
        /// [`super::OutgoingLimits::body_bytes_max`].
        max: usize,
    },
    /// The whole, redirects and body included, took too long.
    #[error("{host} did not answer within {} ms", total.as_millis())]
    TimedOut {
        /// The host of the first URL.
        host: String,
        /// [`super::OutgoingLimits::total`].
        total: Duration,
    },
    /// The name is unknown, the connection was refused or broke, or TLS could not be agreed on.
    #[error("{host} cannot be reached")]
    Unreachable {
        /// The host that was asked.
        host: String,
        /// What went wrong, without the URL.
        source: reqwest::Error,
    },
    /// The answer is not the 200 that a document comes with.
    #[error("{host} answers with status {status}")]
    Status {
        /// The host that answered.
        host: String,
        /// The status.
        status: u16,
    },
    /// The document is not the JSON that it should be. Its text is not kept.
    #[error("{host} answers with other JSON than is expected")]
    NotJson {
        /// The host that answered.
        host: String,
    },
}

impl OutgoingError {
    /// Finds the resolver's refusal among the causes; all else is a host that cannot be reached.
    pub(super) fn of(host: &str, error: reqwest::Error) -> Self {
        let host = host.to_owned();
        let mut cause: Option<&(dyn StdError + 'static)> = Some(&error);
        while let Some(known) = cause {
            if known.is::<Refused>() {
                return Self::AddressRefused { host };
            }
            cause = known.source();
        }
        Self::Unreachable { host, source: error.without_url() }
    }
}

//! Why somebody could not be signed in by their provider.

use crate::http::OutgoingError;
use openidconnect::ClaimsVerificationError;
use std::sync::Arc;
use thiserror::Error;

/// Why somebody could not be signed in by their provider. Says nothing of the person, and nothing that is secret.
#[derive(Debug, Error)]
pub enum OidcError {
    /// The setting is no URL.
    #[error("{setting} is no URL")]
    SettingMalformed {
        /// `issuer` or `redirect_url`.
        setting: &'static str,
    },
    /// The provider cannot be reached, or answers beyond the limits.
    #[error("the identity provider cannot be reached")]
    Unreachable(#[source] OutgoingError),
    /// What the provider publishes of itself cannot be used, or could not be fetched a moment ago.
    #[error("what the identity provider publishes of itself cannot be used")]
    Metadata(#[source] Arc<MetadataError>),
    /// The provider does not know the code any more, or has given it to somebody else: it was used before, or is old.
    #[error("the identity provider does not accept the code; sign in again")]
    CodeRefused,
    /// The code is longer than any that providers make.
    #[error("the code has more than {max} bytes")]
    CodeTooLarge {
        /// [`super::CODE_BYTES_MAX`].
        max: usize,
    },
    /// The provider does not accept us: client id or secret are wrong.
    #[error("the identity provider does not accept our client id and secret; check the settings")]
    ClientRefused,
    /// The provider refuses, by this code of OAuth's.
    #[error("the identity provider refuses: {code}")]
    Refused {
        /// Such as `invalid_scope`.
        code: String,
    },
    /// The answer is not what OpenID Connect demands.
    #[error("the identity provider's answer is malformed")]
    Malformed,
    /// The id token is not of the issuer, not for us, not of this sign-in, or not of this time.
    #[error("the id token is refused")]
    IdTokenRefused(#[source] ClaimsVerificationError),
    /// A claim is longer than any person's.
    #[error("the claim {claim} is larger than is taken")]
    ClaimTooLarge {
        /// Its name.
        claim: &'static str,
    },
}

/// Why what a provider publishes of itself cannot be used.
#[derive(Debug, Error)]
pub enum MetadataError {
    /// It cannot be fetched.
    #[error("it cannot be fetched")]
    Outgoing(#[source] OutgoingError),
    /// It is of another issuer, or lacks what it must have.
    #[error("{0}")]
    Unusable(String),
}

impl OidcError {
    /// Whether trying again later makes sense, for nothing was wrong with the person or with us.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Metadata(cause) => matches!(**cause, MetadataError::Outgoing(_)),
            _ => false,
        }
    }
}

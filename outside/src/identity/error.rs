//! Why an identity token is not believed.

use crate::http::OutgoingError;
use std::sync::Arc;
use thiserror::Error;

/// Why an identity token is not believed. Nothing of the token is repeated.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// The token has more bytes than any issuer makes.
    #[error("the identity token has more than {max} bytes")]
    TooLarge {
        /// [`super::TOKEN_BYTES_MAX`].
        max: usize,
    },
    /// The token is no JWT of three parts with JSON in them.
    #[error("the identity token is malformed")]
    Malformed,
    /// The token is signed by none of the ways that are taken: RS256, ES256 and EdDSA.
    #[error("the identity token is signed in a way that is not taken; RS256, ES256 and EdDSA are")]
    AlgorithmRefused,
    /// No issuer of the settings has made the token.
    #[error("the identity token's issuer is not trusted here")]
    IssuerUnknown,
    /// The issuer does not publish the key, or not for this way of signing.
    #[error("{issuer} does not publish the key that the identity token names")]
    KeyUnknown {
        /// The issuer.
        issuer: String,
    },
    /// The issuer's keys cannot be fetched now. Trying again in a minute makes sense.
    #[error("the keys of {issuer} cannot be fetched")]
    IssuerUnreachable {
        /// The issuer.
        issuer: String,
        /// What went wrong when they were last fetched.
        source: Arc<KeysError>,
    },
    /// The signature is not of the key.
    #[error("the identity token's signature is wrong")]
    SignatureWrong,
    /// The token was made for others.
    #[error("the identity token is not meant for {audience}")]
    AudienceWrong {
        /// Whom it should be for.
        audience: String,
    },
    /// The token's time is over.
    #[error("the identity token has expired")]
    Expired,
    /// The token's time is to come, by more than clocks differ.
    #[error("the identity token is not valid yet; is a clock wrong?")]
    NotYetValid,
    /// The token lacks a claim, or it is of another shape.
    #[error("the identity token's claim {claim} is missing or malformed")]
    ClaimMissing {
        /// Its name.
        claim: &'static str,
    },
    /// The workflow's file lies in another repository than the run.
    #[error("the workflow's file is not in the repository that it runs for")]
    WorkflowElsewhere,
}

/// Why an issuer's keys cannot be fetched.
#[derive(Debug, Error)]
pub enum KeysError {
    /// It does not answer as it should.
    #[error(transparent)]
    Outgoing(#[from] OutgoingError),
    /// What it publishes is of somebody else.
    #[error("it publishes the metadata of another issuer")]
    MetadataOfAnother,
}

//! Identity tokens of CI services, for publishing without a kept secret: who signed, for whom, when, and which run it is.

mod claims;
mod error;
mod keys;

pub use claims::{CiIdentity, JTI_BYTES_MAX};
pub use error::{IdentityError, KeysError};

use crate::http::Outgoing;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use keys::Keys;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use tokio::sync::Mutex;

/// The largest token that is looked at, in bytes. Real ones have two thousand.
pub const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// How far an issuer's clock and ours may differ.
pub const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(60);

/// The ways of signing that are taken. All are by a key pair: what we know cannot make a token.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];

/// Whose words an issuer uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IssuerKind {
    /// GitHub Actions, and servers that speak as it does.
    GitHub,
    /// GitLab CI.
    GitLab,
}

/// An issuer that an administrator trusts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedIssuer {
    /// Its address as it stands in tokens, such as `https://token.actions.githubusercontent.com`.
    pub issuer: String,
    /// Whose words it uses.
    pub kind: IssuerKind,
}

/// The issuers that are trusted, with the keys they publish.
pub struct Issuers {
    http: Outgoing,
    trusted: Vec<(TrustedIssuer, Mutex<Keys>)>,
}

impl fmt::Debug for Issuers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.trusted.iter().map(|(issuer, _)| issuer)).finish()
    }
}

impl Issuers {
    /// Trusts these issuers. Nobody is asked before the first token comes.
    pub fn new(http: Outgoing, trusted: Vec<TrustedIssuer>) -> Self {
        let plain = |issuer: TrustedIssuer| {
            let address = issuer.issuer.trim_end_matches('/').to_owned();
            (TrustedIssuer { issuer: address, ..issuer }, Mutex::new(Keys::new()))
        };
        Self { http, trusted: trusted.into_iter().map(plain).collect() }
    }

    /// The run that a token is of. When it returns, a trusted issuer signed the token for `audience`, and it is valid
    /// at `now`, give or take [`CLOCK_SKEW`]. Keys are fetched when they are needed, at most once a minute from each
    /// issuer; who asks in the meantime waits for them.
    pub async fn verify(
        &self,
        token: &str,
        audience: &str,
        now: DateTime<Utc>,
    ) -> Result<CiIdentity, IdentityError> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(IdentityError::TooLarge { max: TOKEN_BYTES_MAX });
        }
        let header = decode_header(token).map_err(|error| refusal(error.kind()))?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(IdentityError::AlgorithmRefused);
        }
        let (TrustedIssuer { issuer, kind }, keys) = self.named_by(token)?;
        let kid = header.kid.ok_or(IdentityError::Malformed)?;
        let key = keys.lock().await.find(&self.http, issuer, &kid, now).await?;
        let claims: Map<String, Value> = decode(token, &key.key, &signature_only(key.algorithm))
            .map_err(|error| refusal(error.kind()))?
            .claims;
        check_audience(&claims, audience)?;
        let expires_at = check_times(&claims, now)?;
        claims::identity(issuer, *kind, claims, expires_at)
    }

    /// The issuer that a token says it is of. That it is so shows when its key fits.
    fn named_by(&self, token: &str) -> Result<&(TrustedIssuer, Mutex<Keys>), IdentityError> {
        #[derive(Deserialize)]
        struct Said {
            iss: String,
        }
        let said: Said = jsonwebtoken::dangerous::insecure_decode_claims(token)
            .map_err(|_| IdentityError::ClaimMissing { claim: "iss" })?;
        let said = said.iss.trim_end_matches('/');
        let known = self.trusted.iter().find(|(trusted, _)| trusted.issuer == said);
        known.ok_or(IdentityError::IssuerUnknown)
    }
}

/// The library checks the signature and nothing else: it would take the time from the system.
fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

/// What the library found wrong, in our words.
fn refusal(kind: &ErrorKind) -> IdentityError {
    match kind {
        ErrorKind::InvalidSignature => IdentityError::SignatureWrong,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => IdentityError::AlgorithmRefused,
        _ => IdentityError::Malformed,
    }
}

fn check_audience(claims: &Map<String, Value>, audience: &str) -> Result<(), IdentityError> {
    let is_meant = match claims.get("aud") {
        Some(Value::String(one)) => one == audience,
        Some(Value::Array(many)) => many.iter().any(|one| one == audience),
        _ => return Err(IdentityError::ClaimMissing { claim: "aud" }),
    };
    if is_meant { Ok(()) } else { Err(IdentityError::AudienceWrong { audience: audience.to_owned() }) }
}

/// Checks `exp`, `nbf` and `iat`, and answers the first.
fn check_times(claims: &Map<String, Value>, now: DateTime<Utc>) -> Result<DateTime<Utc>, IdentityError> {
    let expires_at = time(claims, "exp")?.ok_or(IdentityError::ClaimMissing { claim: "exp" })?;
    if now - CLOCK_SKEW >= expires_at {
        return Err(IdentityError::Expired);
    }
    for claim in ["nbf", "iat"] {
        if time(claims, claim)?.is_some_and(|begin| begin > now + CLOCK_SKEW) {
            return Err(IdentityError::NotYetValid);
        }
    }
    Ok(expires_at)
}

/// A time in seconds since 1970, which may have a fraction.
fn time(claims: &Map<String, Value>, claim: &'static str) -> Result<Option<DateTime<Utc>>, IdentityError> {
    let Some(told) = claims.get(claim) else { return Ok(None) };
    let seconds = told.as_i64().or_else(|| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the fraction goes, and what is too large saturates"
        )]
        told.as_f64().map(|seconds| seconds as i64)
    });
    let time = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    time.map(Some).ok_or(IdentityError::ClaimMissing { claim })
}

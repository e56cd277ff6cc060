//! The keys that an issuer publishes, kept for a while.

use super::{IdentityError, KeysError};
use crate::http::Outgoing;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// An issuer is asked at most this often, whatever tokens come: made-up key names must not make us its nuisance.
const ASK_EVERY: TimeDelta = TimeDelta::minutes(1);

/// After this the keys are fetched again, so that a key that was withdrawn ends.
const FRESH: TimeDelta = TimeDelta::hours(1);

/// While the issuer cannot be reached, keys are used for as long as this.
const USABLE: TimeDelta = TimeDelta::hours(24);

/// How many keys of an issuer are kept; real ones publish fewer than ten.
const KEYS_MAX: usize = 100;

/// A key, and the one way of signing that it is for.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// The keys of one issuer.
#[derive(Default)]
pub(super) struct Keys {
    by_kid: HashMap<String, Key>,
    fetched_at: Option<DateTime<Utc>>,
    asked_at: Option<DateTime<Utc>>,
    failure: Option<Arc<KeysError>>,
}

/// What of an issuer's metadata is needed here.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

/// Keys as they are published. Those that cannot be read are skipped: new kinds may stand beside those we know.
#[derive(Deserialize)]
struct Published {
    keys: Vec<serde_json::Value>,
}

impl Keys {
    /// The key of a name. Fetches the keys when there is none, or when they are old.
    pub(super) async fn find(
        &mut self,
        http: &Outgoing,
        issuer: &str,
        kid: &str,
        now: DateTime<Utc>,
    ) -> Result<Key, IdentityError> {
        let known = self.by_kid.contains_key(kid);
        if !(known && within(self.fetched_at, FRESH, now)) && !within(self.asked_at, ASK_EVERY, now) {
            self.asked_at = Some(now);
            self.refresh(http, issuer, now).await;
        }
        let usable = within(self.fetched_at, USABLE, now);
        match (self.by_kid.get(kid), &self.failure) {
            (Some(key), _) if usable => Ok(key.clone()),
            (_, Some(failure)) => Err(IdentityError::IssuerUnreachable {
                issuer: issuer.to_owned(),
                source: Arc::clone(failure),
            }),
            _ => Err(IdentityError::KeyUnknown { issuer: issuer.to_owned() }),
        }
    }

    /// Fetches the keys. When that fails it is noted, and the keys that were there stay.
    async fn refresh(&mut self, http: &Outgoing, issuer: &str, now: DateTime<Utc>) {
        match fetch(http, issuer).await {
            Ok(published) => {
                self.by_kid = published.keys.into_iter().filter_map(read).take(KEYS_MAX).collect();
                self.fetched_at = Some(now);
                self.failure = None;
                tracing::info!(issuer, keys = self.by_kid.len(), "fetched the keys of {issuer}");
            }
            Err(error) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(issuer, %error, cause, "the keys of {issuer} cannot be fetched");
                self.failure = Some(Arc::new(error));
            }
        }
    }
}

/// What an issuer publishes now.
async fn fetch(http: &Outgoing, issuer: &str) -> Result<Published, KeysError> {
    let metadata: Metadata = http.get_json(&format!("{issuer}/.well-known/openid-configuration")).await?;
    if metadata.issuer.trim_end_matches('/') != issuer {
        return Err(KeysError::MetadataOfAnother);
    }
    Ok(http.get_json(&metadata.jwks_uri).await?)
}

/// Whether a time was less than a while ago. A clock that was set back makes it long ago.
fn within(then: Option<DateTime<Utc>>, a_while: TimeDelta, now: DateTime<Utc>) -> bool {
    then.is_some_and(|then| now.signed_duration_since(then).abs() < a_while)
}

/// A key that can check signatures, with its name. Its kind alone says which: a token's header has no say in it.
fn read(published: serde_json::Value) -> Option<(String, Key)> {
    let jwk: Jwk = serde_json::from_value(published).ok()?;
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => Algorithm::ES256,
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => Algorithm::EdDSA,
        _ => return None,
    };
    let for_signatures =
        jwk.common.public_key_use.as_ref().is_none_or(|told| *told == PublicKeyUse::Signature);
    let told = jwk.common.key_algorithm.as_ref().map(ToString::to_string);
    let for_algorithm = told.is_none_or(|told| told.parse() == Ok(algorithm));
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    let kid = jwk.common.key_id?;
    (for_signatures && for_algorithm).then_some((kid, Key { algorithm, key }))
}

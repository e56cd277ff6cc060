//! The keys that an issuer publishes, kept for a while.

use super::{IdentityError, KeysError};
use crate::http::Outgoing;
use crate::kept::Kept;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use std::collections::HashMap;

/// An issuer is asked at most this often, whatever tokens come: made-up key names must not make us its nuisance.
const ASK_EVERY: TimeDelta = TimeDelta::minutes(1);

/// How many keys of an issuer are kept; real ones publish fewer than ten.
const KEYS_MAX: usize = 100;

/// A key, and the one way of signing that it is for.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// The keys of one issuer, by their names.
pub(super) struct Keys(Kept<HashMap<String, Key>, KeysError>);

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
    pub(super) fn new() -> Self {
        Self(Kept::new(ASK_EVERY))
    }

    /// The key of a name. Fetches the keys when there is none, or when they are old.
    pub(super) async fn find(
        &mut self,
        http: &Outgoing,
        issuer: &str,
        kid: &str,
        now: DateTime<Utc>,
    ) -> Result<Key, IdentityError> {
        if self.0.wants(now, |keys| keys.contains_key(kid)) {
            let fetched = fetch(http, issuer).await;
            self.0.take_in(now, fetched);
        }
        let keys = self.0.get(now).expect("an attempt was taken in");
        let keys =
            keys.map_err(|source| IdentityError::IssuerUnreachable { issuer: issuer.to_owned(), source })?;
        keys.get(kid).cloned().ok_or_else(|| IdentityError::KeyUnknown { issuer: issuer.to_owned() })
    }
}

/// The keys that an issuer publishes now, by their names.
async fn fetch(http: &Outgoing, issuer: &str) -> Result<HashMap<String, Key>, KeysError> {
    let published = published(http, issuer).await.inspect_err(|error| {
        let cause = std::error::Error::source(error).map(ToString::to_string);
        tracing::warn!(issuer, %error, cause, "the keys of {issuer} cannot be fetched");
    })?;
    let keys: HashMap<_, _> = published.keys.into_iter().filter_map(read).take(KEYS_MAX).collect();
    tracing::info!(issuer, keys = keys.len(), "fetched the keys of {issuer}");
    Ok(keys)
}

/// What an issuer publishes now.
async fn published(http: &Outgoing, issuer: &str) -> Result<Published, KeysError> {
    let metadata: Metadata = http.get_json(&format!("{issuer}/.well-known/openid-configuration")).await?;
    if metadata.issuer.trim_end_matches('/') != issuer {
        return Err(KeysError::MetadataOfAnother);
    }
    Ok(http.get_json(&metadata.jwks_uri).await?)
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

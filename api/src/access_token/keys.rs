//! The keys that account tokens are signed with: made, published, replaced and forgotten.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_store::vault::{self, SigningKey};
use cairn_store::{Clock, Db, Ids, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};

use super::REFRESH_LIFE;

/// A running server looks at the keys of the database again after so long, so that a new one signs soon.
pub(super) const LOOK_EVERY: TimeDelta = TimeDelta::seconds(30);

/// For a key that is not known it looks at once, but not more often than this: made-up names must cost nothing.
pub(super) const LOOK_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(3);

/// The keys there were when somebody last looked.
pub(super) struct Keys {
    pub(super) kid: String,
    pub(super) signing: EncodingKey,
    pub(super) verifying: Vec<(String, DecodingKey)>,
    pub(super) published: Value,
    pub(super) looked_at: DateTime<Utc>,
}

/// One key, without what is secret about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    /// Its name in tokens.
    pub kid: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// It signs: there is no newer one.
    pub signs: bool,
    /// When the last token that it can have signed ends, and it with that; none while it signs.
    pub verifies_until: Option<DateTime<Utc>>,
}

/// Makes a new key, which signs from now on: a running server takes it up within a minute. Older ones verify until the
/// tokens that they signed have ended, and are then removed by the next rotation; answers the keys that are left.
pub async fn rotate(db: &Db, clock: &dyn Clock, ids: &Ids) -> Result<Vec<KeyInfo>, StoreError> {
    let mut tx = db.begin().await?;
    vault::put_signing_key(&mut tx, &new_key(ids, clock.now())).await?;
    let stored = vault::signing_keys(&mut tx).await?;
    let now = clock.now();
    let (over, left): (Vec<_>, Vec<_>) = told(&stored).into_iter().partition(|key| key.is_over(now));
    for key in over {
        vault::delete_signing_key(&mut tx, &key.kid).await?;
    }
    tx.commit().await?;
    Ok(left)
}

/// The keys there are, the newest first.
pub async fn list(db: &Db) -> Result<Vec<KeyInfo>, StoreError> {
    let mut conn = db.read().await?;
    Ok(told(&vault::signing_keys(&mut conn).await?))
}

impl KeyInfo {
    fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.verifies_until.is_some_and(|end| end <= now)
    }
}

impl Keys {
    /// The keys of the database; makes one if there is none.
    pub(super) async fn open(db: &Db, ids: &Ids, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let mut tx = db.begin().await?;
        let mut stored = vault::signing_keys(&mut tx).await?;
        if stored.is_empty() {
            let key = new_key(ids, now);
            vault::put_signing_key(&mut tx, &key).await?;
            stored.push(key);
        }
        tx.commit().await?;
        Self::of(&stored, now)
    }

    /// The keys of the database, which has some.
    pub(super) async fn look(db: &Db, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let mut conn = db.read().await?;
        Self::of(&vault::signing_keys(&mut conn).await?, now)
    }

    fn of(stored: &[SigningKey], now: DateTime<Utc>) -> Result<Self, StoreError> {
        let infos = told(stored);
        let signs = infos.first().ok_or_else(|| StoreError::Damaged("there is no signing key".into()))?;
        let newest = stored.iter().find(|key| key.kid == signs.kid);
        let newest = newest.expect("what is told is told of what is stored");
        let lives = |key: &&SigningKey| !infos.iter().any(|info| info.kid == key.kid && info.is_over(now));
        let living = || stored.iter().filter(lives);
        let jwk = |key: &SigningKey| {
            let x = URL_SAFE_NO_PAD.encode(&key.public);
            json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": x })
        };
        Ok(Self {
            kid: newest.kid.clone(),
            signing: EncodingKey::from_ed_der(&newest.private_der),
            verifying: living().map(|key| (key.kid.clone(), DecodingKey::from_ed_der(&key.public))).collect(),
            published: json!({ "keys": living().map(jwk).collect::<Vec<_>>() }),
            looked_at: now,
        })
    }
}

/// What may be told of keys, the newest first. One verifies as long as a token of its last moment may live; it signs
/// until all servers have looked.
fn told(stored: &[SigningKey]) -> Vec<KeyInfo> {
    let mut keys: Vec<&SigningKey> = stored.iter().collect();
    keys.sort_by(|a, b| (b.created_at, &b.kid).cmp(&(a.created_at, &a.kid)));
    let mut newer: Option<DateTime<Utc>> = None;
    let mut infos = Vec::with_capacity(keys.len());
    for key in keys {
        infos.push(KeyInfo {
            kid: key.kid.clone(),
            created_at: key.created_at,
            signs: newer.is_none(),
            verifies_until: newer.map(|newer| newer + LOOK_EVERY * 2 + REFRESH_LIFE),
        });
        newer = Some(key.created_at);
    }
    infos
}

fn new_key(ids: &Ids, now: DateTime<Utc>) -> SigningKey {
    let pair = Ed25519KeyPair::generate().expect("the system gives randomness");
    let private = pair.to_pkcs8().expect("a new key can be written out");
    SigningKey {
        kid: ids.v4().simple().to_string(),
        private_der: private.as_ref().to_vec(),
        public: pair.public_key().as_ref().to_vec(),
        created_at: now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kid: &str, day: i64) -> SigningKey {
        let created_at = DateTime::UNIX_EPOCH + TimeDelta::days(day);
        SigningKey { kid: kid.into(), private_der: vec![], public: vec![1; 32], created_at }
    }

    #[test]
    fn a_key_verifies_until_the_last_token_it_can_have_signed_has_ended() {
        let infos = told(&[key("a", 1), key("b", 5)]);
        assert_eq!((infos[0].kid.as_str(), infos[0].signs, infos[0].verifies_until), ("b", true, None));
        let end = DateTime::UNIX_EPOCH + TimeDelta::days(35) + TimeDelta::minutes(1);
        assert_eq!((infos[1].signs, infos[1].verifies_until), (false, Some(end)));
        assert!(!infos[1].is_over(end - TimeDelta::seconds(1)) && infos[1].is_over(end));
        assert!(!infos[0].is_over(end + TimeDelta::days(1000)), "the one that signs is never over");
    }
}

//! Short tokens for an account: JWTs that a client gets for name and password, signed with Ed25519. Each carries the
//! session that it came of, and ends with it: by sign-out, by a new password, by a block.

mod family;
mod keys;
#[cfg(test)]
mod tests;

pub use family::{Client, Pair, RETRY_WINDOW};
pub use keys::{KeyInfo, list, rotate};

use cairn_domain::Refusal;
use cairn_domain::ids::{AccountId, SessionId};
use cairn_store::{Clock, Db, Ids, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, Header, Validation};
use keys::{Keys, LOOK_AGAIN_AFTER, LOOK_EVERY};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::{Arc, PoisonError, RwLock};

/// How long an access token lives: long enough for an upload, short enough to be lost.
pub const ACCESS_LIFE: TimeDelta = TimeDelta::minutes(15);

/// How long a refresh token lives.
pub const REFRESH_LIFE: TimeDelta = TimeDelta::days(30);

/// What a token is for; one sort never passes for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Use {
    /// Acting for the account.
    Access,
    /// Getting the next pair.
    Refresh,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: AccountId,
    sid: SessionId,
    token_type: Use,
    iat: i64,
    exp: i64,
    jti: String,
}

impl Claims {
    fn new(
        account: AccountId,
        session: SessionId,
        sort: Use,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        jti: String,
    ) -> Self {
        let (iat, exp) = (from.timestamp(), until.timestamp());
        Self { sub: account, sid: session, token_type: sort, iat, exp, jti }
    }
}

/// Makes and checks account tokens with the keys of the vault. Clones share them.
#[derive(Clone)]
pub struct AccessTokens {
    keys: Arc<RwLock<Arc<Keys>>>,
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Arc<Ids>,
}

impl std::fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AccessTokens(kid {})", self.keys().kid)
    }
}

impl AccessTokens {
    /// Opens the keys of this database; makes one on first start. Nodes that share the database share the keys. A key
    /// that [`rotate`] makes is taken up within a minute.
    pub async fn open(db: &Db, clock: Arc<dyn Clock>, ids: Arc<Ids>) -> Result<Self, StoreError> {
        let keys = Keys::open(db, &ids, clock.now()).await?;
        Ok(Self { keys: Arc::new(RwLock::new(Arc::new(keys))), db: db.clone(), clock, ids })
    }

    /// What `/.well-known/jwks.json` answers: the keys that verify, without what is secret about them.
    pub async fn published(&self) -> Result<Value, StoreError> {
        self.look_again_sometimes().await?;
        Ok(self.keys().published.clone())
    }

    fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    async fn look_again(&self) -> Result<(), StoreError> {
        let keys = Arc::new(Keys::look(&self.db, self.clock.now()).await?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// Looks at the keys of the database if that was a while ago.
    async fn look_again_sometimes(&self) -> Result<(), StoreError> {
        let age = self.clock.now() - self.keys().looked_at;
        if age.abs() >= LOOK_EVERY { self.look_again().await } else { Ok(()) }
    }

    fn sign(&self, claims: &Claims) -> String {
        let keys = self.keys();
        let header = Header { kid: Some(keys.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, claims, &keys.signing).expect("the key was made for EdDSA")
    }

    /// What a token of this sort says; refused when it is expired, of the other sort, or not ours. Whether its session
    /// lives is not asked here.
    async fn claims(&self, token: &str, sort: Use) -> Result<Claims, cairn_commands::Fault> {
        self.look_again_sometimes().await?;
        let kid = jsonwebtoken::decode_header(token).map_err(|_| Refusal::TokenInvalid)?.kid;
        let kid = kid.ok_or(Refusal::TokenInvalid)?;
        let mut keys = self.keys();
        let knows = |keys: &Keys| keys.verifying.iter().any(|(known, _)| *known == kid);
        if !knows(&keys) && (self.clock.now() - keys.looked_at).abs() >= LOOK_AGAIN_AFTER {
            self.look_again().await?;
            keys = self.keys();
        }
        let key = keys.verifying.iter().find(|(known, _)| *known == kid);
        let (_, key) = key.ok_or(Refusal::TokenInvalid)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["exp", "sub"]);
        let claims = jsonwebtoken::decode::<Claims>(token, key, &validation)
            .map_err(|_| Refusal::TokenInvalid)?
            .claims;
        let alive = self.clock.now().timestamp() < claims.exp;
        if alive && claims.token_type == sort { Ok(claims) } else { Err(Refusal::TokenInvalid.into()) }
    }
}

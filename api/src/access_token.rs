//! Short tokens for an account: JWTs that a client gets for name and password, signed with Ed25519.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use cairn_domain::Refusal;
use cairn_domain::ids::AccountId;
use cairn_store::vault::{self, SigningKey};
use cairn_store::{Clock, Db, Ids, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How long an access token lives: long enough for an upload, short enough to be lost.
pub const ACCESS_LIFE: TimeDelta = TimeDelta::minutes(15);

/// How long a refresh token lives.
pub const REFRESH_LIFE: TimeDelta = TimeDelta::days(30);

/// What a token is for; one sort never passes for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// Acting for the account.
    Access,
    /// Getting a new access token.
    Refresh,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: AccountId,
    token_type: Use,
    iat: i64,
    exp: i64,
    jti: String,
}

/// Makes and checks account tokens with the newest key of the vault. Clones share the key.
#[derive(Clone)]
pub struct AccessTokens {
    keys: Arc<Keys>,
    clock: Arc<dyn Clock>,
    ids: Arc<Ids>,
}

struct Keys {
    kid: String,
    signing: EncodingKey,
    verifying: Vec<(String, DecodingKey)>,
}

impl std::fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AccessTokens(kid {})", self.keys.kid)
    }
}

impl AccessTokens {
    /// Opens the keys of this database; makes one on first start. Nodes that share the database share the keys.
    pub async fn open(db: &Db, clock: Arc<dyn Clock>, ids: Arc<Ids>) -> Result<Self, StoreError> {
        let mut tx = db.begin().await?;
        let mut stored = vault::signing_keys(&mut tx).await?;
        if stored.is_empty() {
            let key = new_key(&ids, clock.now());
            vault::put_signing_key(&mut tx, &key).await?;
            stored.push(key);
        }
        tx.commit().await?;
        let newest =
            stored.iter().max_by_key(|key| key.created_at).expect("there is at least the one just made");
        let keys = Keys {
            kid: newest.kid.clone(),
            signing: EncodingKey::from_ed_der(&newest.private_der),
            verifying: stored
                .iter()
                .map(|key| (key.kid.clone(), DecodingKey::from_ed_der(&key.public)))
                .collect(),
        };
        Ok(Self { keys: Arc::new(keys), clock, ids })
    }

    /// A new token of this sort for the account.
    pub fn issue(&self, account: AccountId, sort: Use) -> String {
        let now = self.clock.now();
        let life = match sort {
            Use::Access => ACCESS_LIFE,
            Use::Refresh => REFRESH_LIFE,
        };
        let claims = Claims {
            sub: account,
            token_type: sort,
            iat: now.timestamp(),
            exp: (now + life).timestamp(),
            jti: self.ids.v4().simple().to_string(),
        };
        let header = Header { kid: Some(self.keys.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.keys.signing).expect("the key was made for EdDSA")
    }

    /// The account behind a token of this sort; refused when it is expired, of the other sort, or not ours.
    pub fn verify(&self, token: &str, sort: Use) -> Result<AccountId, Refusal> {
        let kid = jsonwebtoken::decode_header(token).map_err(|_| Refusal::TokenInvalid)?.kid;
        let key = self.keys.verifying.iter().find(|(known, _)| Some(known) == kid.as_ref());
        let (_, key) = key.ok_or(Refusal::TokenInvalid)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["exp", "sub"]);
        let claims = jsonwebtoken::decode::<Claims>(token, key, &validation)
            .map_err(|_| Refusal::TokenInvalid)?
            .claims;
        let alive = self.clock.now().timestamp() < claims.exp;
        if alive && claims.token_type == sort { Ok(claims.sub) } else { Err(Refusal::TokenInvalid) }
    }
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
    use cairn_store::testing::{self, TestDb};
    use cairn_store::{Engine, FixedClock};
    use uuid::Uuid;

    const ANN: AccountId = AccountId(Uuid::from_u128(0xa));

    async fn tokens(t: &TestDb) -> (Arc<FixedClock>, AccessTokens) {
        let clock = Arc::new(FixedClock::at("2026-03-01T12:00:00Z".parse().unwrap()));
        let tokens = AccessTokens::open(&t.db, clock.clone(), Arc::new(Ids::random())).await.unwrap();
        (clock, tokens)
    }

    #[test]
    fn a_token_names_its_account_until_it_expires() {
        testing::run(Engine::Sqlite, |t| async move {
            let (clock, tokens) = tokens(&t).await;
            let token = tokens.issue(ANN, Use::Access);
            clock.advance(ACCESS_LIFE - TimeDelta::seconds(1));
            assert_eq!(tokens.verify(&token, Use::Access), Ok(ANN));
            clock.advance(TimeDelta::seconds(1));
            assert_eq!(tokens.verify(&token, Use::Access), Err(Refusal::TokenInvalid));
        });
    }

    #[test]
    fn one_sort_does_not_pass_for_the_other() {
        testing::run(Engine::Sqlite, |t| async move {
            let (_clock, tokens) = tokens(&t).await;
            assert_eq!(
                tokens.verify(&tokens.issue(ANN, Use::Refresh), Use::Access),
                Err(Refusal::TokenInvalid)
            );
            assert_eq!(
                tokens.verify(&tokens.issue(ANN, Use::Access), Use::Refresh),
                Err(Refusal::TokenInvalid)
            );
        });
    }

    #[test]
    fn a_changed_token_is_refused() {
        testing::run(Engine::Sqlite, |t| async move {
            let (_clock, tokens) = tokens(&t).await;
            let token = tokens.issue(ANN, Use::Access);
            let (rest, signature) = token.rsplit_once('.').unwrap();
            let turned: String = signature.chars().rev().collect();
            for bad in
                [format!("{rest}.{turned}"), rest.to_owned(), String::new(), token.replacen('e', "f", 1)]
            {
                assert_eq!(tokens.verify(&bad, Use::Access), Err(Refusal::TokenInvalid), "{bad}");
            }
        });
    }

    #[test]
    fn another_repositorys_token_is_refused() {
        testing::run(Engine::Sqlite, |t| async move {
            let (clock, ours) = tokens(&t).await;
            let stranger = Db::open(&format!("sqlite://{}/other.db", t.folder().display())).await.unwrap();
            let theirs = AccessTokens::open(&stranger, clock, Arc::new(Ids::random())).await.unwrap();
            assert_eq!(ours.verify(&theirs.issue(ANN, Use::Access), Use::Access), Err(Refusal::TokenInvalid));
        });
    }

    #[test]
    fn the_key_outlives_the_program() {
        testing::run(Engine::Sqlite, |t| async move {
            let (clock, before) = tokens(&t).await;
            let after = AccessTokens::open(&t.db, clock, Arc::new(Ids::random())).await.unwrap();
            assert_eq!(after.verify(&before.issue(ANN, Use::Access), Use::Access), Ok(ANN));
        });
    }
}

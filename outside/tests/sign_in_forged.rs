//! Signing in where the provider, or somebody in its place, says what it should not: a server of this test's own that
//! answers as OpenID providers do, but for one thing.

use aws_lc_rs::signature::Ed25519KeyPair;
use axum::extract::State;
use axum::routing::{MethodRouter, any};
use axum::{Json, Router};
use cairn_outside::http::{Outgoing, OutgoingError, OutgoingLimits, OutgoingSettings};
use cairn_outside::oidc::{
    Begun, GROUPS_MAX, Identity, MetadataError, OidcError, Provider, ProviderSettings, SUBJECT_BYTES_MAX,
};
use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use openidconnect::{ClaimsVerificationError, SignatureVerificationError};
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

const CLIENT: &str = "cairn";
const SECRET: &str = "a secret that is long enough to sign with";

fn key() -> EncodingKey {
    let pair = Ed25519KeyPair::generate().expect("a key is made");
    EncodingKey::from_ed_der(pair.to_pkcs8v1().expect("a key has its bytes").as_ref())
}

/// What the provider answers, for the test to change.
struct Answers {
    metadata: Value,
    keys: Value,
    tokens: Value,
    user_info: Value,
}

type Shared = Arc<Mutex<Answers>>;

struct Forger {
    address: String,
    key: EncodingKey,
    answers: Shared,
    _task: JoinSet<()>,
}

impl Forger {
    /// One that does nothing wrong yet.
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there are free ports");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let key = key();
        let mut public = Jwk::from_encoding_key(&key, Algorithm::EdDSA).expect("a key knows its public one");
        public.common.key_id = Some("k".to_owned());
        let metadata = json!({
            "issuer": address,
            "authorization_endpoint": format!("{address}/auth"),
            "token_endpoint": format!("{address}/token"),
            "userinfo_endpoint": format!("{address}/me"),
            "jwks_uri": format!("{address}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
        });
        let answers = Answers {
            metadata,
            keys: json!({"keys": [public]}),
            tokens: Value::Null,
            user_info: json!({"sub": "ann"}),
        };
        let answers: Shared = Arc::new(Mutex::new(answers));
        let app = Router::new()
            .route("/.well-known/openid-configuration", answer(|answers| &answers.metadata))
            .route("/keys", answer(|answers| &answers.keys))
            .route("/token", answer(|answers| &answers.tokens))
            .route("/me", answer(|answers| &answers.user_info))
            .with_state(Arc::clone(&answers));
        let mut task = JoinSet::new();
        task.spawn(async move { axum::serve(listener, app).await.expect("the server runs") });
        Self { address, key, answers, _task: task }
    }

    fn change(&self, change: impl FnOnce(&mut Answers)) {
        change(&mut self.answers.lock().expect("nobody panicked with it"));
    }

    /// The claims of a good id token with some changed; those that become null go.
    fn claims(&self, begun: &Begun, changes: &Value) -> Value {
        let mut claims = json!({
            "iss": self.address,
            "sub": "ann",
            "aud": CLIENT,
            "nonce": begun.nonce,
            "iat": now().timestamp(),
            "exp": now().timestamp() + 300,
        });
        let all = claims.as_object_mut().expect("claims are an object");
        all.extend(changes.as_object().cloned().unwrap_or_default());
        all.retain(|_, value| !value.is_null());
        claims
    }

    fn provider(&self) -> Provider {
        let allowed = vec!["127.0.0.1".parse().expect("an address")];
        let limits = OutgoingLimits { body_bytes_max: 50_000, ..OutgoingLimits::default() };
        let http = Outgoing::new(OutgoingSettings { allowed, limits, ca_file: None });
        let settings = ProviderSettings {
            issuer: self.address.clone(),
            client_id: CLIENT.to_owned(),
            client_secret: Some(SECRET.to_owned()),
            redirect_url: "http://localhost:9/back".to_owned(),
            scopes: Vec::new(),
            groups_claim: "groups".to_owned(),
        };
        Provider::new(settings, http.expect("the settings can work")).expect("the settings can work")
    }

    /// Signs in with an id token that is made from the good claims.
    async fn sign_in(&self, token: impl FnOnce(&Self, &Begun) -> String) -> Result<Identity, OidcError> {
        let provider = self.provider();
        let begun = provider.begin(now()).await?;
        let id_token = token(self, &begun);
        let tokens = json!({"access_token": "t", "token_type": "Bearer", "id_token": id_token});
        self.change(|answers| answers.tokens = tokens);
        provider.finish("code", &begun, now()).await
    }

    /// Signs in with changed claims that are signed as they should be.
    async fn claim(&self, changes: Value) -> Result<Identity, OidcError> {
        self.sign_in(|forger, begun| signed(&forger.key, Algorithm::EdDSA, &forger.claims(begun, &changes)))
            .await
    }
}

/// Serves a part of the answers.
fn answer(part: fn(&Answers) -> &Value) -> MethodRouter<Shared> {
    any(async move |State(answers): State<Shared>| {
        Json(part(&answers.lock().expect("nobody panicked with it")).clone())
    })
}

fn signed(key: &EncodingKey, algorithm: Algorithm, claims: &Value) -> String {
    let header = Header { kid: Some("k".to_owned()), ..Header::new(algorithm) };
    encode(&header, claims, key).expect("the key signs")
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_900_000_000, 0).expect("a time")
}

/// What was wrong with the id token.
fn refusal(answer: Result<Identity, OidcError>) -> ClaimsVerificationError {
    match answer {
        Err(OidcError::IdTokenRefused(cause)) => cause,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_token_that_is_as_it_should_be_is_taken() {
    let forger = Forger::new().await;
    for good in [json!({}), json!({"azp": CLIENT}), json!({"aud": [CLIENT]})] {
        assert_eq!(forger.claim(good).await.unwrap().subject, "ann");
    }
}

#[tokio::test]
async fn a_token_of_another_issuer_or_for_others_is_refused() {
    let forger = Forger::new().await;
    let other = refusal(forger.claim(json!({"iss": "https://evil.example"})).await);
    assert!(matches!(other, ClaimsVerificationError::InvalidIssuer(_)), "{other:?}");
    for wrong in [json!({"aud": "other"}), json!({"aud": [CLIENT, "other"]}), json!({"azp": "other"})] {
        let other = refusal(forger.claim(wrong.clone()).await);
        assert!(matches!(other, ClaimsVerificationError::InvalidAudience(_)), "{wrong}: {other:?}");
    }
    for wrong in [json!({ "nonce": null }), json!({"nonce": "another"})] {
        let other = refusal(forger.claim(wrong.clone()).await);
        assert!(matches!(other, ClaimsVerificationError::InvalidNonce(_)), "{wrong}: {other:?}");
    }
}

#[tokio::test]
async fn only_the_providers_key_pair_signs() {
    let forger = Forger::new().await;
    let another = forger
        .sign_in(|forger, begun| signed(&key(), Algorithm::EdDSA, &forger.claims(begun, &json!({}))))
        .await;
    let ClaimsVerificationError::SignatureVerification(cause) = refusal(another) else { panic!() };
    assert!(matches!(cause, SignatureVerificationError::CryptoError(_)), "{cause:?}");

    // Our own secret is known to us and to the provider, and to whoever reads either's settings.
    let by_secret = forger.sign_in(|forger, begun| {
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        signed(&key, Algorithm::HS256, &forger.claims(begun, &json!({})))
    });
    let ClaimsVerificationError::SignatureVerification(cause) = refusal(by_secret.await) else { panic!() };
    assert!(matches!(cause, SignatureVerificationError::DisallowedAlg(_)), "{cause:?}");

    let unsigned = forger.sign_in(|forger, begun| {
        use base64::Engine;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let parts = [json!({"alg": "none"}), forger.claims(begun, &json!({}))];
        parts.map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".") + "."
    });
    let refused = unsigned.await.unwrap_err();
    assert!(
        matches!(
            refused,
            OidcError::IdTokenRefused(ClaimsVerificationError::SignatureVerification(_))
                | OidcError::Malformed
        ),
        "{refused:?}"
    );
}

#[tokio::test]
async fn what_is_told_of_another_person_is_not_believed() {
    let forger = Forger::new().await;
    forger.change(|answers| answers.user_info = json!({"sub": "ann", "name": "Ann"}));
    assert_eq!(forger.claim(json!({})).await.unwrap().name.as_deref(), Some("Ann"));
    forger.change(|answers| answers.user_info = json!({"sub": "eve", "name": "Eve"}));
    let other = refusal(forger.claim(json!({})).await);
    assert!(matches!(other, ClaimsVerificationError::InvalidSubject(_)), "{other:?}");
    // Who was told everything already is not asked about.
    let whole =
        json!({"preferred_username": "ann", "name": "Ann", "email": "ann@example.org", "groups": "all"});
    assert_eq!(forger.claim(whole).await.unwrap().groups, ["all"]);
}

#[tokio::test]
async fn answers_of_another_shape_are_malformed() {
    let forger = Forger::new().await;
    for tokens in [json!("no"), json!({}), json!({"access_token": "t", "token_type": "Bearer"})] {
        let provider = forger.provider();
        let begun = provider.begin(now()).await.unwrap();
        forger.change(|answers| answers.tokens = tokens.clone());
        let refused = provider.finish("code", &begun, now()).await.unwrap_err();
        assert!(matches!(refused, OidcError::Malformed), "{tokens}: {refused:?}");
    }
    forger.change(|answers| answers.user_info = json!([]));
    let refused = forger.claim(json!({})).await.unwrap_err();
    assert!(matches!(refused, OidcError::Malformed), "{refused:?}");
}

#[tokio::test]
async fn a_provider_says_as_much_as_the_limits_and_no_more() {
    let forger = Forger::new().await;
    for (size, fits) in [(SUBJECT_BYTES_MAX, true), (SUBJECT_BYTES_MAX + 1, false)] {
        let subject = "s".repeat(size);
        forger.change(|answers| answers.user_info = json!({ "sub": subject }));
        let answer = forger.claim(json!({ "sub": subject })).await;
        assert_eq!(answer.is_ok(), fits, "{size}: {answer:?}");
    }
    forger.change(|answers| answers.user_info = json!({"sub": "ann"}));
    for (many, fits) in [(GROUPS_MAX, true), (GROUPS_MAX + 1, false)] {
        let answer = forger.claim(json!({ "groups": vec!["g"; many] })).await;
        assert_eq!(answer.is_ok(), fits, "{many}: {answer:?}");
    }
    forger.change(|answers| answers.user_info = json!({"sub": "ann", "padding": "x".repeat(50_000)}));
    let refused = forger.claim(json!({})).await.unwrap_err();
    assert!(matches!(refused, OidcError::Unreachable(OutgoingError::TooLarge { .. })), "{refused:?}");
}

#[tokio::test]
async fn metadata_leads_to_no_private_address() {
    let forger = Forger::new().await;
    let good = forger.answers.lock().unwrap().metadata.clone();
    for endpoint in ["jwks_uri", "token_endpoint", "userinfo_endpoint"] {
        let mut metadata: Map<String, Value> = good.as_object().unwrap().clone();
        metadata.insert(endpoint.to_owned(), json!("https://169.254.169.254/latest/meta-data"));
        forger.change(|answers| answers.metadata = metadata.into());
        let refused = forger.claim(json!({})).await.unwrap_err();
        let address = match &refused {
            OidcError::Unreachable(cause) => cause,
            OidcError::Metadata(cause) => match &**cause {
                MetadataError::Outgoing(cause) => cause,
                MetadataError::Unusable(_) => panic!("{endpoint}: {refused:?}"),
            },
            _ => panic!("{endpoint}: {refused:?}"),
        };
        assert!(matches!(address, OutgoingError::AddressRefused { .. }), "{endpoint}: {refused:?}");
    }
}

#[tokio::test]
async fn a_provider_without_a_place_for_codes_is_of_no_use() {
    let forger = Forger::new().await;
    forger.change(|answers| {
        answers.metadata.as_object_mut().unwrap().remove("token_endpoint");
    });
    let refused = forger.claim(json!({})).await.unwrap_err();
    assert!(
        matches!(&refused, OidcError::Metadata(cause) if matches!(**cause, MetadataError::Unusable(_))),
        "{refused:?}"
    );
}

//! A CI service of the test's own: a key, published over HTTP, and identity tokens that speak as GitHub Actions does.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_cli::config::Config;
use cairn_outside::identity::{IssuerKind, TrustedIssuer};
use cairn_store::{Clock, SystemClock};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Map, Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Whom the tokens of this service are for, unless a test says otherwise.
pub const AUDIENCE: &str = "plugins.example.org";

/// The service; it answers until it is dropped.
#[derive(Debug)]
pub struct CiService {
    /// Its address, which is the issuer in its tokens.
    pub issuer: String,
    key: Vec<u8>,
    tokens: AtomicU64,
    _serving: JoinSet<()>,
}

impl CiService {
    /// Starts on a free port.
    pub async fn start() -> Self {
        let pair = Ed25519KeyPair::generate().expect("the system gives randomness");
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).expect("a new key can be written out");
        let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let keys = json!({ "keys": [
            { "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "ci", "x": x }
        ] });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let issuer = format!("http://{}", listener.local_addr().expect("a bound listener has an address"));
        let metadata = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys") });
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(async || Json(metadata)))
            .route("/keys", get(async || Json(keys)));
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, app).await.expect("serving ends well") });
        Self { issuer, key: der.as_ref().to_vec(), tokens: AtomicU64::new(0), _serving: serving }
    }

    /// Makes a server believe this service.
    pub fn believed(&self, config: &mut Config) {
        config.publish_audience = AUDIENCE.into();
        config.publish_issuers =
            vec![TrustedIssuer { issuer: self.issuer.clone(), kind: IssuerKind::GitHub }];
        config.outgoing_allowed = vec!["127.0.0.1".parse().expect("an address")];
    }

    /// What the service says of a run of `release.yml` in `ann/lasso` for the tag `v1.0`, that begins now.
    pub fn run(&self) -> Map<String, Value> {
        let now = SystemClock.now().timestamp();
        let Value::Object(claims) = json!({
            "iss": self.issuer,
            "aud": AUDIENCE,
            "iat": now,
            "nbf": now,
            "exp": now + 300,
            "jti": format!("token-{}", self.tokens.fetch_add(1, Ordering::Relaxed)),
            "repository": "ann/lasso",
            "repository_owner": "ann",
            "repository_owner_id": "7",
            "workflow_ref": "ann/lasso/.github/workflows/release.yml@refs/tags/v1.0",
            "ref": "refs/tags/v1.0",
            "sha": "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
            "event_name": "push",
        }) else {
            unreachable!("braces make an object")
        };
        claims
    }

    /// The identity token with these claims.
    pub fn sign(&self, claims: &Map<String, Value>) -> String {
        let header = Header { kid: Some("ci".into()), ..Header::new(Algorithm::EdDSA) };
        let key = EncodingKey::from_ed_der(&self.key);
        jsonwebtoken::encode(&header, claims, &key).expect("the key was made for EdDSA")
    }

    /// The identity token of [`CiService::run`] with some claims changed.
    pub fn token(&self, changed: &[(&str, Value)]) -> String {
        let mut claims = self.run();
        claims.extend(changed.iter().map(|(claim, value)| ((*claim).to_owned(), value.clone())));
        self.sign(&claims)
    }

    /// What the service's clock says, in seconds since 1970.
    pub fn now(&self) -> i64 {
        SystemClock.now().timestamp()
    }
}

//! CI identity tokens against issuers that this test makes: own keys, published over HTTP.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use cairn_outside::http::{Outgoing, OutgoingSettings};
use cairn_outside::identity::{
    IdentityError, IssuerKind, Issuers, JTI_BYTES_MAX, KeysError, TOKEN_BYTES_MAX, TrustedIssuer,
};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

const AUDIENCE: &str = "https://plugins.example.org";

/// A key that signs, under a name.
struct Signer {
    kid: &'static str,
    algorithm: Algorithm,
    key: EncodingKey,
}

impl Signer {
    fn ec(kid: &'static str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key is made");
        let der = pair.to_pkcs8v1().expect("a key has its bytes");
        Self { kid, algorithm: Algorithm::ES256, key: EncodingKey::from_ec_der(der.as_ref()) }
    }

    fn ed(kid: &'static str) -> Self {
        let der = Ed25519KeyPair::generate().expect("a key is made").to_pkcs8v1().expect("a key is made");
        Self { kid, algorithm: Algorithm::EdDSA, key: EncodingKey::from_ed_der(der.as_ref()) }
    }

    fn rsa(kid: &'static str) -> Self {
        let pair = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048).expect("a key is made");
        assert!(pair.public_key().modulus_len() == 256);
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).expect("a key has its bytes");
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(der.as_ref())
        );
        Self {
            kid,
            algorithm: Algorithm::RS256,
            key: EncodingKey::from_rsa_pem(pem.as_bytes()).expect("the key was just made"),
        }
    }

    fn public(&self) -> Value {
        let mut jwk =
            Jwk::from_encoding_key(&self.key, self.algorithm).expect("a private key knows its public one");
        jwk.common.key_id = Some(self.kid.to_owned());
        serde_json::to_value(jwk).expect("a key is JSON")
    }

    fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.kid.to_owned()), ..Header::new(self.algorithm) };
        encode(&header, claims, &self.key).expect("the key signs")
    }
}

/// What the issuer's server publishes, and how often it was asked for keys.
#[derive(Default)]
struct Published {
    issuer: String,
    keys: Vec<Value>,
    dead: bool,
    asked: usize,
}

type Shared = Arc<Mutex<Published>>;

struct Issuer {
    address: String,
    published: Shared,
    _task: JoinSet<()>,
}

impl Issuer {
    async fn with(keys: &[&Signer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there are free ports");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let keys = keys.iter().map(|key| key.public()).collect();
        let published: Shared =
            Arc::new(Mutex::new(Published { issuer: address.clone(), keys, ..Published::default() }));
        let jwks_uri = format!("{address}/keys");
        let metadata = async move |State(shared): State<Shared>| {
            Json(
                json!({"issuer": shared.lock().expect("nobody panicked with it").issuer, "jwks_uri": jwks_uri}),
            )
        };
        let keys = async |State(shared): State<Shared>| {
            let mut published = shared.lock().expect("nobody panicked with it");
            published.asked += 1;
            if published.dead {
                return Err(StatusCode::SERVICE_UNAVAILABLE);
            }
            Ok(Json(json!({"keys": published.keys})))
        };
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/keys", get(keys))
            .with_state(Arc::clone(&published));
        let mut task = JoinSet::new();
        task.spawn(async move { axum::serve(listener, app).await.expect("the server runs") });
        Self { address, published, _task: task }
    }

    fn trusted(&self, kind: IssuerKind) -> Issuers {
        trusting(&self.address, kind)
    }

    fn change(&self, change: impl FnOnce(&mut Published)) {
        change(&mut self.published.lock().expect("nobody panicked with it"));
    }

    fn asked(&self) -> usize {
        self.published.lock().expect("nobody panicked with it").asked
    }

    fn claims(&self) -> Value {
        github(&self.address)
    }
}

fn trusting(address: &str, kind: IssuerKind) -> Issuers {
    let allowed = vec!["127.0.0.1".parse().expect("an address")];
    let http = Outgoing::new(OutgoingSettings { allowed, ..OutgoingSettings::default() })
        .expect("the settings can work");
    Issuers::new(http, vec![TrustedIssuer { issuer: address.to_owned(), kind }])
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_900_000_000 + seconds, 0).expect("a time")
}

/// As GitHub documents them.
fn github(issuer: &str) -> Value {
    json!({
        "iss": issuer,
        "aud": AUDIENCE,
        "jti": "7a1f0b4e-6c0d-4f6c-9a43-2d6c2b9b1a00",
        "sub": "repo:ann/lasso:environment:release",
        "iat": at(0).timestamp(),
        "nbf": at(0).timestamp(),
        "exp": at(300).timestamp(),
        "repository": "ann/lasso",
        "repository_id": "74",
        "repository_owner": "ann",
        "repository_owner_id": "65",
        "workflow": "Release",
        "workflow_ref": "ann/lasso/.github/workflows/release.yml@refs/tags/v1.0",
        "job_workflow_ref": "acme/shared/.github/workflows/qgis.yml@refs/heads/main",
        "environment": "release",
        "event_name": "push",
        "ref": "refs/tags/v1.0",
        "ref_type": "tag",
        "sha": "0123456789abcdef0123456789abcdef01234567",
        "actor": "ann",
    })
}

/// As GitLab documents them.
fn gitlab(issuer: &str) -> Value {
    json!({
        "iss": issuer,
        "aud": [AUDIENCE, "https://other.example"],
        "jti": "b7a2c6d4-0000-4000-8000-5f7f5f7f5f7f",
        "iat": at(0).timestamp(),
        "nbf": at(-5).timestamp(),
        "exp": at(300).timestamp(),
        "namespace_id": "72",
        "namespace_path": "gis/tools",
        "project_id": "20",
        "project_path": "gis/tools/lasso",
        "user_email": "ann@example.org",
        "pipeline_source": "push",
        "ref": "v1.0",
        "ref_type": "tag",
        "ci_config_ref_uri": "gitlab.example.org/gis/tools/lasso//.gitlab-ci.yml@refs/tags/v1.0",
        "sha": "0123456789abcdef0123456789abcdef01234567",
    })
}

fn with(mut claims: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    for (name, value) in changes {
        if value.is_null() {
            claims.as_object_mut().expect("claims are an object").remove(&name);
        } else {
            claims[name] = value;
        }
    }
    claims
}

#[tokio::test]
async fn a_run_of_github_is_known_by_its_token() {
    for signer in [Signer::rsa("k"), Signer::ec("k"), Signer::ed("k")] {
        let issuer = Issuer::with(&[&signer]).await;
        let token = signer.sign(&issuer.claims());
        let run = issuer.trusted(IssuerKind::GitHub).verify(&token, AUDIENCE, at(10)).await.unwrap();
        assert_eq!(run.issuer, issuer.address);
        assert_eq!(run.jti, "7a1f0b4e-6c0d-4f6c-9a43-2d6c2b9b1a00");
        assert_eq!((run.repository.as_str(), run.repository_owner.as_str()), ("ann/lasso", "ann"));
        assert_eq!(run.repository_owner_id, "65");
        assert_eq!(run.workflow, ".github/workflows/release.yml");
        assert_eq!(run.environment.as_deref(), Some("release"));
        assert_eq!(run.git_ref, "refs/tags/v1.0");
        assert_eq!(run.commit, "0123456789abcdef0123456789abcdef01234567");
        assert_eq!(run.trigger.as_deref(), Some("push"));
        assert_eq!(run.expires_at, at(300));
        assert_eq!(run.claims["repository_id"], "74");
    }
}

#[tokio::test]
async fn a_run_of_gitlab_is_known_by_its_token() {
    let signer = Signer::rsa("k");
    let issuer = Issuer::with(&[&signer]).await;
    let issuers = issuer.trusted(IssuerKind::GitLab);
    let claims = gitlab(&issuer.address);
    let run = issuers.verify(&signer.sign(&claims), AUDIENCE, at(10)).await.unwrap();
    assert_eq!((run.repository.as_str(), run.repository_owner.as_str()), ("gis/tools/lasso", "gis/tools"));
    assert_eq!(run.repository_owner_id, "72");
    assert_eq!(run.workflow, ".gitlab-ci.yml");
    assert_eq!((run.environment.clone(), run.git_ref.as_str()), (None, "refs/tags/v1.0"));
    assert_eq!(run.trigger.as_deref(), Some("push"));
    assert!(!format!("{run:?}").contains("ann@example.org"), "claims name people, and are not told");

    let branch = json!({"ref": "main", "ref_type": "branch"});
    let run = issuers.verify(&signer.sign(&with(claims, branch)), AUDIENCE, at(10)).await.unwrap();
    assert_eq!((run.git_ref.as_str(), run.workflow.as_str()), ("refs/heads/main", ".gitlab-ci.yml"));
}

#[tokio::test]
async fn a_file_of_another_repository_is_no_workflow_of_this_one() {
    let signer = Signer::ed("k");
    let issuer = Issuer::with(&[&signer]).await;
    let github = issuer.trusted(IssuerKind::GitHub);
    for file in ["eve/lasso/.github/workflows/release.yml@refs/tags/v1.0", "ann/lasso2/r.yml@x", "ann"] {
        let token = signer.sign(&with(issuer.claims(), json!({ "workflow_ref": file })));
        let refused = github.verify(&token, AUDIENCE, at(0)).await.unwrap_err();
        assert!(matches!(refused, IdentityError::WorkflowElsewhere), "{file}: {refused:?}");
    }
    // Where only the job's file is told, that is the workflow, and here it is another's.
    let token = signer.sign(&with(issuer.claims(), json!({ "workflow_ref": null })));
    let refused = github.verify(&token, AUDIENCE, at(0)).await.unwrap_err();
    assert!(matches!(refused, IdentityError::WorkflowElsewhere), "{refused:?}");

    let uri = json!({"ci_config_ref_uri": "gitlab.example.org/eve/lasso//.gitlab-ci.yml@refs/tags/v1.0"});
    let token = signer.sign(&with(gitlab(&issuer.address), uri));
    let refused = issuer.trusted(IssuerKind::GitLab).verify(&token, AUDIENCE, at(0)).await.unwrap_err();
    assert!(matches!(refused, IdentityError::WorkflowElsewhere), "{refused:?}");
}

#[tokio::test]
async fn a_token_for_others_is_refused() {
    let signer = Signer::ed("k");
    let issuer = Issuer::with(&[&signer]).await;
    let issuers = issuer.trusted(IssuerKind::GitHub);
    for audience in
        [json!("https://other.example"), json!([]), json!(["a", "b"]), json!(format!("{AUDIENCE}/"))]
    {
        let token = signer.sign(&with(issuer.claims(), json!({ "aud": audience })));
        let refused = issuers.verify(&token, AUDIENCE, at(0)).await.unwrap_err();
        assert!(matches!(refused, IdentityError::AudienceWrong { .. }), "{audience}: {refused:?}");
    }
}

#[tokio::test]
async fn a_token_has_its_time_and_clocks_may_differ_by_a_minute() {
    let signer = Signer::ed("k");
    let issuer = Issuer::with(&[&signer]).await;
    let issuers = issuer.trusted(IssuerKind::GitHub);
    let token = signer.sign(&issuer.claims());
    for now in [-60, 0, 300, 359] {
        assert!(issuers.verify(&token, AUDIENCE, at(now)).await.is_ok(), "{now}");
    }
    for now in [360, 100_000] {
        let refused = issuers.verify(&token, AUDIENCE, at(now)).await.unwrap_err();
        assert!(matches!(refused, IdentityError::Expired), "{now}: {refused:?}");
    }
    for claim in ["nbf", "iat"] {
        let token = signer.sign(&with(issuer.claims(), json!({ claim: at(100).timestamp() })));
        assert!(issuers.verify(&token, AUDIENCE, at(40)).await.is_ok(), "{claim}");
        let refused = issuers.verify(&token, AUDIENCE, at(39)).await.unwrap_err();
        assert!(matches!(refused, IdentityError::NotYetValid), "{claim}: {refused:?}");
    }
    for strange in [json!("soon"), json!(i64::MAX), json!(1e300), json!([])] {
        let token = signer.sign(&with(issuer.claims(), json!({ "exp": strange })));
        let refused = issuers.verify(&token, AUDIENCE, at(0)).await.unwrap_err();
        assert!(matches!(refused, IdentityError::ClaimMissing { claim: "exp" }), "{strange}: {refused:?}");
    }
}

#[tokio::test]
async fn what_must_be_told_is_told() {
    let signer = Signer::ed("k");
    let issuer = Issuer::with(&[&signer]).await;
    let issuers = issuer.trusted(IssuerKind::GitHub);
    for name in
        ["jti", "exp", "aud", "iss", "repository", "repository_owner", "repository_owner_id", "ref", "sha"]
    {
        for value in [Value::Null, json!(""), json!({})] {
            if name == "aud" && value == json!("") || name == "iss" && value == json!("") {
                continue;
            }
            let token = signer.sign(&with(issuer.claims(), json!({ name: value })));
            let refused = issuers.verify(&token, AUDIENCE, at(0)).await.unwrap_err();
            assert!(
                matches!(refused, IdentityError::ClaimMissing { claim } if claim == name),
                "{name} {value}: {refused:?}"
            );
        }
    }
    for (length, fits) in [(JTI_BYTES_MAX, true), (JTI_BYTES_MAX + 1, false)] {
        let token = signer.sign(&with(issuer.claims(), json!({ "jti": "j".repeat(length) })));
        assert_eq!(issuers.verify(&token, AUDIENCE, at(0)).await.is_ok(), fits, "{length}");
    }
}

#[tokio::test]
async fn a_token_may_be_as_large_as_the_limit_and_no_larger() {
    let signer = Signer::ed("k");
    let issuer = Issuer::with(&[&signer]).await;
    let issuers = issuer.trusted(IssuerKind::GitHub);
    let padded = |size| signer.sign(&with(issuer.claims(), json!({ "padding": "x".repeat(size) })));
    // Three bytes of claims are four of the token.
    let exact = (11_000..12_000).map(padded).find(|token| token.len() == TOKEN_BYTES_MAX);
    let exact = exact.expect("some padding gives exactly the limit");
    assert!(issuers.verify(&exact, AUDIENCE, at(0)).await.is_ok());
    let refused = issuers.verify(&format!("{exact}x"), AUDIENCE, at(0)).await.unwrap_err();
    assert!(matches!(refused, IdentityError::TooLarge { max: TOKEN_BYTES_MAX }), "{refused:?}");
}

#[tokio::test]
async fn what_is_no_token_is_refused_without_asking_anybody() {
    let signer = Signer::ed("k");
    let issuer = Issuer::with(&[&signer]).await;
    let issuers = issuer.trusted(IssuerKind::GitHub);
    let good = signer.sign(&issuer.claims());
    let (head, rest) = good.split_once('.').unwrap();
    let no_kid = encode(&Header::new(Algorithm::EdDSA), &issuer.claims(), &signer.key).unwrap();
    for text in ["", ".", "..", "a.b.c", "\u{0}", head, &format!("{head}."), &format!("!{rest}"), &no_kid] {
        let refused = issuers.verify(text, AUDIENCE, at(0)).await.unwrap_err();
        let expected =
            matches!(refused, IdentityError::Malformed | IdentityError::ClaimMissing { claim: "iss" });
        assert!(expected, "{text:?}: {refused:?}");
    }
    let stranger = signer.sign(&github("https://evil.example"));
    let refused = issuers.verify(&stranger, AUDIENCE, at(0)).await.unwrap_err();
    assert!(matches!(refused, IdentityError::IssuerUnknown), "{refused:?}");
    assert_eq!(issuer.asked(), 0);
}

#[tokio::test]
async fn the_way_of_signing_is_the_keys_and_not_the_headers() {
    let signer = Signer::rsa("k");
    let issuer = Issuer::with(&[&signer]).await;
    let issuers = issuer.trusted(IssuerKind::GitHub);
    let claims = issuer.claims();
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    for alg in ["none", "None", "NONE", ""] {
        let unsigned = format!("{}.{}.", part(&json!({"alg": alg, "kid": "k", "typ": "JWT"})), part(&claims));
        let refused = issuers.verify(&unsigned, AUDIENCE, at(0)).await.unwrap_err();
        assert!(
            matches!(refused, IdentityError::Malformed | IdentityError::AlgorithmRefused),
            "{alg:?}: {refused:?}"
        );
    }
    // Whoever took the algorithm from the header would check this with the public key as the shared secret.
    let public = signer.public();
    for secret in [public["n"].as_str().unwrap().to_owned(), public.to_string()] {
        let header = Header { kid: Some("k".to_owned()), ..Header::new(Algorithm::HS256) };
        let forged = encode(&header, &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap();
        let refused = issuers.verify(&forged, AUDIENCE, at(0)).await.unwrap_err();
        assert!(matches!(refused, IdentityError::AlgorithmRefused), "{refused:?}");
    }
    // A key of another kind under the same name.
    let forged = Signer::ec("k").sign(&claims);
    let refused = issuers.verify(&forged, AUDIENCE, at(0)).await.unwrap_err();
    assert!(matches!(refused, IdentityError::AlgorithmRefused), "{refused:?}");
    // And one of the same kind.
    let forged = Signer::rsa("k").sign(&claims);
    let refused = issuers.verify(&forged, AUDIENCE, at(0)).await.unwrap_err();
    assert!(matches!(refused, IdentityError::SignatureWrong), "{refused:?}");
}

#[tokio::test]
async fn a_published_secret_or_a_key_for_something_else_checks_nothing() {
    let signer = Signer::ed("ed");
    let issuer = Issuer::with(&[&signer]).await;
    let secret =
        json!({"kty": "oct", "kid": "secret", "k": URL_SAFE_NO_PAD.encode("secret"), "alg": "HS256"});
    let for_secrecy = with(signer.public(), json!({"kid": "enc", "use": "enc"}));
    let for_other = with(signer.public(), json!({"kid": "rsa", "alg": "RS256"}));
    issuer.change(|published| {
        published.keys.extend([json!("no key"), json!({"kty": "new"}), secret, for_secrecy, for_other]);
    });
    let issuers = issuer.trusted(IssuerKind::GitHub);
    assert!(issuers.verify(&signer.sign(&issuer.claims()), AUDIENCE, at(0)).await.is_ok());
    for kid in ["secret", "enc", "rsa"] {
        let token =
            Signer { kid, algorithm: signer.algorithm, key: signer.key.clone() }.sign(&issuer.claims());
        let refused = issuers.verify(&token, AUDIENCE, at(0)).await.unwrap_err();
        assert!(matches!(refused, IdentityError::KeyUnknown { .. }), "{kid}: {refused:?}");
    }
}

#[tokio::test]
async fn a_hundred_keys_of_an_issuer_are_kept_and_no_more() {
    let signer = Signer::ed("last");
    for (others, fits) in [(99, true), (100, false)] {
        let issuer = Issuer::with(&[]).await;
        let other = |number: usize| with(signer.public(), json!({ "kid": number.to_string() }));
        issuer.change(|published| published.keys = (0..others).map(other).chain([signer.public()]).collect());
        let issuers = issuer.trusted(IssuerKind::GitHub);
        let answer = issuers.verify(&signer.sign(&issuer.claims()), AUDIENCE, at(0)).await;
        assert_eq!(answer.is_ok(), fits, "{others}: {answer:?}");
    }
}

#[tokio::test]
async fn a_new_key_is_fetched_when_it_is_needed_and_at_most_once_a_minute() {
    let (old, new) = (Signer::ed("old"), Signer::ed("new"));
    let issuer = Issuer::with(&[&old]).await;
    let issuers = issuer.trusted(IssuerKind::GitHub);
    let claims = with(issuer.claims(), json!({"exp": at(100_000).timestamp()}));
    for now in [0, 1, 30] {
        assert!(issuers.verify(&old.sign(&claims), AUDIENCE, at(now)).await.is_ok());
    }
    assert_eq!(issuer.asked(), 1, "keys are kept");

    issuer.change(|published| published.keys = vec![new.public()]);
    for now in [31, 45, 59] {
        let early = issuers.verify(&new.sign(&claims), AUDIENCE, at(now)).await.unwrap_err();
        assert!(matches!(early, IdentityError::KeyUnknown { .. }), "{now}: {early:?}");
    }
    assert_eq!(issuer.asked(), 1, "a made-up name must not make us ask again and again");
    assert!(issuers.verify(&new.sign(&claims), AUDIENCE, at(60)).await.is_ok());
    assert_eq!(issuer.asked(), 2);
    let gone = issuers.verify(&old.sign(&claims), AUDIENCE, at(61)).await.unwrap_err();
    assert!(matches!(gone, IdentityError::KeyUnknown { .. }), "{gone:?}");
}

#[tokio::test]
async fn a_key_that_was_withdrawn_ends_within_an_hour() {
    let signer = Signer::ed("k");
    let issuer = Issuer::with(&[&signer]).await;
    let issuers = issuer.trusted(IssuerKind::GitHub);
    let token = signer.sign(&with(issuer.claims(), json!({"exp": at(100_000).timestamp()})));
    assert!(issuers.verify(&token, AUDIENCE, at(0)).await.is_ok());
    issuer.change(|published| published.keys.clear());
    assert!(issuers.verify(&token, AUDIENCE, at(3599)).await.is_ok());
    let refused = issuers.verify(&token, AUDIENCE, at(3600)).await.unwrap_err();
    assert!(matches!(refused, IdentityError::KeyUnknown { .. }), "{refused:?}");
}

#[tokio::test]
async fn known_keys_outlive_their_server_by_a_day() {
    let signer = Signer::ed("k");
    let issuer = Issuer::with(&[&signer]).await;
    let issuers = issuer.trusted(IssuerKind::GitHub);
    let token = signer.sign(&with(issuer.claims(), json!({"exp": at(1_000_000).timestamp()})));
    assert!(issuers.verify(&token, AUDIENCE, at(0)).await.is_ok());
    issuer.change(|published| published.dead = true);
    for now in [7200, 86_399] {
        assert!(issuers.verify(&token, AUDIENCE, at(now)).await.is_ok(), "{now}");
    }
    let refused = issuers.verify(&token, AUDIENCE, at(86_400)).await.unwrap_err();
    assert!(matches!(refused, IdentityError::IssuerUnreachable { .. }), "{refused:?}");
    issuer.change(|published| published.dead = false);
    assert!(issuers.verify(&token, AUDIENCE, at(86_460)).await.is_ok());
}

#[tokio::test]
async fn an_issuer_that_is_away_is_said_to_be() {
    let signer = Signer::ed("k");
    let issuer = Issuer::with(&[&signer]).await;
    issuer.change(|published| published.dead = true);
    let issuers = issuer.trusted(IssuerKind::GitHub);
    let token = signer.sign(&issuer.claims());
    for now in [0, 1] {
        let refused = issuers.verify(&token, AUDIENCE, at(now)).await.unwrap_err();
        assert!(matches!(refused, IdentityError::IssuerUnreachable { .. }), "{refused:?}");
    }
    assert_eq!(issuer.asked(), 1);
    issuer.change(|published| published.dead = false);
    let later = at(0) + TimeDelta::minutes(1);
    assert!(issuers.verify(&token, AUDIENCE, later).await.is_ok());

    // Nobody listens there at all.
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let nowhere = format!("http://127.0.0.1:{port}");
    let token = signer.sign(&github(&nowhere));
    let refused = trusting(&format!("{nowhere}/"), IssuerKind::GitHub)
        .verify(&token, AUDIENCE, at(0))
        .await
        .unwrap_err();
    assert!(matches!(refused, IdentityError::IssuerUnreachable { .. }), "{refused:?}");
}

#[tokio::test]
async fn metadata_of_another_issuer_is_not_taken() {
    let signer = Signer::ed("k");
    let issuer = Issuer::with(&[&signer]).await;
    issuer.change(|published| published.issuer = "https://evil.example".to_owned());
    let token = signer.sign(&issuer.claims());
    let refused = issuer.trusted(IssuerKind::GitHub).verify(&token, AUDIENCE, at(0)).await.unwrap_err();
    let IdentityError::IssuerUnreachable { source, .. } = refused else { panic!("{refused:?}") };
    assert!(matches!(*source, KeysError::MetadataOfAnother), "{source:?}");
    assert_eq!(issuer.asked(), 0);
}

/// Web servers run what they do on any of their threads.
#[test]
fn verifying_moves_between_threads() {
    fn moves<T: Send>(_: T) {}
    moves(trusting("https://ci.example", IssuerKind::GitHub).verify("", AUDIENCE, at(0)));
}

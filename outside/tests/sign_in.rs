//! Signing in by a real OpenID provider: a process of its own that this test starts, walks through, and kills.

use cairn_outside::http::{Outgoing, OutgoingError, OutgoingSettings};
use cairn_outside::identity::CLOCK_SKEW;
use cairn_outside::oidc::{
    Begun, CODE_BYTES_MAX, Identity, MetadataError, OidcError, Provider, ProviderSettings,
};
use cairn_outside::testing::{NotInstalled, OidcOptions, OidcProvider};
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::{ClaimsVerificationError, SignatureVerificationError};
use std::collections::HashMap;
use std::path::Path;
use url::Url;

/// Nobody listens there: the browser of this test stops before.
const REDIRECT_URL: &str = "http://localhost:9/sign-in/back";

/// A provider with people. Where it cannot be installed the test is skipped with the reason; with `CI=true` it fails.
fn provider(options: OidcOptions) -> Option<OidcProvider> {
    match OidcProvider::start(Path::new(env!("CARGO_TARGET_TMPDIR")), REDIRECT_URL, options) {
        Ok(provider) => Some(provider),
        Err(NotInstalled(reason)) => {
            assert!(!in_ci(), "there is no OpenID provider, and CI=true: {reason}");
            eprintln!("SKIPPED: there is no OpenID provider: {reason}");
            None
        }
    }
}

fn in_ci() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment tells whether a skipped test is a failure"
    )]
    let ci = std::env::var("CI");
    ci.is_ok_and(|value| value == "true")
}

fn trusting(settings: ProviderSettings) -> Provider {
    let allowed = vec!["localhost".parse().expect("a host")];
    let http = Outgoing::new(OutgoingSettings { allowed, ..OutgoingSettings::default() })
        .expect("the settings can work");
    Provider::new(settings, http).expect("the settings can work")
}

/// The provider's process has a clock that no test moves.
fn now() -> DateTime<Utc> {
    #[expect(clippy::disallowed_methods, reason = "a real process takes part, and it has the system's time")]
    Utc::now()
}

/// What a browser does: goes where it is sent, keeps cookies, signs in under a name, and comes back with this.
async fn browse(begun: &Begun, name: &str) -> HashMap<String, String> {
    let policy = reqwest::redirect::Policy::none();
    let browser = reqwest::Client::builder().no_proxy().redirect(policy).build().expect("a client");
    let mut cookies = HashMap::<String, String>::new();
    let mut url = begun.authorize_url.clone();
    for _ in 0..10 {
        let request = if url.path().starts_with("/interaction/") {
            browser.post(url.clone()).header("content-type", FORM).body(form(&[("name", name)]))
        } else {
            browser.get(url.clone())
        };
        let told: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", told.join("; ")).send().await.expect("the provider answers");
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().expect("a header is text").split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie has a name");
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let Some(location) = answer.headers().get("location") else {
            panic!(
                "{url} answers {}: {}",
                answer.status(),
                answer.text().await.expect("an answer has a body")
            );
        };
        url = url.join(location.to_str().expect("a header is text")).expect("a header is text");
        if url.as_str().starts_with(REDIRECT_URL) {
            return url.query_pairs().into_owned().collect();
        }
    }
    panic!("the provider sends the browser around");
}

const FORM: &str = "application/x-www-form-urlencoded";

fn form(fields: &[(&str, &str)]) -> String {
    Url::parse_with_params("http://form/", fields)
        .expect("fields make a query")
        .query()
        .expect("fields make a query")
        .to_owned()
}

/// Begins and browses, and answers what there is to finish.
async fn come_back(provider: &Provider, name: &str) -> (Begun, String) {
    let begun = provider.begin(now()).await.expect("the provider lives");
    let back = browse(&begun, name).await;
    assert!(begun.is_answered_by(&back["state"]), "{back:?}");
    (begun, back["code"].clone())
}

async fn sign_in(provider: &Provider, name: &str) -> Result<Identity, OidcError> {
    let (begun, code) = come_back(provider, name).await;
    provider.finish(&code, &begun, now()).await
}

#[tokio::test]
async fn people_are_who_their_provider_says() {
    for options in [
        OidcOptions::default(),
        OidcOptions { alg: "ES256", auth_method: "client_secret_post", claims_in_id_token: true },
        OidcOptions { alg: "EdDSA", ..OidcOptions::default() },
    ] {
        let Some(process) = provider(options) else { return };
        let provider = trusting(process.settings());
        let ann = sign_in(&provider, "ann").await.unwrap();
        assert_eq!((ann.issuer.as_str(), ann.subject.as_str()), (process.issuer().as_str(), "ann"));
        assert_eq!(ann.preferred_username.as_deref(), Some("ann"));
        assert_eq!(ann.name.as_deref(), Some("Ann Example"));
        assert_eq!((ann.email.as_deref(), ann.email_verified), (Some("ann@example.org"), true));
        assert_eq!(ann.groups, ["qgis staff", "everybody"]);
        let ben = sign_in(&provider, "ben").await.unwrap();
        assert_eq!((ben.email.as_deref(), ben.email_verified), (Some("ben@example.org"), false));
        assert_eq!(ben.groups.len(), 0);
        let dan = sign_in(&provider, "dan").await.unwrap();
        assert_eq!((dan.subject.as_str(), dan.email, dan.name), ("dan", None, None));
    }
}

#[tokio::test]
async fn what_is_not_asked_for_is_not_told() {
    let Some(process) = provider(OidcOptions::default()) else { return };
    let settings = ProviderSettings { scopes: vec!["profile".to_owned()], ..process.settings() };
    let ann = sign_in(&trusting(settings), "ann").await.unwrap();
    assert_eq!((ann.name.as_deref(), ann.email, ann.groups.len()), (Some("Ann Example"), None, 0));
    let settings = ProviderSettings { groups_claim: "preferred_username".to_owned(), ..process.settings() };
    assert_eq!(
        sign_in(&trusting(settings), "ann").await.unwrap().groups.len(),
        0,
        "groups are their own claim"
    );
}

#[tokio::test]
async fn a_public_client_proves_itself_by_pkce_alone() {
    let Some(process) = provider(OidcOptions::default()) else { return };
    let settings = ProviderSettings {
        client_id: OidcProvider::PUBLIC_CLIENT.to_owned(),
        client_secret: None,
        ..process.settings()
    };
    let provider = trusting(settings);
    assert_eq!(sign_in(&provider, "ann").await.unwrap().subject, "ann");
    // Who stole the code alone has not the verifier.
    let (begun, code) = come_back(&provider, "ann").await;
    let other = provider.begin(now()).await.unwrap();
    let thief = Begun { pkce_verifier: other.pkce_verifier, ..begun };
    let refused = provider.finish(&code, &thief, now()).await.unwrap_err();
    assert!(matches!(refused, OidcError::CodeRefused), "{refused:?}");
}

#[tokio::test]
async fn each_sign_in_is_another_and_answers_only_itself() {
    let Some(process) = provider(OidcOptions::default()) else { return };
    let provider = trusting(process.settings());
    let (one, two) = (provider.begin(now()).await.unwrap(), provider.begin(now()).await.unwrap());
    assert!(one.is_answered_by(&one.state) && !one.is_answered_by(&two.state) && !one.is_answered_by(""));
    assert!(one.nonce != two.nonce && one.pkce_verifier != two.pkce_verifier);
    let told: HashMap<_, _> = one.authorize_url.query_pairs().into_owned().collect();
    assert_eq!(told["code_challenge_method"], "S256");
    assert!(!one.authorize_url.as_str().contains(&one.pkce_verifier));
    let kept = serde_json::to_string(&one).unwrap();
    assert_eq!(serde_json::from_str::<Begun>(&kept).unwrap(), one);
    let shown = format!("{one:?} {provider:?}");
    assert!(!shown.contains(&one.nonce) && !shown.contains(OidcProvider::SECRET), "{shown}");
}

#[tokio::test]
async fn an_id_token_of_another_sign_in_is_refused() {
    let Some(process) = provider(OidcOptions::default()) else { return };
    let provider = trusting(process.settings());
    let (begun, code) = come_back(&provider, "ann").await;
    let other = provider.begin(now()).await.unwrap();
    let mixed = Begun { nonce: other.nonce, ..begun };
    let refused = provider.finish(&code, &mixed, now()).await.unwrap_err();
    assert!(
        matches!(refused, OidcError::IdTokenRefused(ClaimsVerificationError::InvalidNonce(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_code_is_good_once() {
    let Some(process) = provider(OidcOptions::default()) else { return };
    let provider = trusting(process.settings());
    let (begun, code) = come_back(&provider, "ann").await;
    assert!(provider.finish(&code, &begun, now()).await.is_ok());
    for wrong in [code.as_str(), "", "made up", &"x".repeat(CODE_BYTES_MAX)] {
        let refused = provider.finish(wrong, &begun, now()).await.unwrap_err();
        assert!(matches!(refused, OidcError::CodeRefused | OidcError::Refused { .. }), "{refused:?}");
        assert!(!refused.is_passing());
    }
    let refused = provider.finish(&"x".repeat(CODE_BYTES_MAX + 1), &begun, now()).await.unwrap_err();
    assert!(matches!(refused, OidcError::CodeTooLarge { max: CODE_BYTES_MAX }), "{refused:?}");
}

#[tokio::test]
async fn an_id_token_has_its_time() {
    let Some(process) = provider(OidcOptions::default()) else { return };
    let provider = trusting(process.settings());
    // The provider's tokens live for ten minutes, and clocks may differ by one.
    let lives = TimeDelta::minutes(10) + CLOCK_SKEW;
    let some = TimeDelta::seconds(20);
    for (later, good) in [(lives - some, true), (lives + some, false), (-CLOCK_SKEW + some, true)] {
        let (begun, code) = come_back(&provider, "ann").await;
        let answer = provider.finish(&code, &begun, now() + later).await;
        assert_eq!(answer.is_ok(), good, "{later}: {answer:?}");
    }
    for wrong in [lives + some, -CLOCK_SKEW - some] {
        let (begun, code) = come_back(&provider, "ann").await;
        let refused = provider.finish(&code, &begun, now() + wrong).await.unwrap_err();
        assert!(
            matches!(refused, OidcError::IdTokenRefused(ClaimsVerificationError::Expired(_))),
            "{wrong}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn a_wrong_client_secret_is_the_administrators_to_mend() {
    for auth_method in ["client_secret_basic", "client_secret_post"] {
        let Some(process) = provider(OidcOptions { auth_method, ..OidcOptions::default() }) else { return };
        let wrong =
            ProviderSettings { client_secret: Some("another secret".to_owned()), ..process.settings() };
        let refused = sign_in(&trusting(wrong), "ann").await.unwrap_err();
        assert!(matches!(refused, OidcError::ClientRefused), "{auth_method}: {refused:?}");
    }
}

#[tokio::test]
async fn who_the_provider_does_not_know_comes_back_without_a_code() {
    let Some(process) = provider(OidcOptions::default()) else { return };
    let begun = trusting(process.settings()).begin(now()).await.unwrap();
    let back = browse(&begun, "eve").await;
    assert!(begun.is_answered_by(&back["state"]));
    assert_eq!((back["error"].as_str(), back.get("code")), ("access_denied", None));
}

#[tokio::test]
async fn a_new_key_of_the_provider_is_found() {
    let Some(mut process) = provider(OidcOptions::default()) else { return };
    let provider = trusting(process.settings());
    let first = now();
    assert!(sign_in(&provider, "ann").await.is_ok());
    process.restart();
    let (begun, code) = come_back(&provider, "ann").await;
    // Said to be the time of the first, for a restart may take longer than we wait between asking.
    let soon = provider.finish(&code, &begun, first).await.unwrap_err();
    let OidcError::IdTokenRefused(ClaimsVerificationError::SignatureVerification(cause)) = soon else {
        panic!("{soon:?}");
    };
    assert_eq!(cause, SignatureVerificationError::NoMatchingKey, "a provider is not asked again and again");
    let (begun, code) = come_back(&provider, "ann").await;
    let later = now() + TimeDelta::seconds(11);
    assert_eq!(provider.finish(&code, &begun, later).await.unwrap().subject, "ann");
}

#[tokio::test]
async fn a_dead_provider_is_said_to_be_and_found_again_when_it_lives() {
    let Some(mut process) = provider(OidcOptions::default()) else { return };
    let provider = trusting(process.settings());
    let (begun, code) = come_back(&provider, "ann").await;
    process.kill();
    let dead = provider.finish(&code, &begun, now()).await.unwrap_err();
    assert!(matches!(&dead, OidcError::Unreachable(OutgoingError::Unreachable { .. })), "{dead:?}");
    assert!(dead.is_passing());

    let anew = trusting(process.settings());
    let dead = anew.begin(now()).await.unwrap_err();
    assert!(
        matches!(&dead, OidcError::Metadata(cause) if matches!(**cause, MetadataError::Outgoing(_))),
        "{dead:?}"
    );
    assert!(dead.is_passing());
    process.restart();
    let later = now() + TimeDelta::seconds(11);
    assert!(anew.begin(later).await.is_ok());
}

#[tokio::test]
async fn an_issuer_is_what_it_calls_itself() {
    let Some(process) = provider(OidcOptions::default()) else { return };
    let other = process.issuer().replace("localhost", "127.0.0.1");
    let settings = ProviderSettings { issuer: other, ..process.settings() };
    let allowed = vec!["127.0.0.1".parse().unwrap()];
    let http = Outgoing::new(OutgoingSettings { allowed, ..OutgoingSettings::default() }).unwrap();
    let refused = Provider::new(settings, http).unwrap().begin(now()).await.unwrap_err();
    assert!(
        matches!(&refused, OidcError::Metadata(cause) if matches!(**cause, MetadataError::Unusable(_))),
        "{refused:?}"
    );
    assert!(!refused.is_passing());

    let http = Outgoing::new(OutgoingSettings::default()).unwrap();
    let settings = ProviderSettings { issuer: "no url".to_owned(), ..process.settings() };
    let refused = Provider::new(settings, http).unwrap_err();
    assert!(matches!(refused, OidcError::SettingMalformed { setting: "issuer" }), "{refused:?}");
}

/// Web servers run what they do on any of their threads.
#[test]
fn signing_in_moves_between_threads() {
    fn moves<T: Send>(_: T) {}
    let settings = ProviderSettings {
        issuer: "https://idp.example.org".to_owned(),
        client_id: "cairn".to_owned(),
        client_secret: None,
        redirect_url: REDIRECT_URL.to_owned(),
        scopes: Vec::new(),
        groups_claim: "groups".to_owned(),
    };
    let provider = trusting(settings);
    let begun = Begun {
        authorize_url: Url::parse("https://idp.example.org").unwrap(),
        state: String::new(),
        nonce: String::new(),
        pkce_verifier: String::new(),
    };
    moves(provider.begin(DateTime::UNIX_EPOCH));
    moves(provider.finish("", &begun, DateTime::UNIX_EPOCH));
}

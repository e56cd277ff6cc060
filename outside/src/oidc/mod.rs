//! Signing in by an identity provider with OpenID Connect: the code flow with PKCE, `state` and `nonce`.

mod claims;
mod client;
mod error;

pub use claims::{GROUPS_MAX, Identity, SUBJECT_BYTES_MAX, TEXT_BYTES_MAX};
pub use error::{MetadataError, OidcError};

use crate::http::Outgoing;
use crate::identity::CLOCK_SKEW;
use crate::kept::Kept;
use chrono::{DateTime, TimeDelta, Utc};
use claims::Told;
use client::{ALGORITHMS, IdClaims, OidcClient, Tokens, UserInfo};
use openidconnect::core::{CoreAuthenticationFlow, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, CsrfToken, IssuerUrl, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use tokio::sync::Mutex;
use url::Url;

/// The longest code that is taken to the provider, in bytes. Some put a whole token in it.
pub const CODE_BYTES_MAX: usize = 8 * 1024;

/// A provider's metadata is asked for at most this often: when it was away, people need not wait for long.
const ASK_EVERY: TimeDelta = TimeDelta::seconds(10);

/// A provider, as an administrator sets it up.
#[derive(Clone)]
pub struct ProviderSettings {
    /// Its address, below which its metadata is found.
    pub issuer: String,
    /// The name it knows us by.
    pub client_id: String,
    /// What proves it; none for a public client.
    pub client_secret: Option<String>,
    /// Where it sends people back to.
    pub redirect_url: String,
    /// What is asked for besides `openid`, such as `profile`, `email` and `groups`.
    pub scopes: Vec<String>,
    /// The claim that has a person's groups, such as `groups`.
    pub groups_claim: String,
}

impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSettings")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("redirect_url", &self.redirect_url)
            .field("scopes", &self.scopes)
            .field("groups_claim", &self.groups_claim)
            .finish_non_exhaustive()
    }
}

/// A sign-in that has begun: kept with the browser's session until it comes back, then used once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// Where to send the browser.
    pub authorize_url: Url,
    /// Comes back with the browser, see [`Begun::is_answered_by`].
    pub state: String,
    /// Comes back in the id token.
    pub nonce: String,
    /// Proves to the provider that whoever has the code is who began.
    pub pkce_verifier: String,
}

impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begun").finish_non_exhaustive()
    }
}

impl Begun {
    /// Whether a browser that comes back with this state is the one that was sent. Where it is not, somebody may have
    /// been given another's code, and [`Provider::finish`] must not be called.
    pub fn is_answered_by(&self, state: &str) -> bool {
        // Digests take the same time to compare wherever they differ; the library compares so.
        CsrfToken::new(self.state.clone()) == CsrfToken::new(state.to_owned())
    }
}

/// An identity provider.
pub struct Provider {
    settings: ProviderSettings,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    http: Outgoing,
    metadata: Mutex<Kept<CoreProviderMetadata, MetadataError>>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Provider {
    /// Takes the settings. The provider is asked when somebody first signs in, so one that is away stops nobody else.
    pub fn new(settings: ProviderSettings, http: Outgoing) -> Result<Self, OidcError> {
        let malformed = |setting| move |_| OidcError::SettingMalformed { setting };
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(malformed("issuer"))?;
        let redirect = RedirectUrl::new(settings.redirect_url.clone()).map_err(malformed("redirect_url"))?;
        Ok(Self { settings, issuer, redirect, http, metadata: Mutex::new(Kept::new(ASK_EVERY)) })
    }

    /// Begins a sign-in.
    pub async fn begin(&self, now: DateTime<Utc>) -> Result<Begun, OidcError> {
        let client = self.client(&*self.metadata(now, None).await?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (authorize_url, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .url();
        Ok(Begun {
            authorize_url,
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            pkce_verifier: verifier.into_secret(),
        })
    }

    /// Finishes a sign-in by the code that the browser brought, whose state the caller has compared. When it returns,
    /// the provider has said who it is: its signature, issuer, audience, nonce and time were checked, the last against
    /// `now`, give or take [`CLOCK_SKEW`].
    pub async fn finish(&self, code: &str, begun: &Begun, now: DateTime<Utc>) -> Result<Identity, OidcError> {
        if code.len() > CODE_BYTES_MAX {
            return Err(OidcError::CodeTooLarge { max: CODE_BYTES_MAX });
        }
        let metadata = self.metadata(now, None).await?;
        let client = self.client(&metadata);
        let tokens = self.exchange(&client, code, begun).await?;
        let by_id_token = match self.verify(&client, &tokens, begun, now) {
            // The provider may have a new key since.
            Err(OidcError::IdTokenRefused(ClaimsVerificationError::SignatureVerification(_))) => {
                let newer = self.client(&*self.metadata(now, Some(&metadata)).await?);
                self.verify(&newer, &tokens, begun, now)?
            }
            verified => verified?,
        };
        let mut told = Told::by_id_token(by_id_token, &self.settings.groups_claim);
        if !told.is_whole() && metadata.userinfo_endpoint().is_some() {
            let by_user_info = self.user_info(&client, &tokens, by_id_token).await?;
            told = told.or(Told::by_user_info(&by_user_info, &self.settings.groups_claim));
        }
        told.identity(&self.settings.issuer, by_id_token.subject())
    }

    /// What the provider publishes of itself; other than `old`, if it lets us ask so soon.
    async fn metadata(
        &self,
        now: DateTime<Utc>,
        old: Option<&Arc<CoreProviderMetadata>>,
    ) -> Result<Arc<CoreProviderMetadata>, OidcError> {
        let mut kept = self.metadata.lock().await;
        if kept.wants(now, |known| old.is_none_or(|old| !Arc::ptr_eq(old, known))) {
            let fetched = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await;
            kept.take_in(now, fetched.map_err(MetadataError::from));
        }
        kept.get(now).expect("an attempt was taken in").map_err(OidcError::Metadata)
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> OidcClient {
        client::client(metadata, &self.settings).set_redirect_uri(self.redirect.clone())
    }

    /// Gives the code and takes the tokens.
    async fn exchange(&self, client: &OidcClient, code: &str, begun: &Begun) -> Result<Tokens, OidcError> {
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| unusable("it has no token endpoint"))?
            .set_pkce_verifier(PkceCodeVerifier::new(begun.pkce_verifier.clone()));
        Ok(request.request_async(&self.http).await?)
    }

    /// The claims of the id token, when they are by the provider, for us, of this sign-in and of this time.
    fn verify<'a>(
        &self,
        client: &OidcClient,
        tokens: &'a Tokens,
        begun: &Begun,
        now: DateTime<Utc>,
    ) -> Result<&'a IdClaims, OidcError> {
        let in_time = move |issued: DateTime<Utc>| {
            if issued > now + CLOCK_SKEW { Err("issued in the future".to_owned()) } else { Ok(()) }
        };
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || now - CLOCK_SKEW)
            .set_issue_time_verifier_fn(in_time);
        let token = tokens.id_token().ok_or(OidcError::Malformed)?;
        let claims =
            token.claims(&verifier, &Nonce::new(begun.nonce.clone())).map_err(OidcError::IdTokenRefused)?;
        // The library leaves this to us: who asked for the token, where that is told, is us.
        if claims.authorized_party().is_some_and(|party| party.as_str() != self.settings.client_id) {
            let wrong = ClaimsVerificationError::InvalidAudience("another asked for it".to_owned());
            return Err(OidcError::IdTokenRefused(wrong));
        }
        Ok(claims)
    }

    /// What the provider says besides, of the person in the id token.
    async fn user_info(
        &self,
        client: &OidcClient,
        tokens: &Tokens,
        of: &IdClaims,
    ) -> Result<UserInfo, OidcError> {
        let request = client
            .user_info(tokens.access_token().clone(), Some(of.subject().clone()))
            .map_err(|_| unusable("it has no user info endpoint"))?;
        Ok(request.request_async(&self.http).await?)
    }
}

fn unusable(reason: &str) -> OidcError {
    OidcError::Metadata(Arc::new(MetadataError::Unusable(reason.to_owned())))
}

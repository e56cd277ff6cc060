//! The library's client with our claims, and what it found wrong in our words.

use super::{MetadataError, OidcError, ProviderSettings};
use crate::http::{Outgoing, OutgoingError};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreRequestTokenError, CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse,
    CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AsyncHttpClient, AuthType, Client, ClientId, ClientSecret, DiscoveryError,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    IdTokenClaims, IdTokenFields, StandardErrorResponse, StandardTokenResponse, UserInfoClaims,
    UserInfoError,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::pin::Pin;

/// The ways of signing that are taken. All are by a key pair.
pub(super) const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// The claims that OpenID Connect does not name, among them the groups.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OtherClaims {
    #[serde(flatten)]
    pub(super) all: Map<String, Value>,
}

impl AdditionalClaims for OtherClaims {}

pub(super) type IdClaims = IdTokenClaims<OtherClaims, CoreGenderClaim>;
pub(super) type UserInfo = UserInfoClaims<OtherClaims, CoreGenderClaim>;

type TokenFields = IdTokenFields<
    OtherClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

pub(super) type Tokens = StandardTokenResponse<TokenFields, CoreTokenType>;

/// A client made from metadata: where to send people is known, the other addresses may be.
pub(super) type OidcClient = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The client for a provider. The secret goes in the header, unless the provider takes it in the body alone.
pub(super) fn client(metadata: &CoreProviderMetadata, settings: &ProviderSettings) -> OidcClient {
    let id = ClientId::new(settings.client_id.clone());
    let secret = settings.client_secret.clone().map(ClientSecret::new);
    let client = OidcClient::from_provider_metadata(metadata.clone(), id, secret);
    let takes = metadata.token_endpoint_auth_methods_supported();
    let in_header = takes.is_none_or(|takes| takes.contains(&CoreClientAuthMethod::ClientSecretBasic));
    client.set_auth_type(if in_header { AuthType::BasicAuth } else { AuthType::RequestBody })
}

/// The library asks through our client.
impl<'c> AsyncHttpClient<'c> for Outgoing {
    type Error = OutgoingError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OutgoingError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl From<DiscoveryError<OutgoingError>> for MetadataError {
    fn from(error: DiscoveryError<OutgoingError>) -> Self {
        match error {
            DiscoveryError::Request(source) => Self::Outgoing(source),
            other => Self::Unusable(other.to_string()),
        }
    }
}

impl From<CoreRequestTokenError<OutgoingError>> for OidcError {
    fn from(error: CoreRequestTokenError<OutgoingError>) -> Self {
        match error {
            CoreRequestTokenError::Request(source) => Self::Unreachable(source),
            CoreRequestTokenError::ServerResponse(answer) => match answer.error() {
                CoreErrorResponseType::InvalidGrant => Self::CodeRefused,
                CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => {
                    Self::ClientRefused
                }
                other => Self::Refused { code: other.to_string().chars().take(CODE_SHOWN).collect() },
            },
            _ => Self::Malformed,
        }
    }
}

/// How much of an error's code is repeated; those of OAuth are shorter.
const CODE_SHOWN: usize = 64;

impl From<UserInfoError<OutgoingError>> for OidcError {
    fn from(error: UserInfoError<OutgoingError>) -> Self {
        match error {
            UserInfoError::Request(source) => Self::Unreachable(source),
            UserInfoError::ClaimsVerification(source) => Self::IdTokenRefused(source),
            _ => Self::Malformed,
        }
    }
}

//! What the doors for CI services and for finders of leaked tokens know besides the log: whose word is believed.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ParsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cairn_domain::Refusal;
use cairn_domain::publisher::{Run, Workflow};
use cairn_outside::http::Outgoing;
use cairn_outside::identity::{CiIdentity, IdentityError, IssuerKind, Issuers, TrustedIssuer};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// CI services whose word is believed, and who reports leaked tokens. Clones share it.
#[derive(Debug, Clone)]
pub struct Publishing(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    issuers: Issuers,
    trusted: Vec<TrustedIssuer>,
    audience: String,
    report_key: Option<ReportKey>,
}

/// Public key of whoever reports lists of leaked tokens: ECDSA on P-256.
#[derive(Debug)]
pub struct ReportKey(ParsedPublicKey);

/// A text is no public key in PEM for ECDSA on P-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no PEM file of a public key for ECDSA on P-256")]
pub struct ReportKeyMalformed;

/// A run that its service vouches for, and the name of that word among all of the service's.
#[derive(Debug, Clone, PartialEq)]
pub struct Believed {
    /// The run.
    pub run: Run,
    /// Names the identity token among its issuer's.
    pub jti: String,
}

impl Publishing {
    /// Believes these issuers, asked by `http`, when they speak to `audience`.
    pub fn new(
        http: Outgoing,
        trusted: Vec<TrustedIssuer>,
        audience: String,
        report_key: Option<ReportKey>,
    ) -> Self {
        let issuers = Issuers::new(http, trusted.clone());
        Self(Arc::new(Inner { issuers, trusted, audience, report_key }))
    }

    /// For whom an identity token must be made.
    pub fn audience(&self) -> &str {
        &self.0.audience
    }

    /// The issuers that are believed.
    pub fn trusted(&self) -> &[TrustedIssuer] {
        &self.0.trusted
    }

    /// The run that an identity token vouches for, valid at `now`.
    pub async fn believe(&self, token: &str, now: DateTime<Utc>) -> Result<Believed, Refusal> {
        let identity = self.0.issuers.verify(token, &self.0.audience, now).await;
        identity.map(Believed::from).map_err(|fault| match fault {
            IdentityError::IssuerUnreachable { .. } => Refusal::DirectoryUnavailable,
            other => Refusal::IdentityTokenInvalid { reason: other.to_string() },
        })
    }

    /// The workflow that a form means. Refused where its issuer is not believed here, as it could never publish. For
    /// services that speak as GitHub does, the name of the file alone is one in `.github/workflows`.
    pub fn workflow(
        &self,
        issuer: &str,
        repository: &str,
        file: &str,
        environment: Option<&str>,
        ref_pattern: Option<&str>,
    ) -> Result<Workflow, Refusal> {
        let named = issuer.trim().trim_end_matches('/');
        let known = self.trusted().iter().find(|known| known.issuer.trim_end_matches('/') == named);
        let Some(known) = known else {
            let all: Vec<&str> = self.trusted().iter().map(|known| known.issuer.as_str()).collect();
            return Err(Refusal::invalid("issuer", format!("is one of {}", all.join(", "))));
        };
        let file = match known.kind {
            IssuerKind::GitHub if !file.contains('/') => format!(".github/workflows/{}", file.trim()),
            IssuerKind::GitHub | IssuerKind::GitLab => file.to_owned(),
        };
        cairn_commands::publisher::workflow(issuer, repository, &file, environment, ref_pattern)
    }

    /// Whether `signature`, base64 of DER, is of these bytes by whoever reports lists of leaked tokens.
    pub fn reported(&self, bytes: &[u8], signature: &str) -> bool {
        let signature = STANDARD.decode(signature.trim());
        match (&self.0.report_key, signature) {
            (Some(ReportKey(key)), Ok(signature)) => key.verify_sig(bytes, &signature).is_ok(),
            _ => false,
        }
    }
}

impl From<CiIdentity> for Believed {
    fn from(identity: CiIdentity) -> Self {
        let run = Run {
            issuer: identity.issuer,
            repository: identity.repository,
            workflow: identity.workflow,
            environment: identity.environment,
            git_ref: Some(identity.git_ref),
            commit: Some(identity.commit),
        };
        Self { run, jti: identity.jti }
    }
}

impl ReportKey {
    /// Reads a public key in PEM.
    pub fn read(pem: &str) -> Result<Self, ReportKeyMalformed> {
        let body = || {
            let (_, rest) = pem.split_once("-----BEGIN PUBLIC KEY-----")?;
            let (body, _) = rest.split_once("-----END PUBLIC KEY-----")?;
            let digits: String = body.split_whitespace().collect();
            STANDARD.decode(digits).ok()
        };
        let der = body().ok_or(ReportKeyMalformed)?;
        let key = ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, der).map_err(|_| ReportKeyMalformed)?;
        Ok(Self(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
    use cairn_outside::http::OutgoingSettings;

    fn publishing(report_key: Option<ReportKey>) -> Publishing {
        let issuer = |issuer: &str, kind| TrustedIssuer { issuer: issuer.into(), kind };
        let trusted = vec![
            issuer("https://hub.example", IssuerKind::GitHub),
            issuer("https://lab.example/", IssuerKind::GitLab),
        ];
        cairn_outside::install_crypto();
        let http = Outgoing::new(OutgoingSettings::default()).unwrap();
        Publishing::new(http, trusted, "plugins.example.org".into(), report_key)
    }

    #[test]
    fn a_list_is_believed_with_the_signature_of_the_key_and_no_other() {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let der = AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap();
        let pem = format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            STANDARD.encode(der.as_ref())
        );
        let sign = |bytes: &[u8]| STANDARD.encode(pair.sign(&SystemRandom::new(), bytes).unwrap());
        let door = publishing(Some(ReportKey::read(&pem).unwrap()));
        assert!(door.reported(b"[]", &sign(b"[]")));
        assert!(!door.reported(b"[1]", &sign(b"[]")));
        assert!(!door.reported(b"[]", "") && !door.reported(b"[]", "?"));
        assert!(!publishing(None).reported(b"[]", &sign(b"[]")), "nobody reports lists here");
        assert_eq!(ReportKey::read("no key").unwrap_err(), ReportKeyMalformed);
    }

    #[test]
    fn a_workflow_is_of_a_service_that_is_believed() {
        let door = publishing(None);
        let at = |issuer: &str, file: &str| door.workflow(issuer, "ann/lasso", file, None, None);
        let file = |issuer, file| at(issuer, file).unwrap().workflow;
        assert_eq!(file("https://hub.example/", "release.yml"), ".github/workflows/release.yml");
        assert_eq!(file("https://lab.example", ".gitlab-ci.yml"), ".gitlab-ci.yml");
        let refused = at("https://elsewhere.example", "release.yml").unwrap_err();
        assert!(refused.to_string().contains("https://hub.example"), "{refused}");
    }
}

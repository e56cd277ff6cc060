//! Passkeys: keys that a browser keeps or reaches (WebAuthn), bound to this site's host name.

use super::damaged;
use crate::Fault;
use cairn_domain::Refusal;
use serde_json::Value;
use std::sync::Arc;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    CredentialID, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Webauthn, WebauthnBuilder, WebauthnError,
};

/// The longest answer of a browser that is looked at, in bytes of JSON; honest ones have one or two thousand.
pub const PASSKEY_BYTES_MAX: usize = 32 * 1024;

/// Asks browsers and checks their answers. The user must show the authenticator that it is them (PIN, finger, face).
#[derive(Clone)]
pub(super) struct Passkeys(Option<Arc<Webauthn>>);

/// What a browser is asked, and what its answer is compared with.
pub(super) struct Asked {
    pub(super) options: Value,
    pub(super) state: Vec<u8>,
}

impl Passkeys {
    /// For the site at this address; impossible at an IP address, and over plain HTTP everywhere but at localhost.
    pub(super) fn at(base_url: &Url) -> Self {
        let secure = base_url.scheme() == "https" || base_url.domain() == Some("localhost");
        let host = base_url.domain().filter(|_| secure);
        let origin = base_url.origin().ascii_serialization().parse::<Url>().ok();
        let built = host
            .zip(origin)
            .and_then(|(host, origin)| WebauthnBuilder::new(host, &origin).ok()?.rp_name(host).build().ok());
        Self(built.map(Arc::new))
    }

    /// Whether this site can have any.
    pub(super) fn possible(&self) -> bool {
        self.0.is_some()
    }

    /// Asks for a new passkey of this account that is none of those it has.
    pub(super) fn ask_new(&self, account: Uuid, name: &str, has: &[Vec<u8>]) -> Result<Asked, Fault> {
        let ids: Vec<CredentialID> =
            has.iter().map(|kept| Ok(passkey(kept)?.cred_id().clone())).collect::<Result<_, Fault>>()?;
        let begun = self.webauthn()?.start_passkey_registration(account, name, name, Some(ids));
        let (options, state) = begun.map_err(|fault| impossible(&fault))?;
        Ok(Asked { options: value(&options), state: bytes(&state) })
    }

    /// The passkey that answered, as the vault keeps it.
    pub(super) fn check_new(&self, answer: &Value, state: &[u8]) -> Result<Vec<u8>, Fault> {
        let state: PasskeyRegistration =
            serde_json::from_slice(state).map_err(|_| damaged("the ceremony"))?;
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let passkey = self.webauthn()?.finish_passkey_registration(&answer, &state);
        Ok(bytes(&passkey.map_err(|fault| wrong(&fault))?))
    }

    /// Asks for one of these passkeys.
    pub(super) fn ask(&self, kept: &[Vec<u8>]) -> Result<Asked, Fault> {
        let passkeys = kept.iter().map(|kept| passkey(kept)).collect::<Result<Vec<_>, _>>()?;
        let begun = self.webauthn()?.start_passkey_authentication(&passkeys);
        let (options, state) = begun.map_err(|fault| impossible(&fault))?;
        Ok(Asked { options: value(&options), state: bytes(&state) })
    }

    /// Which of the kept passkeys answered, with what is known of it from now on. A counter that did not go up means a
    /// copied key, and is wrong.
    pub(super) fn check(
        &self,
        answer: &Value,
        state: &[u8],
        kept: &[Vec<u8>],
    ) -> Result<(usize, Vec<u8>), Fault> {
        let state: PasskeyAuthentication =
            serde_json::from_slice(state).map_err(|_| damaged("the ceremony"))?;
        let answer: PublicKeyCredential = read(answer)?;
        let shown = self.webauthn()?.finish_passkey_authentication(&answer, &state);
        let shown = shown.map_err(|fault| wrong(&fault))?;
        for (index, kept) in kept.iter().enumerate() {
            let mut passkey = passkey(kept)?;
            if passkey.update_credential(&shown).is_some() {
                return Ok((index, bytes(&passkey)));
            }
        }
        Err(Refusal::SecondFactorWrong.into())
    }

    fn webauthn(&self) -> Result<&Webauthn, Refusal> {
        let message = "passkeys work where the repository has a host name and https";
        self.0.as_deref().ok_or_else(|| Refusal::invalid("passkey", message))
    }
}

impl std::fmt::Debug for Passkeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Passkeys").field(&self.possible()).finish()
    }
}

fn passkey(kept: &[u8]) -> Result<Passkey, Fault> {
    serde_json::from_slice(kept).map_err(|_| damaged("a passkey"))
}

fn value(of: &impl serde::Serialize) -> Value {
    serde_json::to_value(of).expect("what a browser is asked has string keys and finite numbers only")
}

fn bytes(of: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(of).expect("what is known of a passkey has string keys and finite numbers only")
}

/// A browser's answer; what does not read as one is as wrong as one that does not hold.
fn read<A: serde::de::DeserializeOwned>(answer: &Value) -> Result<A, Refusal> {
    if answer.to_string().len() > PASSKEY_BYTES_MAX {
        return Err(Refusal::TooLarge {
            what: "the passkey's answer".into(),
            limit_bytes: PASSKEY_BYTES_MAX as u64,
        });
    }
    A::deserialize(answer).map_err(|_| Refusal::SecondFactorWrong)
}

/// The answer does not hold.
fn wrong(fault: &WebauthnError) -> Fault {
    tracing::info!("a passkey's answer does not hold: {fault}");
    Refusal::SecondFactorWrong.into()
}

/// The question could not be made: what is kept of a passkey contradicts itself.
fn impossible(fault: &WebauthnError) -> Fault {
    damaged(&format!("the passkey ({fault})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> Passkeys {
        Passkeys::at(&url.parse().unwrap())
    }

    #[test]
    fn passkeys_need_a_name_and_https() {
        for good in ["https://example.org", "https://example.org:8443/qgis/", "http://localhost:8000"] {
            assert!(at(good).possible(), "{good}");
        }
        for bad in
            ["http://example.org", "http://127.0.0.1:8000", "https://192.0.2.1", "https://[2001:db8::1]"]
        {
            assert!(!at(bad).possible(), "{bad}");
            let refused = at(bad).ask_new(Uuid::nil(), "ann", &[]).err();
            assert!(matches!(refused, Some(Fault::Refused(Refusal::InvalidInput { .. }))), "{bad}");
        }
    }

    #[test]
    fn a_browser_is_asked_for_this_site_and_account() {
        let asked = at("https://example.org/qgis/").ask_new(Uuid::from_u128(1), "ann", &[]).unwrap();
        assert_eq!(asked.options["publicKey"]["rp"]["id"], "example.org");
        assert_eq!(asked.options["publicKey"]["user"]["id"], "AAAAAAAAAAAAAAAAAAAAAQ");
        assert_eq!(asked.options["publicKey"]["authenticatorSelection"]["userVerification"], "required");
    }

    #[test]
    fn what_is_no_answer_is_wrong() {
        let passkeys = at("https://example.org");
        let asked = passkeys.ask_new(Uuid::nil(), "ann", &[]).unwrap();
        for answer in [Value::Null, serde_json::json!({}), serde_json::json!({ "id": 1 })] {
            let refused = passkeys.check_new(&answer, &asked.state).unwrap_err();
            assert!(matches!(refused, Fault::Refused(Refusal::SecondFactorWrong)), "{answer}");
        }
    }

    #[test]
    fn an_answer_has_a_longest() {
        let answer = |bytes: usize| Value::String("x".repeat(bytes - 2));
        assert_eq!(read::<String>(&answer(PASSKEY_BYTES_MAX)).unwrap().len(), PASSKEY_BYTES_MAX - 2);
        let refused = read::<String>(&answer(PASSKEY_BYTES_MAX + 1)).unwrap_err();
        assert_eq!(refused.code(), "too_large");
    }
}

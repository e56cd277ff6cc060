//! Secrets: password hashes and plugin tokens.

mod leaked;
mod stored;

pub use leaked::LeakedPasswords;

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use cairn_domain::Refusal;
use cairn_domain::ids::TokenId;
use cairn_domain::names::Sha256;
use std::str::FromStr;
use stored::StoredHash;
use uuid::Uuid;

/// The shortest password that is accepted, in characters (NIST SP 800-63B §5.1.1.2).
pub const PASSWORD_CHARS_MIN: usize = 8;

/// The longest password that is hashed, in bytes; longer ones only cost time.
pub const PASSWORD_BYTES_MAX: usize = 1024;

/// 19 MiB, 2 passes, 1 lane: OWASP's first recommendation for argon2id.
fn params() -> Params {
    Params::new(19 * 1024, 2, 1, None).expect("these parameters are within argon2's bounds")
}

fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params())
}

/// The argon2id hash of a new password, in PHC form. Takes tens of milliseconds: run it on a blocking thread.
pub fn hash_password(password: &str, salt: &[u8; 16]) -> Result<String, Refusal> {
    if password.chars().count() < PASSWORD_CHARS_MIN {
        let message = format!("a password has at least {PASSWORD_CHARS_MIN} characters");
        return Err(Refusal::invalid("password", message));
    }
    if password.len() > PASSWORD_BYTES_MAX {
        let message = format!("a password has at most {PASSWORD_BYTES_MAX} bytes");
        return Err(Refusal::invalid("password", message));
    }
    let hash = hasher().hash_password_with_salt(password.as_bytes(), salt);
    Ok(hash.expect("length and salt are within argon2's bounds").to_string())
}

/// Whether `password` is the one behind `hash`. Costs the same when there is no hash, so that time does not tell
/// which names exist.
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    /// A hash that no password has: its digest is all zeros.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let fits = password.len() <= PASSWORD_BYTES_MAX;
    let known = hash.and_then(StoredHash::read);
    let is_known = known.is_some();
    let stored = known.or_else(|| StoredHash::read(NOBODY));
    let same = stored.is_some_and(|stored| stored.is_of(if fits { password } else { "" }));
    fits && same && is_known
}

/// Whether a hash should be written anew as soon as its password is known: it came from elsewhere, or from an earlier program.
pub fn is_outdated(hash: &str) -> bool {
    StoredHash::read(hash).is_some_and(|stored| !stored.is_ours())
}

/// Whether a text can be checked as a password's hash at all: one of ours, or one that a Django site wrote.
pub fn is_password_hash(text: &str) -> bool {
    StoredHash::read(text).is_some()
}

/// A plugin token as its holder has it: `cairn_<id>_<secret><check>`, all hexadecimal; `check` are the first eight
/// digits of SHA-256 over what stands before it, so that a scanner can tell a real token from a look-alike.
#[derive(Clone, PartialEq, Eq)]
pub struct PluginToken {
    /// Which token it claims to be.
    pub id: TokenId,
    secret: [u8; 32],
}

impl PluginToken {
    /// How every token begins.
    pub const PREFIX: &'static str = "cairn_";

    /// The token of this id with 256 random bits.
    pub fn new(id: TokenId, secret: [u8; 32]) -> Self {
        Self { id, secret }
    }

    /// What the log keeps of the secret.
    pub fn secret_sha256(&self) -> Sha256 {
        Sha256::of(&self.secret)
    }

    /// The text to hand out; shown once.
    pub fn reveal(&self) -> String {
        let body = format!("{}{}_{}", Self::PREFIX, self.id.0.simple(), hex(&self.secret));
        let check = Sha256::of(body.as_bytes()).to_string();
        format!("{body}{}", &check[..8])
    }
}

impl FromStr for PluginToken {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let parts = || {
            let (id, secret) = text.strip_prefix(Self::PREFIX)?.split_once('_')?;
            let secret: Sha256 = secret.get(..64)?.parse().ok()?;
            Some(Self { id: TokenId(Uuid::try_parse(id).ok()?), secret: *secret.as_bytes() })
        };
        parts().filter(|token| token.reveal() == text).ok_or(Refusal::TokenInvalid)
    }
}

impl std::fmt::Debug for PluginToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PluginToken({}, …)", self.id)
    }
}

fn hex(bytes: &[u8; 32]) -> String {
    Sha256::from(*bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_password_and_no_other() {
        let hash = hash_password("correct horse", &[1; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify_password("correct horse", Some(&hash)));
        assert!(!verify_password("correct house", Some(&hash)));
        assert!(!verify_password("correct horse", None));
        assert!(!verify_password("correct horse", Some("not a hash")));
    }

    #[test]
    fn a_hash_from_elsewhere_is_good_once() {
        let django = "pbkdf2_sha256$1000$NaClNaClNaCl$DYm3VQMHhs8l5G/OKXy1f8ic/0QXUq1N5v2KJGyZ+OQ=";
        assert!(verify_password("correct horsé battery", Some(django)));
        assert!(is_password_hash(django) && is_outdated(django));
        let ours = hash_password("correct horsé battery", &[1; 16]).unwrap();
        assert!(is_password_hash(&ours) && !is_outdated(&ours));
        assert!(!is_password_hash("correct horsé battery") && !is_outdated("correct horsé battery"));
    }

    #[test]
    fn passwords_have_a_shortest_and_a_longest() {
        assert!(hash_password("1234567", &[1; 16]).is_err());
        assert!(hash_password("12345678", &[1; 16]).is_ok());
        assert!(hash_password(&"x".repeat(1024), &[1; 16]).is_ok());
        assert!(hash_password(&"x".repeat(1025), &[1; 16]).is_err());
    }

    #[test]
    fn a_token_reads_back_and_a_damaged_one_does_not() {
        let token = PluginToken::new(TokenId(Uuid::from_u128(42)), [9; 32]);
        let text = token.reveal();
        assert_eq!(text.parse::<PluginToken>().unwrap(), token);
        let damaged = text.replacen('9', "8", 1);
        for bad in [damaged.as_str(), &text[..text.len() - 1], "cairn_", "", "cairn_é_é"] {
            assert_eq!(bad.parse::<PluginToken>(), Err(Refusal::TokenInvalid), "{bad}");
        }
        assert!(!format!("{token:?}").contains("0909"), "a log line must not reveal it");
    }
}

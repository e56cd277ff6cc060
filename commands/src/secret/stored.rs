//! Password hashes as they are stored: our own, and those that a Django site wrote.
//!
//! A hash says how much work it takes to check. One that asks for more than an honest site ever would is no hash, so that a row
//! from elsewhere cannot stall the program.

use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, Params};
use aws_lc_rs::pbkdf2;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cairn_domain::names::Sha256;
use std::num::NonZeroU32;

/// The longest stored hash that is looked at, in bytes.
const HASH_BYTES_MAX: usize = 512;

/// Rounds of PBKDF2: Django 5.2 writes a million, 6.0 a fifth more.
const PBKDF2_ROUNDS_MAX: u32 = 2_000_000;

/// bcrypt's cost: Django writes 12; each step more doubles the work.
const BCRYPT_COST_MAX: u32 = 14;

/// Memory of argon2 in KiB: Django writes 100 MiB.
const ARGON2_KIB_MAX: u32 = 128 * 1024;

/// Passes of argon2: Django writes 2.
const ARGON2_PASSES_MAX: u32 = 8;

/// Lanes of argon2: Django writes 8.
const ARGON2_LANES_MAX: u32 = 16;

/// A stored hash, read.
#[expect(clippy::large_enum_variant, reason = "one at a time stands on the stack of a password check")]
pub(super) enum StoredHash<'h> {
    /// Argon2, in PHC form; `true` if we would write it the same way today.
    Argon2(PasswordHash, bool),
    /// `pbkdf2_sha256$rounds$salt$digest`.
    Pbkdf2 { rounds: NonZeroU32, salt: &'h str, digest: Vec<u8> },
    /// `bcrypt$…`, over the password itself.
    Bcrypt(&'h str),
    /// `bcrypt_sha256$…`, over the password's SHA-256 in hexadecimal digits.
    BcryptSha256(&'h str),
}

impl<'h> StoredHash<'h> {
    /// Reads a hash; `None` for what we do not know or what would take too much work.
    pub(super) fn read(text: &'h str) -> Option<Self> {
        if text.len() > HASH_BYTES_MAX {
            return None;
        }
        match text.split_once('$')? {
            ("", _) => argon2(text),
            ("argon2", _) => argon2(text.strip_prefix("argon2")?).map(Self::aged),
            ("pbkdf2_sha256", rest) => pbkdf2_sha256(rest),
            ("bcrypt", rest) => bcrypt(rest).map(Self::Bcrypt),
            ("bcrypt_sha256", rest) => bcrypt(rest).map(Self::BcryptSha256),
            _ => None,
        }
    }

    /// Whether it is the hash of this password.
    pub(super) fn is_of(&self, password: &str) -> bool {
        match self {
            Self::Argon2(hash, _) => Argon2::default().verify_password(password.as_bytes(), hash).is_ok(),
            Self::Pbkdf2 { rounds, salt, digest } => {
                let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
                pbkdf2::verify(algorithm, *rounds, salt.as_bytes(), password.as_bytes(), digest).is_ok()
            }
            Self::Bcrypt(hash) => bcrypt::verify(password, hash).unwrap_or(false),
            Self::BcryptSha256(hash) => {
                let digest = Sha256::of(password.as_bytes()).to_string();
                bcrypt::verify(digest, hash).unwrap_or(false)
            }
        }
    }

    /// Whether we would write it the same way today.
    pub(super) fn is_ours(&self) -> bool {
        matches!(self, Self::Argon2(_, true))
    }

    fn aged(self) -> Self {
        match self {
            Self::Argon2(hash, _) => Self::Argon2(hash, false),
            other => other,
        }
    }
}

fn argon2(text: &str) -> Option<StoredHash<'_>> {
    let hash = PasswordHash::new(text).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let bearable = params.m_cost() <= ARGON2_KIB_MAX
        && params.t_cost() <= ARGON2_PASSES_MAX
        && params.p_cost() <= ARGON2_LANES_MAX;
    let ours = super::params();
    let same = hash.algorithm.as_str() == "argon2id"
        && (params.m_cost(), params.t_cost(), params.p_cost())
            == (ours.m_cost(), ours.t_cost(), ours.p_cost());
    bearable.then_some(StoredHash::Argon2(hash, same))
}

fn pbkdf2_sha256(text: &str) -> Option<StoredHash<'_>> {
    let mut parts = text.split('$');
    let (rounds, salt, digest) = (parts.next()?, parts.next()?, parts.next()?);
    let rounds: NonZeroU32 =
        rounds.parse().ok().filter(|rounds: &NonZeroU32| rounds.get() <= PBKDF2_ROUNDS_MAX)?;
    let digest = STANDARD.decode(digest).ok().filter(|digest| digest.len() == 32)?;
    parts.next().is_none().then_some(StoredHash::Pbkdf2 { rounds, salt, digest })
}

/// `$2b$12$…`, after the name and its `$`.
fn bcrypt(text: &str) -> Option<&str> {
    let mut parts = text.strip_prefix('$')?.split('$');
    let (version, cost) = (parts.next()?, parts.next()?);
    let cost: u32 = cost.parse().ok()?;
    (matches!(version, "2a" | "2b" | "2x" | "2y") && cost <= BCRYPT_COST_MAX).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Django 5.2 wrote for it, with little work.
    const PASSWORD: &str = "correct horsé battery";
    const PBKDF2: &str = "pbkdf2_sha256$1000$NaClNaClNaCl$DYm3VQMHhs8l5G/OKXy1f8ic/0QXUq1N5v2KJGyZ+OQ=";
    const ARGON2: &str = "argon2$argon2id$v=19$m=102400,t=2,p=8$ZGNBUERKcWowaW9mZDVIS3lNeWNqdA$ztLFD6qhAl9OUTLEhOWD5iybnSXdsFaQxTGuEbtfP0g";
    const BCRYPT_SHA256: &str = "bcrypt_sha256$$2b$04$pbDsVOr5/IS9IlSYH8cnGOXBZC3RWU8OZHfs77APCQy3sSHiCLlfG";
    const BCRYPT: &str = "bcrypt$$2b$04$qDwCpIIth8oPiar/swHVF.5ypIA4KnPar8rHn6SQ4slt0SYad4l1W";

    #[test]
    fn what_django_wrote_is_checked() {
        for hash in [PBKDF2, ARGON2, BCRYPT_SHA256, BCRYPT] {
            let stored = StoredHash::read(hash).unwrap();
            assert!(stored.is_of(PASSWORD), "{hash}");
            assert!(!stored.is_of("correct horse battery"), "{hash}");
            assert!(!stored.is_of(""), "{hash}");
            assert!(!stored.is_ours(), "{hash}");
        }
    }

    #[test]
    fn work_has_its_limits() {
        for (hash, from, edge, past) in [
            (PBKDF2, "$1000$", "$2000000$", "$2000001$"),
            (ARGON2, "m=102400", "m=131072", "m=131073"),
            (ARGON2, "t=2", "t=8", "t=9"),
            (ARGON2, "p=8", "p=16", "p=17"),
            (BCRYPT, "$04$", "$14$", "$15$"),
            (BCRYPT_SHA256, "$04$", "$14$", "$31$"),
        ] {
            assert!(StoredHash::read(&hash.replace(from, edge)).is_some(), "{edge}");
            assert!(StoredHash::read(&hash.replace(from, past)).is_none(), "{past}");
        }
        let long = |salt: usize| {
            let digest = STANDARD.encode([0; 32]);
            format!("pbkdf2_sha256$1${}${digest}", "s".repeat(salt))
        };
        let rest = long(0).len();
        assert!(StoredHash::read(&long(HASH_BYTES_MAX - rest)).is_some());
        assert!(StoredHash::read(&long(HASH_BYTES_MAX - rest + 1)).is_none());
    }

    #[test]
    fn what_is_no_hash_is_nobodys() {
        for text in [
            "",
            "$",
            "!unusable",
            "md5$salt$00",
            "pbkdf2_sha256$0$s$DYm3VQMHhs8l5G/OKXy1f8ic/0QXUq1N5v2KJGyZ+OQ=",
            "pbkdf2_sha256$1000$s$AAAA",
            "pbkdf2_sha256$1000$s",
            "argon2$",
            "bcrypt$",
            "bcrypt$$2b$xx$",
            "bcrypt$$9z$04$qDwCpIIth8oPiar/swHVF.5ypIA4KnPar8rHn6SQ4slt0SYad4l1W",
        ] {
            assert!(StoredHash::read(text).is_none(), "{text}");
        }
        assert!(!StoredHash::read("bcrypt$$2b$04$short").unwrap().is_of("short"));
    }
}

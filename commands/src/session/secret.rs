//! The secret that continues a session.

use cairn_domain::Refusal;
use cairn_domain::names::Sha256;
use std::str::FromStr;

/// 256 random bits, which only the session's holder has; written as 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionSecret([u8; 32]);

impl SessionSecret {
    /// The secret of these random bytes.
    pub fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// What the vault keeps of it.
    pub fn sha256(&self) -> Sha256 {
        Sha256::of(&self.0)
    }

    /// The text to hand out, to the session's holder only.
    pub fn reveal(&self) -> String {
        Sha256::from(self.0).to_string()
    }
}

impl FromStr for SessionSecret {
    type Err = Refusal;

    /// [`Refusal::SessionUnknown`] for what cannot be a secret.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        text.parse::<Sha256>().map(|digits| Self(*digits.as_bytes())).map_err(|_| Refusal::SessionUnknown)
    }
}

impl std::fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_reads_back_and_is_not_shown() {
        let secret = SessionSecret::new([0xab; 32]);
        assert_eq!(secret.reveal(), "ab".repeat(32));
        assert_eq!(secret.reveal().parse::<SessionSecret>().unwrap(), secret);
        assert_ne!(secret.sha256().to_string(), secret.reveal());
        assert!(!format!("{secret:?}").contains("ab"));
    }

    #[test]
    fn what_is_no_secret_is_no_session() {
        for text in ["", "ab", &"ab".repeat(33), &"zz".repeat(32), &"é".repeat(32)] {
            assert_eq!(text.parse::<SessionSecret>(), Err(Refusal::SessionUnknown), "{text}");
        }
    }
}

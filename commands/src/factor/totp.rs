//! Six digits of the half minute from an app (RFC 6238 with SHA-1, which is what apps can).

use cairn_domain::Refusal;
use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret, Totp};

/// How long a code is good, in seconds. The one before and the one after are taken too, for clocks that differ.
pub const TOTP_STEP_SECS: u64 = 30;

/// The length of a code, in digits.
const DIGITS: usize = 6;

/// A key that an app and the vault share.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpKey([u8; 20]);

impl TotpKey {
    /// The key of these random bytes.
    pub fn new(random: [u8; 20]) -> Self {
        Self(random)
    }

    /// The key that the vault kept, if it is one.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The key that was typed into an app, if it is one.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::from_bytes(Secret::try_from_base32(text).ok()?.as_bytes())
    }

    /// What the vault keeps.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text to type into an app, to its owner only: 32 characters of base 32.
    pub fn reveal(&self) -> String {
        Secret::from(self.0.to_vec()).to_base32()
    }

    /// The address that an app reads from a picture. It has the key in it.
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        let named = self.builder().with_account_name(account).with_issuer(Some(issuer)).build_noncompliant();
        named.to_url().expect("account names are not empty and have no colon")
    }

    /// The half minute of which this is the code, if it is that of now or of a neighbour.
    pub fn step_of(&self, code: &str, now: DateTime<Utc>) -> Option<u64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).take(DIGITS + 1).collect();
        let digits = code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit());
        let now = u64::try_from(now.timestamp()).ok()?;
        if digits { self.totp().check(&code, now) } else { None }
    }

    /// The code at this time, as the app shows it.
    pub fn code_at(&self, at: DateTime<Utc>) -> Result<String, Refusal> {
        let at = u64::try_from(at.timestamp()).map_err(|_| Refusal::SecondFactorWrong)?;
        Ok(self.totp().generate(at).to_string())
    }

    fn builder(&self) -> Builder {
        Builder::new().with_skew(1).with_step_duration(TOTP_STEP_SECS).with_secret(self.0.to_vec())
    }

    fn totp(&self) -> Totp {
        self.builder().build_noncompliant()
    }
}

impl std::fmt::Debug for TotpKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(secs, 0).unwrap()
    }

    /// The key of RFC 6238, appendix B.
    fn key() -> TotpKey {
        TotpKey::from_bytes(b"12345678901234567890").unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (secs, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(key().code_at(at(secs)).unwrap(), code);
            assert_eq!(key().step_of(code, at(secs)), Some(u64::try_from(secs / 30).unwrap()));
        }
    }

    #[test]
    fn a_clock_may_differ_by_one_step_and_not_by_two() {
        let noon = 1_200_000_000;
        let code = key().code_at(at(noon)).unwrap();
        for late in [-30, 0, 30, 59] {
            assert_eq!(key().step_of(&code, at(noon + late)), Some(40_000_000), "{late}");
        }
        for late in [-31, -60, 60, 90] {
            assert_eq!(key().step_of(&code, at(noon + late)), None, "{late}");
        }
    }

    #[test]
    fn only_six_digits_are_a_code() {
        assert!(key().step_of("287 082", at(59)).is_some());
        for bad in ["", "28708", "2870820", "28708x", "２８７０８２", "287082287082"] {
            assert_eq!(key().step_of(bad, at(59)), None, "{bad}");
        }
        assert_eq!(key().step_of("287082", at(-1)), None);
    }

    #[test]
    fn an_app_reads_key_and_names_from_the_address() {
        let uri = key().uri("plugins.example.org", "ann@b+c");
        assert!(uri.starts_with("otpauth://totp/plugins.example.org:ann%40b%2Bc?"), "{uri}");
        assert!(uri.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{uri}");
        assert!(uri.contains("issuer=plugins.example.org"), "{uri}");
        assert_eq!(TotpKey::from_text(&key().reveal()), Some(key()));
        assert_eq!(TotpKey::from_text("GEZDGNBV"), None);
        assert!(!format!("{:?}", key()).contains("GEZ"));
    }
}

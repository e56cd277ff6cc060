//! Recovery codes: ten, shown once, each good once.

use cairn_domain::Refusal;
use cairn_domain::ids::AccountId;
use cairn_domain::names::Sha256;
use std::str::FromStr;

/// How many codes an account gets at once.
pub const RECOVERY_CODES: u8 = 10;

/// 32 characters that nobody takes for another: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The length of a code without its hyphens, in characters: 80 bits, so that a plain digest of it is not guessed.
const CHARS: usize = 16;

/// A code that stands in for a second factor once.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// The code of these random bytes.
    pub fn new(random: [u8; 10]) -> Self {
        let bits = random.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        let digit = |place: usize| {
            let five = usize::try_from(bits >> (5 * place) & 31).expect("five bits");
            char::from(*ALPHABET.get(five).expect("five bits count to 31"))
        };
        Self((0..CHARS).rev().map(digit).collect())
    }

    /// What the vault keeps; another for each account, so that equal codes of two would not show.
    pub fn sha256(&self, account: AccountId) -> Sha256 {
        Sha256::of(format!("recovery code of {account}\n{}", self.0).as_bytes())
    }

    /// The text to hand out, in groups of four; shown once.
    pub fn reveal(&self) -> String {
        let groups: Vec<&str> =
            (0..CHARS).step_by(4).filter_map(|start| self.0.get(start..start + 4)).collect();
        groups.join("-")
    }
}

impl FromStr for RecoveryCode {
    type Err = Refusal;

    /// As somebody types it from paper: in any case, with or without hyphens, o for 0, i or l for 1.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let meant = |c: char| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        };
        let typed = text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(CHARS + 1);
        let code: String = typed.map(meant).collect();
        if code.len() == CHARS && code.bytes().all(|byte| ALPHABET.contains(&byte)) {
            Ok(Self(code))
        } else {
            Err(Refusal::SecondFactorWrong)
        }
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ANN, BOB};

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        let code = RecoveryCode::new([0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf]);
        assert_eq!(code.reveal(), "0123-4567-89ab-cdef");
        for typed in ["0123-4567-89ab-cdef", " O123 4567 89AB CDEF", "0i23456789abcdef", "0L2345-6789ABCDEF"]
        {
            assert_eq!(typed.parse::<RecoveryCode>().unwrap(), code, "{typed}");
        }
        assert_eq!(RecoveryCode::new([0xff; 10]).reveal(), "zzzz-zzzz-zzzz-zzzz");
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        for bad in
            ["", "0123-4567-89ab-cde", "0123-4567-89ab-cdef0", "0123-4567-89ab-cdeu", "é".repeat(16).as_str()]
        {
            assert_eq!(bad.parse::<RecoveryCode>(), Err(Refusal::SecondFactorWrong), "{bad}");
        }
    }

    #[test]
    fn what_is_kept_tells_neither_code_nor_account() {
        let code = RecoveryCode::new([7; 10]);
        assert_ne!(code.sha256(ANN), code.sha256(BOB));
        assert!(!format!("{code:?}").contains(&code.reveal()));
    }
}

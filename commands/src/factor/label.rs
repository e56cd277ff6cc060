//! What its owner calls a second factor.

use cairn_domain::Refusal;
use std::str::FromStr;

/// The longest label, in characters.
pub const LABEL_CHARS_MAX: usize = 64;

/// A few words such as "work phone": 1 to [`LABEL_CHARS_MAX`] characters, trimmed, none of them a control character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorLabel(String);

impl FactorLabel {
    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The words that somebody gave, or these where they gave none.
    pub fn or(given: Option<&str>, default: &str) -> Result<Self, Refusal> {
        match given.map(str::trim) {
            None | Some("") => default.parse(),
            Some(label) => label.parse(),
        }
    }
}

impl FromStr for FactorLabel {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let fits = (1..=LABEL_CHARS_MAX).contains(&text.chars().count());
        if fits && !text.chars().any(char::is_control) {
            return Ok(Self(text.to_owned()));
        }
        let message = format!("is 1 to {LABEL_CHARS_MAX} characters without control characters");
        Err(Refusal::invalid("label", message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_a_few_words() {
        assert_eq!(" Telefon é ".parse::<FactorLabel>().unwrap().as_str(), "Telefon é");
        assert!("é".repeat(LABEL_CHARS_MAX).parse::<FactorLabel>().is_ok());
        for bad in [String::new(), " ".into(), "é".repeat(LABEL_CHARS_MAX + 1), "a\nb".into()] {
            assert_eq!(bad.parse::<FactorLabel>().unwrap_err().code(), "invalid_input", "{bad:?}");
        }
    }

    #[test]
    fn who_gives_none_gets_ours() {
        assert_eq!(FactorLabel::or(Some(" "), "Passkey").unwrap().as_str(), "Passkey");
        assert_eq!(FactorLabel::or(None, "Passkey").unwrap().as_str(), "Passkey");
        assert_eq!(FactorLabel::or(Some("blue"), "Passkey").unwrap().as_str(), "blue");
    }
}

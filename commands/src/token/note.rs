//! What its account calls a token.

use cairn_domain::Refusal;
use std::str::FromStr;

/// The longest description of a token, in characters; that of the present site.
pub const TOKEN_NOTE_CHARS_MAX: usize = 512;

/// What its account calls a token. It may name people, so it stands in the vault and in no event.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenNote(String);

impl TokenNote {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a form or a client sent; none for an empty text.
    pub fn given(text: Option<&str>) -> Result<Option<Self>, Refusal> {
        text.map(str::trim).filter(|text| !text.is_empty()).map(str::parse).transpose()
    }
}

/// What somebody wrote stays out of logs.
impl std::fmt::Debug for TokenNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenNote(…)")
    }
}

impl FromStr for TokenNote {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if text.chars().count() > TOKEN_NOTE_CHARS_MAX {
            let message = format!("has at most {TOKEN_NOTE_CHARS_MAX} characters");
            return Err(Refusal::invalid("description", message));
        }
        if text.chars().any(char::is_control) {
            return Err(Refusal::invalid("description", "is one line without control characters"));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_one_line_of_bounded_length() {
        assert!("é".repeat(512).parse::<TokenNote>().is_ok());
        assert!("é".repeat(513).parse::<TokenNote>().is_err());
        assert!("two\nlines".parse::<TokenNote>().is_err());
        assert_eq!(TokenNote::given(Some("  ")), Ok(None));
        assert_eq!(TokenNote::given(Some(" ci ")).unwrap().unwrap().as_str(), "ci");
    }

    #[test]
    fn a_log_line_does_not_show_it() {
        assert!(!format!("{:?}", "of Ann".parse::<TokenNote>()).contains("Ann"));
    }
}

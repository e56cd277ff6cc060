//! Why somebody did something, in their words. It stands in the log for ever, where everybody can read it.

use cairn_domain::Refusal;

/// The longest reason, in characters.
pub const REASON_CHARS_MAX: usize = 1_000;

/// Refuses a reason that is too long, or given and empty.
pub(crate) fn optional(reason: Option<&str>) -> Result<(), Refusal> {
    reason.map_or(Ok(()), demanded)
}

/// Refuses a reason that is too long, or empty.
pub(crate) fn demanded(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::invalid("reason", "say why in some words"));
    }
    if reason.chars().count() > REASON_CHARS_MAX {
        return Err(Refusal::invalid("reason", format!("is longer than {REASON_CHARS_MAX} characters")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_some_words_and_not_a_book() {
        assert_eq!(optional(None), Ok(()));
        assert_eq!(demanded(&"ü".repeat(REASON_CHARS_MAX)), Ok(()));
        for bad in ["", " \n", &"ü".repeat(REASON_CHARS_MAX + 1)] {
            assert_eq!(optional(Some(bad)).unwrap_err().code(), "invalid_input", "{bad:?}");
        }
    }
}

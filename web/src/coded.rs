//! Sentences with code in them: what stands between two backticks is shown as code.

use crate::problem_page::sentence;
use askama::filters::{Escaper, Html, HtmlSafe};
use std::fmt;

/// A sentence that may have code between backticks. It is written with everything escaped but its own `<code>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Coded(String);

impl Coded {
    /// A text that begins as a sentence does and ends as one.
    pub(crate) fn sentence(text: &str) -> Self {
        Self(sentence(text))
    }
}

impl<T: Into<String>> From<T> for Coded {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

/// No template escapes it a second time.
impl HtmlSafe for Coded {}

impl fmt::Display for Coded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.as_str();
        while let Some((before, behind)) = rest.split_once('`') {
            let Some((code, after)) = behind.split_once('`').filter(|(code, _)| !code.is_empty()) else {
                break;
            };
            Html.write_escaped_str(&mut *f, before)?;
            f.write_str("<code>")?;
            Html.write_escaped_str(&mut *f, code)?;
            f.write_str("</code>")?;
            rest = after;
        }
        Html.write_escaped_str(f, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn shown(text: &str) -> String {
        Coded::from(text).to_string()
    }

    #[test]
    fn code_between_backticks_is_shown_as_code() {
        assert_eq!(shown("no `a.py` and no `b`"), "no <code>a.py</code> and no <code>b</code>");
        assert_eq!(shown("a ` alone"), "a ` alone");
        assert_eq!(shown("one `two` ` three"), "one <code>two</code> ` three");
        assert_eq!(shown("``"), "``");
        assert_eq!(Coded::sentence("use `x`").to_string(), "Use <code>x</code>.");
    }

    #[test]
    fn everything_else_is_escaped() {
        assert_eq!(shown("<b> `<i>` & `"), "&#60;b&#62; <code>&#60;i&#62;</code> &#38; `");
        testing::is_tame(&shown(&format!("{HOSTILE} `{HOSTILE}` {HOSTILE}`")));
    }
}

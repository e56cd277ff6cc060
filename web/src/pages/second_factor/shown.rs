//! What a form sent of a second factor.

use cairn_domain::Refusal;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// The fields of the forms that show a factor; each form fills one of them, that of a passkey two.
#[derive(Deserialize)]
pub(super) struct ShownForm {
    code: Option<String>,
    recovery_code: Option<String>,
    ceremony: Option<String>,
    answer: Option<String>,
}

/// What was shown.
pub(super) enum Shown {
    /// A code of an app.
    Code(String),
    /// A recovery code.
    RecoveryCode(String),
    /// The answer of a passkey.
    Passkey {
        /// What it answers to.
        ceremony: String,
        /// What the browser said.
        answer: Value,
    },
}

impl ShownForm {
    /// What was shown; none if no field was filled.
    pub(super) fn read(self) -> Result<Option<Shown>, Refusal> {
        if let Some(code) = self.code {
            return Ok(Some(Shown::Code(code)));
        }
        if let Some(code) = self.recovery_code {
            return Ok(Some(Shown::RecoveryCode(code)));
        }
        let Some((ceremony, answer)) = self.ceremony.zip(self.answer) else { return Ok(None) };
        let (ceremony, answer) = passkey_answer(&ceremony, &answer)?;
        Ok(Some(Shown::Passkey { ceremony, answer }))
    }
}

/// The two fields that the script fills when a passkey answered.
pub(super) fn passkey_answer(ceremony: &str, answer: &str) -> Result<(String, Value), Refusal> {
    let ceremony = Uuid::try_parse(ceremony).map_err(|_| Refusal::SecondFactorWrong)?;
    let answer = serde_json::from_str(answer).map_err(|_| Refusal::SecondFactorWrong)?;
    Ok((ceremony.to_string(), answer))
}

/// Lets what was shown be put into the input of a document, given its module and the name of the input there.
macro_rules! shown_in {
    ($document:ident, $input:ident) => {
        impl $document::$input {
            /// The same with what was shown in it.
            pub(super) fn showing(self, shown: Option<$crate::pages::second_factor::shown::Shown>) -> Self {
                use $crate::pages::second_factor::shown::Shown;
                match shown {
                    Some(Shown::Code(code)) => Self { code: Some(code), ..self },
                    Some(Shown::RecoveryCode(code)) => Self { recovery_code: Some(code), ..self },
                    Some(Shown::Passkey { ceremony, answer }) => {
                        Self { passkey: Some($document::PasskeyShown { ceremony, answer }), ..self }
                    }
                    None => self,
                }
            }
        }
    };
}

pub(super) use shown_in;

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ShownForm {
        ShownForm { code: None, recovery_code: None, ceremony: None, answer: None }
    }

    #[test]
    fn one_form_fills_one_field() {
        let code = ShownForm { code: Some("123456".into()), ..form() };
        assert!(matches!(code.read(), Ok(Some(Shown::Code(code))) if code == "123456"));
        let recovery = ShownForm { recovery_code: Some("x".into()), ..form() };
        assert!(matches!(recovery.read(), Ok(Some(Shown::RecoveryCode(_)))));
        let passkey =
            ShownForm { ceremony: Some(Uuid::nil().to_string()), answer: Some("{}".into()), ..form() };
        assert!(matches!(passkey.read(), Ok(Some(Shown::Passkey { .. }))));
        assert!(matches!(form().read(), Ok(None)));
    }

    #[test]
    fn what_no_script_of_ours_wrote_is_wrong() {
        for (ceremony, answer) in [("x", "{}"), ("", ""), ("00000000-0000-0000-0000-000000000000", "{")] {
            let form = ShownForm { ceremony: Some(ceremony.into()), answer: Some(answer.into()), ..form() };
            assert_eq!(form.read().err(), Some(Refusal::SecondFactorWrong), "{ceremony} {answer}");
        }
    }
}

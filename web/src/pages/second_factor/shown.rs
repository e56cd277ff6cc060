//! What a form sent of a second factor.

use cairn_commands::factor::Shown;
use cairn_domain::Refusal;
use serde::Deserialize;
use uuid::Uuid;

/// The fields of the forms that show a factor; each form fills one of them, that of a passkey two.
#[derive(Deserialize)]
pub(super) struct ShownForm {
    code: Option<String>,
    recovery_code: Option<String>,
    ceremony: Option<String>,
    answer: Option<String>,
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
pub(super) fn passkey_answer(ceremony: &str, answer: &str) -> Result<(Uuid, serde_json::Value), Refusal> {
    let ceremony = Uuid::try_parse(ceremony).map_err(|_| Refusal::SecondFactorWrong)?;
    let answer = serde_json::from_str(answer).map_err(|_| Refusal::SecondFactorWrong)?;
    Ok((ceremony, answer))
}

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

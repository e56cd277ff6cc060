//! Why a form was not carried out, shown beside the form.

use crate::ask::refused;
use crate::problem_page::sentence;
use axum::http::StatusCode;
use cairn_api::problem::{Problem, status_of};
use cairn_domain::refusal::Kind;

/// What went wrong with one of a page's forms; nothing, when it is shown the first time.
#[derive(Debug, Clone, Default)]
pub(super) struct Trouble(Option<What>);

#[derive(Debug, Clone)]
struct What {
    form: &'static str,
    text: String,
    status: StatusCode,
}

impl Trouble {
    /// Nothing went wrong.
    pub(super) fn none() -> Self {
        Self(None)
    }

    /// The sentence for the form of this name. What is no matter of the form is a page of its own: our faults, and that
    /// somebody may not be here at all.
    pub(super) fn of(form: &'static str, problem: Problem) -> Result<Self, Problem> {
        match refused(problem)? {
            refusal if matches!(refusal.kind(), Kind::Unauthenticated | Kind::Forbidden) => {
                Err(refusal.into())
            }
            refusal => {
                let (text, status) = (sentence(&refusal.to_string()), status_of(refusal.kind()));
                Ok(Self(Some(What { form, text, status })))
            }
        }
    }

    /// A sentence of the page's own.
    pub(super) fn said(form: &'static str, text: impl Into<String>) -> Self {
        Self(Some(What { form, text: text.into(), status: StatusCode::UNPROCESSABLE_ENTITY }))
    }

    /// What went wrong with this form.
    pub(super) fn at(&self, form: &str) -> Option<&str> {
        self.0.as_ref().filter(|what| what.form == form).map(|what| what.text.as_str())
    }

    /// The status of a page that shows it.
    pub(super) fn status(&self) -> StatusCode {
        self.0.as_ref().map_or(StatusCode::OK, |what| what.status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_domain::Refusal;

    #[test]
    fn trouble_stands_at_its_form_with_its_status() {
        let trouble =
            Trouble::of("invite", Refusal::AccountUnknown { account: "bob".into() }.into()).unwrap();
        assert_eq!(trouble.at("invite"), Some("There is no account bob."));
        assert_eq!((trouble.at("remove"), trouble.status()), (None, StatusCode::NOT_FOUND));
        assert_eq!(Trouble::none().status(), StatusCode::OK);
    }

    #[test]
    fn who_may_not_be_here_gets_no_form() {
        for refusal in [Refusal::Unauthenticated, Refusal::NotOwner { package: "lasso".into() }] {
            assert!(Trouble::of("invite", refusal.into()).is_err());
        }
    }
}

//! Who may come to the pages of staff, and what becomes of a form that was refused.

use crate::ask::Ask;
use crate::pages::second_factor::me::Me;
use crate::problem_page::sentence;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use cairn_api::App;
use cairn_api::graphql::Told;
use cairn_api::problem::{Problem, status_of};
use cairn_domain::Refusal;
use cairn_domain::refusal::Kind;
use graphql_client::GraphQLQuery;

/// Staff who ask. Who is not signed in is sent to do so, and back here; anybody else is told who may.
#[derive(Debug)]
pub(in crate::pages) struct Staff {
    pub(in crate::pages) ask: Ask,
    /// May also say who is staff, and change the rules.
    pub(in crate::pages) admin: bool,
}

/// Somebody who is signed in and sends a form: the schema decides whether they may.
#[derive(Debug)]
pub(in crate::pages) struct Signed(pub(in crate::pages) Ask);

impl FromRequestParts<App> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        Me::from_request_parts(parts, app).await?;
        Ask::from_request_parts(parts, app).await.map(Self).map_err(IntoResponse::into_response)
    }
}

impl FromRequestParts<App> for Staff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Signed(ask) = Signed::from_request_parts(parts, app).await?;
        let fault = |fault| Problem::of(fault, ask.request()).into_response();
        let acting = app.sign_in.may_act(ask.actor()).await.map_err(fault)?;
        acting.must_be_staff().map_err(|refusal| Problem::from(refusal).into_response())?;
        Ok(Self { ask, admin: acting.admin })
    }
}

/// Whether whoever asks may say who is staff.
pub(in crate::pages) async fn is_admin(ask: &Ask) -> Result<bool, Problem> {
    let acting = ask.app.sign_in.may_act(ask.actor()).await;
    let acting = acting.map_err(|fault| Problem::of(fault, ask.request()))?;
    Ok(acting.admin && acting.must_be_staff().is_ok())
}

/// Why somebody may not approve versions of this plugin: staff without a second factor need that first.
pub(super) async fn not_approver(ask: &Ask, package: String) -> Problem {
    match ask.app.sign_in.may_act(ask.actor()).await.map(|acting| acting.must_be_staff()) {
        Ok(Err(refusal @ Refusal::SecondFactorRequired)) => refusal.into(),
        Ok(_) => Refusal::NotApprover { package }.into(),
        Err(fault) => Problem::of(fault, ask.request()),
    }
}

/// Why a form is shown again, if it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::pages) struct Said {
    status: StatusCode,
    /// The sentence beside the form.
    pub(in crate::pages) problem: Option<String>,
}

impl Said {
    /// That something in the form cannot be.
    pub(in crate::pages) fn of(refusal: &Refusal) -> Self {
        Self { status: status_of(refusal.kind()), problem: Some(sentence(&refusal.to_string())) }
    }

    /// The status that the page with this on it has.
    pub(in crate::pages) fn status(&self) -> StatusCode {
        self.status
    }
}

/// Does what a form asks. What its sender may mend is said beside the form, which keeps what was typed; who may not do it at
/// all gets a page that says who may.
pub(in crate::pages) async fn deed<Q: GraphQLQuery>(
    ask: &Ask,
    variables: Q::Variables,
) -> Result<Result<Told<Q::ResponseData>, Said>, Problem> {
    match ask.deed::<Q>(variables).await {
        Ok(told) => Ok(Ok(told)),
        Err(Problem::Refused(refusal)) if !is_for_good(&refusal) => Ok(Err(Said::of(&refusal))),
        Err(problem) => Err(problem),
    }
}

/// Whether no other form would do better.
fn is_for_good(refusal: &Refusal) -> bool {
    matches!(refusal.kind(), Kind::Unauthenticated | Kind::Unavailable)
        || matches!(
            refusal,
            Refusal::NotStaff
                | Refusal::NotAdmin
                | Refusal::NotApprover { .. }
                | Refusal::NotOwner { .. }
                | Refusal::SecondFactorRequired
                | Refusal::TokenScope
                | Refusal::PluginUnknown { .. }
                | Refusal::VersionUnknown { .. }
        )
}

/// A text that was given; blanks are none.
pub(in crate::pages) fn given(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_not_gets_no_form_and_who_mistyped_does() {
        assert!(is_for_good(&Refusal::NotStaff) && is_for_good(&Refusal::NotAdmin));
        assert!(!is_for_good(&Refusal::LastAdmin) && !is_for_good(&Refusal::invalid("until", "is past")));
        let said = Said::of(&Refusal::LastAdmin);
        assert_eq!(said.problem.unwrap(), "The repository would have no admin left.");
    }

    #[test]
    fn blanks_are_no_reason() {
        assert_eq!(given(Some("  ".into())), None);
        assert_eq!(given(Some(" crashes ".into())), Some("crashes".into()));
    }
}

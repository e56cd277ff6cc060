//! Approving and refusing a version: what the forms of the review do, for who may approve.

use super::review;
use super::who::{Said, Signed, deed, given};
use crate::documents::{Approve, Refuse, approve as approving, refuse as refusing};
use crate::done::Done;
use crate::frame::path_part;
use axum::extract::{Form, Path};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use serde::Deserialize;

/// Where one goes on after a review.
pub(super) const NEXT: &str = "/staff/queue/next/";

/// What the forms send.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct VerdictForm {
    /// The file that was looked at.
    sha256: Option<String>,
    /// The version that it was compared with; empty for none.
    base: Option<String>,
    /// A sentence that was chosen.
    suggested: Option<String>,
    /// Words of one's own.
    pub(super) reason: Option<String>,
    /// It stood in the review queue, so one goes on to the next in it.
    from: Option<String>,
}

impl VerdictForm {
    /// What its author is told: one's own words and the sentence that was chosen.
    pub(super) fn reason(&self) -> Option<String> {
        let parts = [given(self.reason.clone()), given(self.suggested.clone())];
        let words: Vec<String> = parts.into_iter().flatten().collect();
        given(Some(words.join(" ")))
    }

    fn is_from_queue(&self) -> bool {
        self.from.as_deref() == Some("queue")
    }
}

pub(super) async fn approve(
    Signed(ask): Signed,
    Path((package, version)): Path<(String, String)>,
    Form(form): Form<VerdictForm>,
) -> Result<Response, Problem> {
    let variables = approving::Variables {
        package: package.clone(),
        version: version.clone(),
        sha256: given(form.sha256.clone()),
        base: given(form.base.clone()),
    };
    if !form.is_from_queue() {
        let told = ask.deed::<Approve>(variables).await?;
        let page = format!("/plugins/{}/version/{}/", path_part(&package), path_part(&version));
        return Ok(ask.go(&page, Some(Done::Approved), told.position));
    }
    match deed::<Approve>(&ask, variables).await? {
        Ok(told) => Ok(ask.go(NEXT, Some(Done::Approved), told.position)),
        Err(said) => review::look(&ask, package, version, form, said).await,
    }
}

pub(super) async fn refuse(
    Signed(ask): Signed,
    Path((package, version)): Path<(String, String)>,
    Form(form): Form<VerdictForm>,
) -> Result<Response, Problem> {
    let Some(reason) = form.reason() else {
        let said = Said::of(&Refusal::invalid("reason", "tell the author why, so that they can mend it"));
        return review::look(&ask, package, version, form, said).await;
    };
    let Some(sha256) = given(form.sha256.clone()) else {
        return Err(Refusal::invalid("sha256", "names the file that was looked at").into());
    };
    let variables = refusing::Variables {
        package: package.clone(),
        version: version.clone(),
        sha256,
        base: given(form.base.clone()),
        reason,
    };
    match deed::<Refuse>(&ask, variables).await? {
        Ok(told) => Ok(ask.go(NEXT, Some(Done::VersionRefused), told.position)),
        Err(said) => review::look(&ask, package, version, form, said).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_words_and_a_chosen_sentence_make_one_reason() {
        let form = |reason: &str, suggested: &str| VerdictForm {
            reason: Some(reason.into()),
            suggested: Some(suggested.into()),
            ..VerdictForm::default()
        };
        assert_eq!(form(" Crashes. ", "No licence.").reason().unwrap(), "Crashes. No licence.");
        assert_eq!(form("", "No licence.").reason().unwrap(), "No licence.");
        assert_eq!(form(" ", "").reason(), None);
    }
}

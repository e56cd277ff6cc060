//! `/account/invitations/`: the plugins that one is asked to own, and the answers.

use super::deeds::{Deed, carry_out};
use super::{Trouble, private};
use crate::ask::Ask;
use crate::documents::{
    AcceptInvitation, DeclineInvitation, InvitationsPage as Question, accept_invitation, decline_invitation,
    invitations_page,
};
use crate::done::Done;
use crate::frame::{Frame, Part, path_part};
use crate::pages::second_factor::me::Me;
use crate::text::{Count, Day};
use askama::Template;
use axum::extract::{Form, Path};
use axum::response::Response;
use cairn_api::problem::Problem;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "author/invitations.html")]
struct InvitationsPage {
    frame: Frame,
    invitations: Vec<Invitation>,
    /// How many wait besides.
    more: Count,
    trouble: Trouble,
}

/// A question to be answered.
struct Invitation {
    id: String,
    package: String,
    /// The plugin's name and what it does; none while nobody may see it.
    plugin: Option<(String, String)>,
    inviter: Option<String>,
    replaces: Option<String>,
    asked_at: Day,
    expires_at: Day,
}

#[derive(Deserialize)]
pub(super) struct AnswerForm {
    package: String,
}

pub(super) async fn show(ask: Ask, _me: Me) -> Result<Response, Problem> {
    again(&ask, Trouble::none()).await
}

pub(super) async fn accept(
    ask: Ask,
    _me: Me,
    Path(invitation): Path<String>,
    Form(form): Form<AnswerForm>,
) -> Result<Response, Problem> {
    let to = format!("/plugins/{}/versions/", path_part(&form.package));
    let input =
        accept_invitation::InvitationInput { package: form.package, invitation, idempotency_key: None };
    let deed = Deed { form: "answer", to, done: Done::Accepted };
    match carry_out::<AcceptInvitation>(&ask, accept_invitation::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => again(&ask, trouble).await,
    }
}

pub(super) async fn decline(
    ask: Ask,
    _me: Me,
    Path(invitation): Path<String>,
    Form(form): Form<AnswerForm>,
) -> Result<Response, Problem> {
    let input =
        decline_invitation::InvitationInput { package: form.package, invitation, idempotency_key: None };
    let deed = Deed { form: "answer", to: "/account/invitations/".into(), done: Done::Declined };
    match carry_out::<DeclineInvitation>(&ask, decline_invitation::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => again(&ask, trouble).await,
    }
}

async fn again(ask: &Ask, trouble: Trouble) -> Result<Response, Problem> {
    let told = ask.query::<Question>(invitations_page::Variables).await?;
    let told = told.me.map(|me| (me.invitations.total_count, me.invitations.nodes));
    let (all, invitations) = told.unwrap_or_default();
    let more = Count(all.saturating_sub(invitations.len() as u64));
    let invitations = invitations.into_iter().map(Invitation::from).collect();
    let page = InvitationsPage { frame: ask.frame(Part::Account), invitations, more, trouble };
    Ok(private(page.trouble.status(), &page))
}

impl From<invitations_page::InvitationsPageMeInvitationsNodes> for Invitation {
    fn from(told: invitations_page::InvitationsPageMeInvitationsNodes) -> Self {
        Self {
            id: told.invitation_id,
            package: told.package,
            plugin: told.plugin.map(|plugin| (plugin.name, plugin.description)),
            inviter: told.inviter.and_then(|account| account.name),
            replaces: told.replaces.and_then(|account| account.name),
            asked_at: Day(told.asked_at),
            expires_at: Day(told.expires_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn page(invitations: Vec<Invitation>, trouble: Trouble) -> String {
        let (frame, more) = (testing::frame(Part::Account), Count(7));
        InvitationsPage { frame, invitations, more, trouble }.render().unwrap()
    }

    #[test]
    fn names_do_nothing() {
        let day = Day("2026-03-04T05:06:07Z".parse().unwrap());
        let invitation = |replaces: Option<&str>| Invitation {
            id: HOSTILE.into(),
            package: "lasso".into(),
            plugin: Some((HOSTILE.into(), HOSTILE.into())),
            inviter: Some(HOSTILE.into()),
            replaces: replaces.map(str::to_owned),
            asked_at: day,
            expires_at: day,
        };
        let html = page(vec![invitation(None), invitation(Some(HOSTILE))], Trouble::said("answer", HOSTILE));
        testing::is_tame(&html);
        assert!(html.contains("7 others"), "{html}");
        assert!(
            html.contains("role=\"alert\"") && html.contains("Accept") && html.contains("Decline"),
            "{html}"
        );
    }

    #[test]
    fn who_is_asked_nothing_reads_what_invitations_are() {
        assert!(page(vec![], Trouble::none()).contains("No invitation waits"));
    }
}

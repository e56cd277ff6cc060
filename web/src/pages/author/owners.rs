//! `/plugins/<package>/owners/`: who may change a plugin, who is asked to, and the ways out.

use super::deeds::{Deed, carry_out};
use super::side::{Menu, Side, ours, side_of};
use super::{Trouble, private, typed};
use crate::ask::Ask;
use crate::documents::{
    AddTeamOwner, InviteOwner, LeavePlugin, OwnersPage as Question, RemoveOwner, RemoveTeamOwner,
    WithdrawInvitation, add_team_owner, invite_owner, leave_plugin, owners_page, remove_owner,
    remove_team_owner, withdraw_invitation,
};
use crate::done::Done;
use crate::frame::{Frame, Part, path_part};
use crate::pages::second_factor::me::Me;
use crate::text::Day;
use askama::Template;
use axum::extract::{Form, Path};
use axum::response::Response;
use cairn_api::problem::Problem;
use serde::Deserialize;

side_of!(owners_page);

#[derive(Template)]
#[template(path = "author/owners.html")]
struct OwnersPage {
    frame: Frame,
    side: Side,
    owners: Vec<Owner>,
    teams: Vec<Team>,
    invited: Vec<Invited>,
    /// One's own teams that do not own it yet.
    teams_to_add: Vec<String>,
    /// Whoever looks owns it themselves, and not only by a team or as staff.
    owner_too: bool,
    /// What was typed for the invitation.
    account: String,
    transfer: bool,
    trouble: Trouble,
}

/// Somebody who owns it.
struct Owner {
    name: String,
    trusted: bool,
    founder: bool,
    me: bool,
}

/// A team that owns it.
struct Team {
    name: String,
    members: Vec<String>,
}

/// Somebody who is asked.
struct Invited {
    id: String,
    account: String,
    inviter: Option<String>,
    replaces: Option<String>,
    asked_at: Day,
    expires_at: Day,
}

#[derive(Deserialize)]
pub(super) struct InviteForm {
    account: String,
    transfer: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct WithdrawForm {
    invitation: String,
}

#[derive(Deserialize)]
pub(super) struct RemoveForm {
    account: String,
    reason: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct TeamForm {
    team: String,
}

pub(super) async fn show(ask: Ask, _me: Me, Path(package): Path<String>) -> Result<Response, Problem> {
    again(&ask, &package, Trouble::none()).await
}

pub(super) async fn invite(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
    Form(form): Form<InviteForm>,
) -> Result<Response, Problem> {
    let (account, transfer) = (form.account.trim().to_owned(), form.transfer.is_some());
    let input =
        invite_owner::InviteOwnerInput { package: package.clone(), account, transfer, idempotency_key: None };
    let deed = deed("invite", &package, Done::Invited);
    match carry_out::<InviteOwner>(&ask, invite_owner::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => {
            let mut page = look(&ask, &package, trouble).await?;
            (page.account, page.transfer) = (form.account, transfer);
            Ok(private(page.trouble.status(), &page))
        }
    }
}

pub(super) async fn withdraw(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
    Form(form): Form<WithdrawForm>,
) -> Result<Response, Problem> {
    let input = withdraw_invitation::InvitationInput {
        package: package.clone(),
        invitation: form.invitation,
        idempotency_key: None,
    };
    let deed = deed("invited", &package, Done::InvitationWithdrawn);
    match carry_out::<WithdrawInvitation>(&ask, withdraw_invitation::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => again(&ask, &package, trouble).await,
    }
}

pub(super) async fn remove(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
    Form(form): Form<RemoveForm>,
) -> Result<Response, Problem> {
    let input = remove_owner::RemoveOwnerInput {
        package: package.clone(),
        account: form.account,
        reason: form.reason.as_deref().and_then(typed),
        idempotency_key: None,
    };
    let deed = deed("owners", &package, Done::OwnerRemoved);
    match carry_out::<RemoveOwner>(&ask, remove_owner::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => again(&ask, &package, trouble).await,
    }
}

/// Who leaves sees the plugin among theirs no more, unless a team of theirs owns it: so it goes on to the list.
pub(super) async fn leave(ask: Ask, _me: Me, Path(package): Path<String>) -> Result<Response, Problem> {
    let input = leave_plugin::LeavePluginInput { package: package.clone(), idempotency_key: None };
    let deed = Deed { form: "owners", to: "/plugins/my/".into(), done: Done::Left };
    match carry_out::<LeavePlugin>(&ask, leave_plugin::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => again(&ask, &package, trouble).await,
    }
}

pub(super) async fn add_team(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
    Form(form): Form<TeamForm>,
) -> Result<Response, Problem> {
    let team = form.team.trim().to_owned();
    let input = add_team_owner::TeamOwnerInput { package: package.clone(), team, idempotency_key: None };
    let deed = deed("team", &package, Done::TeamOwns);
    match carry_out::<AddTeamOwner>(&ask, add_team_owner::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => again(&ask, &package, trouble).await,
    }
}

pub(super) async fn remove_team(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
    Form(form): Form<TeamForm>,
) -> Result<Response, Problem> {
    let team = form.team;
    let input = remove_team_owner::TeamOwnerInput { package: package.clone(), team, idempotency_key: None };
    let deed = deed("teams", &package, Done::TeamRemoved);
    match carry_out::<RemoveTeamOwner>(&ask, remove_team_owner::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => again(&ask, &package, trouble).await,
    }
}

fn deed(form: &'static str, package: &str, done: Done) -> Deed {
    Deed { form, to: format!("/plugins/{}/owners/", path_part(package)), done }
}

async fn again(ask: &Ask, package: &str, trouble: Trouble) -> Result<Response, Problem> {
    let page = look(ask, package, trouble).await?;
    Ok(private(page.trouble.status(), &page))
}

async fn look(ask: &Ask, package: &str, trouble: Trouble) -> Result<OwnersPage, Problem> {
    let told = ask.query::<Question>(owners_page::Variables { package: package.to_owned() }).await?;
    let plugin = ours(told.plugin, |plugin| &plugin.side, package)?;
    let frame = ask.frame(Part::Publish);
    let (my_id, my_teams) = told.me.map_or_else(Default::default, |me| (me.account_id, me.teams));
    let founder = plugin.creator.map(|account| account.account_id);
    let owner = |owner: owners_page::OwnersPagePluginOwners| Owner {
        founder: founder.as_ref() == Some(&owner.account_id),
        me: owner.account_id == my_id,
        trusted: owner.trusted,
        name: owner.name.unwrap_or_default(),
    };
    let owners: Vec<Owner> = plugin.owners.into_iter().map(owner).collect();
    let team = |team: owners_page::OwnersPagePluginTeams| Team {
        name: team.name,
        members: team.members.into_iter().filter_map(|member| member.name).collect(),
    };
    let teams: Vec<Team> = plugin.teams.into_iter().map(team).collect();
    let mut teams_to_add: Vec<String> = my_teams.into_iter().map(|team| team.name).collect();
    teams_to_add.retain(|name| !teams.iter().any(|team| team.name == *name));
    Ok(OwnersPage {
        side: Side::from((&frame, plugin.side, Menu::Owners)),
        owner_too: owners.iter().any(|owner| owner.me),
        owners,
        teams,
        invited: plugin.invitations.nodes.into_iter().map(Invited::from).collect(),
        teams_to_add,
        account: String::new(),
        transfer: false,
        trouble,
        frame,
    })
}

impl From<owners_page::OwnersPagePluginInvitationsNodes> for Invited {
    fn from(told: owners_page::OwnersPagePluginInvitationsNodes) -> Self {
        Self {
            id: told.invitation_id,
            account: told.account.and_then(|account| account.name).unwrap_or_default(),
            inviter: told.inviter.and_then(|account| account.name),
            replaces: told.replaces.and_then(|account| account.name),
            asked_at: Day(told.asked_at),
            expires_at: Day(told.expires_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::side::lasso;
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn page(trouble: Trouble, owners: usize) -> String {
        let owner = |me| Owner { name: HOSTILE.into(), trusted: true, founder: true, me };
        let day = Day("2026-03-04T05:06:07Z".parse().unwrap());
        let page = OwnersPage {
            frame: testing::frame(Part::Publish),
            side: lasso(Menu::Owners),
            owners: (0..owners).map(|n| owner(n == 0)).collect(),
            teams: vec![Team { name: HOSTILE.into(), members: vec![HOSTILE.into()] }],
            invited: vec![Invited {
                id: HOSTILE.into(),
                account: HOSTILE.into(),
                inviter: Some(HOSTILE.into()),
                replaces: Some(HOSTILE.into()),
                asked_at: day,
                expires_at: day,
            }],
            teams_to_add: vec![HOSTILE.into()],
            owner_too: true,
            account: HOSTILE.into(),
            transfer: true,
            trouble,
        };
        page.render().unwrap()
    }

    #[test]
    fn names_do_nothing_wherever_the_trouble_is() {
        for form in ["invite", "invited", "owners", "team", "teams"] {
            let html = page(Trouble::said(form, HOSTILE), 2);
            testing::is_tame(&html);
            assert_eq!(html.matches("role=\"alert\"").count(), 1, "{form}: {html}");
        }
    }

    #[test]
    fn ways_out_are_beside_each_name() {
        let html = page(Trouble::none(), 2);
        assert!(html.contains("/qgis/plugins/lasso/owners/leave/"), "{html}");
        assert!(html.contains("/qgis/plugins/lasso/owners/remove/"), "{html}");
        assert!(html.contains("/qgis/plugins/lasso/owners/withdraw/"), "{html}");
    }
}

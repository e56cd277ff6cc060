//! `/account/teams/`: the teams that one is in, a form for another, and one page for each.

use super::deeds::{Deed, carry_out};
use super::{Trouble, private};
use crate::ask::Ask;
use crate::documents::{
    AddTeamMember, FormTeam, RemoveTeamMember, TeamPage as TeamQuestion, TeamsPage as TeamsQuestion,
    add_team_member, form_team, remove_team_member, team_page, teams_page,
};
use crate::done::Done;
use crate::frame::{Frame, Part, path_part};
use crate::pages::second_factor::me::Me;
use crate::text::{Count, Day};
use askama::Template;
use axum::extract::{Form, Path};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "author/teams.html")]
struct TeamsPage {
    frame: Frame,
    teams: Vec<Team>,
    /// What was typed.
    name: String,
    trouble: Trouble,
}

/// A team in the list.
struct Team {
    name: String,
    href: String,
    formed_at: Day,
    members: Vec<String>,
}

#[derive(Template)]
#[template(path = "author/team.html")]
struct TeamPage {
    frame: Frame,
    name: String,
    /// The address of this page.
    here: String,
    formed_at: Day,
    members: Vec<Member>,
    /// The plugins that it owns: package and name.
    plugins: Vec<(String, String)>,
    /// How many it owns besides.
    more_plugins: Count,
    /// Whoever looks is in it.
    ours: bool,
    /// What was typed.
    account: String,
    trouble: Trouble,
}

/// Somebody in a team.
struct Member {
    name: String,
    id: String,
    me: bool,
}

#[derive(Deserialize)]
pub(super) struct FormForm {
    team: String,
}

#[derive(Deserialize)]
pub(super) struct MemberForm {
    account: String,
}

pub(super) async fn show(ask: Ask, _me: Me) -> Result<Response, Problem> {
    list(&ask, String::new(), Trouble::none()).await
}

pub(super) async fn form(ask: Ask, _me: Me, Form(form): Form<FormForm>) -> Result<Response, Problem> {
    let team = form.team.trim().to_owned();
    let to = path(&team);
    let input = form_team::FormTeamInput { team, idempotency_key: None };
    let deed = Deed { form: "form", to, done: Done::TeamFormed };
    match carry_out::<FormTeam>(&ask, form_team::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => list(&ask, form.team, trouble).await,
    }
}

async fn list(ask: &Ask, name: String, trouble: Trouble) -> Result<Response, Problem> {
    let told = ask.query::<TeamsQuestion>(teams_page::Variables).await?;
    let frame = ask.frame(Part::Account);
    let team = |team: teams_page::TeamsPageMeTeams| Team {
        href: format!("{}{}", frame.root, path(&team.name)),
        name: team.name,
        formed_at: Day(team.formed_at),
        members: team.members.into_iter().filter_map(|member| member.name).collect(),
    };
    let teams = told.me.map(|me| me.teams).unwrap_or_default().into_iter().map(team).collect();
    let page = TeamsPage { frame, teams, name, trouble };
    Ok(private(page.trouble.status(), &page))
}

pub(super) async fn show_one(ask: Ask, _me: Me, Path(team): Path<String>) -> Result<Response, Problem> {
    one(&ask, &team, String::new(), Trouble::none()).await
}

pub(super) async fn add_member(
    ask: Ask,
    _me: Me,
    Path(team): Path<String>,
    Form(form): Form<MemberForm>,
) -> Result<Response, Problem> {
    let account = form.account.trim().to_owned();
    let input = add_team_member::TeamMemberInput { team: team.clone(), account, idempotency_key: None };
    let deed = Deed { form: "add", to: path(&team), done: Done::MemberAdded };
    match carry_out::<AddTeamMember>(&ask, add_team_member::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => one(&ask, &team, form.account, trouble).await,
    }
}

pub(super) async fn remove_member(
    ask: Ask,
    me: Me,
    Path(team): Path<String>,
    Form(form): Form<MemberForm>,
) -> Result<Response, Problem> {
    // Who leaves goes on to the teams that are left.
    let (to, done) = if form.account == me.account.to_string() {
        ("/account/teams/".to_owned(), Done::TeamLeft)
    } else {
        (path(&team), Done::MemberRemoved)
    };
    let account = form.account;
    let input = remove_team_member::TeamMemberInput { team: team.clone(), account, idempotency_key: None };
    let deed = Deed { form: "members", to, done };
    match carry_out::<RemoveTeamMember>(&ask, remove_team_member::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => one(&ask, &team, String::new(), trouble).await,
    }
}

async fn one(ask: &Ask, team: &str, account: String, trouble: Trouble) -> Result<Response, Problem> {
    let told = ask.query::<TeamQuestion>(team_page::Variables { name: team.to_owned() }).await?;
    let unknown = || Refusal::TeamUnknown { team: team.chars().take(200).collect() };
    let team = told.team.ok_or_else(unknown)?;
    let me = told.me.map(|me| me.account_id);
    let frame = ask.frame(Part::Account);
    let member = |member: team_page::TeamPageTeamMembers| Member {
        me: me.as_ref() == Some(&member.account_id),
        name: member.name.unwrap_or_default(),
        id: member.account_id,
    };
    let members: Vec<Member> = team.members.into_iter().map(member).collect();
    let page = TeamPage {
        here: format!("{}{}", frame.root, path(&team.name)),
        name: team.name,
        formed_at: Day(team.formed_at),
        ours: members.iter().any(|member| member.me),
        members,
        more_plugins: Count(team.plugins.total_count.saturating_sub(team.plugins.nodes.len() as u64)),
        plugins: team.plugins.nodes.into_iter().map(|plugin| (plugin.package, plugin.name)).collect(),
        account,
        trouble,
        frame,
    };
    Ok(private(page.trouble.status(), &page))
}

fn path(team: &str) -> String {
    format!("/account/teams/{}/", path_part(team))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn day() -> Day {
        Day("2026-03-04T05:06:07Z".parse().unwrap())
    }

    #[test]
    fn names_do_nothing_in_the_list() {
        let team = Team {
            name: HOSTILE.into(),
            href: "/qgis/account/teams/makers/".into(),
            formed_at: day(),
            members: vec![HOSTILE.into()],
        };
        let (frame, name) = (testing::frame(Part::Account), HOSTILE.to_owned());
        let page = TeamsPage { frame, teams: vec![team], name, trouble: Trouble::said("form", HOSTILE) };
        testing::is_tame(&page.render().unwrap());
        let frame = testing::frame(Part::Account);
        let empty = TeamsPage { frame, teams: vec![], name: String::new(), trouble: Trouble::none() };
        assert!(empty.render().unwrap().contains("You are in no team"));
    }

    #[test]
    fn only_members_are_offered_what_members_may_do() {
        let page = |ours: bool, form| TeamPage {
            frame: testing::frame(Part::Account),
            name: HOSTILE.into(),
            here: "/qgis/account/teams/makers/".into(),
            formed_at: day(),
            members: vec![Member { name: HOSTILE.into(), id: HOSTILE.into(), me: ours }],
            plugins: vec![("lasso".into(), HOSTILE.into())],
            more_plugins: Count(7),
            ours,
            account: HOSTILE.into(),
            trouble: Trouble::said(form, HOSTILE),
        };
        let (inside, outside) =
            (page(true, "add").render().unwrap(), page(false, "members").render().unwrap());
        let add = "action=\"/qgis/account/teams/makers/add/\"".to_owned();
        testing::is_tame(&inside);
        testing::is_tame(&outside);
        assert!(inside.contains(&add) && inside.contains("Leave"), "{inside}");
        assert!(!outside.contains(&add) && !outside.contains("Leave"), "{outside}");
    }
}

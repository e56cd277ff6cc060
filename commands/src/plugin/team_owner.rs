//! Let a team own a plugin, or no longer.

use super::owners::{Owners, not_the_last, owners};
use crate::{Command, Fact};
use cairn_domain::event::{Stream, TeamOwnerAdded, TeamOwnerRemoved};
use cairn_domain::names::{PackageName, TeamName};
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// The most teams that own one plugin.
pub const TEAMS_MAX: usize = 10;

/// Lets a team own the plugin too: each of its members, whoever they are at the time. For owners who are in the team, and
/// for staff.
#[derive(Debug, Clone, Serialize)]
pub struct AddTeamOwner {
    /// The plugin.
    pub package: PackageName,
    /// The team.
    pub team: TeamName,
}

/// Ends a team's ownership; the last owner cannot go. For owners and staff.
#[derive(Debug, Clone, Serialize)]
pub struct RemoveTeamOwner {
    /// The plugin.
    pub package: PackageName,
    /// The team.
    pub team: TeamName,
}

impl Command for AddTeamOwner {
    const NAME: &'static str = "add_team_owner";
    type Answer = Owners;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package), Stream::team(&self.team)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        acting.may_change(known.plugin(&self.package)?)?;
        let plugin = known.living(&self.package)?;
        let (team, key) = (known.team(&self.team)?.name.clone(), self.team.folded());
        if !acting.teams.contains(&key) && acting.must_be_staff().is_err() {
            return Err(Refusal::NotTeamMember { team: team.to_string() });
        }
        if plugin.teams.contains(&key) {
            return Ok(vec![]);
        }
        if plugin.teams.len() >= TEAMS_MAX {
            let message = format!("{} is owned by {TEAMS_MAX} teams already", self.package);
            return Err(Refusal::invalid("team", message));
        }
        let added = TeamOwnerAdded { package: self.package.clone(), team };
        Ok(vec![(Stream::plugin(&self.package), added.into())])
    }

    fn answer(&self, after: &Known) -> Owners {
        owners(after, &self.package)
    }
}

impl Command for RemoveTeamOwner {
    const NAME: &'static str = "remove_team_owner";
    type Answer = Owners;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package), Stream::team(&self.team)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        acting.may_change(known.plugin(&self.package)?)?;
        let plugin = known.living(&self.package)?;
        let team = known.team(&self.team)?.name.clone();
        if !plugin.teams.contains(&self.team.folded()) {
            let (package, account) = (self.package.to_string(), team.to_string());
            return Err(Refusal::OwnerUnknown { package, account });
        }
        not_the_last(plugin)?;
        let removed = TeamOwnerRemoved { package: self.package.clone(), team };
        Ok(vec![(Stream::plugin(&self.package), removed.into())])
    }

    fn answer(&self, after: &Known) -> Owners {
        owners(after, &self.package)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;
    use cairn_domain::event::OwnerRemoved;

    fn add() -> AddTeamOwner {
        AddTeamOwner { package: lasso(), team: "group".parse().unwrap() }
    }

    fn remove() -> RemoveTeamOwner {
        RemoveTeamOwner { package: lasso(), team: "group".parse().unwrap() }
    }

    fn added() -> Fact {
        plugin_event(TeamOwnerAdded { package: lasso(), team: group() })
    }

    fn removed() -> Fact {
        plugin_event(TeamOwnerRemoved { package: lasso(), team: group() })
    }

    #[test]
    fn an_owner_brings_the_own_team_and_staff_any() {
        given([lasso_of_ann(), group_of(ANN)]).when(&add(), by(ANN)).then([added()]);
        let others = [lasso_of_ann(), registered(BOB), group_of(BOB), registered(SUE), staff(SUE)];
        given(others.clone()).when(&add(), by(SUE)).then([added()]);
        given(others.clone()).when(&add(), Actor::Operator).then([added()]);
        given(others).when(&add(), by(ANN)).refused(&Refusal::NotTeamMember { team: "Group".into() });
    }

    #[test]
    fn a_member_who_owns_nothing_brings_no_team() {
        given([lasso_of_ann(), registered(BOB), group_of(BOB)])
            .when(&add(), by(BOB))
            .refused(&Refusal::NotOwner { package: "lasso".into() });
    }

    #[test]
    fn owners_members_and_staff_send_a_team_away() {
        let history = [lasso_of_ann(), registered(BOB), group_of(BOB), group_owns()];
        given(history.clone()).when(&remove(), by(ANN)).then([removed()]);
        given(history.clone()).when(&remove(), by(BOB)).then([removed()]);
        given(history).when(&remove(), Actor::Operator).then([removed()]);
    }

    #[test]
    fn the_last_owner_stays_though_it_is_a_team() {
        let gone = plugin_event(OwnerRemoved { package: lasso(), account: ANN, reason: None });
        given([lasso_of_ann(), group_of(ANN), group_owns(), gone.into()])
            .when(&remove(), by(ANN))
            .refused(&Refusal::LastOwner { package: "lasso".into() });
    }

    #[test]
    fn what_is_not_there_is_named() {
        let unknown = Refusal::TeamUnknown { team: "group".into() };
        given([lasso_of_ann()]).when(&add(), by(ANN)).refused(&unknown);
        given([lasso_of_ann()]).when(&remove(), by(ANN)).refused(&unknown);
        given([lasso_of_ann(), group_of(ANN)])
            .when(&remove(), by(ANN))
            .refused(&Refusal::OwnerUnknown { package: "lasso".into(), account: "Group".into() });
    }

    #[test]
    fn teams_of_a_plugin_are_bounded() {
        let owned_by = |n: usize| {
            let team =
                |n| plugin_event(TeamOwnerAdded { package: lasso(), team: format!("t{n}").parse().unwrap() });
            let teams = (0..n).map(|n| team(n).into());
            [lasso_of_ann(), group_of(ANN)].into_iter().chain(teams).collect::<Vec<Facts>>()
        };
        given(owned_by(TEAMS_MAX - 1)).when(&add(), by(ANN)).then([added()]);
        given(owned_by(TEAMS_MAX))
            .when(&add(), by(ANN))
            .refused(&Refusal::invalid("team", "lasso is owned by 10 teams already"));
    }

    #[test]
    fn already_so_is_not_an_error() {
        given([lasso_of_ann(), group_of(ANN), group_owns()]).when(&add(), by(ANN)).then([]);
    }

    #[test]
    fn a_plugin_that_is_marked_for_deletion_keeps_its_teams() {
        let deleted = Refusal::PluginDeleted { package: "lasso".into() };
        let history = [lasso_of_ann(), group_of(ANN), group_owns(), marked()];
        given(history.clone()).when(&add(), by(ANN)).refused(&deleted);
        given(history).when(&remove(), by(ANN)).refused(&deleted);
    }
}

//! Add and remove members of a team.

use super::{Members, members};
use crate::account::able;
use crate::{Command, Fact};
use cairn_domain::event::{Stream, TeamMemberAdded, TeamMemberRemoved};
use cairn_domain::ids::AccountId;
use cairn_domain::known::Acting;
use cairn_domain::names::TeamName;
use cairn_domain::team::Team;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// The most members of a team.
pub const MEMBERS_MAX: usize = 100;

/// Lets an account own all that the team owns. For members and staff.
#[derive(Debug, Clone, Serialize)]
pub struct AddTeamMember {
    /// The team.
    pub team: TeamName,
    /// The new member.
    pub account: AccountId,
}

/// Ends an account's membership, one's own too; the last member cannot go. For members and staff.
#[derive(Debug, Clone, Serialize)]
pub struct RemoveTeamMember {
    /// The team.
    pub team: TeamName,
    /// The member.
    pub account: AccountId,
}

fn must_be_member(acting: &Acting, team: &Team) -> Result<(), Refusal> {
    if acting.teams.contains(&team.name.folded()) {
        return Ok(());
    }
    acting.must_be_staff().map_err(|refusal| match refusal {
        Refusal::NotStaff => Refusal::NotTeamMember { team: team.name.to_string() },
        other => other,
    })
}

impl Command for AddTeamMember {
    const NAME: &'static str = "add_team_member";
    type Answer = Members;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::team(&self.team), Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let team = known.team(&self.team)?;
        must_be_member(&acting, team)?;
        able(known, self.account, moment.now)?;
        if team.members.contains(&self.account) {
            return Ok(vec![]);
        }
        if team.members.len() >= MEMBERS_MAX {
            let message = format!("a team has at most {MEMBERS_MAX} members");
            return Err(Refusal::invalid("account", message));
        }
        let added = TeamMemberAdded { team: team.name.clone(), account: self.account };
        Ok(vec![(Stream::team(&self.team), added.into())])
    }

    fn answer(&self, after: &Known) -> Members {
        members(after, &self.team)
    }
}

impl Command for RemoveTeamMember {
    const NAME: &'static str = "remove_team_member";
    type Answer = Members;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::team(&self.team)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let team = known.team(&self.team)?;
        must_be_member(&acting, team)?;
        if !team.members.contains(&self.account) {
            return Ok(vec![]);
        }
        if team.members.len() == 1 {
            return Err(Refusal::LastMember { team: team.name.to_string() });
        }
        let removed = TeamMemberRemoved { team: team.name.clone(), account: self.account };
        Ok(vec![(Stream::team(&self.team), removed.into())])
    }

    fn answer(&self, after: &Known) -> Members {
        members(after, &self.team)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;

    fn add(account: AccountId) -> AddTeamMember {
        AddTeamMember { team: "group".parse().unwrap(), account }
    }

    fn remove(account: AccountId) -> RemoveTeamMember {
        RemoveTeamMember { team: "group".parse().unwrap(), account }
    }

    fn added(account: AccountId) -> Fact {
        team_event(TeamMemberAdded { team: group(), account })
    }

    fn removed(account: AccountId) -> Fact {
        team_event(TeamMemberRemoved { team: group(), account })
    }

    fn people() -> Vec<Facts> {
        vec![registered(ANN), registered(BOB), registered(SUE), staff(SUE), group_of(ANN)]
    }

    #[test]
    fn members_and_staff_bring_members_and_send_them_away() {
        for actor in [by(ANN), by(SUE), Actor::Operator] {
            given(people()).when(&add(BOB), actor).then([added(BOB)]);
            let two = people().into_iter().chain([added(BOB).into()]);
            given(two).when(&remove(BOB), actor).then([removed(BOB)]);
        }
        let two = people().into_iter().chain([added(BOB).into()]);
        given(two).when(&remove(BOB), by(BOB)).then([removed(BOB)]);
    }

    #[test]
    fn strangers_do_not() {
        let stranger = Refusal::NotTeamMember { team: "Group".into() };
        given(people()).when(&add(BOB), by(BOB)).refused(&stranger);
        given(people()).when(&remove(ANN), by(BOB)).refused(&stranger);
        given([registered(ANN)])
            .when(&add(BOB), by(ANN))
            .refused(&Refusal::TeamUnknown { team: "group".into() });
    }

    #[test]
    fn the_last_member_stays() {
        let last = Refusal::LastMember { team: "Group".into() };
        given(people()).when(&remove(ANN), by(ANN)).refused(&last);
        given(people()).when(&remove(ANN), Actor::Operator).refused(&last);
    }

    #[test]
    fn unknown_blocked_and_erased_accounts_are_no_members() {
        let unknown = Refusal::AccountUnknown { account: MIA.to_string() };
        given(people()).when(&add(MIA), by(ANN)).refused(&unknown);
        let blocked = people().into_iter().chain([blocked(BOB)]);
        given(blocked).when(&add(BOB), by(ANN)).refused(&Refusal::AccountBlocked);
        let erased = people().into_iter().chain([erased(BOB)]);
        given(erased).when(&add(BOB), by(ANN)).refused(&Refusal::AccountErased);
    }

    #[test]
    fn already_so_is_not_an_error() {
        given(people()).when(&add(ANN), by(ANN)).then([]);
        given(people()).when(&remove(BOB), by(ANN)).then([]);
    }

    #[test]
    fn members_are_bounded() {
        let with = |n: usize| {
            let others = (1..n).map(|n| added(AccountId(uuid::Uuid::from_u128(0x1000 + n as u128))).into());
            people().into_iter().chain(others).collect::<Vec<Facts>>()
        };
        given(with(MEMBERS_MAX - 1)).when(&add(BOB), by(ANN)).then([added(BOB)]);
        given(with(MEMBERS_MAX))
            .when(&add(BOB), by(ANN))
            .refused(&Refusal::invalid("account", "a team has at most 100 members"));
    }
}

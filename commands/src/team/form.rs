//! Form a team.

use super::{Members, members};
use crate::{Command, Fact};
use cairn_domain::event::{Stream, TeamFormed};
use cairn_domain::names::TeamName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Makes a team whose first member is the acting account. Its name is taken for ever.
#[derive(Debug, Clone, Serialize)]
pub struct FormTeam {
    /// The name.
    pub team: TeamName,
}

impl Command for FormTeam {
    const NAME: &'static str = "form_team";
    type Answer = Members;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::team(&self.team)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let founder = acting.account.ok_or_else(|| {
            Refusal::invalid("account", "a team needs a first member; form it as an account")
        })?;
        if let Ok(taken) = known.team(&self.team) {
            return Err(Refusal::TeamNameTaken { team: taken.name.to_string() });
        }
        let formed = TeamFormed { team: self.team.clone(), founder };
        Ok(vec![(Stream::team(&self.team), formed.into())])
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

    fn form(name: &str) -> FormTeam {
        FormTeam { team: name.parse().unwrap() }
    }

    #[test]
    fn every_account_forms_teams_and_is_the_first_member() {
        let formed = team_event(TeamFormed { team: group(), founder: ANN });
        given([registered(ANN)]).when(&form("Group"), by(ANN)).then([formed]);
    }

    #[test]
    fn a_name_is_taken_however_it_is_capitalised() {
        given([registered(ANN), group_of(BOB)])
            .when(&form("gROUP"), by(ANN))
            .refused(&Refusal::TeamNameTaken { team: "Group".into() });
        // Also by one's own team: whoever asks again should see that nothing was made.
        given([registered(ANN), group_of(ANN)])
            .when(&form("Group"), by(ANN))
            .refused(&Refusal::TeamNameTaken { team: "Group".into() });
    }

    #[test]
    fn nobody_in_particular_forms_no_team() {
        given([]).when(&form("Group"), Actor::Anonymous).refused(&Refusal::Unauthenticated);
        let message = "a team needs a first member; form it as an account";
        given([]).when(&form("Group"), Actor::Operator).refused(&Refusal::invalid("account", message));
        given([lasso_of_ann(), token_of(ANN)])
            .when(&form("Group"), by_token_of(ANN))
            .refused(&Refusal::TokenScope);
    }
}

//! End all sessions of an account.

use crate::{Command, Fact, Personal, SessionChange};
use cairn_domain::event::{SessionsEnded, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Signs an account out everywhere: every browser and every access token, the one that asks too.
#[derive(Debug, Clone, Serialize)]
pub struct EndSessions {
    /// The account: one's own, or as staff anybody's.
    pub account: AccountId,
}

impl Command for EndSessions {
    const NAME: &'static str = "end_sessions";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        if acting.account != Some(self.account) {
            acting.must_be_staff()?;
        }
        known.account(self.account)?;
        Ok(vec![(Stream::Account(self.account), SessionsEnded { account: self.account }.into())])
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }

    fn personal(&self) -> Vec<Personal> {
        vec![Personal::Session(SessionChange::AllEnded { account: self.account })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    #[test]
    fn one_ends_ones_own_and_staff_anybodys() {
        let people = [registered(ANN), registered(BOB), registered(SUE), staff(SUE)];
        let ended = account_event(ANN, SessionsEnded { account: ANN });
        let all = EndSessions { account: ANN };
        given(people.clone()).when(&all, by(ANN)).then([ended.clone()]);
        given(people.clone()).when(&all, by(SUE)).then([ended]);
        given(people).when(&all, by(BOB)).refused(&Refusal::NotStaff);
    }

    #[test]
    fn an_account_that_is_not_there_has_none() {
        let people = [registered(SUE), staff(SUE)];
        given(people)
            .when(&EndSessions { account: ANN }, by(SUE))
            .refused(&Refusal::AccountUnknown { account: ANN.to_string() });
    }
}

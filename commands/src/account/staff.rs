//! Grant and withdraw the staff role.

use crate::{Command, Fact};
use cairn_domain::event::{StaffGranted, StaffWithdrawn, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// From now on this account decides about everybody's plugins and accounts.
#[derive(Debug, Clone, Serialize)]
pub struct GrantStaff {
    /// The account.
    pub account: AccountId,
}

/// From now on this account is like any other.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawStaff {
    /// The account.
    pub account: AccountId,
}

impl Command for GrantStaff {
    const NAME: &'static str = "grant_staff";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        if known.account(self.account)?.staff {
            return Ok(vec![]);
        }
        let event = StaffGranted { account: self.account };
        Ok(vec![(Stream::Account(self.account), event.into())])
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }
}

impl Command for WithdrawStaff {
    const NAME: &'static str = "withdraw_staff";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        if !known.account(self.account)?.staff {
            return Ok(vec![]);
        }
        let event = StaffWithdrawn { account: self.account };
        Ok(vec![(Stream::Account(self.account), event.into())])
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;

    fn grant() -> GrantStaff {
        GrantStaff { account: ANN }
    }

    fn withdraw() -> WithdrawStaff {
        WithdrawStaff { account: ANN }
    }

    #[test]
    fn staff_make_and_unmake_staff() {
        let people = [registered(ANN), registered(SUE), staff(SUE)];
        given(people.clone())
            .when(&grant(), by(SUE))
            .then([account_event(ANN, StaffGranted { account: ANN })]);
        given(people.into_iter().chain([staff(ANN)]))
            .when(&withdraw(), by(SUE))
            .then([account_event(ANN, StaffWithdrawn { account: ANN })]);
    }

    #[test]
    fn nobody_makes_themselves_staff() {
        let people = [registered(ANN), registered(BOB)];
        given(people.clone()).when(&grant(), by(ANN)).refused(&Refusal::NotStaff);
        given(people.clone()).when(&withdraw(), by(BOB)).refused(&Refusal::NotStaff);
        given(people).when(&grant(), Actor::Anonymous).refused(&Refusal::Unauthenticated);
    }

    #[test]
    fn already_so_is_not_an_error() {
        let people = [registered(ANN), staff(ANN)];
        given(people).when(&grant(), Actor::Operator).then([]);
        given([registered(ANN)]).when(&withdraw(), Actor::Operator).then([]);
    }

    #[test]
    fn an_unknown_account_is_named() {
        let unknown = Refusal::AccountUnknown { account: ANN.to_string() };
        given([]).when(&grant(), Actor::Operator).refused(&unknown);
    }
}

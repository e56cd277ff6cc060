//! Block and unblock an account.

use crate::{Command, Fact};
use cairn_domain::event::{AccountBlocked, AccountUnblocked, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Ends every credential of an account at once; what it published stays.
#[derive(Debug, Clone, Serialize)]
pub struct BlockAccount {
    /// The account.
    pub account: AccountId,
    /// Why.
    pub reason: Option<String>,
}

/// Lets an account act again.
#[derive(Debug, Clone, Serialize)]
pub struct UnblockAccount {
    /// The account.
    pub account: AccountId,
    /// Why.
    pub reason: Option<String>,
}

impl Command for BlockAccount {
    const NAME: &'static str = "block_account";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        let account = known.account(self.account)?;
        if account.staff {
            return Err(Refusal::StaffCannotBeBlocked);
        }
        if account.is_blocked(moment.now) {
            return Ok(vec![]);
        }
        let event = AccountBlocked { account: self.account, reason: self.reason.clone(), until: None };
        Ok(vec![(Stream::Account(self.account), event.into())])
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }
}

impl Command for UnblockAccount {
    const NAME: &'static str = "unblock_account";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        if known.account(self.account)?.block.is_none() {
            return Ok(vec![]);
        }
        let event = AccountUnblocked { account: self.account, reason: self.reason.clone() };
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

    fn block(account: AccountId) -> BlockAccount {
        BlockAccount { account, reason: None }
    }

    #[test]
    fn staff_block_and_unblock() {
        let people = [registered(ANN), registered(SUE), staff(SUE)];
        given(people.clone())
            .when(&block(ANN), by(SUE))
            .then([account_event(ANN, AccountBlocked { account: ANN, reason: None, until: None })]);
        given(people.into_iter().chain([blocked(ANN)]))
            .when(&UnblockAccount { account: ANN, reason: None }, by(SUE))
            .then([account_event(ANN, AccountUnblocked { account: ANN, reason: None })]);
    }

    #[test]
    fn others_do_not() {
        let people = [registered(ANN), registered(BOB)];
        given(people.clone()).when(&block(ANN), by(BOB)).refused(&Refusal::NotStaff);
        given(people)
            .when(&UnblockAccount { account: ANN, reason: None }, by(ANN))
            .refused(&Refusal::NotStaff);
    }

    #[test]
    fn staff_are_not_blocked() {
        let people = [registered(SUE), staff(SUE)];
        given(people).when(&block(SUE), Actor::Operator).refused(&Refusal::StaffCannotBeBlocked);
    }

    #[test]
    fn a_blocked_account_can_do_nothing() {
        let people = [registered(ANN), registered(SUE), staff(SUE), blocked(SUE)];
        given(people).when(&block(ANN), by(SUE)).refused(&Refusal::AccountBlocked);
    }

    #[test]
    fn already_so_is_not_an_error() {
        given([registered(ANN), blocked(ANN)]).when(&block(ANN), Actor::Operator).then([]);
    }
}

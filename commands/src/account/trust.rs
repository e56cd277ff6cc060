//! Grant and withdraw trust.

use crate::{Command, Fact};
use cairn_domain::event::{Stream, TrustGranted, TrustWithdrawn};
use cairn_domain::ids::AccountId;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// From now on this account's uploads to its own plugins need no review.
#[derive(Debug, Clone, Serialize)]
pub struct GrantTrust {
    /// The account.
    pub account: AccountId,
    /// Why.
    pub reason: Option<String>,
}

/// From now on this account's uploads wait for review again.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawTrust {
    /// The account.
    pub account: AccountId,
    /// Why.
    pub reason: Option<String>,
}

impl Command for GrantTrust {
    const NAME: &'static str = "grant_trust";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        if known.account(self.account)?.trusted {
            return Ok(vec![]);
        }
        let event = TrustGranted { account: self.account, reason: self.reason.clone() };
        Ok(vec![(Stream::Account(self.account), event.into())])
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }
}

impl Command for WithdrawTrust {
    const NAME: &'static str = "withdraw_trust";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        if !known.account(self.account)?.trusted {
            return Ok(vec![]);
        }
        let event = TrustWithdrawn { account: self.account, reason: self.reason.clone() };
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

    fn grant() -> GrantTrust {
        GrantTrust { account: ANN, reason: None }
    }

    fn withdraw() -> WithdrawTrust {
        WithdrawTrust { account: ANN, reason: Some("spam".into()) }
    }

    #[test]
    fn staff_trust_and_distrust() {
        let people = [registered(ANN), registered(SUE), staff(SUE)];
        given(people.clone())
            .when(&grant(), by(SUE))
            .then([account_event(ANN, TrustGranted { account: ANN, reason: None })]);
        given(people.into_iter().chain([trusted(ANN)]))
            .when(&withdraw(), by(SUE))
            .then([account_event(ANN, TrustWithdrawn { account: ANN, reason: Some("spam".into()) })]);
    }

    #[test]
    fn nobody_trusts_themselves() {
        let people = [registered(ANN), registered(BOB)];
        given(people.clone()).when(&grant(), by(ANN)).refused(&Refusal::NotStaff);
        given(people.clone()).when(&withdraw(), by(BOB)).refused(&Refusal::NotStaff);
        given(people).when(&grant(), Actor::Anonymous).refused(&Refusal::Unauthenticated);
    }

    #[test]
    fn already_so_is_not_an_error() {
        let people = [registered(ANN), trusted(ANN)];
        given(people).when(&grant(), Actor::Operator).then([]);
        given([registered(ANN)]).when(&withdraw(), Actor::Operator).then([]);
    }

    #[test]
    fn an_unknown_account_is_named() {
        let unknown = Refusal::AccountUnknown { account: ANN.to_string() };
        given([]).when(&grant(), Actor::Operator).refused(&unknown);
    }
}

//! Add a second factor.

use super::{FACTORS_MAX, FactorChange, FactorLabel};
use crate::{Command, Fact, Personal};
use cairn_domain::account::FactorSort;
use cairn_domain::event::{SecondFactorAdded, SessionsEnded, Stream};
use cairn_domain::ids::{AccountId, FactorId};
use cairn_domain::{Actor, Known, Moment, Refusal};
use serde::Serialize;
use uuid::Uuid;

/// From now on signing in to the acting account takes a second factor, of which this is one. The first ends all sessions
/// and access tokens, since they were opened without any.
#[derive(Clone, Serialize)]
pub struct AddFactor {
    /// The account; the command must be given by it.
    pub account: AccountId,
    /// Minted by the caller.
    #[serde(skip)]
    pub factor: FactorId,
    /// What it is.
    pub sort: FactorSort,
    /// What its owner calls it.
    #[serde(skip)]
    pub label: FactorLabel,
    /// The key of an app's codes, or what is known of a passkey; found right by the caller.
    #[serde(skip)]
    pub secret: Vec<u8>,
    /// The half minute of the code that proved the key, which is used by this; 0 for passkeys.
    #[serde(skip)]
    pub step: u64,
    /// What was begun and ends by this.
    pub ceremony: Uuid,
}

impl std::fmt::Debug for AddFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AddFactor").field("factor", &self.factor).finish_non_exhaustive()
    }
}

impl Command for AddFactor {
    const NAME: &'static str = "add_factor";
    type Answer = FactorId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_in_person(moment)?;
        if moment.actor != (Actor::Account { account: self.account }) {
            return Err(Refusal::Unauthenticated);
        }
        let factors = &known.account(self.account)?.factors;
        if factors.len() >= FACTORS_MAX {
            let message = format!("an account has at most {FACTORS_MAX} second factors; remove one first");
            return Err(Refusal::invalid("factor", message));
        }
        let added = SecondFactorAdded { account: self.account, factor: self.factor, sort: self.sort };
        let stream = Stream::Account(self.account);
        let mut facts = vec![(stream.clone(), added.into())];
        if factors.is_empty() {
            facts.push((stream, SessionsEnded { account: self.account }.into()));
        }
        Ok(facts)
    }

    fn answer(&self, _after: &Known) -> FactorId {
        self.factor
    }

    fn personal(&self) -> Vec<Personal> {
        vec![Personal::Factor(FactorChange::Added {
            factor: self.factor,
            account: self.account,
            sort: self.sort,
            label: self.label.clone(),
            secret: self.secret.clone(),
            step: self.step,
            ceremony: self.ceremony,
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    fn factor(number: u128) -> FactorId {
        FactorId(Uuid::from_u128(number))
    }

    fn add(number: u128) -> AddFactor {
        AddFactor {
            account: ANN,
            factor: factor(number),
            sort: FactorSort::Totp,
            label: "phone".parse().unwrap(),
            secret: vec![7; 20],
            step: 1,
            ceremony: Uuid::nil(),
        }
    }

    fn added(number: u128) -> Fact {
        account_event(ANN, SecondFactorAdded { account: ANN, factor: factor(number), sort: FactorSort::Totp })
    }

    #[test]
    fn the_first_factor_ends_all_sessions_and_a_second_none() {
        let ended = account_event(ANN, SessionsEnded { account: ANN });
        given([registered(ANN)]).when(&add(1), by(ANN)).then([added(1), ended]);
        given([registered(ANN), added(1).into()]).when(&add(2), by(ANN)).then([added(2)]);
    }

    #[test]
    fn nobody_adds_one_to_anothers_account() {
        let people = [registered(ANN), registered(SUE), staff(SUE)];
        for actor in [by(SUE), Actor::Operator, Actor::Anonymous] {
            given(people.clone()).when(&add(1), actor).refused(&Refusal::Unauthenticated);
        }
        given([lasso_of_ann(), token_of(ANN)]).when(&add(1), by_token_of(ANN)).refused(&Refusal::TokenScope);
        given([registered(ANN), blocked(ANN)]).when(&add(1), by(ANN)).refused(&Refusal::AccountBlocked);
    }

    #[test]
    fn an_account_has_ten_and_no_more() {
        let have = |count: usize| {
            let numbers = (0..u128::try_from(count).unwrap()).map(|number| added(number).into());
            given(std::iter::once(registered(ANN)).chain(numbers))
        };
        have(FACTORS_MAX - 1).when(&add(99), by(ANN)).then([added(99)]);
        let message = "an account has at most 10 second factors; remove one first";
        have(FACTORS_MAX).when(&add(99), by(ANN)).refused(&Refusal::invalid("factor", message));
    }

    #[test]
    fn no_key_is_in_a_fingerprint_or_shown() {
        let text = serde_json::to_string(&add(1)).unwrap() + &format!("{:?}", add(1));
        assert!(!text.contains("7,") && !text.contains("phone"), "{text}");
    }
}

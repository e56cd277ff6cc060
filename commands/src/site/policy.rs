//! Set the repository's policy.

use crate::{Command, Fact};
use cairn_domain::event::{PolicySet, Stream};
use cairn_domain::site::{OnBlock, Policy, Registration, StaffFactor};
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// The longest life that a policy may allow plugin tokens, in days.
pub const TOKEN_DAYS_LIMIT: u32 = 3_650;

/// Changes the rules that hold for everybody; what is absent stays as it is. For admins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SetPolicy {
    /// Who may make an account.
    pub registration: Option<Registration>,
    /// Whether staff must have a second factor.
    pub staff_factor: Option<StaffFactor>,
    /// Whether everybody who publishes must have a second factor.
    pub publisher_factor: Option<bool>,
    /// What becomes of a blocked account's published versions.
    pub on_block: Option<OnBlock>,
    /// The longest life of a plugin token, in days: 1 to [`TOKEN_DAYS_LIMIT`].
    pub token_days_max: Option<u32>,
}

impl SetPolicy {
    /// `before` with the changes.
    fn changed(&self, before: Policy) -> Policy {
        Policy {
            registration: self.registration.unwrap_or(before.registration),
            staff_factor: self.staff_factor.unwrap_or(before.staff_factor),
            publisher_factor: self.publisher_factor.unwrap_or(before.publisher_factor),
            on_block: self.on_block.unwrap_or(before.on_block),
            token_days_max: self.token_days_max.unwrap_or(before.token_days_max),
        }
    }
}

impl Command for SetPolicy {
    const NAME: &'static str = "set_policy";
    type Answer = Policy;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Site]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_admin(moment)?;
        if self.token_days_max.is_some_and(|days| !(1..=TOKEN_DAYS_LIMIT).contains(&days)) {
            return Err(Refusal::invalid("token_days_max", format!("is 1 to {TOKEN_DAYS_LIMIT}")));
        }
        let before = known.site().policy;
        let policy = self.changed(before);
        if policy == before {
            return Ok(vec![]);
        }
        Ok(vec![(Stream::Site, PolicySet { policy }.into())])
    }

    fn answer(&self, after: &Known) -> Policy {
        after.site().policy
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;

    fn closed() -> SetPolicy {
        SetPolicy { registration: Some(Registration::Closed), ..SetPolicy::default() }
    }

    fn is(policy: Policy) -> Fact {
        (Stream::Site, PolicySet { policy }.into())
    }

    fn is_closed() -> Policy {
        Policy { registration: Registration::Closed, ..Policy::default() }
    }

    #[test]
    fn admins_change_what_they_name_and_nothing_else() {
        given([registered(SUE), staff(SUE), admin(SUE)]).when(&closed(), by(SUE)).then([is(is_closed())]);
        let all = SetPolicy {
            registration: Some(Registration::Invite),
            staff_factor: Some(StaffFactor::Never),
            publisher_factor: Some(true),
            on_block: Some(OnBlock::Review),
            token_days_max: Some(30),
        };
        let policy = Policy {
            registration: Registration::Invite,
            staff_factor: StaffFactor::Never,
            publisher_factor: true,
            on_block: OnBlock::Review,
            token_days_max: 30,
        };
        given([is(is_closed()).into()]).when(&all, Actor::Operator).then([is(policy)]);
        let days = SetPolicy { token_days_max: Some(7), ..SetPolicy::default() };
        given([is(is_closed()).into()])
            .when(&days, Actor::Operator)
            .then([is(Policy { token_days_max: 7, ..is_closed() })]);
    }

    #[test]
    fn nobody_else_does() {
        given([registered(SUE), staff(SUE)]).when(&closed(), by(SUE)).refused(&Refusal::NotAdmin);
        given([registered(ANN)]).when(&closed(), by(ANN)).refused(&Refusal::NotStaff);
        given([]).when(&closed(), Actor::Site).refused(&Refusal::NotAdmin);
        given([]).when(&closed(), Actor::Anonymous).refused(&Refusal::Unauthenticated);
    }

    #[test]
    fn tokens_live_a_day_to_ten_years() {
        let days = |days| SetPolicy { token_days_max: Some(days), ..SetPolicy::default() };
        for good in [1, TOKEN_DAYS_LIMIT] {
            let policy = Policy { token_days_max: good, ..Policy::default() };
            given([]).when(&days(good), Actor::Operator).then([is(policy)]);
        }
        for bad in [0, TOKEN_DAYS_LIMIT + 1] {
            let refusal = Refusal::invalid("token_days_max", "is 1 to 3650");
            given([]).when(&days(bad), Actor::Operator).refused(&refusal);
        }
    }

    #[test]
    fn already_so_is_not_an_error() {
        given([is(is_closed()).into()]).when(&closed(), Actor::Operator).then([]);
        given([]).when(&SetPolicy::default(), Actor::Operator).then([]);
    }
}

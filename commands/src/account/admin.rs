//! Grant and withdraw the admin role.

use super::able;
use super::staff::counted;
use crate::{Command, Fact};
use cairn_domain::event::{AdminGranted, AdminWithdrawn, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// From now on this account, which is staff, may also grant the staff role and change the policy. For admins.
#[derive(Debug, Clone, Serialize)]
pub struct GrantAdmin {
    /// The account.
    pub account: AccountId,
}

/// From now on this account is staff like any other; the last admin stays. For admins.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawAdmin {
    /// The account.
    pub account: AccountId,
}

impl Command for GrantAdmin {
    const NAME: &'static str = "grant_admin";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_admin(moment)?;
        let account = able(known, self.account, moment.now)?;
        if !account.staff {
            return Err(Refusal::invalid("account", "only staff can be admin; grant the staff role first"));
        }
        if account.admin {
            return Ok(vec![]);
        }
        let (event, site) = (AdminGranted { account: self.account }, known.site());
        Ok(vec![(Stream::Account(self.account), event.into()), counted(site.staff, site.admins + 1)])
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }
}

impl Command for WithdrawAdmin {
    const NAME: &'static str = "withdraw_admin";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_admin(moment)?;
        if !known.account(self.account)?.admin {
            return Ok(vec![]);
        }
        let (event, site) = (AdminWithdrawn { account: self.account }, known.site());
        if site.admins <= 1 {
            return Err(Refusal::LastAdmin);
        }
        Ok(vec![(Stream::Account(self.account), event.into()), counted(site.staff, site.admins - 1)])
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

    fn grant(account: AccountId) -> GrantAdmin {
        GrantAdmin { account }
    }

    fn withdraw(account: AccountId) -> WithdrawAdmin {
        WithdrawAdmin { account }
    }

    /// Ann is staff, Sue an admin with a second factor.
    fn people() -> Vec<Facts> {
        let sue = [registered(SUE), staff(SUE), admin(SUE), factor_of(SUE)];
        sue.into_iter().chain([registered(ANN), staff(ANN), staff_counted(2, 1)]).collect()
    }

    fn ann_is_too() -> Vec<Facts> {
        people().into_iter().chain([admin(ANN), staff_counted(2, 2)]).collect()
    }

    #[test]
    fn admins_make_and_unmake_admins() {
        given(people())
            .when(&grant(ANN), by(SUE))
            .then([account_event(ANN, AdminGranted { account: ANN }), counted(2, 2)]);
        given(ann_is_too())
            .when(&withdraw(ANN), by(SUE))
            .then([account_event(ANN, AdminWithdrawn { account: ANN }), counted(2, 1)]);
    }

    #[test]
    fn other_staff_do_not() {
        let people = || people().into_iter().chain([factor_of(ANN), registered(BOB)]);
        given(people()).when(&grant(ANN), by(ANN)).refused(&Refusal::NotAdmin);
        given(people()).when(&withdraw(SUE), by(ANN)).refused(&Refusal::NotAdmin);
        given(people()).when(&grant(ANN), by(BOB)).refused(&Refusal::NotStaff);
        given(people()).when(&grant(ANN), Actor::Site).refused(&Refusal::NotAdmin);
    }

    #[test]
    fn an_admin_is_staff() {
        let refusal = Refusal::invalid("account", "only staff can be admin; grant the staff role first");
        given([registered(BOB)]).when(&grant(BOB), Actor::Operator).refused(&refusal);
    }

    #[test]
    fn the_last_admin_stays_whoever_asks() {
        given(people()).when(&withdraw(SUE), by(SUE)).refused(&Refusal::LastAdmin);
        given(people()).when(&withdraw(SUE), Actor::Operator).refused(&Refusal::LastAdmin);
    }

    #[test]
    fn already_so_is_not_an_error() {
        given(people()).when(&grant(SUE), Actor::Operator).then([]);
        given(people()).when(&withdraw(ANN), by(SUE)).then([]);
    }
}

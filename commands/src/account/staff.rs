//! Grant and withdraw the staff role.

use super::{able, may_appoint};
use crate::{Command, Fact};
use cairn_domain::account::Account;
use cairn_domain::event::{StaffCounted, StaffGranted, StaffWithdrawn, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// From now on this account decides about everybody's plugins and accounts. For admins and the directory.
#[derive(Debug, Clone, Serialize)]
pub struct GrantStaff {
    /// The account.
    pub account: AccountId,
}

/// From now on this account is like any other; it is an admin no longer either. For admins and the directory.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawStaff {
    /// The account.
    pub account: AccountId,
}

/// What the log tells beside every change of the staff, since a decision reads no list of accounts.
pub(crate) fn counted(staff: u32, admins: u32) -> Fact {
    (Stream::Site, StaffCounted { staff, admins }.into())
}

/// The count once this account is staff no longer, if it is staff now; refused if no admin would be left.
pub(crate) fn counted_without(known: &Known, account: &Account) -> Result<Option<Fact>, Refusal> {
    if !account.staff {
        return Ok(None);
    }
    let site = known.site();
    if account.admin && site.admins <= 1 {
        return Err(Refusal::LastAdmin);
    }
    let admins = site.admins.saturating_sub(u32::from(account.admin));
    Ok(Some(counted(site.staff.saturating_sub(1), admins)))
}

impl Command for GrantStaff {
    const NAME: &'static str = "grant_staff";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        may_appoint(known, moment)?;
        if known.account(self.account)?.staff {
            return Ok(vec![]);
        }
        able(known, self.account, moment.now)?;
        let event = StaffGranted { account: self.account };
        let site = known.site();
        Ok(vec![(Stream::Account(self.account), event.into()), counted(site.staff + 1, site.admins)])
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
        let acting = may_appoint(known, moment)?;
        let account = known.account(self.account)?;
        if account.admin && !acting.admin {
            return Err(Refusal::NotAdmin);
        }
        let Some(counted) = counted_without(known, account)? else { return Ok(vec![]) };
        let event = StaffWithdrawn { account: self.account };
        Ok(vec![(Stream::Account(self.account), event.into()), counted])
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
    fn admins_make_and_unmake_staff_and_the_log_counts_them() {
        let people = [registered(ANN), registered(SUE), staff(SUE), admin(SUE), staff_counted(1, 1)];
        given(people.clone())
            .when(&grant(), by(SUE))
            .then([account_event(ANN, StaffGranted { account: ANN }), counted(2, 1)]);
        given(people.into_iter().chain([factor_of(SUE), staff(ANN), staff_counted(2, 1)]))
            .when(&withdraw(), by(SUE))
            .then([account_event(ANN, StaffWithdrawn { account: ANN }), counted(1, 1)]);
    }

    #[test]
    fn nobody_else_makes_staff() {
        let people = [registered(ANN), registered(BOB), registered(SUE), staff(SUE)];
        given(people.clone()).when(&grant(), by(ANN)).refused(&Refusal::NotStaff);
        given(people.clone()).when(&withdraw(), by(BOB)).refused(&Refusal::NotStaff);
        given(people.clone()).when(&grant(), by(SUE)).refused(&Refusal::NotAdmin);
        given(people).when(&grant(), Actor::Anonymous).refused(&Refusal::Unauthenticated);
    }

    #[test]
    fn the_directory_makes_and_unmakes_staff_but_no_admin() {
        given([registered(ANN)])
            .when(&grant(), Actor::Site)
            .then([account_event(ANN, StaffGranted { account: ANN }), counted(1, 0)]);
        given([registered(ANN), staff(ANN), staff_counted(1, 0)])
            .when(&withdraw(), Actor::Site)
            .then([account_event(ANN, StaffWithdrawn { account: ANN }), counted(0, 0)]);
        given([registered(ANN), staff(ANN), admin(ANN), staff_counted(3, 2)])
            .when(&withdraw(), Actor::Site)
            .refused(&Refusal::NotAdmin);
    }

    #[test]
    fn an_admin_who_is_staff_no_longer_is_no_admin_either() {
        given([registered(ANN), staff(ANN), admin(ANN), staff_counted(3, 2)])
            .when(&withdraw(), Actor::Operator)
            .then([account_event(ANN, StaffWithdrawn { account: ANN }), counted(2, 1)]);
        given([registered(ANN), staff(ANN), admin(ANN), staff_counted(3, 1)])
            .when(&withdraw(), Actor::Operator)
            .refused(&Refusal::LastAdmin);
    }

    #[test]
    fn already_so_is_not_an_error() {
        let people = [registered(ANN), staff(ANN)];
        given(people).when(&grant(), Actor::Operator).then([]);
        given([registered(ANN)]).when(&withdraw(), Actor::Operator).then([]);
    }

    #[test]
    fn an_unknown_a_blocked_and_an_erased_account_get_no_role() {
        let unknown = Refusal::AccountUnknown { account: ANN.to_string() };
        given([]).when(&grant(), Actor::Operator).refused(&unknown);
        given([registered(ANN), blocked(ANN)])
            .when(&grant(), Actor::Operator)
            .refused(&Refusal::AccountBlocked);
        given([registered(ANN), erased(ANN)])
            .when(&grant(), Actor::Operator)
            .refused(&Refusal::AccountErased);
    }
}

//! Add an owner to a plugin.

use super::{Owners, owners};
use crate::{Command, Fact};
use cairn_domain::event::{OwnerAdded, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Lets another account own the plugin too.
#[derive(Debug, Clone, Serialize)]
pub struct AddOwner {
    /// The plugin.
    pub package: PackageName,
    /// The new owner.
    pub account: AccountId,
}

impl Command for AddOwner {
    const NAME: &'static str = "add_owner";
    type Answer = Owners;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package), Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.plugin(&self.package)?;
        acting.may_change(plugin)?;
        if known.account(self.account)?.is_blocked(moment.now) {
            return Err(Refusal::AccountBlocked);
        }
        if plugin.owners.contains(&self.account) {
            return Ok(vec![]);
        }
        let added = OwnerAdded { package: self.package.clone(), account: self.account, reason: None };
        Ok(vec![(Stream::plugin(&self.package), added.into())])
    }

    fn answer(&self, after: &Known) -> Owners {
        owners(after, &self.package)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;

    fn add(account: AccountId) -> AddOwner {
        AddOwner { package: lasso(), account }
    }

    fn added(account: AccountId) -> Fact {
        plugin_event(OwnerAdded { package: lasso(), account, reason: None })
    }

    #[test]
    fn any_owner_and_staff_add_owners() {
        given([lasso_of_ann(), registered(BOB)]).when(&add(BOB), by(ANN)).then([added(BOB)]);
        given([lasso_of_ann(), registered(BOB), added(BOB).into(), registered(SUE)])
            .when(&add(SUE), by(BOB))
            .then([added(SUE)]);
        given([lasso_of_ann(), registered(BOB)]).when(&add(BOB), Actor::Operator).then([added(BOB)]);
    }

    #[test]
    fn a_stranger_adds_nobody() {
        let refusal = Refusal::NotOwner { package: "lasso".into() };
        given([lasso_of_ann(), registered(BOB)]).when(&add(BOB), by(BOB)).refused(&refusal);
    }

    #[test]
    fn an_unknown_or_blocked_account_owns_nothing_new() {
        let unknown = Refusal::AccountUnknown { account: BOB.to_string() };
        given([lasso_of_ann()]).when(&add(BOB), by(ANN)).refused(&unknown);
        given([lasso_of_ann(), registered(BOB), blocked(BOB)])
            .when(&add(BOB), by(ANN))
            .refused(&Refusal::AccountBlocked);
    }

    #[test]
    fn already_so_is_not_an_error() {
        given([lasso_of_ann()]).when(&add(ANN), by(ANN)).then([]);
    }
}

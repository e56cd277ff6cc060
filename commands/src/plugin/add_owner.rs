//! Add an owner to a plugin, as staff.

use super::owners::{Owners, owners};
use crate::account::able;
use crate::{Command, Fact, reason};
use cairn_domain::event::{OwnerAdded, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Makes an account own the plugin too, without asking it. For staff; owners invite ([`super::InviteOwner`]).
#[derive(Debug, Clone, Serialize)]
pub struct AddOwner {
    /// The plugin.
    pub package: PackageName,
    /// The new owner.
    pub account: AccountId,
    /// Why.
    pub reason: String,
}

impl Command for AddOwner {
    const NAME: &'static str = "add_owner";
    type Answer = Owners;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package), Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        reason::demanded(&self.reason)?;
        let plugin = known.living(&self.package)?;
        able(known, self.account, moment.now)?;
        if plugin.owners.contains(&self.account) {
            return Ok(vec![]);
        }
        let reason = Some(self.reason.clone());
        let added = OwnerAdded { package: self.package.clone(), account: self.account, reason };
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
        AddOwner { package: lasso(), account, reason: "its author asked by mail".into() }
    }

    fn added(account: AccountId) -> Fact {
        let reason = Some(add(account).reason);
        plugin_event(OwnerAdded { package: lasso(), account, reason })
    }

    #[test]
    fn staff_add_owners_and_say_why() {
        let people = [lasso_of_ann(), registered(BOB), registered(SUE), staff(SUE)];
        given(people.clone()).when(&add(BOB), by(SUE)).then([added(BOB)]);
        given(people.clone()).when(&add(BOB), Actor::Operator).then([added(BOB)]);
        let silent = AddOwner { reason: " ".into(), ..add(BOB) };
        given(people).when(&silent, by(SUE)).refused(&Refusal::invalid("reason", "say why in some words"));
    }

    #[test]
    fn owners_invite_instead() {
        given([lasso_of_ann(), registered(BOB)]).when(&add(BOB), by(ANN)).refused(&Refusal::NotStaff);
        given([lasso_of_ann(), registered(BOB)]).when(&add(BOB), by(BOB)).refused(&Refusal::NotStaff);
    }

    #[test]
    fn an_unknown_blocked_or_erased_account_owns_nothing_new() {
        let unknown = Refusal::AccountUnknown { account: BOB.to_string() };
        given([lasso_of_ann()]).when(&add(BOB), Actor::Operator).refused(&unknown);
        given([lasso_of_ann(), registered(BOB), blocked(BOB)])
            .when(&add(BOB), Actor::Operator)
            .refused(&Refusal::AccountBlocked);
        given([lasso_of_ann(), registered(BOB), erased(BOB)])
            .when(&add(BOB), Actor::Operator)
            .refused(&Refusal::AccountErased);
    }

    #[test]
    fn a_plugin_that_is_not_there_gets_no_owner() {
        let unknown = Refusal::PluginUnknown { package: "lasso".into() };
        given([registered(BOB)]).when(&add(BOB), Actor::Operator).refused(&unknown);
        given([lasso_of_ann(), marked(), registered(BOB)])
            .when(&add(BOB), Actor::Operator)
            .refused(&Refusal::PluginDeleted { package: "lasso".into() });
    }

    #[test]
    fn already_so_is_not_an_error() {
        given([lasso_of_ann()]).when(&add(ANN), Actor::Operator).then([]);
    }
}

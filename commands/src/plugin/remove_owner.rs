//! Remove an owner from a plugin.

use super::{Owners, owners};
use crate::{Command, Fact};
use cairn_domain::event::{OwnerRemoved, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Ends one account's ownership; the last owner cannot go.
#[derive(Debug, Clone, Serialize)]
pub struct RemoveOwner {
    /// The plugin.
    pub package: PackageName,
    /// The owner to remove.
    pub account: AccountId,
}

impl Command for RemoveOwner {
    const NAME: &'static str = "remove_owner";
    type Answer = Owners;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.plugin(&self.package)?;
        acting.may_change(plugin)?;
        if !plugin.owners.contains(&self.account) {
            return Err(Refusal::OwnerUnknown {
                package: self.package.to_string(),
                account: self.account.to_string(),
            });
        }
        if plugin.owners.len() == 1 {
            return Err(Refusal::LastOwner { package: self.package.to_string() });
        }
        let removed = OwnerRemoved { package: self.package.clone(), account: self.account, reason: None };
        Ok(vec![(Stream::plugin(&self.package), removed.into())])
    }

    fn answer(&self, after: &Known) -> Owners {
        owners(after, &self.package)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::event::OwnerAdded;

    fn remove(account: AccountId) -> RemoveOwner {
        RemoveOwner { package: lasso(), account }
    }

    fn bob_owns_too() -> Facts {
        plugin_event(OwnerAdded { package: lasso(), account: BOB, reason: None }).into()
    }

    #[test]
    fn an_owner_removes_another_and_themselves() {
        let history = [lasso_of_ann(), registered(BOB), bob_owns_too()];
        let removed = |account| plugin_event(OwnerRemoved { package: lasso(), account, reason: None });
        given(history.clone()).when(&remove(ANN), by(BOB)).then([removed(ANN)]);
        given(history).when(&remove(ANN), by(ANN)).then([removed(ANN)]);
    }

    #[test]
    fn the_last_owner_stays() {
        given([lasso_of_ann()])
            .when(&remove(ANN), by(ANN))
            .refused(&Refusal::LastOwner { package: "lasso".into() });
    }

    #[test]
    fn a_stranger_removes_nobody_and_is_not_there_to_remove() {
        let history = [lasso_of_ann(), registered(BOB)];
        given(history.clone())
            .when(&remove(ANN), by(BOB))
            .refused(&Refusal::NotOwner { package: "lasso".into() });
        given(history)
            .when(&remove(BOB), by(ANN))
            .refused(&Refusal::OwnerUnknown { package: "lasso".into(), account: BOB.to_string() });
    }
}

//! Give a plugin whose owners are gone to somebody else, as staff.

use super::owners::{Owners, invitations_of, owners};
use crate::account::able;
use crate::{Command, Fact, reason};
use cairn_domain::event::{OwnerAdded, OwnerRemoved, OwnershipTransferred, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Makes an account own a plugin in the place of those owners who are gone: erased, or blocked for ever. Owners who are
/// still there stay. For staff.
#[derive(Debug, Clone, Serialize)]
pub struct ReassignPlugin {
    /// The plugin.
    pub package: PackageName,
    /// The new owner.
    pub account: AccountId,
    /// Why.
    pub reason: String,
    /// The plugin's owners as the door has read them, so that their histories can be looked at; an owner who is not among
    /// them is taken to be there. Not part of the fingerprint.
    #[serde(skip)]
    pub owners: Vec<AccountId>,
}

impl Command for ReassignPlugin {
    const NAME: &'static str = "reassign_plugin";
    type Answer = Owners;

    fn reads(&self) -> Vec<Stream> {
        let owners = self.owners.iter().copied().map(Stream::Account);
        [Stream::plugin(&self.package), Stream::Account(self.account)].into_iter().chain(owners).collect()
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        reason::demanded(&self.reason)?;
        let plugin = known.living(&self.package)?;
        able(known, self.account, moment.now)?;
        let gone = |owner: &AccountId| {
            known.account(*owner).is_ok_and(|account| {
                account.erased || account.block.is_some_and(|block| block.until.is_none())
            })
        };
        let mut gone = plugin.owners.iter().copied().filter(gone);
        let (package, reason) = (self.package.clone(), Some(self.reason.clone()));
        let to = self.account;
        let mut facts: Vec<Fact> = Vec::new();
        let mut tell = |event: cairn_domain::Event| facts.push((Stream::plugin(&self.package), event));
        if !plugin.owners.contains(&to) {
            let (package, reason) = (package.clone(), reason.clone());
            match gone.next() {
                Some(from) => {
                    tell(OwnershipTransferred { package, from, to, reason }.into());
                    for (_, event) in invitations_of(plugin, from) {
                        tell(event);
                    }
                }
                None => tell(OwnerAdded { package, account: to, reason }.into()),
            }
        }
        for account in gone {
            let (package, reason) = (package.clone(), reason.clone());
            tell(OwnerRemoved { package, account, reason }.into());
            for (_, event) in invitations_of(plugin, account) {
                tell(event);
            }
        }
        Ok(facts)
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
    use cairn_domain::event::AccountBlocked;

    fn to(account: AccountId) -> ReassignPlugin {
        ReassignPlugin { package: lasso(), account, reason: "died".into(), owners: vec![ANN, BOB] }
    }

    #[expect(clippy::unnecessary_wraps, reason = "the events hold it so")]
    fn reason() -> Option<String> {
        Some("died".into())
    }

    fn transferred(from: AccountId, to: AccountId) -> Fact {
        plugin_event(OwnershipTransferred { package: lasso(), from, to, reason: reason() })
    }

    #[test]
    fn who_is_erased_or_blocked_for_ever_makes_place() {
        for gone in [erased(ANN), blocked(ANN)] {
            given([lasso_of_ann(), registered(MIA), gone.clone()])
                .when(&to(MIA), Actor::Operator)
                .then([transferred(ANN, MIA)]);
            let both = [lasso_of_ann(), registered(BOB), bob_owns_too(), gone, erased(BOB), registered(MIA)];
            let removed = plugin_event(OwnerRemoved { package: lasso(), account: BOB, reason: reason() });
            given(both).when(&to(MIA), Actor::Operator).then([transferred(ANN, MIA), removed]);
        }
    }

    #[test]
    fn owners_who_are_there_stay() {
        let added = plugin_event(OwnerAdded { package: lasso(), account: MIA, reason: reason() });
        given([lasso_of_ann(), registered(MIA)]).when(&to(MIA), Actor::Operator).then([added.clone()]);
        let until = Some(noon() + chrono::TimeDelta::days(1));
        let for_a_day = account_event(ANN, AccountBlocked { account: ANN, reason: None, until });
        given([lasso_of_ann(), for_a_day.into(), registered(MIA)])
            .when(&to(MIA), Actor::Operator)
            .then([added]);
    }

    #[test]
    fn an_owner_who_is_there_takes_the_places_of_the_others() {
        let history = [lasso_of_ann(), registered(BOB), bob_owns_too(), erased(ANN)];
        let removed = plugin_event(OwnerRemoved { package: lasso(), account: ANN, reason: reason() });
        given(history).when(&to(BOB), Actor::Operator).then([removed]);
        given([lasso_of_ann()]).when(&to(ANN), Actor::Operator).then([]);
    }

    #[test]
    fn only_staff_reassign_to_accounts_that_can_act() {
        let history = [lasso_of_ann(), registered(MIA), erased(ANN), registered(BOB)];
        given(history.clone()).when(&to(MIA), by(MIA)).refused(&Refusal::NotStaff);
        let silent = ReassignPlugin { reason: String::new(), ..to(MIA) };
        given(history.clone())
            .when(&silent, Actor::Operator)
            .refused(&Refusal::invalid("reason", "say why in some words"));
        given(history.into_iter().chain([blocked(MIA)]))
            .when(&to(MIA), Actor::Operator)
            .refused(&Refusal::AccountBlocked);
    }
}

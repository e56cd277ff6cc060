//! Transfer ownership of a plugin, as staff.

use super::owners::{Owners, invitations_of, must_own, owners};
use crate::account::able;
use crate::{Command, Fact, reason};
use cairn_domain::event::{OwnershipTransferred, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Gives one owner's place to another account, without asking either. For staff; an owner offers the own place by an
/// invitation ([`super::InviteOwner`]).
#[derive(Debug, Clone, Serialize)]
pub struct TransferOwnership {
    /// The plugin.
    pub package: PackageName,
    /// Whose place it is.
    pub from: AccountId,
    /// Who gets it.
    pub to: AccountId,
    /// Why.
    pub reason: String,
}

impl Command for TransferOwnership {
    const NAME: &'static str = "transfer_ownership";
    type Answer = Owners;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package), Stream::Account(self.to)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        reason::demanded(&self.reason)?;
        let plugin = known.living(&self.package)?;
        must_own(plugin, self.from)?;
        able(known, self.to, moment.now)?;
        if self.from == self.to {
            return Ok(vec![]);
        }
        let transferred = OwnershipTransferred {
            package: self.package.clone(),
            from: self.from,
            to: self.to,
            reason: Some(self.reason.clone()),
        };
        let mut facts = vec![(Stream::plugin(&self.package), transferred.into())];
        facts.extend(invitations_of(plugin, self.from));
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

    fn to(account: AccountId) -> TransferOwnership {
        TransferOwnership { package: lasso(), from: ANN, to: account, reason: "left the company".into() }
    }

    fn transferred() -> Fact {
        let reason = Some(to(BOB).reason);
        plugin_event(OwnershipTransferred { package: lasso(), from: ANN, to: BOB, reason })
    }

    #[test]
    fn staff_give_a_place_to_another_and_say_why() {
        let history = [lasso_of_ann(), registered(BOB), registered(SUE), staff(SUE)];
        given(history.clone()).when(&to(BOB), by(SUE)).then([transferred()]);
        given(history.clone()).when(&to(BOB), Actor::Operator).then([transferred()]);
        let silent = TransferOwnership { reason: String::new(), ..to(BOB) };
        given(history).when(&silent, by(SUE)).refused(&Refusal::invalid("reason", "say why in some words"));
    }

    #[test]
    fn owners_offer_their_place_instead() {
        given([lasso_of_ann(), registered(BOB)]).when(&to(BOB), by(ANN)).refused(&Refusal::NotStaff);
    }

    #[test]
    fn only_an_owner_has_a_place() {
        let for_sue = TransferOwnership { from: SUE, ..to(BOB) };
        given([lasso_of_ann(), registered(BOB)])
            .when(&for_sue, Actor::Operator)
            .refused(&Refusal::OwnerUnknown { package: "lasso".into(), account: SUE.to_string() });
        given([lasso_of_ann(), registered(BOB), transferred().into()])
            .when(&to(ANN), Actor::Operator)
            .refused(&Refusal::OwnerUnknown { package: "lasso".into(), account: ANN.to_string() });
    }

    #[test]
    fn nobody_unknown_or_blocked_receives() {
        let unknown = Refusal::AccountUnknown { account: BOB.to_string() };
        given([lasso_of_ann()]).when(&to(BOB), Actor::Operator).refused(&unknown);
        given([lasso_of_ann(), registered(BOB), blocked(BOB)])
            .when(&to(BOB), Actor::Operator)
            .refused(&Refusal::AccountBlocked);
    }

    #[test]
    fn a_place_given_to_its_owner_is_where_it_was() {
        given([lasso_of_ann()]).when(&to(ANN), Actor::Operator).then([]);
    }
}

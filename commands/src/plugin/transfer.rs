//! Transfer ownership of a plugin.

use super::{Owners, owners};
use crate::{Command, Fact};
use cairn_domain::event::{OwnershipTransferred, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Gives one owner's place to another account.
#[derive(Debug, Clone, Serialize)]
pub struct TransferOwnership {
    /// The plugin.
    pub package: PackageName,
    /// Whose place it is; the actor's own when absent.
    pub from: Option<AccountId>,
    /// Who gets it.
    pub to: AccountId,
}

impl Command for TransferOwnership {
    const NAME: &'static str = "transfer_ownership";
    type Answer = Owners;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package), Stream::Account(self.to)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.plugin(&self.package)?;
        acting.may_change(plugin)?;
        let from = self.from.or(acting.account).ok_or_else(|| Refusal::invalid("from", "name the owner"))?;
        if !plugin.owners.contains(&from) {
            return Err(Refusal::OwnerUnknown {
                package: self.package.to_string(),
                account: from.to_string(),
            });
        }
        if known.account(self.to)?.is_blocked(moment.now) {
            return Err(Refusal::AccountBlocked);
        }
        if from == self.to {
            return Ok(vec![]);
        }
        let transferred =
            OwnershipTransferred { package: self.package.clone(), from, to: self.to, reason: None };
        Ok(vec![(Stream::plugin(&self.package), transferred.into())])
    }

    fn answer(&self, after: &Known) -> Owners {
        owners(after, &self.package)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    fn to(account: AccountId) -> TransferOwnership {
        TransferOwnership { package: lasso(), from: None, to: account }
    }

    fn transferred() -> Fact {
        plugin_event(OwnershipTransferred { package: lasso(), from: ANN, to: BOB, reason: None })
    }

    #[test]
    fn an_owner_gives_their_place_away() {
        given([lasso_of_ann(), registered(BOB)]).when(&to(BOB), by(ANN)).then([transferred()]);
    }

    #[test]
    fn staff_do_it_for_an_owner_who_is_gone() {
        let history = [lasso_of_ann(), registered(BOB), registered(SUE), staff(SUE)];
        let for_ann = TransferOwnership { from: Some(ANN), ..to(BOB) };
        given(history.clone()).when(&for_ann, by(SUE)).then([transferred()]);
        given(history)
            .when(&to(BOB), by(SUE))
            .refused(&Refusal::OwnerUnknown { package: "lasso".into(), account: SUE.to_string() });
    }

    #[test]
    fn the_former_owner_is_a_stranger() {
        given([lasso_of_ann(), registered(BOB), transferred().into()])
            .when(&to(ANN), by(ANN))
            .refused(&Refusal::NotOwner { package: "lasso".into() });
    }

    #[test]
    fn nobody_unknown_or_blocked_receives() {
        let unknown = Refusal::AccountUnknown { account: BOB.to_string() };
        given([lasso_of_ann()]).when(&to(BOB), by(ANN)).refused(&unknown);
        given([lasso_of_ann(), registered(BOB), blocked(BOB)])
            .when(&to(BOB), by(ANN))
            .refused(&Refusal::AccountBlocked);
    }
}

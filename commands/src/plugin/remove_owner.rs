//! Remove an owner from a plugin.

use super::owners::{Owners, invitations_of, must_own, not_the_last, owners};
use crate::{Command, Fact, reason};
use cairn_domain::event::{OwnerRemoved, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Ends one account's ownership, and the invitations it sent; the last owner cannot go. For owners and staff.
#[derive(Debug, Clone, Serialize)]
pub struct RemoveOwner {
    /// The plugin.
    pub package: PackageName,
    /// The owner to remove.
    pub account: AccountId,
    /// Why.
    pub reason: Option<String>,
}

/// Gives the acting account's own place up; the last owner cannot go.
#[derive(Debug, Clone, Serialize)]
pub struct LeavePlugin {
    /// The plugin.
    pub package: PackageName,
}

/// The end of an account's ownership.
fn removed(
    known: &Known,
    package: &PackageName,
    account: AccountId,
    reason: Option<&str>,
) -> Result<Vec<Fact>, Refusal> {
    let plugin = known.living(package)?;
    must_own(plugin, account)?;
    not_the_last(plugin)?;
    let removed = OwnerRemoved { package: package.clone(), account, reason: reason.map(str::to_owned) };
    let mut facts = vec![(Stream::plugin(package), removed.into())];
    facts.extend(invitations_of(plugin, account));
    Ok(facts)
}

impl Command for RemoveOwner {
    const NAME: &'static str = "remove_owner";
    type Answer = Owners;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        acting.may_change(known.plugin(&self.package)?)?;
        reason::optional(self.reason.as_deref())?;
        removed(known, &self.package, self.account, self.reason.as_deref())
    }

    fn answer(&self, after: &Known) -> Owners {
        owners(after, &self.package)
    }
}

impl Command for LeavePlugin {
    const NAME: &'static str = "leave_plugin";
    type Answer = Owners;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.plugin(&self.package)?;
        let own = acting.account.filter(|account| plugin.owners.contains(account));
        let own = own.ok_or_else(|| Refusal::NotOwner { package: self.package.to_string() })?;
        removed(known, &self.package, own, None)
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
    use cairn_domain::event::InvitationWithdrawn;

    fn remove(account: AccountId) -> RemoveOwner {
        RemoveOwner { package: lasso(), account, reason: None }
    }

    fn leave() -> LeavePlugin {
        LeavePlugin { package: lasso() }
    }

    fn removed(account: AccountId) -> Fact {
        plugin_event(OwnerRemoved { package: lasso(), account, reason: None })
    }

    #[test]
    fn an_owner_removes_another_and_themselves() {
        let history = [lasso_of_ann(), registered(BOB), bob_owns_too()];
        given(history.clone()).when(&remove(ANN), by(BOB)).then([removed(ANN)]);
        given(history.clone()).when(&remove(ANN), by(ANN)).then([removed(ANN)]);
        given(history.clone()).when(&leave(), by(ANN)).then([removed(ANN)]);
        given(history).when(&remove(ANN), Actor::Operator).then([removed(ANN)]);
    }

    #[test]
    fn the_last_owner_stays() {
        let last = Refusal::LastOwner { package: "lasso".into() };
        given([lasso_of_ann()]).when(&remove(ANN), by(ANN)).refused(&last);
        given([lasso_of_ann()]).when(&remove(ANN), Actor::Operator).refused(&last);
        given([lasso_of_ann()]).when(&leave(), by(ANN)).refused(&last);
    }

    #[test]
    fn a_team_is_an_owner_who_stays() {
        let history = [lasso_of_ann(), group_of(ANN), group_owns()];
        given(history).when(&leave(), by(ANN)).then([removed(ANN)]);
    }

    #[test]
    fn a_member_of_a_team_that_owns_removes_owners_and_has_no_own_place_to_leave() {
        let history = [lasso_of_ann(), registered(BOB), group_of(BOB), group_owns()];
        given(history.clone()).when(&remove(ANN), by(BOB)).then([removed(ANN)]);
        given(history).when(&leave(), by(BOB)).refused(&Refusal::NotOwner { package: "lasso".into() });
    }

    #[test]
    fn a_stranger_removes_nobody_and_is_not_there_to_remove() {
        let history = [lasso_of_ann(), registered(BOB)];
        let not_owner = Refusal::NotOwner { package: "lasso".into() };
        given(history.clone()).when(&remove(ANN), by(BOB)).refused(&not_owner);
        given(history.clone()).when(&leave(), by(BOB)).refused(&not_owner);
        given(history.clone()).when(&leave(), Actor::Operator).refused(&not_owner);
        given(history)
            .when(&remove(BOB), by(ANN))
            .refused(&Refusal::OwnerUnknown { package: "lasso".into(), account: BOB.to_string() });
    }

    #[test]
    fn who_goes_leaves_no_invitation_behind() {
        let invited = |who, by, offers| invitation(who, Some(by), offers);
        let history = [
            lasso_of_ann(),
            registered(BOB),
            bob_owns_too(),
            invited(SUE, ANN, None),
            invited(MIA, BOB, None),
        ];
        let withdrawn =
            plugin_event(InvitationWithdrawn { package: lasso(), invitation: invitation_of(SUE) });
        given(history).when(&remove(ANN), by(BOB)).then([removed(ANN), withdrawn]);
    }

    #[test]
    fn a_plugin_that_is_marked_for_deletion_keeps_its_owners() {
        let history = [lasso_of_ann(), registered(BOB), bob_owns_too(), marked()];
        let deleted = Refusal::PluginDeleted { package: "lasso".into() };
        given(history.clone()).when(&remove(ANN), by(BOB)).refused(&deleted);
        given(history).when(&leave(), by(BOB)).refused(&deleted);
    }
}

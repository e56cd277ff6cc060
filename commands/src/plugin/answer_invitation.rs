//! Accept or decline an invitation to own a plugin.

use super::owners::{Owners, owners};
use crate::{Command, Fact};
use cairn_domain::event::{InvitationAccepted, InvitationDeclined, OwnerAdded, OwnershipTransferred, Stream};
use cairn_domain::ids::{AccountId, InvitationId};
use cairn_domain::names::PackageName;
use cairn_domain::plugin::{Invitation, Plugin};
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Makes the acting account own the plugin that it was invited to.
#[derive(Debug, Clone, Serialize)]
pub struct AcceptInvitation {
    /// The plugin.
    pub package: PackageName,
    /// The invitation.
    pub invitation: InvitationId,
}

/// Says no to an invitation.
#[derive(Debug, Clone, Serialize)]
pub struct DeclineInvitation {
    /// The plugin.
    pub package: PackageName,
    /// The invitation.
    pub invitation: InvitationId,
}

/// The invitation, if it can still be answered and the acting account is the one that was asked.
fn asked<'k>(
    known: &'k Known,
    moment: &Moment,
    package: &PackageName,
    id: InvitationId,
) -> Result<(&'k Plugin, &'k Invitation, AccountId), Refusal> {
    let acting = known.acting_in_person(moment)?;
    let plugin = known.living(package)?;
    let invitation = plugin.invitations.get(&id).filter(|invitation| moment.now < invitation.expires_at);
    let invitation = invitation.ok_or(Refusal::InvitationUnknown)?;
    match acting.account {
        Some(account) if account == invitation.account => Ok((plugin, invitation, account)),
        Some(_) | None => Err(Refusal::NotInvited),
    }
}

impl Command for AcceptInvitation {
    const NAME: &'static str = "accept_invitation";
    type Answer = Owners;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let (plugin, invitation, account) = asked(known, moment, &self.package, self.invitation)?;
        let (stream, package) = (Stream::plugin(&self.package), self.package.clone());
        let accepted = InvitationAccepted { package: package.clone(), invitation: self.invitation };
        let owns = plugin.owners.contains(&account);
        let event = match invitation.replaces {
            // The place that was offered is somebody else's by now.
            Some(from) if !plugin.owners.contains(&from) => return Err(Refusal::InvitationUnknown),
            Some(from) => Some(OwnershipTransferred { package, from, to: account, reason: None }.into()),
            None if owns => None,
            None => Some(OwnerAdded { package, account, reason: None }.into()),
        };
        let mut facts = vec![(stream.clone(), accepted.into())];
        facts.extend(event.map(|event| (stream, event)));
        Ok(facts)
    }

    fn answer(&self, after: &Known) -> Owners {
        owners(after, &self.package)
    }
}

impl Command for DeclineInvitation {
    const NAME: &'static str = "decline_invitation";
    type Answer = Owners;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        asked(known, moment, &self.package, self.invitation)?;
        let declined = InvitationDeclined { package: self.package.clone(), invitation: self.invitation };
        Ok(vec![(Stream::plugin(&self.package), declined.into())])
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
    use cairn_domain::event::OwnerInvited;

    fn accept() -> AcceptInvitation {
        AcceptInvitation { package: lasso(), invitation: invitation_of(BOB) }
    }

    fn decline() -> DeclineInvitation {
        DeclineInvitation { package: lasso(), invitation: invitation_of(BOB) }
    }

    fn asked(replaces: Option<AccountId>) -> Vec<Facts> {
        vec![lasso_of_ann(), registered(BOB), invitation(BOB, Some(ANN), replaces)]
    }

    fn accepted() -> Fact {
        plugin_event(InvitationAccepted { package: lasso(), invitation: invitation_of(BOB) })
    }

    fn declined() -> Fact {
        plugin_event(InvitationDeclined { package: lasso(), invitation: invitation_of(BOB) })
    }

    fn added() -> Fact {
        plugin_event(OwnerAdded { package: lasso(), account: BOB, reason: None })
    }

    fn transferred() -> Fact {
        plugin_event(OwnershipTransferred { package: lasso(), from: ANN, to: BOB, reason: None })
    }

    #[test]
    fn who_accepts_owns_the_plugin_too() {
        given(asked(None)).when(&accept(), by(BOB)).then([accepted(), added()]);
    }

    #[test]
    fn who_accepts_an_offered_place_takes_it_over() {
        given(asked(Some(ANN))).when(&accept(), by(BOB)).then([accepted(), transferred()]);
        let owns_already = asked(Some(ANN)).into_iter().chain([bob_owns_too()]);
        given(owns_already).when(&accept(), by(BOB)).then([accepted(), transferred()]);
    }

    #[test]
    fn who_owns_the_plugin_by_now_only_answers() {
        let history = asked(None).into_iter().chain([bob_owns_too()]);
        given(history).when(&accept(), by(BOB)).then([accepted()]);
    }

    #[test]
    fn who_declines_stays_a_stranger() {
        given(asked(None)).when(&decline(), by(BOB)).then([declined()]);
    }

    #[test]
    fn nobody_answers_for_another() {
        let history = || asked(None).into_iter().chain([registered(SUE), staff(SUE)]);
        for actor in [by(ANN), by(SUE), Actor::Operator] {
            given(history()).when(&accept(), actor).refused(&Refusal::NotInvited);
            given(history()).when(&decline(), actor).refused(&Refusal::NotInvited);
        }
        given(history()).when(&accept(), Actor::Anonymous).refused(&Refusal::Unauthenticated);
    }

    #[test]
    fn an_answer_is_given_once_and_in_time() {
        for answered in [accepted(), declined()] {
            let history = || asked(None).into_iter().chain([answered.clone().into()]);
            given(history()).when(&accept(), by(BOB)).refused(&Refusal::InvitationUnknown);
            given(history()).when(&decline(), by(BOB)).refused(&Refusal::InvitationUnknown);
        }
        let over = plugin_event(OwnerInvited {
            package: lasso(),
            invitation: invitation_of(BOB),
            account: BOB,
            replaces: None,
            inviter: Some(ANN),
            expires_at: noon(),
        });
        let late = [lasso_of_ann(), registered(BOB), over.into()];
        given(late).when(&accept(), by(BOB)).refused(&Refusal::InvitationUnknown);
    }

    #[test]
    fn a_place_that_is_gone_cannot_be_taken_over() {
        let to_sue = OwnershipTransferred { package: lasso(), from: ANN, to: SUE, reason: None };
        let history = asked(Some(ANN)).into_iter().chain([plugin_event(to_sue).into()]);
        given(history).when(&accept(), by(BOB)).refused(&Refusal::InvitationUnknown);
    }

    #[test]
    fn a_blocked_account_and_a_dead_plugin_change_nothing() {
        let blocked = asked(None).into_iter().chain([blocked(BOB)]);
        given(blocked).when(&accept(), by(BOB)).refused(&Refusal::AccountBlocked);
        let marked = asked(None).into_iter().chain([marked()]);
        given(marked).when(&accept(), by(BOB)).refused(&Refusal::PluginDeleted { package: "lasso".into() });
    }
}

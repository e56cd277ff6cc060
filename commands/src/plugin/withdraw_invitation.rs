//! Take an invitation to own a plugin back.

use super::owners::{Owners, owners};
use crate::{Command, Fact};
use cairn_domain::event::{InvitationWithdrawn, Stream};
use cairn_domain::ids::InvitationId;
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Takes an invitation back that was not answered yet. For owners and staff.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawInvitation {
    /// The plugin.
    pub package: PackageName,
    /// The invitation.
    pub invitation: InvitationId,
}

impl Command for WithdrawInvitation {
    const NAME: &'static str = "withdraw_invitation";
    type Answer = Owners;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.plugin(&self.package)?;
        acting.may_change(plugin)?;
        if !plugin.invitations.contains_key(&self.invitation) {
            return Err(Refusal::InvitationUnknown);
        }
        let withdrawn = InvitationWithdrawn { package: self.package.clone(), invitation: self.invitation };
        Ok(vec![(Stream::plugin(&self.package), withdrawn.into())])
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

    fn withdraw() -> WithdrawInvitation {
        WithdrawInvitation { package: lasso(), invitation: invitation_of(BOB) }
    }

    fn withdrawn() -> Fact {
        plugin_event(InvitationWithdrawn { package: lasso(), invitation: invitation_of(BOB) })
    }

    fn asked() -> [Facts; 3] {
        [lasso_of_ann(), registered(BOB), invitation(BOB, Some(ANN), None)]
    }

    #[test]
    fn owners_and_staff_take_invitations_back() {
        given(asked()).when(&withdraw(), by(ANN)).then([withdrawn()]);
        given(asked()).when(&withdraw(), Actor::Operator).then([withdrawn()]);
    }

    #[test]
    fn the_invited_account_declines_instead() {
        given(asked()).when(&withdraw(), by(BOB)).refused(&Refusal::NotOwner { package: "lasso".into() });
    }

    #[test]
    fn what_was_answered_or_never_asked_is_unknown() {
        given([lasso_of_ann()]).when(&withdraw(), by(ANN)).refused(&Refusal::InvitationUnknown);
        given(asked().into_iter().chain([withdrawn().into()]))
            .when(&withdraw(), by(ANN))
            .refused(&Refusal::InvitationUnknown);
    }
}

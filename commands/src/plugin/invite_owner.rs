//! Invite an account to own a plugin.

use super::owners::must_own;
use crate::account::able;
use crate::{Command, Fact};
use cairn_domain::event::{InvitationWithdrawn, OwnerInvited, Stream};
use cairn_domain::ids::{AccountId, InvitationId};
use cairn_domain::names::PackageName;
use cairn_domain::plugin::{Invitation, Plugin};
use cairn_domain::{Known, Moment, Refusal};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How many days an invited account has to answer.
pub const INVITATION_DAYS: i64 = 14;

/// The most invitations of one plugin that wait for an answer at a time.
pub const INVITATIONS_MAX: usize = 20;

/// Asks an account whether it wants to own the plugin too, or in the place of whoever asks. For owners and staff.
#[derive(Debug, Clone, Serialize)]
pub struct InviteOwner {
    /// The plugin.
    pub package: PackageName,
    /// Who is asked.
    pub account: AccountId,
    /// The acting owner's own place is offered: who accepts takes it over.
    pub transfer: bool,
    /// Minted by the caller.
    #[serde(skip)]
    pub invitation: InvitationId,
}

/// What came of an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// The plugin.
    pub package: PackageName,
    /// The invitation that waits for an answer; none if the account owns the plugin already.
    pub invitation: Option<InvitationId>,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
}

/// The invitations that can still be answered.
fn open(plugin: &Plugin, now: DateTime<Utc>) -> impl Iterator<Item = (&InvitationId, &Invitation)> {
    plugin.invitations.iter().filter(move |(_, invitation)| now < invitation.expires_at)
}

impl Command for InviteOwner {
    const NAME: &'static str = "invite_owner";
    type Answer = Invited;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package), Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        acting.may_change(known.plugin(&self.package)?)?;
        let plugin = known.living(&self.package)?;
        able(known, self.account, moment.now)?;
        let own = acting.account.filter(|account| plugin.owners.contains(account));
        let replaces = match (self.transfer, acting.account) {
            (false, _) => None,
            (true, None) => {
                return Err(Refusal::invalid("transfer", "the operator has no place to give away"));
            }
            (true, Some(account)) => {
                must_own(plugin, account)?;
                Some(account)
            }
        };
        if replaces == Some(self.account) {
            return Err(Refusal::invalid("account", "is your own; invite somebody else"));
        }
        if plugin.owners.contains(&self.account) && replaces.is_none() {
            return Ok(vec![]);
        }
        let stream = Stream::plugin(&self.package);
        let mut facts: Vec<Fact> = Vec::new();
        for (id, asked) in open(plugin, moment.now).filter(|(_, asked)| asked.account == self.account) {
            if asked.replaces == replaces {
                return Ok(vec![]);
            }
            let withdrawn = InvitationWithdrawn { package: self.package.clone(), invitation: *id };
            facts.push((stream.clone(), withdrawn.into()));
        }
        if open(plugin, moment.now).count() - facts.len() >= INVITATIONS_MAX {
            let message =
                format!("{} has {INVITATIONS_MAX} open invitations; withdraw one first", self.package);
            return Err(Refusal::invalid("account", message));
        }
        let invited = OwnerInvited {
            package: self.package.clone(),
            invitation: self.invitation,
            account: self.account,
            replaces,
            inviter: own,
            expires_at: moment.now + TimeDelta::days(INVITATION_DAYS),
        };
        facts.push((stream, invited.into()));
        Ok(facts)
    }

    fn answer(&self, after: &Known) -> Invited {
        let plugin = after.plugin(&self.package).expect("the decider found the plugin");
        let of_account = plugin.invitations.iter().filter(|(_, asked)| asked.account == self.account);
        let newest = of_account.max_by_key(|(_, asked)| asked.expires_at);
        Invited {
            package: self.package.clone(),
            invitation: newest.map(|(id, _)| *id),
            expires_at: newest.map(|(_, asked)| asked.expires_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;

    fn invite() -> InviteOwner {
        InviteOwner { package: lasso(), account: BOB, transfer: false, invitation: invitation_of(SUE) }
    }

    fn offer() -> InviteOwner {
        InviteOwner { transfer: true, ..invite() }
    }

    fn invited(inviter: Option<AccountId>, replaces: Option<AccountId>) -> Fact {
        plugin_event(OwnerInvited {
            package: lasso(),
            invitation: invitation_of(SUE),
            account: BOB,
            replaces,
            inviter,
            expires_at: "2026-03-15T12:00:00Z".parse().unwrap(),
        })
    }

    #[test]
    fn owners_and_staff_invite_and_give_two_weeks() {
        let history = [lasso_of_ann(), registered(BOB), registered(SUE), staff(SUE)];
        given(history.clone()).when(&invite(), by(ANN)).then([invited(Some(ANN), None)]);
        given(history.clone()).when(&invite(), by(SUE)).then([invited(None, None)]);
        given(history).when(&invite(), Actor::Operator).then([invited(None, None)]);
    }

    #[test]
    fn an_owner_offers_the_own_place_and_no_other() {
        let history = [lasso_of_ann(), registered(BOB), registered(SUE), staff(SUE)];
        given(history.clone()).when(&offer(), by(ANN)).then([invited(Some(ANN), Some(ANN))]);
        given(history.clone())
            .when(&offer(), by(SUE))
            .refused(&Refusal::OwnerUnknown { package: "lasso".into(), account: SUE.to_string() });
        given(history)
            .when(&offer(), Actor::Operator)
            .refused(&Refusal::invalid("transfer", "the operator has no place to give away"));
        given([lasso_of_ann()])
            .when(&InviteOwner { account: ANN, ..offer() }, by(ANN))
            .refused(&Refusal::invalid("account", "is your own; invite somebody else"));
    }

    #[test]
    fn a_member_of_a_team_that_owns_invites_for_the_team() {
        let history = [lasso_of_ann(), registered(MIA), group_of(MIA), group_owns(), registered(BOB)];
        given(history).when(&invite(), by(MIA)).then([invited(None, None)]);
    }

    #[test]
    fn strangers_and_tokens_do_not_invite() {
        let history = [lasso_of_ann(), registered(BOB), token_of(ANN)];
        given(history.clone())
            .when(&invite(), by(BOB))
            .refused(&Refusal::NotOwner { package: "lasso".into() });
        given(history).when(&invite(), by_token_of(ANN)).refused(&Refusal::TokenScope);
    }

    #[test]
    fn unknown_blocked_and_erased_accounts_are_not_invited() {
        let unknown = Refusal::AccountUnknown { account: BOB.to_string() };
        given([lasso_of_ann()]).when(&invite(), by(ANN)).refused(&unknown);
        given([lasso_of_ann(), registered(BOB), blocked(BOB)])
            .when(&invite(), by(ANN))
            .refused(&Refusal::AccountBlocked);
        given([lasso_of_ann(), registered(BOB), erased(BOB)])
            .when(&invite(), by(ANN))
            .refused(&Refusal::AccountErased);
    }

    #[test]
    fn already_so_is_not_an_error() {
        let history = [lasso_of_ann(), registered(BOB), bob_owns_too()];
        given(history).when(&invite(), by(ANN)).then([]);
        let asked = [lasso_of_ann(), registered(BOB), invitation(BOB, Some(ANN), None)];
        given(asked).when(&invite(), by(ANN)).then([]);
    }

    #[test]
    fn another_offer_stands_in_the_place_of_the_first() {
        let asked = [lasso_of_ann(), registered(BOB), invitation(BOB, Some(ANN), None)];
        let withdrawn = InvitationWithdrawn { package: lasso(), invitation: invitation_of(BOB) };
        given(asked).when(&offer(), by(ANN)).then([plugin_event(withdrawn), invited(Some(ANN), Some(ANN))]);
    }

    #[test]
    fn an_invitation_that_ended_is_sent_again() {
        let over = plugin_event(OwnerInvited {
            package: lasso(),
            invitation: invitation_of(BOB),
            account: BOB,
            replaces: None,
            inviter: Some(ANN),
            expires_at: noon(),
        });
        given([lasso_of_ann(), registered(BOB), over.into()])
            .when(&invite(), by(ANN))
            .then([invited(Some(ANN), None)]);
    }

    #[test]
    fn open_invitations_are_bounded() {
        let asked = |n: usize| {
            let others = (0..n).map(|n| AccountId(uuid::Uuid::from_u128(0x1000 + n as u128)));
            let asked = others.map(|account| invitation(account, Some(ANN), None));
            [lasso_of_ann(), registered(BOB)].into_iter().chain(asked).collect::<Vec<_>>()
        };
        given(asked(INVITATIONS_MAX - 1)).when(&invite(), by(ANN)).then([invited(Some(ANN), None)]);
        let message = "lasso has 20 open invitations; withdraw one first";
        given(asked(INVITATIONS_MAX)).when(&invite(), by(ANN)).refused(&Refusal::invalid("account", message));
    }

    #[test]
    fn dead_plugins_are_offered_to_nobody() {
        given([lasso_of_ann(), marked(), registered(BOB)])
            .when(&invite(), by(ANN))
            .refused(&Refusal::PluginDeleted { package: "lasso".into() });
    }
}

//! Invite somebody to sign up.

use crate::{AccountChange, Command, Fact, Personal};
use cairn_domain::event::{SignUpInvited, Stream};
use cairn_domain::ids::ChallengeId;
use cairn_domain::names::Email;
use cairn_domain::{Known, Moment, Refusal};
use chrono::TimeDelta;
use serde::Serialize;

/// How long an invitation lets in.
pub const SIGN_UP_INVITATION_LIFE: TimeDelta = TimeDelta::days(14);

/// Sends a link to an address; whoever has it may make an account even where only invited people may.
#[derive(Clone, Serialize)]
pub struct InviteToSignUp {
    /// Minted by the caller; names the link.
    #[serde(skip)]
    pub challenge: ChallengeId,
    /// Where it goes.
    pub email: Email,
}

impl std::fmt::Debug for InviteToSignUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InviteToSignUp").field("challenge", &self.challenge).finish_non_exhaustive()
    }
}

impl Command for InviteToSignUp {
    const NAME: &'static str = "invite_to_sign_up";
    type Answer = ChallengeId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::SignUp(self.challenge)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        let expires_at = moment.now + SIGN_UP_INVITATION_LIFE;
        let invited = SignUpInvited { challenge: self.challenge, expires_at };
        Ok(vec![(Stream::SignUp(self.challenge), invited.into())])
    }

    fn answer(&self, _after: &Known) -> ChallengeId {
        self.challenge
    }

    fn personal(&self) -> Vec<Personal> {
        vec![Personal::Account(AccountChange::Invited {
            challenge: self.challenge,
            email: self.email.clone(),
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;
    use uuid::Uuid;

    #[test]
    fn staff_invite_and_others_do_not() {
        let challenge = ChallengeId(Uuid::from_u128(1));
        let invite = InviteToSignUp { challenge, email: "new@example.org".parse().unwrap() };
        let people = [registered(SUE), staff(SUE), registered(BOB)];
        let expires_at = noon() + SIGN_UP_INVITATION_LIFE;
        let invited = (Stream::SignUp(challenge), SignUpInvited { challenge, expires_at }.into());
        given(people.clone()).when(&invite, by(SUE)).then([invited]);
        given(people.clone()).when(&invite, by(BOB)).refused(&Refusal::NotStaff);
        given(people).when(&invite, Actor::Anonymous).refused(&Refusal::Unauthenticated);
        assert!(!format!("{invite:?}").contains("example.org"));
    }
}

//! Prove an address, and change it.

use super::register::{CONFIRMATION_LIFE, commitment};
use super::{MAILED_LINKS_MAX, own_or};
use crate::{AccountChange, Command, Fact, Personal};
use cairn_domain::account::Purpose;
use cairn_domain::event::{EmailChanged, EmailConfirmationAsked, EmailConfirmed, Stream};
use cairn_domain::ids::{AccountId, ChallengeId};
use cairn_domain::known::Acting;
use cairn_domain::names::{AccountName, Email, Sha256};
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Sends a link that proves the account's address, once more. At most [`MAILED_LINKS_MAX`] are on their way at a time.
#[derive(Debug, Clone, Serialize)]
pub struct AskEmailConfirmation {
    /// The account: one's own, or as staff anybody's.
    pub account: AccountId,
    /// Minted by the caller; names the link.
    #[serde(skip)]
    pub challenge: ChallengeId,
}

/// The account's holder reads mail at its address: they have the link. Staff may say so without one.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmEmail {
    /// The account.
    pub account: AccountId,
    /// The link's challenge, whose text the door has checked; none if staff say so.
    pub challenge: Option<ChallengeId>,
}

/// Gives an account another address, and sends a link there to prove it. The door has asked for the password.
#[derive(Clone, Serialize)]
pub struct ChangeEmail {
    /// The account: one's own, or as staff anybody's.
    pub account: AccountId,
    /// Its name, which the commitment is over too.
    #[serde(skip)]
    pub name: AccountName,
    /// The new address.
    pub email: Email,
    /// The salt of the account's commitments.
    #[serde(skip)]
    pub salt: Vec<u8>,
    /// Minted by the caller; names the link.
    #[serde(skip)]
    pub challenge: ChallengeId,
}

impl std::fmt::Debug for ChangeEmail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangeEmail").field("account", &self.account).finish_non_exhaustive()
    }
}

impl ChangeEmail {
    /// What the log keeps of name and address.
    pub fn commitment(&self) -> Sha256 {
        commitment(&self.salt, &self.name, &self.email)
    }
}

impl Command for AskEmailConfirmation {
    const NAME: &'static str = "ask_email_confirmation";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        own_or(self.account, known, moment, Acting::must_be_staff)?;
        let account = known.account(self.account)?;
        let (account_id, challenge) = (self.account, self.challenge);
        if account.erased {
            return Err(Refusal::AccountErased);
        }
        let on_their_way = account
            .challenges
            .values()
            .filter(|link| link.purpose == Purpose::ConfirmEmail && moment.now < link.expires_at);
        if account.email_confirmed || on_their_way.count() >= MAILED_LINKS_MAX {
            return Ok(vec![]);
        }
        let expires_at = moment.now + CONFIRMATION_LIFE;
        let asked = EmailConfirmationAsked { account: account_id, challenge, expires_at };
        Ok(vec![(Stream::Account(account_id), asked.into())])
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }
}

impl Command for ConfirmEmail {
    const NAME: &'static str = "confirm_email";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        if self.challenge.is_none() {
            known.acting_staff(moment)?;
        }
        let account = known.account(self.account)?;
        if account.erased {
            return Err(Refusal::AccountErased);
        }
        if account.email_confirmed {
            return Ok(vec![]);
        }
        let lives = |challenge| account.challenge_lives(challenge, Purpose::ConfirmEmail, moment.now);
        if self.challenge.is_some_and(|challenge| !lives(challenge)) {
            return Err(Refusal::LinkInvalid);
        }
        Ok(vec![(Stream::Account(self.account), EmailConfirmed { account: self.account }.into())])
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }
}

impl Command for ChangeEmail {
    const NAME: &'static str = "change_email";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        own_or(self.account, known, moment, Acting::must_be_staff)?;
        if known.account(self.account)?.erased {
            return Err(Refusal::AccountErased);
        }
        let (account, challenge, stream) = (self.account, self.challenge, Stream::Account(self.account));
        let expires_at = moment.now + CONFIRMATION_LIFE;
        Ok(vec![
            (stream.clone(), EmailChanged { account, commitment: self.commitment() }.into()),
            (stream, EmailConfirmationAsked { account, challenge, expires_at }.into()),
        ])
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }

    fn personal(&self) -> Vec<Personal> {
        vec![Personal::Account(AccountChange::Email { account: self.account, email: self.email.clone() })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;
    use chrono::TimeDelta;
    use uuid::Uuid;

    fn link(number: u128) -> ChallengeId {
        ChallengeId(Uuid::from_u128(number))
    }

    fn ask() -> AskEmailConfirmation {
        AskEmailConfirmation { account: ANN, challenge: link(9) }
    }

    fn asked(challenge: ChallengeId, expires_at: chrono::DateTime<chrono::Utc>) -> Fact {
        account_event(ANN, EmailConfirmationAsked { account: ANN, challenge, expires_at })
    }

    fn living(number: u128) -> Facts {
        asked(link(number), noon() + TimeDelta::hours(1)).into()
    }

    fn confirmed() -> Fact {
        account_event(ANN, EmailConfirmed { account: ANN })
    }

    fn change() -> ChangeEmail {
        ChangeEmail {
            account: ANN,
            name: "ann".parse().unwrap(),
            email: "ann@example.com".parse().unwrap(),
            salt: vec![7; 32],
            challenge: link(9),
        }
    }

    #[test]
    fn a_link_is_asked_for_by_the_account_and_by_staff() {
        let people = [registered(ANN), registered(BOB), registered(SUE), staff(SUE)];
        let fresh = asked(link(9), noon() + CONFIRMATION_LIFE);
        given(people.clone()).when(&ask(), by(ANN)).then([fresh.clone()]);
        given(people.clone()).when(&ask(), by(SUE)).then([fresh]);
        given(people).when(&ask(), by(BOB)).refused(&Refusal::NotStaff);
    }

    #[test]
    fn few_links_are_on_their_way_at_a_time() {
        let fresh = asked(link(9), noon() + CONFIRMATION_LIFE);
        let two = [registered(ANN), living(1), living(2)];
        given(two.clone()).when(&ask(), by(ANN)).then([fresh.clone()]);
        given(two.clone().into_iter().chain([living(3)])).when(&ask(), by(ANN)).then([]);
        let over = asked(link(3), noon()).into();
        given(two.into_iter().chain([over])).when(&ask(), by(ANN)).then([fresh]);
    }

    #[test]
    fn who_has_the_link_proves_the_address() {
        let by_link = ConfirmEmail { account: ANN, challenge: Some(link(1)) };
        given([registered(ANN), living(1)]).when(&by_link, Actor::Anonymous).then([confirmed()]);
        given([registered(ANN), living(1), confirmed().into()]).when(&by_link, Actor::Anonymous).then([]);
        given([registered(ANN), living(2)]).when(&by_link, Actor::Anonymous).refused(&Refusal::LinkInvalid);
        given([registered(ANN), asked(link(1), noon()).into()])
            .when(&by_link, Actor::Anonymous)
            .refused(&Refusal::LinkInvalid);
    }

    #[test]
    fn only_staff_need_no_link() {
        let word = ConfirmEmail { account: ANN, challenge: None };
        given([registered(ANN)]).when(&word, Actor::Operator).then([confirmed()]);
        given([registered(ANN)]).when(&word, by(ANN)).refused(&Refusal::NotStaff);
        given([registered(ANN)]).when(&word, Actor::Anonymous).refused(&Refusal::Unauthenticated);
    }

    #[test]
    fn another_address_is_to_be_proved_again() {
        let changed = account_event(ANN, EmailChanged { account: ANN, commitment: change().commitment() });
        let fresh = asked(link(9), noon() + CONFIRMATION_LIFE);
        given([registered(ANN), confirmed().into()]).when(&change(), by(ANN)).then([changed.clone(), fresh]);
        let by_old_link = ConfirmEmail { account: ANN, challenge: Some(link(1)) };
        given([registered(ANN), living(1), changed.into()])
            .when(&by_old_link, Actor::Anonymous)
            .refused(&Refusal::LinkInvalid);
        given([registered(ANN), registered(BOB)]).when(&change(), by(BOB)).refused(&Refusal::NotStaff);
        assert!(!format!("{:?}", change()).contains("example.com"));
    }
}

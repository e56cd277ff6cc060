//! Change a password, and set a new one by a mailed link.

use super::{MAILED_LINKS_MAX, own_or};
use crate::{AccountChange, Command, Fact, Personal, SessionChange};
use cairn_domain::account::Purpose;
use cairn_domain::event::{EmailConfirmed, PasswordChanged, PasswordResetAsked, Stream};
use cairn_domain::ids::{AccountId, ChallengeId};
use cairn_domain::{Actor, Known, Moment, Refusal};
use chrono::TimeDelta;
use serde::Serialize;

/// How long a link lets set a new password.
pub const RESET_LIFE: TimeDelta = TimeDelta::hours(2);

/// Sends a link by which a new password may be set. Anybody may ask; the link goes to the account's address only, and at most
/// [`MAILED_LINKS_MAX`] are on their way at a time.
#[derive(Debug, Clone, Serialize)]
pub struct AskPasswordReset {
    /// The account.
    pub account: AccountId,
    /// Minted by the caller; names the link.
    #[serde(skip)]
    pub challenge: ChallengeId,
}

/// Sets a new password by a mailed link, which proves the address too. All sessions and access tokens of the account end; its
/// second factor stays.
#[derive(Clone, Serialize)]
pub struct ResetPassword {
    /// The account.
    pub account: AccountId,
    /// The link's challenge, whose text the door has checked.
    pub challenge: ChallengeId,
    /// Argon2id hash of the new password, in PHC form.
    #[serde(skip)]
    pub password_hash: String,
}

/// Sets another password: one's own, whose old one the door has asked for; the operator sets anybody's. All sessions and access
/// tokens of the account end.
#[derive(Clone, Serialize)]
pub struct ChangePassword {
    /// The account.
    pub account: AccountId,
    /// Argon2id hash of the new password, in PHC form.
    #[serde(skip)]
    pub password_hash: String,
}

impl std::fmt::Debug for ResetPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResetPassword").field("account", &self.account).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ChangePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangePassword").field("account", &self.account).finish_non_exhaustive()
    }
}

fn password_changes(account: AccountId, hash: &str) -> Vec<Personal> {
    vec![
        Personal::Account(AccountChange::Password { account, hash: hash.to_owned() }),
        Personal::Session(SessionChange::AllEnded { account }),
    ]
}

impl Command for AskPasswordReset {
    const NAME: &'static str = "ask_password_reset";
    type Answer = ();

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let account = known.account(self.account)?;
        let on_their_way = account
            .challenges
            .values()
            .filter(|link| link.purpose == Purpose::ResetPassword && moment.now < link.expires_at);
        let enough = on_their_way.count() >= MAILED_LINKS_MAX;
        if enough || account.erased || account.is_blocked(moment.now) {
            return Ok(vec![]);
        }
        let expires_at = moment.now + RESET_LIFE;
        let asked = PasswordResetAsked { account: self.account, challenge: self.challenge, expires_at };
        Ok(vec![(Stream::Account(self.account), asked.into())])
    }

    fn answer(&self, _after: &Known) {}
}

impl Command for ResetPassword {
    const NAME: &'static str = "reset_password";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let account = known.account(self.account)?;
        if !account.challenge_lives(self.challenge, Purpose::ResetPassword, moment.now) {
            return Err(Refusal::LinkInvalid);
        }
        if account.is_blocked(moment.now) {
            return Err(Refusal::AccountBlocked);
        }
        let stream = Stream::Account(self.account);
        let mut facts = vec![(stream.clone(), PasswordChanged { account: self.account }.into())];
        if !account.email_confirmed {
            facts.push((stream, EmailConfirmed { account: self.account }.into()));
        }
        Ok(facts)
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }

    fn personal(&self) -> Vec<Personal> {
        password_changes(self.account, &self.password_hash)
    }
}

impl Command for ChangePassword {
    const NAME: &'static str = "change_password";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        own_or(self.account, known, moment, |_| match moment.actor {
            Actor::Operator => Ok(()),
            _ => Err(Refusal::NotAdmin),
        })?;
        if known.account(self.account)?.erased {
            return Err(Refusal::AccountErased);
        }
        Ok(vec![(Stream::Account(self.account), PasswordChanged { account: self.account }.into())])
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }

    fn personal(&self) -> Vec<Personal> {
        password_changes(self.account, &self.password_hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use uuid::Uuid;

    fn link(number: u128) -> ChallengeId {
        ChallengeId(Uuid::from_u128(number))
    }

    fn asked(number: u128, life: TimeDelta) -> Fact {
        let expires_at = noon() + life;
        account_event(ANN, PasswordResetAsked { account: ANN, challenge: link(number), expires_at })
    }

    fn changed() -> Fact {
        account_event(ANN, PasswordChanged { account: ANN })
    }

    fn confirmed() -> Fact {
        account_event(ANN, EmailConfirmed { account: ANN })
    }

    fn reset() -> ResetPassword {
        ResetPassword { account: ANN, challenge: link(1), password_hash: "$argon2id$new".into() }
    }

    #[test]
    fn anybody_asks_for_a_link_but_few_are_on_their_way_at_a_time() {
        let ask = AskPasswordReset { account: ANN, challenge: link(9) };
        let hour = TimeDelta::hours(1);
        let two = [registered(ANN), asked(1, hour).into(), asked(2, hour).into()];
        given(two.clone()).when(&ask, Actor::Anonymous).then([asked(9, RESET_LIFE)]);
        given(two.into_iter().chain([asked(3, hour).into()])).when(&ask, Actor::Anonymous).then([]);
        given([registered(ANN), blocked(ANN)]).when(&ask, Actor::Anonymous).then([]);
    }

    #[test]
    fn the_link_sets_a_password_once_and_proves_the_address() {
        let history = [registered(ANN), asked(1, TimeDelta::hours(1)).into()];
        given(history.clone()).when(&reset(), Actor::Anonymous).then([changed(), confirmed()]);
        given(history.clone().into_iter().chain([confirmed().into()]))
            .when(&reset(), Actor::Anonymous)
            .then([changed()]);
        given(history.into_iter().chain([changed().into()]))
            .when(&reset(), Actor::Anonymous)
            .refused(&Refusal::LinkInvalid);
    }

    #[test]
    fn a_link_that_is_over_or_anothers_sets_nothing() {
        for other in [asked(1, TimeDelta::zero()), asked(2, TimeDelta::hours(1))] {
            given([registered(ANN), other.into()])
                .when(&reset(), Actor::Anonymous)
                .refused(&Refusal::LinkInvalid);
        }
        given([registered(ANN), asked(1, TimeDelta::hours(1)).into(), blocked(ANN)])
            .when(&reset(), Actor::Anonymous)
            .refused(&Refusal::AccountBlocked);
    }

    #[test]
    fn a_password_is_changed_by_its_owner_and_the_operator() {
        let change = ChangePassword { account: ANN, password_hash: "$argon2id$new".into() };
        let people = [registered(ANN), registered(SUE), staff(SUE)];
        given(people.clone()).when(&change, by(ANN)).then([changed()]);
        given(people.clone()).when(&change, Actor::Operator).then([changed()]);
        given(people.clone()).when(&change, by(SUE)).refused(&Refusal::NotAdmin);
        given(people).when(&change, Actor::Anonymous).refused(&Refusal::Unauthenticated);
        assert!(!format!("{change:?}{:?}", reset()).contains("argon2id"));
    }
}

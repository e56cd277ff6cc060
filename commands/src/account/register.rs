//! Register an account.

use crate::{AccountChange, Command, Fact, Personal};
use cairn_domain::account::Origin;
use cairn_domain::event::{
    AccountRegistered, EmailConfirmationAsked, EmailConfirmed, SignUpInvitationUsed, Stream,
};
use cairn_domain::ids::{AccountId, ChallengeId};
use cairn_domain::names::{AccountName, Email, Sha256};
use cairn_domain::site::Registration;
use cairn_domain::{Actor, Known, Moment, Refusal};
use chrono::TimeDelta;
use serde::Serialize;

/// How long a link proves an address.
pub const CONFIRMATION_LIFE: TimeDelta = TimeDelta::days(3);

/// Makes an account. The executor refuses a name that another account has, whatever its case.
///
/// Staff, the operator and the repository itself make accounts at any time; everybody for themselves as the policy says.
#[derive(Clone, Serialize)]
pub struct RegisterAccount {
    /// Minted by the caller.
    #[serde(skip)]
    pub account: AccountId,
    /// The name to sign in with.
    pub name: AccountName,
    /// Where mail goes.
    pub email: Email,
    /// Argon2id hash in PHC form.
    #[serde(skip)]
    pub password_hash: Option<String>,
    /// 32 random bytes for the commitment.
    #[serde(skip)]
    pub salt: [u8; 32],
    /// How it comes here.
    pub origin: Origin,
    /// How its address is proved, and what lets it in.
    pub sign_up: SignUp,
}

/// What goes with a registration.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SignUp {
    /// The invitation it comes by; the door has checked its link.
    pub invitation: Option<ChallengeId>,
    /// How the address is proved.
    pub address: Address,
}

/// Whether a new account's holder reads mail at its address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// Nobody asks.
    #[default]
    Unasked,
    /// A link goes there.
    Asked {
        /// Minted by the caller; names the link.
        #[serde(skip)]
        challenge: ChallengeId,
    },
    /// The door knows: the invitation went there, or the directory or provider vouches for it.
    Proven,
}

impl std::fmt::Debug for RegisterAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RegisterAccount").field("account", &self.account).finish_non_exhaustive()
    }
}

impl RegisterAccount {
    /// SHA-256 over salt, name and address, each part of known or length-prefixed size.
    pub fn commitment(&self) -> Sha256 {
        commitment(&self.salt, &self.name, &self.email)
    }

    /// Whoever is not staff registers themselves only, as the policy says. Answers the invitation that is used up by it.
    fn admitted(&self, known: &Known, moment: &Moment) -> Result<Option<ChallengeId>, Refusal> {
        if moment.actor != Actor::Anonymous {
            known.acting_staff(moment)?;
            return Ok(None);
        }
        let lives = |id: &ChallengeId| {
            known.sign_up_invitation(*id).is_some_and(|invitation| invitation.lives(moment.now))
        };
        let invitation = self.sign_up.invitation;
        match (known.site().policy.registration, invitation) {
            (Registration::Closed, _) => Err(Refusal::SignUpClosed),
            (Registration::Open, _) => Ok(invitation.filter(lives)),
            (Registration::Invite, None) => Err(Refusal::SignUpInvitationRequired),
            (Registration::Invite, Some(id)) if lives(&id) => Ok(Some(id)),
            (Registration::Invite, Some(_)) => Err(Refusal::LinkInvalid),
        }
    }

    /// The rule where somebody elsewhere, whose proof the door has seen, vouches for who registers.
    pub(crate) fn vouched_for(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let used = self.admitted(known, moment)?;
        let (account, stream) = (self.account, Stream::Account(self.account));
        let registered = AccountRegistered { account, commitment: self.commitment(), origin: self.origin };
        let mut facts = vec![(stream.clone(), registered.into())];
        match self.sign_up.address {
            Address::Unasked => {}
            Address::Asked { challenge } => {
                let expires_at = moment.now + CONFIRMATION_LIFE;
                facts.push((stream, EmailConfirmationAsked { account, challenge, expires_at }.into()));
            }
            Address::Proven => facts.push((stream, EmailConfirmed { account }.into())),
        }
        if let Some(challenge) = used {
            facts.push((Stream::SignUp(challenge), SignUpInvitationUsed { challenge, account }.into()));
        }
        Ok(facts)
    }
}

/// The commitment to a person's name and address that the log keeps.
pub(super) fn commitment(salt: &[u8], name: &AccountName, email: &Email) -> Sha256 {
    let mut bytes = salt.to_vec();
    for part in [name.as_str(), email.as_str()] {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    Sha256::of(&bytes)
}

impl Command for RegisterAccount {
    const NAME: &'static str = "register_account";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        let invitation = self.sign_up.invitation.map(Stream::SignUp);
        invitation.into_iter().chain([Stream::Account(self.account)]).collect()
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        if moment.actor == Actor::Anonymous && self.origin != Origin::Local {
            return Err(Refusal::Unauthenticated);
        }
        self.vouched_for(known, moment)
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }

    fn personal(&self) -> Vec<Personal> {
        let person = Personal::Person {
            account: self.account,
            name: self.name.clone(),
            email: self.email.clone(),
            password_hash: self.password_hash.clone(),
            salt: self.salt,
        };
        let used = self.sign_up.invitation;
        let used = used.map(|challenge| Personal::Account(AccountChange::InvitationUsed { challenge }));
        [person].into_iter().chain(used).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::event::{PolicySet, SignUpInvited};
    use cairn_domain::site::Policy;
    use uuid::Uuid;

    const INVITATION: ChallengeId = ChallengeId(Uuid::from_u128(0x1));
    const LINK: ChallengeId = ChallengeId(Uuid::from_u128(0x2));

    fn ann_registers() -> RegisterAccount {
        RegisterAccount {
            account: ANN,
            name: "ann".parse().unwrap(),
            email: "ann@example.org".parse().unwrap(),
            password_hash: None,
            salt: [7; 32],
            origin: Origin::Local,
            sign_up: SignUp::default(),
        }
    }

    fn invited() -> RegisterAccount {
        let sign_up = SignUp { invitation: Some(INVITATION), address: Address::Proven };
        RegisterAccount { sign_up, ..ann_registers() }
    }

    fn is_registered() -> Fact {
        let commitment = ann_registers().commitment();
        account_event(ANN, AccountRegistered { account: ANN, commitment, origin: Origin::Local })
    }

    fn policy(registration: Registration) -> Facts {
        let policy = Policy { registration, ..Policy::default() };
        Fact::from((Stream::Site, PolicySet { policy }.into())).into()
    }

    fn invitation(hours: i64) -> Facts {
        let expires_at = noon() + TimeDelta::hours(hours);
        let invited = SignUpInvited { challenge: INVITATION, expires_at };
        Fact::from((Stream::SignUp(INVITATION), invited.into())).into()
    }

    fn used() -> Fact {
        let used = SignUpInvitationUsed { challenge: INVITATION, account: ANN };
        (Stream::SignUp(INVITATION), used.into())
    }

    #[test]
    fn the_operator_the_site_and_staff_register_accounts_whatever_the_policy() {
        for registration in [Registration::Open, Registration::Invite, Registration::Closed] {
            let people = [registered(SUE), staff(SUE), policy(registration)];
            for actor in [Actor::Operator, Actor::Site, by(SUE)] {
                given(people.clone()).when(&ann_registers(), actor).then([is_registered()]);
            }
        }
    }

    #[test]
    fn accounts_do_not_register_others() {
        given([registered(BOB)]).when(&ann_registers(), by(BOB)).refused(&Refusal::NotStaff);
    }

    #[test]
    fn everybody_signs_up_where_it_is_open_and_nobody_where_it_is_closed() {
        given([]).when(&ann_registers(), Actor::Anonymous).then([is_registered()]);
        given([policy(Registration::Closed), invitation(1)])
            .when(&invited(), Actor::Anonymous)
            .refused(&Refusal::SignUpClosed);
    }

    #[test]
    fn an_invitation_lets_in_once_until_it_ends() {
        let confirmed = account_event(ANN, EmailConfirmed { account: ANN });
        let only_invited = policy(Registration::Invite);
        given([only_invited.clone(), invitation(1)]).when(&invited(), Actor::Anonymous).then([
            is_registered(),
            confirmed,
            used(),
        ]);
        given([only_invited.clone()])
            .when(&ann_registers(), Actor::Anonymous)
            .refused(&Refusal::SignUpInvitationRequired);
        for history in [vec![], vec![invitation(0)], vec![invitation(1), used().into()]] {
            given([only_invited.clone()].into_iter().chain(history))
                .when(&invited(), Actor::Anonymous)
                .refused(&Refusal::LinkInvalid);
        }
    }

    #[test]
    fn an_address_is_asked_for_proof() {
        let sign_up = SignUp { invitation: None, address: Address::Asked { challenge: LINK } };
        let expires_at = noon() + CONFIRMATION_LIFE;
        let asked = EmailConfirmationAsked { account: ANN, challenge: LINK, expires_at };
        given([])
            .when(&RegisterAccount { sign_up, ..ann_registers() }, Actor::Anonymous)
            .then([is_registered(), account_event(ANN, asked)]);
    }

    #[test]
    fn nobody_says_of_themselves_that_the_directory_knows_them() {
        for origin in [Origin::Directory, Origin::Provider, Origin::Imported] {
            given([])
                .when(&RegisterAccount { origin, ..ann_registers() }, Actor::Anonymous)
                .refused(&Refusal::Unauthenticated);
        }
    }

    #[test]
    fn name_and_address_are_committed_to_but_not_told() {
        let moved = RegisterAccount { email: "ann@example.com".parse().unwrap(), ..ann_registers() };
        let salted = RegisterAccount { salt: [8; 32], ..ann_registers() };
        assert_ne!(ann_registers().commitment(), moved.commitment());
        assert_ne!(ann_registers().commitment(), salted.commitment());
        assert!(!format!("{moved:?}").contains("ann"));
    }
}

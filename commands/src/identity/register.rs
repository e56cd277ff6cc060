//! Register an account for an identity.

use super::Identity;
use crate::account::RegisterAccount;
use crate::{Command, Fact, IdentityChange, Personal};
use cairn_domain::event::{IdentityLinked, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Makes an account for somebody whom the directory or a provider vouches for, and links the identity to it in the same
/// step. Given by nobody it is held to the policy as any sign-up; given by the repository itself, because its settings say so,
/// it is not. Whoever gives it has seen the proof.
#[derive(Clone, Serialize)]
pub struct RegisterByIdentity {
    /// The account, without a password.
    pub register: RegisterAccount,
    /// Who it is elsewhere.
    pub identity: Identity,
    /// 32 random bytes for the commitment.
    #[serde(skip)]
    pub salt: [u8; 32],
}

impl std::fmt::Debug for RegisterByIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RegisterByIdentity").field("register", &self.register).finish_non_exhaustive()
    }
}

impl Command for RegisterByIdentity {
    const NAME: &'static str = "register_by_identity";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        self.register.reads()
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let mut facts = self.register.vouched_for(known, moment)?;
        let account = self.register.account;
        let linked = IdentityLinked { account, identity: self.identity.commitment(&self.salt) };
        facts.push((Stream::Account(account), linked.into()));
        Ok(facts)
    }

    fn answer(&self, after: &Known) -> AccountId {
        self.register.answer(after)
    }

    fn personal(&self) -> Vec<Personal> {
        let linked = Personal::Identity(IdentityChange::Linked {
            account: self.register.account,
            identity: self.identity.clone(),
            salt: self.salt,
        });
        // Whether the identity has an account is asked before whether its name is free.
        [linked].into_iter().chain(self.register.personal()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Address, SignUp};
    use crate::testing::*;
    use cairn_domain::Actor;
    use cairn_domain::account::Origin;
    use cairn_domain::event::{AccountRegistered, EmailConfirmed, PolicySet};
    use cairn_domain::site::{Policy, Registration};

    fn ann_comes(address: Address) -> RegisterByIdentity {
        let register = RegisterAccount {
            account: ANN,
            name: "ann".parse().unwrap(),
            email: "ann@example.org".parse().unwrap(),
            password_hash: None,
            salt: [7; 32],
            origin: Origin::Provider,
            sign_up: SignUp { invitation: None, address },
        };
        let identity = Identity::new("https://idp.example.org", "ann", "ann").unwrap();
        RegisterByIdentity { register, identity, salt: [8; 32] }
    }

    fn policy(registration: Registration) -> Facts {
        let policy = Policy { registration, ..Policy::default() };
        Fact::from((Stream::Site, PolicySet { policy }.into())).into()
    }

    fn is_there() -> Vec<Fact> {
        let command = ann_comes(Address::Proven);
        let commitment = command.register.commitment();
        let identity = command.identity.commitment(&command.salt);
        vec![
            account_event(ANN, AccountRegistered { account: ANN, commitment, origin: Origin::Provider }),
            account_event(ANN, EmailConfirmed { account: ANN }),
            account_event(ANN, IdentityLinked { account: ANN, identity }),
        ]
    }

    #[test]
    fn whom_the_settings_let_in_is_let_in_whatever_the_policy() {
        for registration in [Registration::Open, Registration::Invite, Registration::Closed] {
            given([policy(registration)]).when(&ann_comes(Address::Proven), Actor::Site).then(is_there());
        }
    }

    #[test]
    fn others_are_held_to_the_policy() {
        let comes = ann_comes(Address::Proven);
        given([]).when(&comes, Actor::Anonymous).then(is_there());
        for (registration, refusal) in [
            (Registration::Invite, Refusal::SignUpInvitationRequired),
            (Registration::Closed, Refusal::SignUpClosed),
        ] {
            given([policy(registration)]).when(&comes, Actor::Anonymous).refused(&refusal);
        }
        given([registered(BOB)]).when(&comes, by(BOB)).refused(&Refusal::NotStaff);
    }

    #[test]
    fn who_it_is_stays_out_of_logs() {
        let shown = format!("{:?}", ann_comes(Address::Unasked));
        assert!(!shown.contains("ann@") && !shown.contains("idp"), "{shown}");
    }
}

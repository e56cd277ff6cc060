//! Register an account.

use crate::{Command, Fact, Personal};
use cairn_domain::account::Origin;
use cairn_domain::event::{AccountRegistered, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::{AccountName, Email, Sha256};
use cairn_domain::{Actor, Known, Moment, Refusal};
use serde::Serialize;

/// Makes an account. The executor refuses a name that another account has, whatever its case.
#[derive(Debug, Clone, Serialize)]
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
}

impl RegisterAccount {
    /// SHA-256 over salt, name and address, each part of known or length-prefixed size.
    pub fn commitment(&self) -> Sha256 {
        let mut bytes = self.salt.to_vec();
        for part in [self.name.as_str(), self.email.as_str()] {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part.as_bytes());
        }
        Sha256::of(&bytes)
    }
}

impl Command for RegisterAccount {
    const NAME: &'static str = "register_account";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        if moment.actor != Actor::Operator {
            known.acting_staff(moment)?;
        }
        let event =
            AccountRegistered { account: self.account, commitment: self.commitment(), origin: self.origin };
        Ok(vec![(Stream::Account(self.account), event.into())])
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }

    fn personal(&self) -> Vec<Personal> {
        vec![Personal::Person {
            account: self.account,
            name: self.name.clone(),
            email: self.email.clone(),
            password_hash: self.password_hash.clone(),
            salt: self.salt,
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    fn ann_registers() -> RegisterAccount {
        RegisterAccount {
            account: ANN,
            name: "ann".parse().unwrap(),
            email: "ann@example.org".parse().unwrap(),
            password_hash: None,
            salt: [7; 32],
            origin: Origin::Local,
        }
    }

    #[test]
    fn the_operator_and_staff_register_accounts() {
        let event = AccountRegistered {
            account: ANN,
            commitment: ann_registers().commitment(),
            origin: Origin::Local,
        };
        given([]).when(&ann_registers(), Actor::Operator).then([account_event(ANN, event.clone())]);
        given([registered(SUE), staff(SUE)])
            .when(&ann_registers(), by(SUE))
            .then([account_event(ANN, event)]);
    }

    #[test]
    fn nobody_else_does() {
        given([]).when(&ann_registers(), Actor::Anonymous).refused(&Refusal::Unauthenticated);
        given([registered(BOB)]).when(&ann_registers(), by(BOB)).refused(&Refusal::NotStaff);
    }

    #[test]
    fn name_and_address_are_committed_to_but_not_told() {
        let moved = RegisterAccount { email: "ann@example.com".parse().unwrap(), ..ann_registers() };
        let salted = RegisterAccount { salt: [8; 32], ..ann_registers() };
        assert_ne!(ann_registers().commitment(), moved.commitment());
        assert_ne!(ann_registers().commitment(), salted.commitment());
    }
}

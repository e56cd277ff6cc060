//! Unlink an identity from an account.

use crate::{Command, Fact, IdentityChange, Personal};
use cairn_domain::event::{IdentityUnlinked, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::Sha256;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// From now on this identity signs in to the account no longer. The executor refuses when nobody could sign in to it any
/// more, for it has neither a password nor another identity.
#[derive(Debug, Clone, Serialize)]
pub struct UnlinkIdentity {
    /// The account: one's own, or for an admin anybody's.
    pub account: AccountId,
    /// The commitment that the log knows it by.
    pub identity: Sha256,
}

impl Command for UnlinkIdentity {
    const NAME: &'static str = "unlink_identity";
    type Answer = Sha256;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        if known.acting_in_person(moment)?.account != Some(self.account) {
            known.acting_admin(moment)?;
        }
        if !known.account(self.account)?.identities.contains(&self.identity) {
            return Ok(vec![]);
        }
        let unlinked = IdentityUnlinked { account: self.account, identity: self.identity };
        Ok(vec![(Stream::Account(self.account), unlinked.into())])
    }

    fn answer(&self, _after: &Known) -> Sha256 {
        self.identity
    }

    fn personal(&self) -> Vec<Personal> {
        vec![Personal::Identity(IdentityChange::Unlinked { account: self.account, identity: self.identity })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;
    use cairn_domain::event::IdentityLinked;

    fn unlinks() -> UnlinkIdentity {
        UnlinkIdentity { account: ANN, identity: Sha256::of(b"ann") }
    }

    fn linked() -> Facts {
        account_event(ANN, IdentityLinked { account: ANN, identity: Sha256::of(b"ann") }).into()
    }

    fn unlinked() -> Fact {
        account_event(ANN, IdentityUnlinked { account: ANN, identity: Sha256::of(b"ann") })
    }

    #[test]
    fn people_unlink_their_own_and_admins_anybodys() {
        let people = [registered(ANN), linked(), registered(SUE), staff(SUE)];
        for actor in [by(ANN), Actor::Operator] {
            given(people.clone()).when(&unlinks(), actor).then([unlinked()]);
        }
        given(people.clone()).when(&unlinks(), by(SUE)).refused(&Refusal::NotAdmin);
        given(people).when(&unlinks(), Actor::Anonymous).refused(&Refusal::Unauthenticated);
    }

    #[test]
    fn already_so_is_not_an_error() {
        given([registered(ANN)]).when(&unlinks(), by(ANN)).then([]);
        given([registered(ANN), linked(), unlinked().into()]).when(&unlinks(), by(ANN)).then([]);
    }
}

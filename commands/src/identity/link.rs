//! Link an identity to an account.

use super::Identity;
use crate::{Command, Fact, IdentityChange, Personal};
use cairn_domain::event::{IdentityLinked, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::Sha256;
use cairn_domain::{Actor, Known, Moment, Refusal};
use serde::Serialize;

/// The most identities that one account has.
pub const IDENTITIES_MAX: usize = 20;

/// From now on this identity signs in to the account. Whoever gives the command for their own account has just proved the
/// identity to the door; the operator may link any. The executor refuses an identity that is linked already.
#[derive(Clone, Serialize)]
pub struct LinkIdentity {
    /// The account: one's own.
    pub account: AccountId,
    /// Who it is elsewhere.
    pub identity: Identity,
    /// 32 random bytes for the commitment.
    #[serde(skip)]
    pub salt: [u8; 32],
}

impl std::fmt::Debug for LinkIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LinkIdentity").field("account", &self.account).finish_non_exhaustive()
    }
}

impl LinkIdentity {
    fn commitment(&self) -> Sha256 {
        self.identity.commitment(&self.salt)
    }
}

impl Command for LinkIdentity {
    const NAME: &'static str = "link_identity";
    type Answer = Sha256;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        if acting.account != Some(self.account) && moment.actor != Actor::Operator {
            return Err(Refusal::Unauthenticated);
        }
        let account = known.account(self.account)?;
        if account.erased {
            return Err(Refusal::AccountErased);
        }
        if account.identities.len() >= IDENTITIES_MAX {
            let message = format!("an account has at most {IDENTITIES_MAX} identities; unlink one first");
            return Err(Refusal::invalid("identity", message));
        }
        let linked = IdentityLinked { account: self.account, identity: self.commitment() };
        Ok(vec![(Stream::Account(self.account), linked.into())])
    }

    fn answer(&self, _after: &Known) -> Sha256 {
        self.commitment()
    }

    fn personal(&self) -> Vec<Personal> {
        vec![Personal::Identity(IdentityChange::Linked {
            account: self.account,
            identity: self.identity.clone(),
            salt: self.salt,
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::event::AccountErased;

    fn links(subject: &str) -> LinkIdentity {
        let identity = Identity::new("ldap:osgeo", subject, subject).unwrap();
        LinkIdentity { account: ANN, identity, salt: [1; 32] }
    }

    fn linked(subject: &str) -> Fact {
        let identity = links(subject).commitment();
        account_event(ANN, IdentityLinked { account: ANN, identity })
    }

    #[test]
    fn people_link_to_their_own_account_and_the_operator_to_any() {
        let people = [registered(ANN), registered(SUE), staff(SUE)];
        given(people.clone()).when(&links("ann"), by(ANN)).then([linked("ann")]);
        given(people.clone()).when(&links("ann"), Actor::Operator).then([linked("ann")]);
        for other in [by(SUE), Actor::Site, Actor::Anonymous] {
            given(people.clone()).when(&links("ann"), other).refused(&Refusal::Unauthenticated);
        }
        given([lasso_of_ann(), token_of(ANN)])
            .when(&links("ann"), by_token_of(ANN))
            .refused(&Refusal::TokenScope);
    }

    #[test]
    fn who_may_do_nothing_links_nothing() {
        given([registered(ANN), blocked(ANN)]).when(&links("ann"), by(ANN)).refused(&Refusal::AccountBlocked);
        let erased = account_event(ANN, AccountErased { account: ANN }).into();
        given([registered(ANN), erased])
            .when(&links("ann"), Actor::Operator)
            .refused(&Refusal::AccountErased);
    }

    #[test]
    fn an_account_has_so_many_identities_and_no_more() {
        let many = |count: usize| (0..count).map(|one| Facts::from(linked(&one.to_string())));
        let history = |count| [registered(ANN)].into_iter().chain(many(count));
        given(history(IDENTITIES_MAX - 1)).when(&links("ann"), by(ANN)).then([linked("ann")]);
        let refusal = Refusal::invalid("identity", "an account has at most 20 identities; unlink one first");
        given(history(IDENTITIES_MAX)).when(&links("ann"), by(ANN)).refused(&refusal);
    }

    #[test]
    fn who_it_is_stays_out_of_logs() {
        let shown = format!("{:?}", links("secret"));
        assert!(!shown.contains("secret") && !shown.contains("osgeo"), "{shown}");
    }
}

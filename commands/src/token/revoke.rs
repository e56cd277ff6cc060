//! Revoke a plugin token.

use super::managed;
use crate::{Command, Fact};
use cairn_domain::event::{Stream, TokenRevoked};
use cairn_domain::ids::TokenId;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Ends a token at once.
#[derive(Debug, Clone, Serialize)]
pub struct RevokeToken {
    /// The token.
    pub token: TokenId,
    /// Why.
    pub reason: Option<String>,
}

impl Command for RevokeToken {
    const NAME: &'static str = "revoke_token";
    type Answer = TokenId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Token(self.token)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        if managed(known, &acting, self.token)?.revoked {
            return Ok(vec![]);
        }
        let revoked = TokenRevoked { token: self.token, reason: self.reason.clone() };
        Ok(vec![(Stream::Token(self.token), revoked.into())])
    }

    fn answer(&self, _after: &Known) -> TokenId {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::event::OwnerAdded;

    fn revoke() -> RevokeToken {
        RevokeToken { token: TOKEN, reason: None }
    }

    fn revoked() -> Fact {
        (Stream::Token(TOKEN), TokenRevoked { token: TOKEN, reason: None }.into())
    }

    #[test]
    fn its_account_and_staff_revoke_a_token() {
        given([registered(ANN), token_of(ANN)]).when(&revoke(), by(ANN)).then([revoked()]);
        given([registered(ANN), token_of(ANN), registered(SUE), staff(SUE)])
            .when(&revoke(), by(SUE))
            .then([revoked()]);
    }

    #[test]
    fn the_founder_of_its_plugin_revokes_it_and_other_owners_do_not() {
        let added = plugin_event(OwnerAdded { package: lasso(), account: BOB, reason: None });
        let shared = || [lasso_of_ann(), registered(BOB), added.clone().into()];
        given(shared().into_iter().chain([token_of(BOB)])).when(&revoke(), by(ANN)).then([revoked()]);
        let unknown = Refusal::TokenUnknown { token: TOKEN.to_string() };
        given(shared().into_iter().chain([token_of(ANN)])).when(&revoke(), by(BOB)).refused(&unknown);
    }

    #[test]
    fn others_do_not_even_learn_that_it_exists() {
        let unknown = Refusal::TokenUnknown { token: TOKEN.to_string() };
        given([registered(ANN), token_of(ANN), registered(BOB)]).when(&revoke(), by(BOB)).refused(&unknown);
        given([registered(BOB)]).when(&revoke(), by(BOB)).refused(&unknown);
    }

    #[test]
    fn a_revoked_token_is_dead() {
        given([registered(ANN), token_of(ANN), revoked().into()]).when(&revoke(), by(ANN)).then([]);
        given([registered(ANN), token_of(ANN), revoked().into()])
            .when(&revoke(), by_token_of(ANN))
            .refused(&Refusal::TokenInvalid);
    }
}

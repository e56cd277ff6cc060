//! Report a token that was found where everybody can read it.

use crate::{Command, Fact};
use cairn_domain::event::{Stream, TokenRevoked};
use cairn_domain::ids::TokenId;
use cairn_domain::names::Sha256;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// The reason that the log gives.
pub const LEAKED: &str = "reported as leaked";

/// Ends a token whose secret somebody shows: that is the proof that it is out, so anybody may, signed in or not.
#[derive(Debug, Clone, Serialize)]
pub struct ReportLeakedToken {
    /// The token.
    pub token: TokenId,
    /// Digest of the secret that was found.
    #[serde(skip)]
    pub secret_sha256: Sha256,
}

impl Command for ReportLeakedToken {
    const NAME: &'static str = "report_leaked_token";
    type Answer = TokenId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Token(self.token)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let token = known.token(self.token)?;
        if token.secret_sha256 != self.secret_sha256 {
            return Err(Refusal::TokenUnknown { token: self.token.to_string() });
        }
        if !token.lives(moment.now) {
            return Ok(vec![]);
        }
        let revoked = TokenRevoked { token: self.token, reason: Some(LEAKED.to_owned()) };
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
    use cairn_domain::Actor;

    fn found(secret: &[u8]) -> ReportLeakedToken {
        ReportLeakedToken { token: TOKEN, secret_sha256: Sha256::of(secret) }
    }

    fn ended() -> Fact {
        (Stream::Token(TOKEN), TokenRevoked { token: TOKEN, reason: Some(LEAKED.into()) }.into())
    }

    #[test]
    fn whoever_has_the_secret_ends_the_token() {
        let history = [registered(ANN), token_of(ANN)];
        given(history.clone()).when(&found(b"secret"), Actor::Anonymous).then([ended()]);
        given(history).when(&found(b"secret"), by_token_of(ANN)).then([ended()]);
    }

    #[test]
    fn its_id_alone_ends_nothing() {
        let unknown = Refusal::TokenUnknown { token: TOKEN.to_string() };
        given([registered(ANN), token_of(ANN)]).when(&found(b"guess"), Actor::Anonymous).refused(&unknown);
        given([registered(ANN)]).when(&found(b"secret"), Actor::Anonymous).refused(&unknown);
    }

    #[test]
    fn a_dead_token_stays_dead() {
        given([registered(ANN), token_of(ANN), ended().into()])
            .when(&found(b"secret"), Actor::Anonymous)
            .then([]);
    }
}

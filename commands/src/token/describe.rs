//! Describe a plugin token.

use super::{TokenNote, managed};
use crate::{Command, Fact, Personal};
use cairn_domain::event::Stream;
use cairn_domain::ids::TokenId;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Changes what a token is called. That is nobody's history, so it is no event: the vault alone knows it.
#[derive(Debug, Clone, Serialize)]
pub struct EditTokenDescription {
    /// The token.
    pub token: TokenId,
    /// What it is called; nothing, if absent.
    #[serde(skip)]
    pub note: Option<TokenNote>,
}

impl Command for EditTokenDescription {
    const NAME: &'static str = "edit_token_description";
    const VAULT_ALONE: bool = true;
    type Answer = TokenId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Token(self.token)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        managed(known, &acting, self.token)?;
        Ok(vec![])
    }

    fn answer(&self, _after: &Known) -> TokenId {
        self.token
    }

    fn personal(&self) -> Vec<Personal> {
        vec![Personal::TokenNote { token: self.token, note: self.note.clone() }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    #[test]
    fn who_may_end_a_token_may_describe_it_and_nobody_else() {
        let describe = EditTokenDescription { token: TOKEN, note: Some("ci".parse().unwrap()) };
        given([registered(ANN), token_of(ANN)]).when(&describe, by(ANN)).then([]);
        let unknown = Refusal::TokenUnknown { token: TOKEN.to_string() };
        given([registered(ANN), token_of(ANN), registered(BOB)]).when(&describe, by(BOB)).refused(&unknown);
        given([registered(ANN), token_of(ANN)])
            .when(&describe, by_token_of(ANN))
            .refused(&Refusal::TokenScope);
    }
}

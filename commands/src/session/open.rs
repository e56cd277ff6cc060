//! Open a session.

use super::SESSION_IDLE_MAX;
use crate::{Command, Fact, Personal, SessionChange};
use cairn_domain::event::{SessionOpened, Stream};
use cairn_domain::ids::{AccountId, SessionId};
use cairn_domain::names::Sha256;
use cairn_domain::session::SessionSort;
use cairn_domain::{Actor, Known, Moment, Refusal};
use serde::Serialize;

/// Begins a session of whoever proved themselves to the door: it lasts [`SESSION_IDLE_MAX`] after its last use. An account
/// with a second factor gets none without.
#[derive(Clone, Serialize)]
pub struct OpenSession {
    /// Minted by the caller.
    #[serde(skip)]
    pub session: SessionId,
    /// Who signed in; the command must be given by this account.
    pub account: AccountId,
    /// What continues it.
    pub sort: SessionSort,
    /// Digest of the secret that continues it.
    #[serde(skip)]
    pub secret_sha256: Sha256,
    /// A second factor was shown, or the identity provider vouches for one.
    pub second_factor: bool,
    /// A few words on the browser or program, for the account's own list.
    #[serde(skip)]
    pub agent: Option<String>,
    /// Two letters of ISO 3166-1, as far as it is known from where.
    pub country: Option<String>,
}

impl std::fmt::Debug for OpenSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenSession").field("session", &self.session).finish_non_exhaustive()
    }
}

impl Command for OpenSession {
    const NAME: &'static str = "open_session";
    type Answer = SessionId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account), Stream::Session(self.session)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_in_person(moment)?;
        if moment.actor != (Actor::Account { account: self.account }) {
            return Err(Refusal::Unauthenticated);
        }
        if !self.second_factor && !known.account(self.account)?.factors.is_empty() {
            return Err(Refusal::SecondFactorNeeded);
        }
        let opened = SessionOpened {
            session: self.session,
            account: self.account,
            sort: self.sort,
            second_factor: self.second_factor,
            country: self.country.clone(),
        };
        Ok(vec![(Stream::Session(self.session), opened.into())])
    }

    fn answer(&self, _after: &Known) -> SessionId {
        self.session
    }

    fn personal(&self) -> Vec<Personal> {
        vec![Personal::Session(SessionChange::Opened {
            session: self.session,
            account: self.account,
            sort: self.sort,
            secret_sha256: self.secret_sha256,
            second_factor: self.second_factor,
            life: SESSION_IDLE_MAX,
            agent: self.agent.clone(),
            country: self.country.clone(),
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::account::FactorSort;
    use cairn_domain::event::SecondFactorAdded;
    use cairn_domain::ids::FactorId;
    use uuid::Uuid;

    const SESSION: SessionId = SessionId(Uuid::from_u128(0x5e));

    fn opens(second_factor: bool) -> OpenSession {
        OpenSession {
            session: SESSION,
            account: ANN,
            sort: SessionSort::Web,
            secret_sha256: Sha256::of(b"secret"),
            second_factor,
            agent: Some("Firefox on Linux".into()),
            country: None,
        }
    }

    fn opened(second_factor: bool) -> Fact {
        let opened = SessionOpened {
            session: SESSION,
            account: ANN,
            sort: SessionSort::Web,
            second_factor,
            country: None,
        };
        (Stream::Session(SESSION), opened.into())
    }

    #[test]
    fn who_signed_in_gets_a_session() {
        given([registered(ANN)]).when(&opens(false), by(ANN)).then([opened(false)]);
    }

    #[test]
    fn nobody_gets_the_session_of_another() {
        given([registered(ANN), registered(BOB)])
            .when(&opens(false), by(BOB))
            .refused(&Refusal::Unauthenticated);
        given([registered(ANN)]).when(&opens(false), Actor::Operator).refused(&Refusal::Unauthenticated);
        given([registered(ANN)]).when(&opens(false), Actor::Anonymous).refused(&Refusal::Unauthenticated);
        given([lasso_of_ann(), token_of(ANN)])
            .when(&opens(false), by_token_of(ANN))
            .refused(&Refusal::TokenScope);
    }

    #[test]
    fn a_blocked_account_gets_none() {
        given([registered(ANN), blocked(ANN)]).when(&opens(false), by(ANN)).refused(&Refusal::AccountBlocked);
    }

    #[test]
    fn who_has_a_second_factor_shows_it() {
        let added = SecondFactorAdded { account: ANN, factor: FactorId(Uuid::nil()), sort: FactorSort::Totp };
        let people = [registered(ANN), account_event(ANN, added).into()];
        given(people.clone()).when(&opens(false), by(ANN)).refused(&Refusal::SecondFactorNeeded);
        given(people).when(&opens(true), by(ANN)).then([opened(true)]);
    }
}

//! End one session.

use crate::{Command, Fact, Personal, SessionChange};
use cairn_domain::event::{SessionEnded, Stream};
use cairn_domain::ids::SessionId;
use cairn_domain::session::SessionEnd;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Ends a session at once: one's own, or as staff anybody's. To all others it does not exist.
#[derive(Debug, Clone, Serialize)]
pub struct EndSession {
    /// The session.
    pub session: SessionId,
    /// Why.
    pub end: SessionEnd,
}

impl Command for EndSession {
    const NAME: &'static str = "end_session";
    type Answer = SessionId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Session(self.session)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let session = known.session(self.session)?;
        let account = session.opened.account;
        if acting.account != Some(account) && acting.must_be_staff().is_err() {
            return Err(Refusal::SessionUnknown);
        }
        if session.ended {
            return Ok(vec![]);
        }
        let ended = SessionEnded { session: self.session, account, end: self.end };
        Ok(vec![(Stream::Session(self.session), ended.into())])
    }

    fn answer(&self, _after: &Known) -> SessionId {
        self.session
    }

    fn personal(&self) -> Vec<Personal> {
        vec![Personal::Session(SessionChange::Ended { session: self.session })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;
    use cairn_domain::event::SessionOpened;
    use cairn_domain::session::SessionSort;
    use uuid::Uuid;

    const SESSION: SessionId = SessionId(Uuid::from_u128(0x5e));

    fn revoke() -> EndSession {
        EndSession { session: SESSION, end: SessionEnd::Revoked }
    }

    fn session_of_ann() -> Facts {
        let opened = SessionOpened {
            session: SESSION,
            account: ANN,
            sort: SessionSort::Web,
            second_factor: false,
            country: None,
        };
        Fact::from((Stream::Session(SESSION), opened.into())).into()
    }

    fn ended(end: SessionEnd) -> Fact {
        (Stream::Session(SESSION), SessionEnded { session: SESSION, account: ANN, end }.into())
    }

    #[test]
    fn its_holder_staff_and_the_site_end_a_session() {
        let people = [registered(ANN), registered(SUE), staff(SUE), session_of_ann()];
        let expected = ended(SessionEnd::Revoked);
        for actor in [by(ANN), by(SUE), Actor::Operator, Actor::Site] {
            given(people.clone()).when(&revoke(), actor).then([expected.clone()]);
        }
    }

    #[test]
    fn to_others_it_does_not_exist() {
        let people = [registered(ANN), registered(BOB), session_of_ann()];
        given(people.clone()).when(&revoke(), by(BOB)).refused(&Refusal::SessionUnknown);
        given(people).when(&revoke(), Actor::Anonymous).refused(&Refusal::Unauthenticated);
        given([registered(ANN)]).when(&revoke(), by(ANN)).refused(&Refusal::SessionUnknown);
    }

    #[test]
    fn a_session_ends_once() {
        let over: Facts = ended(SessionEnd::SignedOut).into();
        given([registered(ANN), session_of_ann(), over]).when(&revoke(), by(ANN)).then([]);
    }
}

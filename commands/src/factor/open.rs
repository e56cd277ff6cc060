//! Open a session with a second factor.

use super::{FactorChange, Proof};
use crate::session::OpenSession;
use crate::{Command, Fact, Personal};
use cairn_domain::event::Stream;
use cairn_domain::ids::SessionId;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Begins a session of who showed password and second factor: in one transaction the code, answer or recovery code is
/// used, so that nobody who saw it gets a session of it too.
#[derive(Debug, Clone, Serialize)]
pub struct OpenWithFactor {
    /// The session, which says that a second factor was shown.
    pub session: OpenSession,
    /// What was shown.
    #[serde(skip)]
    pub proof: Proof,
}

impl OpenWithFactor {
    /// The session to open by this proof.
    pub fn new(session: OpenSession, proof: Proof) -> Self {
        Self { session: OpenSession { second_factor: true, ..session }, proof }
    }
}

impl Command for OpenWithFactor {
    const NAME: &'static str = "open_with_factor";
    type Answer = SessionId;

    fn reads(&self) -> Vec<Stream> {
        self.session.reads()
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let opened = self.session.decide(known, moment)?;
        self.proof.is_of(known.account(self.session.account)?)?;
        Ok(self.proof.facts(self.session.account).into_iter().chain(opened).collect())
    }

    fn answer(&self, after: &Known) -> SessionId {
        self.session.answer(after)
    }

    fn personal(&self) -> Vec<Personal> {
        let (account, proof) = (self.session.account, self.proof.clone());
        let shown = Personal::Factor(FactorChange::Shown { account, proof });
        std::iter::once(shown).chain(self.session.personal()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::account::FactorSort;
    use cairn_domain::event::{RecoveryCodeUsed, RecoveryCodesMade, SecondFactorAdded, SessionOpened};
    use cairn_domain::ids::FactorId;
    use cairn_domain::names::Sha256;
    use cairn_domain::session::SessionSort;
    use uuid::Uuid;

    const PHONE: FactorId = FactorId(Uuid::from_u128(0xf0));
    const SESSION: SessionId = SessionId(Uuid::from_u128(0x5e));

    fn opens(proof: Proof) -> OpenWithFactor {
        let session = OpenSession {
            session: SESSION,
            account: ANN,
            sort: SessionSort::Web,
            secret_sha256: Sha256::of(b"secret"),
            second_factor: false,
            agent: None,
            country: None,
        };
        OpenWithFactor::new(session, proof)
    }

    fn opened() -> Fact {
        let opened = SessionOpened {
            session: SESSION,
            account: ANN,
            sort: SessionSort::Web,
            second_factor: true,
            country: None,
        };
        (Stream::Session(SESSION), opened.into())
    }

    fn ann_with_phone() -> [Facts; 3] {
        let added = SecondFactorAdded { account: ANN, factor: PHONE, sort: FactorSort::Totp };
        let made = RecoveryCodesMade { account: ANN, codes: 10 };
        [registered(ANN), account_event(ANN, added).into(), account_event(ANN, made).into()]
    }

    #[test]
    fn a_factor_of_the_account_opens_a_session() {
        for proof in [Proof::Totp { factor: PHONE, step: 7 }, Proof::JustAdded { factor: PHONE }] {
            given(ann_with_phone()).when(&opens(proof), by(ANN)).then([opened()]);
        }
        let used = account_event(ANN, RecoveryCodeUsed { account: ANN });
        let code = Proof::RecoveryCode { sha256: Sha256::of(b"code") };
        given(ann_with_phone()).when(&opens(code), by(ANN)).then([used, opened()]);
    }

    #[test]
    fn what_is_not_of_the_account_opens_nothing() {
        let other = FactorId(Uuid::nil());
        let passkey = |factor| Proof::Passkey { factor, ceremony: Uuid::nil(), passkey: vec![] };
        for proof in [Proof::Totp { factor: other, step: 7 }, passkey(other), passkey(PHONE)] {
            given(ann_with_phone()).when(&opens(proof), by(ANN)).refused(&Refusal::SecondFactorWrong);
        }
        let code = Proof::RecoveryCode { sha256: Sha256::of(b"code") };
        given([registered(ANN)]).when(&opens(code), by(ANN)).refused(&Refusal::SecondFactorWrong);
    }

    #[test]
    fn a_blocked_account_gets_none_with_any_factor() {
        let people = ann_with_phone().into_iter().chain([blocked(ANN)]);
        let code = Proof::Totp { factor: PHONE, step: 7 };
        given(people).when(&opens(code), by(ANN)).refused(&Refusal::AccountBlocked);
    }
}

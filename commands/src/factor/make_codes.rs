//! Make recovery codes.

use super::{FactorChange, RECOVERY_CODES};
use crate::{Command, Fact, Personal};
use cairn_domain::event::{RecoveryCodesMade, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::Sha256;
use cairn_domain::{Actor, Known, Moment, Refusal};
use serde::Serialize;

/// Gives the acting account [`RECOVERY_CODES`] new codes; earlier ones are good no longer. Who has no second factor needs
/// none.
#[derive(Clone, Serialize)]
pub struct MakeRecoveryCodes {
    /// The account; the command must be given by it.
    pub account: AccountId,
    /// Digests of the codes, which the caller has minted and shows once.
    #[serde(skip)]
    pub sha256s: Vec<Sha256>,
}

impl std::fmt::Debug for MakeRecoveryCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MakeRecoveryCodes").field("account", &self.account).finish_non_exhaustive()
    }
}

impl Command for MakeRecoveryCodes {
    const NAME: &'static str = "make_recovery_codes";
    type Answer = u8;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_in_person(moment)?;
        if moment.actor != (Actor::Account { account: self.account }) {
            return Err(Refusal::Unauthenticated);
        }
        if known.account(self.account)?.factors.is_empty() {
            return Err(Refusal::FactorUnknown);
        }
        let made = RecoveryCodesMade { account: self.account, codes: RECOVERY_CODES };
        Ok(vec![(Stream::Account(self.account), made.into())])
    }

    fn answer(&self, after: &Known) -> u8 {
        after.account(self.account).map_or(0, |account| account.recovery_codes)
    }

    fn personal(&self) -> Vec<Personal> {
        let sha256s = self.sha256s.clone();
        vec![Personal::Factor(FactorChange::Codes { account: self.account, sha256s })]
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

    fn make() -> MakeRecoveryCodes {
        MakeRecoveryCodes { account: ANN, sha256s: vec![Sha256::of(b"code"); 10] }
    }

    fn ann_with_phone() -> [Facts; 2] {
        let factor = FactorId(Uuid::nil());
        let added = SecondFactorAdded { account: ANN, factor, sort: FactorSort::Totp };
        [registered(ANN), account_event(ANN, added).into()]
    }

    #[test]
    fn who_has_a_second_factor_gets_ten_codes_each_time() {
        let made = account_event(ANN, RecoveryCodesMade { account: ANN, codes: 10 });
        given(ann_with_phone()).when(&make(), by(ANN)).then([made.clone()]);
        let again = ann_with_phone().into_iter().chain([made.clone().into()]);
        given(again).when(&make(), by(ANN)).then([made]);
    }

    #[test]
    fn who_has_none_and_others_get_no_codes() {
        given([registered(ANN)]).when(&make(), by(ANN)).refused(&Refusal::FactorUnknown);
        let people = ann_with_phone().into_iter().chain([registered(SUE), staff(SUE)]);
        given(people).when(&make(), by(SUE)).refused(&Refusal::Unauthenticated);
        given(ann_with_phone()).when(&make(), Actor::Operator).refused(&Refusal::Unauthenticated);
    }
}

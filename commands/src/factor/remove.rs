//! Remove a second factor.

use super::{FactorChange, Fresh};
use crate::{Command, Fact, Personal};
use cairn_domain::event::{SecondFactorRemoved, Stream};
use cairn_domain::ids::{AccountId, FactorId};
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// A second factor is good no longer. Its owner proves themselves anew for it, so that a browser left open is not enough;
/// admins help who lost theirs. Recovery codes go with the last factor.
#[derive(Debug, Clone, Serialize)]
pub struct RemoveFactor {
    /// Whose it is.
    pub account: AccountId,
    /// The factor.
    pub factor: FactorId,
    /// What its owner showed within this request.
    #[serde(skip)]
    pub fresh: Option<Fresh>,
}

impl Command for RemoveFactor {
    const NAME: &'static str = "remove_factor";
    type Answer = FactorId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let mut facts = Vec::new();
        if acting.account == Some(self.account) {
            match &self.fresh {
                Some(Fresh::Password) => {}
                Some(Fresh::Factor(proof)) => {
                    proof.is_of(known.account(self.account)?)?;
                    facts.extend(proof.facts(self.account));
                }
                None => return Err(Refusal::SecondFactorNeeded),
            }
        } else {
            known.acting_admin(moment)?;
        }
        if !known.account(self.account)?.factors.contains_key(&self.factor) {
            return Err(Refusal::FactorUnknown);
        }
        let removed = SecondFactorRemoved { account: self.account, factor: self.factor };
        facts.push((Stream::Account(self.account), removed.into()));
        Ok(facts)
    }

    fn answer(&self, _after: &Known) -> FactorId {
        self.factor
    }

    fn personal(&self) -> Vec<Personal> {
        let account = self.account;
        let shown = match &self.fresh {
            Some(Fresh::Factor(proof)) => Some(FactorChange::Shown { account, proof: proof.clone() }),
            Some(Fresh::Password) | None => None,
        };
        let removed = FactorChange::Removed { factor: self.factor, account };
        shown.into_iter().chain([removed]).map(Personal::Factor).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::GrantTrust;
    use crate::factor::Proof;
    use crate::testing::*;
    use cairn_domain::Actor;
    use cairn_domain::account::FactorSort;
    use cairn_domain::event::{
        AdminGranted, RecoveryCodeUsed, RecoveryCodesMade, SecondFactorAdded, TrustGranted,
    };
    use cairn_domain::names::Sha256;
    use uuid::Uuid;

    const PHONE: FactorId = FactorId(Uuid::from_u128(0xf0));

    fn ann_with_phone() -> [Facts; 2] {
        let added = SecondFactorAdded { account: ANN, factor: PHONE, sort: FactorSort::Totp };
        [registered(ANN), account_event(ANN, added).into()]
    }

    fn remove(fresh: Option<Fresh>) -> RemoveFactor {
        RemoveFactor { account: ANN, factor: PHONE, fresh }
    }

    fn removed() -> Fact {
        account_event(ANN, SecondFactorRemoved { account: ANN, factor: PHONE })
    }

    #[test]
    fn its_owner_shows_password_or_factor_anew() {
        let code = Fresh::Factor(Proof::Totp { factor: PHONE, step: 1 });
        for fresh in [Fresh::Password, code] {
            given(ann_with_phone()).when(&remove(Some(fresh)), by(ANN)).then([removed()]);
        }
        given(ann_with_phone()).when(&remove(None), by(ANN)).refused(&Refusal::SecondFactorNeeded);
        let other = Fresh::Factor(Proof::Totp { factor: FactorId(Uuid::nil()), step: 1 });
        given(ann_with_phone()).when(&remove(Some(other)), by(ANN)).refused(&Refusal::SecondFactorWrong);
    }

    #[test]
    fn a_recovery_code_that_is_shown_for_it_is_used_up() {
        let code = || Some(Fresh::Factor(Proof::RecoveryCode { sha256: Sha256::of(b"code") }));
        let made = account_event(ANN, RecoveryCodesMade { account: ANN, codes: 10 });
        let used = account_event(ANN, RecoveryCodeUsed { account: ANN });
        let people = ann_with_phone().into_iter().chain([made.into()]);
        given(people).when(&remove(code()), by(ANN)).then([used, removed()]);
        given(ann_with_phone()).when(&remove(code()), by(ANN)).refused(&Refusal::SecondFactorWrong);
    }

    #[test]
    fn admins_help_and_others_do_not() {
        let admin = account_event(SUE, AdminGranted { account: SUE });
        let people = || ann_with_phone().into_iter().chain([registered(SUE), staff(SUE)]);
        given(people().chain([admin.into()])).when(&remove(None), by(SUE)).then([removed()]);
        given(ann_with_phone()).when(&remove(None), Actor::Operator).then([removed()]);
        given(people()).when(&remove(None), by(SUE)).refused(&Refusal::NotAdmin);
        let people = ann_with_phone().into_iter().chain([registered(BOB)]);
        given(people).when(&remove(Some(Fresh::Password)), by(BOB)).refused(&Refusal::NotStaff);
    }

    #[test]
    fn what_is_gone_is_not_removed_again() {
        let people = ann_with_phone().into_iter().chain([removed().into()]);
        given(people).when(&remove(Some(Fresh::Password)), by(ANN)).refused(&Refusal::FactorUnknown);
    }

    #[test]
    fn staff_that_remove_a_demanded_factor_act_as_staff_no_longer() {
        let sue_with_phone = || {
            let added = SecondFactorAdded { account: SUE, factor: PHONE, sort: FactorSort::Totp };
            let sue = account_event(SUE, added).into();
            [registered(ANN), registered(SUE), staff(SUE), staff_counted(2, 1), sue]
        };
        let trust = GrantTrust { account: ANN, reason: None };
        let granted = account_event(ANN, TrustGranted { account: ANN, reason: None });
        given(sue_with_phone()).when(&trust, by(SUE)).then([granted]);
        let remove = RemoveFactor { account: SUE, factor: PHONE, fresh: Some(Fresh::Password) };
        let removed = account_event(SUE, SecondFactorRemoved { account: SUE, factor: PHONE });
        given(sue_with_phone()).when(&remove, by(SUE)).then([removed.clone()]);
        let without = sue_with_phone().into_iter().chain([removed.into()]);
        given(without).when(&trust, by(SUE)).refused(&Refusal::SecondFactorRequired);
    }
}

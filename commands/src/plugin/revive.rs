//! Give the name of a plugin that is gone to somebody.

use crate::{Command, Fact, reason};
use cairn_domain::event::{PluginRevived, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::plugin::Deletion;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Lets one account publish under the names of a plugin that is gone. It keeps its number; its old versions stay deleted
/// and their numbers used.
#[derive(Debug, Clone, Serialize)]
pub struct RevivePlugin {
    /// The plugin.
    pub package: PackageName,
    /// Who owns it from now on, alone.
    pub owner: AccountId,
    /// Why.
    pub reason: Option<String>,
}

impl Command for RevivePlugin {
    const NAME: &'static str = "revive_plugin";
    type Answer = PackageName;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package), Stream::Account(self.owner)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        let plugin = known.plugin(&self.package)?;
        reason::optional(self.reason.as_deref())?;
        if known.account(self.owner)?.is_blocked(moment.now) {
            return Err(Refusal::AccountBlocked);
        }
        let package = || self.package.to_string();
        match plugin.deletion {
            Some(Deletion::Tombstone) => {}
            Some(Deletion::Marked { .. }) => return Err(Refusal::PluginDeleted { package: package() }),
            None => return Err(Refusal::PluginNotDeleted { package: package() }),
        }
        let revived =
            PluginRevived { package: self.package.clone(), owner: self.owner, reason: self.reason.clone() };
        Ok(vec![(Stream::plugin(&self.package), revived.into())])
    }

    fn answer(&self, _after: &Known) -> PackageName {
        self.package.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use crate::version::UploadVersion;
    use cairn_domain::Actor;

    fn revive(owner: AccountId) -> RevivePlugin {
        RevivePlugin { package: lasso(), owner, reason: None }
    }

    fn revived(owner: AccountId) -> Fact {
        plugin_event(PluginRevived { package: lasso(), owner, reason: None })
    }

    fn gone() -> [Facts; 4] {
        [lasso_of_ann(), marked(), tombstoned(), registered(BOB)]
    }

    fn upload(version: &str) -> UploadVersion {
        UploadVersion {
            into: None,
            package: lasso(),
            version: version.parse().unwrap(),
            file: file(version),
            author: String::new(),
            email: String::new(),
        }
    }

    #[test]
    fn staff_give_a_name_that_is_free_again() {
        given(gone()).when(&revive(BOB), Actor::Operator).then([revived(BOB)]);
        given(gone().into_iter().chain([registered(SUE), staff(SUE)]))
            .when(&revive(BOB), by(SUE))
            .then([revived(BOB)]);
    }

    #[test]
    fn nobody_takes_it_by_themselves() {
        given(gone()).when(&revive(BOB), by(BOB)).refused(&Refusal::NotStaff);
        let reserved = Refusal::PluginGone { package: "lasso".into() };
        given(gone()).when(&upload("2.0"), by(BOB)).refused(&reserved);
        given(gone()).when(&upload("2.0"), by(ANN)).refused(&reserved);
    }

    #[test]
    fn the_new_owner_publishes_with_new_numbers_and_the_former_one_does_not() {
        let alive: Vec<Facts> = gone().into_iter().chain([revived(BOB).into()]).collect();
        let used = Refusal::VersionNumberUsed { version: "1.0".into(), used_as: "1.0".into() };
        given(alive.clone()).when(&upload("1.0"), by(BOB)).refused(&used);
        given(alive.clone()).when(&upload("2.0"), by(BOB)).then([uploaded("2.0")]);
        let not_owner = Refusal::NotOwner { package: "lasso".into() };
        given(alive).when(&upload("2.0"), by(ANN)).refused(&not_owner);
    }

    #[test]
    fn what_can_be_restored_or_lives_is_nobody_elses() {
        given([lasso_of_ann(), marked(), registered(BOB)])
            .when(&revive(BOB), Actor::Operator)
            .refused(&Refusal::PluginDeleted { package: "lasso".into() });
        given([lasso_of_ann(), registered(BOB)])
            .when(&revive(BOB), Actor::Operator)
            .refused(&Refusal::PluginNotDeleted { package: "lasso".into() });
    }

    #[test]
    fn nobody_unknown_or_blocked_receives_and_a_reason_has_words() {
        let unknown = Refusal::AccountUnknown { account: SUE.to_string() };
        given(gone()).when(&revive(SUE), Actor::Operator).refused(&unknown);
        given(gone().into_iter().chain([blocked(BOB)]))
            .when(&revive(BOB), Actor::Operator)
            .refused(&Refusal::AccountBlocked);
        let silent = RevivePlugin { reason: Some(String::new()), ..revive(BOB) };
        let refusal = Refusal::invalid("reason", "say why in some words");
        given(gone()).when(&silent, Actor::Operator).refused(&refusal);
    }
}

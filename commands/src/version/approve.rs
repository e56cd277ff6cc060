//! Approve a version.

use super::upload::the_right_plugin;
use super::{VersionAnswer, compared_with, edit, leads, may_be_called, version_of};
use crate::{Command, Fact};
use cairn_domain::event::{Stream, VersionApproved};
use cairn_domain::known::Acting;
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::version_number::VersionNumber;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Makes a version public: feeds list it and everybody may download it.
#[derive(Debug, Clone, Serialize)]
pub struct ApproveVersion {
    /// The plugin.
    pub package: PackageName,
    /// The version, in any form that real clients write.
    pub version: String,
    /// The file that the approver looked at; if it has been replaced meanwhile, nothing is approved.
    pub sha256: Option<Sha256>,
    /// The approved version that it was compared with; if another one is the newest meanwhile, nothing is approved.
    pub base: Option<VersionNumber>,
}

impl Command for ApproveVersion {
    const NAME: &'static str = "approve_version";
    type Answer = VersionAnswer;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = acting(known, moment, &self.package)?;
        let plugin = known.living(&self.package)?;
        acting.may_approve(plugin)?;
        let version = version_of(plugin, &self.version)?;
        if self.sha256.is_some_and(|looked_at| looked_at != version.sha256) {
            return Err(Refusal::PackageChanged { version: version.number.to_string() });
        }
        if version.approved {
            return Ok(vec![]);
        }
        let base = compared_with(plugin, self.base.as_ref())?;
        let leads = leads(Some(plugin), &version.number);
        if leads {
            may_be_called(plugin, &version.details.name)?;
        }
        let approved = VersionApproved {
            package: self.package.clone(),
            version: version.number.clone(),
            sha256: version.sha256,
            base,
        };
        let mut facts = vec![(Stream::plugin(&self.package), approved.into())];
        if leads {
            facts.extend(edit(Some(plugin), &self.package, &version.number, &version.details));
        }
        Ok(facts)
    }

    fn answer(&self, after: &Known) -> VersionAnswer {
        super::unapprove::answer(after, &self.package, &self.version)
    }
}

/// Who acts. A plugin token approves versions of its own plugin, if it was made for that.
fn acting(known: &Known, moment: &Moment, package: &PackageName) -> Result<Acting, Refusal> {
    let acting = known.acting_to_publish(moment)?;
    if let Some(token) = moment.actor.token() {
        if !known.token(token)?.may_approve {
            return Err(Refusal::TokenScope);
        }
        the_right_plugin(known, moment.actor, None, package)?;
    }
    Ok(acting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;
    use cairn_domain::event::{PluginDetailsEdited, VersionUploaded};

    fn approve(version: &str) -> ApproveVersion {
        ApproveVersion { package: lasso(), version: version.into(), sha256: None, base: None }
    }

    #[test]
    fn staff_approve_everything() {
        let history = [lasso_of_ann(), registered(SUE), staff(SUE)];
        given(history).when(&approve("1.0"), by(SUE)).then([approved("1.0")]);
        given([lasso_of_ann()]).when(&approve("1.0.0"), Actor::Operator).then([approved("1.0")]);
    }

    #[test]
    fn trusted_owners_approve_their_own() {
        given([lasso_of_ann(), trusted(ANN)]).when(&approve("1.0"), by(ANN)).then([approved("1.0")]);
    }

    #[test]
    fn neither_owners_without_trust_nor_trusted_strangers_approve() {
        let refusal = Refusal::NotApprover { package: "lasso".into() };
        given([lasso_of_ann()]).when(&approve("1.0"), by(ANN)).refused(&refusal);
        given([lasso_of_ann(), registered(BOB), trusted(BOB)])
            .when(&approve("1.0"), by(BOB))
            .refused(&refusal);
    }

    #[test]
    fn a_plugin_token_approves_if_it_was_made_for_that_and_its_account_is_trusted() {
        given([lasso_of_ann(), trusted(ANN), token_of(ANN)])
            .when(&approve("1.0"), by_token_of(ANN))
            .then([approved("1.0")]);
        given([lasso_of_ann(), token_of(ANN)])
            .when(&approve("1.0"), by_token_of(ANN))
            .refused(&Refusal::NotApprover { package: "lasso".into() });
        given([lasso_of_ann(), trusted(ANN), upload_only_token_of(ANN)])
            .when(&approve("1.0"), by_token_of(ANN))
            .refused(&Refusal::TokenScope);
    }

    #[test]
    fn a_plugin_token_approves_nothing_of_another_plugin_and_nothing_by_the_staff_role() {
        let other = ApproveVersion { package: "other".parse().unwrap(), ..approve("1.0") };
        given([lasso_of_ann(), trusted(ANN), token_of(ANN)])
            .when(&other, by_token_of(ANN))
            .refused(&Refusal::TokenForAnotherPlugin { package: "lasso".into() });
        given([lasso_of_ann(), staff(ANN), token_of(ANN)])
            .when(&approve("1.0"), by_token_of(ANN))
            .refused(&Refusal::NotApprover { package: "lasso".into() });
    }

    #[test]
    fn only_the_file_that_was_looked_at_is_approved() {
        let seen = ApproveVersion { sha256: Some(Sha256::of(b"1.0")), ..approve("1.0") };
        given([lasso_of_ann()]).when(&seen, Actor::Operator).then([approved("1.0")]);
        let stale = ApproveVersion { sha256: Some(Sha256::of(b"other")), ..approve("1.0") };
        let changed = Refusal::PackageChanged { version: "1.0".into() };
        given([lasso_of_ann()]).when(&stale, Actor::Operator).refused(&changed);
    }

    #[test]
    fn only_beside_the_version_that_it_was_compared_with() {
        let beside = |base: &str| ApproveVersion { base: Some(base.parse().unwrap()), ..approve("1.1") };
        let history = [lasso_of_ann(), approved("1.0").into(), uploaded("1.1").into()];
        given(history.clone()).when(&beside("1.0"), Actor::Operator).then([approved_beside("1.1", "1.0")]);
        let changed = |base: &str| Refusal::BaseChanged { base: base.into() };
        given(history.clone()).when(&beside("0.9"), Actor::Operator).refused(&changed("1.0"));
        given(history.into_iter().chain([yanked("1.0").into()]))
            .when(&beside("1.0"), Actor::Operator)
            .refused(&changed("none"));
    }

    #[test]
    fn a_new_name_is_approved_only_while_renaming_is_allowed() {
        let mut renamed = file("2.0");
        renamed.details = details("Lasso Tool");
        let two = plugin_event(VersionUploaded {
            package: lasso(),
            version: "2.0".parse().unwrap(),
            file: renamed.clone(),
        });
        let history = [lasso_of_ann(), two.into()];
        let refusal = Refusal::RenameNotAllowed { name: "Lasso".into(), wanted: "Lasso Tool".into() };
        given(history.clone()).when(&approve("2.0"), Actor::Operator).refused(&refusal);
        let shown = plugin_event(PluginDetailsEdited {
            package: lasso(),
            details: renamed.details,
            from_version: Some("2.0".parse().unwrap()),
        });
        given(history.clone().into_iter().chain([renaming_allowed().into()]))
            .when(&approve("2.0"), Actor::Operator)
            .then([approved("2.0"), shown]);
        given(history.into_iter().chain([uploaded("3.0").into(), approved("3.0").into()]))
            .when(&approve("2.0"), Actor::Operator)
            .then([approved_beside("2.0", "3.0")]);
    }

    #[test]
    fn versions_of_a_plugin_that_is_marked_or_gone_wait_for_nobody() {
        dead_plugins_refuse(&approve("1.0"));
    }

    #[test]
    fn the_texts_of_the_highest_approved_version_are_shown() {
        let mut newer = file("2.0");
        newer.details.description = "Now with rubber".into();
        let two = plugin_event(VersionUploaded {
            package: lasso(),
            version: "2.0".parse().unwrap(),
            file: newer.clone(),
        });
        let shown = plugin_event(PluginDetailsEdited {
            package: lasso(),
            details: newer.details,
            from_version: Some("2.0".parse().unwrap()),
        });
        given([lasso_of_ann(), two.clone().into()])
            .when(&approve("2.0"), Actor::Operator)
            .then([approved("2.0"), shown.clone()]);
        given([lasso_of_ann(), two.into(), approved("2.0").into(), shown.into()])
            .when(&approve("1.0"), Actor::Operator)
            .then([approved_beside("1.0", "2.0")]);
    }

    #[test]
    fn already_so_is_not_an_error() {
        given([lasso_of_ann(), approved("1.0").into()]).when(&approve("1.0"), Actor::Operator).then([]);
    }

    #[test]
    fn what_is_not_there_is_named() {
        let unknown = Refusal::VersionUnknown { package: "lasso".into(), version: "3".into() };
        given([lasso_of_ann()]).when(&approve("3"), Actor::Operator).refused(&unknown);
        let nowhere = Refusal::PluginUnknown { package: "lasso".into() };
        given([registered(ANN)]).when(&approve("1.0"), Actor::Operator).refused(&nowhere);
    }
}

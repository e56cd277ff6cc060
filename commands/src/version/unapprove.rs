//! Take an approval back.

use super::{VersionAnswer, version_of};
use crate::{Command, Fact, reason};
use cairn_domain::event::{Stream, VersionUnapproved};
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Takes a version out of the feeds; what is installed keeps working.
#[derive(Debug, Clone, Serialize)]
pub struct UnapproveVersion {
    /// The plugin.
    pub package: PackageName,
    /// The version, in any form that real clients write.
    pub version: String,
    /// Why.
    pub reason: Option<String>,
}

pub(super) fn answer(after: &Known, package: &PackageName, asked: &str) -> VersionAnswer {
    let plugin = after.plugin(package).expect("the decider found the plugin");
    let version = plugin.find(asked).expect("the decider found the version");
    VersionAnswer { package: package.clone(), version: version.number.clone(), approved: version.approved }
}

impl Command for UnapproveVersion {
    const NAME: &'static str = "unapprove_version";
    type Answer = VersionAnswer;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.living(&self.package)?;
        acting.may_approve(plugin)?;
        reason::optional(self.reason.as_deref())?;
        let version = version_of(plugin, &self.version)?;
        if !version.approved {
            return Ok(vec![]);
        }
        let unapproved = VersionUnapproved {
            package: self.package.clone(),
            version: version.number.clone(),
            reason: self.reason.clone(),
        };
        Ok(vec![(Stream::plugin(&self.package), unapproved.into())])
    }

    fn answer(&self, after: &Known) -> VersionAnswer {
        answer(after, &self.package, &self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;

    fn unapprove() -> UnapproveVersion {
        UnapproveVersion { package: lasso(), version: "1.0".into(), reason: Some("crashes".into()) }
    }

    fn unapproved() -> Fact {
        plugin_event(VersionUnapproved {
            package: lasso(),
            version: "1.0".parse().unwrap(),
            reason: Some("crashes".into()),
        })
    }

    #[test]
    fn staff_and_trusted_owners_take_approval_back() {
        let public = [lasso_of_ann(), approved("1.0").into()];
        given(public.clone()).when(&unapprove(), Actor::Operator).then([unapproved()]);
        given(public.into_iter().chain([trusted(ANN)])).when(&unapprove(), by(ANN)).then([unapproved()]);
    }

    #[test]
    fn others_do_not() {
        let refusal = Refusal::NotApprover { package: "lasso".into() };
        let public = [lasso_of_ann(), approved("1.0").into(), registered(BOB), trusted(BOB)];
        given(public.clone()).when(&unapprove(), by(ANN)).refused(&refusal);
        given(public).when(&unapprove(), by(BOB)).refused(&refusal);
    }

    #[test]
    fn already_so_is_not_an_error() {
        given([lasso_of_ann()]).when(&unapprove(), Actor::Operator).then([]);
    }
    #[test]
    fn a_reason_has_words() {
        let silent = UnapproveVersion { reason: Some(String::new()), ..unapprove() };
        let refusal = Refusal::invalid("reason", "say why in some words");
        given([lasso_of_ann()]).when(&silent, Actor::Operator).refused(&refusal);
    }

    #[test]
    fn versions_of_a_plugin_that_is_marked_or_gone_stay_as_they_are() {
        dead_plugins_refuse(&unapprove());
    }
}

//! Refuse a version that waits for approval.

use super::{VersionAnswer, compared_with, version_of};
use crate::{Command, Fact, reason};
use cairn_domain::event::{Stream, VersionRefused};
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::version_number::VersionNumber;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Says no to the very file that was looked at; its owner may replace it or send a new number.
#[derive(Debug, Clone, Serialize)]
pub struct RefuseVersion {
    /// The plugin.
    pub package: PackageName,
    /// The version, in any form that real clients write.
    pub version: String,
    /// The file that was looked at; if it has been replaced meanwhile, nothing is refused.
    pub sha256: Sha256,
    /// The approved version that it was compared with; if another one is the newest meanwhile, nothing is refused.
    pub base: Option<VersionNumber>,
    /// Why, for its author.
    pub reason: String,
}

impl Command for RefuseVersion {
    const NAME: &'static str = "refuse_version";
    type Answer = VersionAnswer;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.living(&self.package)?;
        acting.may_approve(plugin)?;
        reason::demanded(&self.reason)?;
        let version = version_of(plugin, &self.version)?;
        if self.sha256 != version.sha256 {
            return Err(Refusal::PackageChanged { version: version.number.to_string() });
        }
        if version.approved {
            return Err(Refusal::VersionApproved { version: version.number.to_string() });
        }
        let base = compared_with(plugin, self.base.as_ref())?;
        if version.refused {
            return Ok(vec![]);
        }
        let refused = VersionRefused {
            package: self.package.clone(),
            version: version.number.clone(),
            sha256: version.sha256,
            base,
            reason: self.reason.clone(),
        };
        Ok(vec![(Stream::plugin(&self.package), refused.into())])
    }

    fn answer(&self, after: &Known) -> VersionAnswer {
        super::unapprove::answer(after, &self.package, &self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;
    use cairn_domain::event::VersionReplaced;

    fn refuse(version: &str) -> RefuseVersion {
        RefuseVersion {
            package: lasso(),
            version: version.into(),
            sha256: Sha256::of(version.as_bytes()),
            base: None,
            reason: "no licence".into(),
        }
    }

    fn refused(version: &str, base: Option<&str>) -> Fact {
        plugin_event(VersionRefused {
            package: lasso(),
            version: version.parse().unwrap(),
            sha256: Sha256::of(version.as_bytes()),
            base: base.map(|base| base.parse().unwrap()),
            reason: "no licence".into(),
        })
    }

    #[test]
    fn staff_and_trusted_owners_refuse() {
        given([lasso_of_ann()]).when(&refuse("1.0"), Actor::Operator).then([refused("1.0", None)]);
        given([lasso_of_ann(), trusted(ANN)]).when(&refuse("1.0"), by(ANN)).then([refused("1.0", None)]);
        let beside = RefuseVersion { base: Some("1.0".parse().unwrap()), ..refuse("1.1") };
        given([lasso_of_ann(), approved("1.0").into(), uploaded("1.1").into()])
            .when(&beside, Actor::Operator)
            .then([refused("1.1", Some("1.0"))]);
    }

    #[test]
    fn owners_without_trust_strangers_and_tokens_do_not() {
        let refusal = Refusal::NotApprover { package: "lasso".into() };
        let history = [lasso_of_ann(), registered(BOB), trusted(BOB), token_of(ANN)];
        given(history.clone()).when(&refuse("1.0"), by(ANN)).refused(&refusal);
        given(history.clone()).when(&refuse("1.0"), by(BOB)).refused(&refusal);
        given(history).when(&refuse("1.0"), by_token_of(ANN)).refused(&Refusal::TokenScope);
    }

    #[test]
    fn only_the_file_that_was_looked_at_is_refused() {
        let stale = RefuseVersion { sha256: Sha256::of(b"other"), ..refuse("1.0") };
        let changed = Refusal::PackageChanged { version: "1.0".into() };
        given([lasso_of_ann()]).when(&stale, Actor::Operator).refused(&changed);
    }

    #[test]
    fn only_beside_the_version_that_it_was_compared_with() {
        let stale = RefuseVersion { base: Some("0.9".parse().unwrap()), ..refuse("1.1") };
        given([lasso_of_ann(), approved("1.0").into(), uploaded("1.1").into()])
            .when(&stale, Actor::Operator)
            .refused(&Refusal::BaseChanged { base: "1.0".into() });
    }

    #[test]
    fn what_is_public_is_not_refused() {
        let public = Refusal::VersionApproved { version: "1.0".into() };
        given([lasso_of_ann(), approved("1.0").into()])
            .when(&refuse("1.0"), Actor::Operator)
            .refused(&public);
    }

    #[test]
    fn a_reason_is_demanded_and_the_version_is_there() {
        let silent = RefuseVersion { reason: String::new(), ..refuse("1.0") };
        let refusal = Refusal::invalid("reason", "say why in some words");
        given([lasso_of_ann()]).when(&silent, Actor::Operator).refused(&refusal);
        let unknown = Refusal::VersionUnknown { package: "lasso".into(), version: "3".into() };
        given([lasso_of_ann()]).when(&refuse("3"), Actor::Operator).refused(&unknown);
    }

    #[test]
    fn a_refused_file_stays_refused_until_another_one_comes() {
        let history = [lasso_of_ann(), refused("1.0", None).into()];
        given(history.clone()).when(&refuse("1.0"), Actor::Operator).then([]);
        let other = plugin_event(VersionReplaced {
            package: lasso(),
            replaced: "1.0".parse().unwrap(),
            version: "1.0".parse().unwrap(),
            file: file("better"),
        });
        let again = RefuseVersion { sha256: Sha256::of(b"better"), ..refuse("1.0") };
        let expected = plugin_event(VersionRefused {
            package: lasso(),
            version: "1.0".parse().unwrap(),
            sha256: Sha256::of(b"better"),
            base: None,
            reason: "no licence".into(),
        });
        given(history.into_iter().chain([other.into()])).when(&again, Actor::Operator).then([expected]);
    }

    #[test]
    fn versions_of_a_plugin_that_is_marked_or_gone_wait_for_nobody() {
        dead_plugins_refuse(&refuse("1.0"));
    }
}

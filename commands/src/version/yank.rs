//! Yank a version, or offer it again.

use super::{VersionAnswer, version_of};
use crate::{Command, Fact, reason};
use cairn_domain::event::{Stream, VersionUnyanked, VersionYanked};
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Takes a public version out of the feeds; its page and its file stay, with the reason.
#[derive(Debug, Clone, Serialize)]
pub struct YankVersion {
    /// The plugin.
    pub package: PackageName,
    /// The version, in any form that real clients write.
    pub version: String,
    /// Why, shown to everybody.
    pub reason: String,
}

/// Offers a yanked version again.
#[derive(Debug, Clone, Serialize)]
pub struct UnyankVersion {
    /// The plugin.
    pub package: PackageName,
    /// The version, in any form that real clients write.
    pub version: String,
}

impl Command for YankVersion {
    const NAME: &'static str = "yank_version";
    type Answer = VersionAnswer;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.living(&self.package)?;
        acting.may_change(plugin)?;
        reason::demanded(&self.reason)?;
        let version = version_of(plugin, &self.version)?;
        if version.yanked {
            return Ok(vec![]);
        }
        if !version.approved {
            return Err(Refusal::VersionNotApproved { version: version.number.to_string() });
        }
        let yanked = VersionYanked {
            package: self.package.clone(),
            version: version.number.clone(),
            reason: self.reason.clone(),
        };
        Ok(vec![(Stream::plugin(&self.package), yanked.into())])
    }

    fn answer(&self, after: &Known) -> VersionAnswer {
        super::unapprove::answer(after, &self.package, &self.version)
    }
}

impl Command for UnyankVersion {
    const NAME: &'static str = "unyank_version";
    type Answer = VersionAnswer;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.living(&self.package)?;
        acting.may_change(plugin)?;
        let version = version_of(plugin, &self.version)?;
        if !version.yanked {
            return Ok(vec![]);
        }
        let unyanked = VersionUnyanked { package: self.package.clone(), version: version.number.clone() };
        Ok(vec![(Stream::plugin(&self.package), unyanked.into())])
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

    fn yank() -> YankVersion {
        YankVersion { package: lasso(), version: "v1.0.0".into(), reason: "eats layers".into() }
    }

    fn unyank() -> UnyankVersion {
        UnyankVersion { package: lasso(), version: "1.0".into() }
    }

    fn unyanked() -> Fact {
        plugin_event(VersionUnyanked { package: lasso(), version: "1.0".parse().unwrap() })
    }

    fn public() -> [Facts; 2] {
        [lasso_of_ann(), approved("1.0").into()]
    }

    #[test]
    fn owners_and_staff_yank_and_think_again() {
        given(public()).when(&yank(), by(ANN)).then([yanked("1.0")]);
        given(public()).when(&yank(), Actor::Operator).then([yanked("1.0")]);
        given(public().into_iter().chain([yanked("1.0").into()])).when(&unyank(), by(ANN)).then([unyanked()]);
    }

    #[test]
    fn only_what_is_public_is_yanked() {
        let refusal = Refusal::VersionNotApproved { version: "1.0".into() };
        given([lasso_of_ann()]).when(&yank(), by(ANN)).refused(&refusal);
        let unknown = Refusal::VersionUnknown { package: "lasso".into(), version: "v1.0.0".into() };
        given([lasso_of_ann(), deleted("1.0").into()]).when(&yank(), by(ANN)).refused(&unknown);
    }

    #[test]
    fn a_reason_is_demanded() {
        let silent = YankVersion { reason: String::new(), ..yank() };
        let refusal = Refusal::invalid("reason", "say why in some words");
        given(public()).when(&silent, by(ANN)).refused(&refusal);
    }

    #[test]
    fn already_so_is_not_an_error() {
        given(public().into_iter().chain([yanked("1.0").into()])).when(&yank(), by(ANN)).then([]);
        given(public()).when(&unyank(), by(ANN)).then([]);
    }

    #[test]
    fn strangers_and_tokens_do_neither() {
        stranger_and_token_are_refused(&yank());
        stranger_and_token_are_refused(&unyank());
    }

    #[test]
    fn versions_of_a_plugin_that_is_marked_or_gone_stay_as_they_are() {
        dead_plugins_refuse(&yank());
        dead_plugins_refuse(&unyank());
    }
}

//! Pin the version that feeds offer, or let it be the newest again.

use super::{VersionAnswer, version_of};
use crate::{Command, Fact};
use cairn_domain::event::{Stream, VersionPinned, VersionUnpinned};
use cairn_domain::names::PackageName;
use cairn_domain::plugin::Channel;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Makes feeds offer this version as the newest stable or experimental one, whatever the numbers say, wherever it fits the
/// QGIS version. While it is not offered itself, and where it does not fit, feeds offer the newest that does.
#[derive(Debug, Clone, Serialize)]
pub struct PinVersion {
    /// The plugin.
    pub package: PackageName,
    /// The version, in any form that real clients write.
    pub version: String,
    /// The channel, which is the version's own.
    pub channel: Channel,
}

/// Lets feeds offer the newest version of a channel again.
#[derive(Debug, Clone, Serialize)]
pub struct UnpinVersion {
    /// The plugin.
    pub package: PackageName,
    /// The channel.
    pub channel: Channel,
}

impl Command for PinVersion {
    const NAME: &'static str = "pin_version";
    type Answer = VersionAnswer;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.living(&self.package)?;
        acting.may_change(plugin)?;
        let version = version_of(plugin, &self.version)?;
        let number = || version.number.to_string();
        if version.channel() != self.channel {
            return Err(Refusal::WrongChannel { version: number() });
        }
        if !version.approved {
            return Err(Refusal::VersionNotApproved { version: number() });
        }
        if version.yanked {
            return Err(Refusal::VersionYanked { version: number() });
        }
        if plugin.pins.get(&self.channel) == Some(&version.number) {
            return Ok(vec![]);
        }
        let pinned = VersionPinned {
            package: self.package.clone(),
            channel: self.channel,
            version: version.number.clone(),
        };
        Ok(vec![(Stream::plugin(&self.package), pinned.into())])
    }

    fn answer(&self, after: &Known) -> VersionAnswer {
        super::unapprove::answer(after, &self.package, &self.version)
    }
}

impl Command for UnpinVersion {
    const NAME: &'static str = "unpin_version";
    type Answer = PackageName;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.living(&self.package)?;
        acting.may_change(plugin)?;
        if !plugin.pins.contains_key(&self.channel) {
            return Ok(vec![]);
        }
        let unpinned = VersionUnpinned { package: self.package.clone(), channel: self.channel };
        Ok(vec![(Stream::plugin(&self.package), unpinned.into())])
    }

    fn answer(&self, _after: &Known) -> PackageName {
        self.package.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;

    fn pin(channel: Channel) -> PinVersion {
        PinVersion { package: lasso(), version: "1.0.0".into(), channel }
    }

    fn unpin() -> UnpinVersion {
        UnpinVersion { package: lasso(), channel: Channel::Stable }
    }

    fn unpinned() -> Fact {
        plugin_event(VersionUnpinned { package: lasso(), channel: Channel::Stable })
    }

    fn public() -> [Facts; 2] {
        [lasso_of_ann(), approved("1.0").into()]
    }

    #[test]
    fn owners_and_staff_pin_a_public_version_and_unpin_it() {
        given(public()).when(&pin(Channel::Stable), by(ANN)).then([pinned("1.0")]);
        given(public()).when(&pin(Channel::Stable), Actor::Operator).then([pinned("1.0")]);
        given(public().into_iter().chain([pinned("1.0").into()])).when(&unpin(), by(ANN)).then([unpinned()]);
    }

    #[test]
    fn a_version_is_pinned_in_its_own_channel() {
        let wrong = Refusal::WrongChannel { version: "1.0".into() };
        given(public()).when(&pin(Channel::Experimental), by(ANN)).refused(&wrong);
    }

    #[test]
    fn only_what_is_offered_is_pinned() {
        let waits = Refusal::VersionNotApproved { version: "1.0".into() };
        given([lasso_of_ann()]).when(&pin(Channel::Stable), by(ANN)).refused(&waits);
        given(public().into_iter().chain([yanked("1.0").into()]))
            .when(&pin(Channel::Stable), by(ANN))
            .refused(&Refusal::VersionYanked { version: "1.0".into() });
        let unknown = Refusal::VersionUnknown { package: "lasso".into(), version: "1.0.0".into() };
        given([lasso_of_ann(), deleted("1.0").into()]).when(&pin(Channel::Stable), by(ANN)).refused(&unknown);
    }

    #[test]
    fn already_so_is_not_an_error() {
        let so = public().into_iter().chain([pinned("1.0").into()]);
        given(so).when(&pin(Channel::Stable), by(ANN)).then([]);
        given(public()).when(&unpin(), by(ANN)).then([]);
    }

    #[test]
    fn strangers_and_tokens_do_neither() {
        stranger_and_token_are_refused(&pin(Channel::Stable));
        stranger_and_token_are_refused(&unpin());
    }

    #[test]
    fn versions_of_a_plugin_that_is_marked_or_gone_stay_as_they_are() {
        dead_plugins_refuse(&pin(Channel::Stable));
        dead_plugins_refuse(&unpin());
    }
}

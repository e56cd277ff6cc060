//! Delete a version.

use super::version_of;
use crate::{Command, Fact, reason};
use cairn_domain::event::{Stream, VersionDeleted, VersionUnpinned};
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Removes a version from every list and feed; its number stays used for ever. A pin on it
/// ends.
#[derive(Debug, Clone, Serialize)]
pub struct DeleteVersion {
    /// The plugin.
    pub package: PackageName,
    /// The version, in any form that real clients write.
    pub version: String,
    /// Why.
    pub reason: Option<String>,
}

impl Command for DeleteVersion {
    const NAME: &'static str = "delete_version";
    type Answer = PackageName;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.living(&self.package)?;
        acting.may_change(plugin)?;
        reason::optional(self.reason.as_deref())?;
        let version = version_of(plugin, &self.version)?;
        let deleted = VersionDeleted {
            package: self.package.clone(),
            version: version.number.clone(),
            reason: self.reason.clone(),
        };
        let stream = || Stream::plugin(&self.package);
        let mut facts = vec![(stream(), deleted.into())];
        let pins = plugin.pins.iter().filter(|(_, pinned)| **pinned == version.number);
        facts.extend(pins.map(|(channel, _)| {
            let unpinned = VersionUnpinned { package: self.package.clone(), channel: *channel };
            (stream(), unpinned.into())
        }));
        Ok(facts)
    }

    fn answer(&self, _after: &Known) -> PackageName {
        self.package.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::plugin::Channel;

    fn delete() -> DeleteVersion {
        DeleteVersion { package: lasso(), version: "1.0".into(), reason: None }
    }

    #[test]
    fn owners_and_staff_delete_versions_public_or_not() {
        given([lasso_of_ann()]).when(&delete(), by(ANN)).then([deleted("1.0")]);
        given([lasso_of_ann(), approved("1.0").into(), registered(SUE), staff(SUE)])
            .when(&delete(), by(SUE))
            .then([deleted("1.0")]);
    }

    #[test]
    fn strangers_and_tokens_do_not() {
        let not_owner = Refusal::NotOwner { package: "lasso".into() };
        given([lasso_of_ann(), registered(BOB)]).when(&delete(), by(BOB)).refused(&not_owner);
        given([lasso_of_ann(), token_of(ANN)])
            .when(&delete(), by_token_of(ANN))
            .refused(&Refusal::TokenScope);
    }

    #[test]
    fn a_deleted_version_is_gone() {
        let unknown = Refusal::VersionUnknown { package: "lasso".into(), version: "1.0".into() };
        given([lasso_of_ann(), deleted("1.0").into()]).when(&delete(), by(ANN)).refused(&unknown);
    }
    #[test]
    fn a_pin_ends_with_its_version() {
        let unpinned = plugin_event(VersionUnpinned { package: lasso(), channel: Channel::Stable });
        let public = [lasso_of_ann(), uploaded("1.1").into(), approved("1.0").into(), approved("1.1").into()];
        given(public.clone().into_iter().chain([pinned("1.0").into()]))
            .when(&delete(), by(ANN))
            .then([deleted("1.0"), unpinned]);
        given(public.into_iter().chain([pinned("1.1").into()]))
            .when(&delete(), by(ANN))
            .then([deleted("1.0")]);
    }

    #[test]
    fn a_reason_has_words() {
        let silent = DeleteVersion { reason: Some(String::new()), ..delete() };
        let refusal = Refusal::invalid("reason", "say why in some words");
        given([lasso_of_ann()]).when(&silent, by(ANN)).refused(&refusal);
    }

    #[test]
    fn versions_of_a_plugin_that_is_marked_or_gone_stay_as_they_are() {
        dead_plugins_refuse(&delete());
    }
}

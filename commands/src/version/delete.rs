//! Delete a version.

use super::version_of;
use crate::{Command, Fact};
use cairn_domain::event::{Stream, VersionDeleted};
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Removes a version from every list and feed; its number stays used for ever.
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
        let plugin = known.plugin(&self.package)?;
        acting.may_change(plugin)?;
        let version = version_of(plugin, &self.version)?;
        let deleted = VersionDeleted {
            package: self.package.clone(),
            version: version.number.clone(),
            reason: self.reason.clone(),
        };
        Ok(vec![(Stream::plugin(&self.package), deleted.into())])
    }

    fn answer(&self, _after: &Known) -> PackageName {
        self.package.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    fn delete() -> DeleteVersion {
        DeleteVersion { package: lasso(), version: "1.0".into(), reason: None }
    }

    fn deleted() -> Fact {
        plugin_event(VersionDeleted { package: lasso(), version: "1.0".parse().unwrap(), reason: None })
    }

    #[test]
    fn owners_and_staff_delete_versions_public_or_not() {
        given([lasso_of_ann()]).when(&delete(), by(ANN)).then([deleted()]);
        given([lasso_of_ann(), approved("1.0").into(), registered(SUE), staff(SUE)])
            .when(&delete(), by(SUE))
            .then([deleted()]);
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
        given([lasso_of_ann(), deleted().into()]).when(&delete(), by(ANN)).refused(&unknown);
    }
}

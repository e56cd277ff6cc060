//! Replace the file of a version that never was public.

use super::upload::{Uploaded, answer, the_right_plugin};
use super::{claim, edit, may_be_called, needs_no_review, nothing_public, version_of};
use crate::{Command, Fact, Personal};
use cairn_domain::event::{Stream, UploadedPackage, VersionApproved, VersionReplaced};
use cairn_domain::names::PackageName;
use cairn_domain::package::Package;
use cairn_domain::version_number::VersionNumber;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Gives a waiting version another file; the file may raise the number.
#[derive(Debug, Clone, Serialize)]
pub struct ReplaceVersion {
    /// The plugin.
    pub package: PackageName,
    /// The version to replace, in any form that real clients write.
    pub replaced: String,
    /// The folder in the zip.
    pub folder: PackageName,
    /// The number in the file's metadata.
    pub version: VersionNumber,
    /// The file.
    pub file: UploadedPackage,
    /// The author line, for the vault.
    #[serde(skip)]
    pub author: String,
    /// The address line, for the vault.
    #[serde(skip)]
    pub email: String,
}

impl ReplaceVersion {
    /// The replacement by an inspected package, with the codes of its warnings.
    pub fn by(package: PackageName, replaced: &str, with: &Package, warnings: Vec<String>) -> Self {
        Self {
            package,
            replaced: replaced.to_owned(),
            folder: with.package_name.clone(),
            version: with.version.clone(),
            file: UploadedPackage::of(with, warnings),
            author: with.details.author.clone().unwrap_or_default(),
            email: with.details.email.clone().unwrap_or_default(),
        }
    }
}

impl Command for ReplaceVersion {
    const NAME: &'static str = "replace_version";
    type Answer = Uploaded;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package), Stream::plugin_name(&self.file.details.name)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_to_publish(moment)?;
        the_right_plugin(known, moment.actor, Some(&self.package), &self.folder)?;
        let plugin = known.living(&self.package)?;
        acting.may_change(plugin)?;
        let old = version_of(plugin, &self.replaced)?;
        if old.approved_once {
            return Err(Refusal::VersionApproved { version: old.number.to_string() });
        }
        if self.version != old.number
            && let Some(used) = plugin.used_as(&self.version)
        {
            return Err(Refusal::VersionNumberUsed {
                version: self.version.to_string(),
                used_as: used.to_string(),
            });
        }
        may_be_called(plugin, &self.file.details.name)?;
        let claimed = claim(known, &self.package, &self.file.details.name)?;
        if old.sha256 == self.file.sha256 {
            return Ok(vec![]);
        }

        let stream = Stream::plugin(&self.package);
        let mut facts: Vec<Fact> = claimed.into_iter().collect();
        let replaced = VersionReplaced {
            package: self.package.clone(),
            replaced: old.number.clone(),
            version: self.version.clone(),
            file: self.file.clone(),
        };
        facts.push((stream.clone(), replaced.into()));
        let public = needs_no_review(&acting, Some(plugin));
        if public {
            let (package, version) = (self.package.clone(), self.version.clone());
            let base = plugin.newest_approved().map(|base| base.number.clone());
            facts.push((stream, VersionApproved { package, version, sha256: self.file.sha256, base }.into()));
        }
        if nothing_public(plugin) || (public && super::leads(Some(plugin), &self.version)) {
            facts.extend(edit(Some(plugin), &self.package, &self.version, &self.file.details));
        }
        Ok(facts)
    }

    fn answer(&self, after: &Known) -> Uploaded {
        answer(after, &self.package, &self.version)
    }

    fn personal(&self) -> Vec<Personal> {
        let (author, email) = (self.author.clone(), self.email.clone());
        vec![Personal::PackageAuthor { sha256: self.file.sha256, author, email }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::event::{PluginDetailsEdited, PluginNameClaimed, VersionDeleted, VersionUnapproved};

    fn replace(replaced: &str, version: &str, content: &str) -> ReplaceVersion {
        ReplaceVersion {
            package: lasso(),
            replaced: replaced.into(),
            folder: lasso(),
            version: version.parse().unwrap(),
            file: file(content),
            author: String::new(),
            email: String::new(),
        }
    }

    fn replaced(old: &str, new: &str, content: &str) -> Fact {
        plugin_event(VersionReplaced {
            package: lasso(),
            replaced: old.parse().unwrap(),
            version: new.parse().unwrap(),
            file: file(content),
        })
    }

    #[test]
    fn an_owner_replaces_a_waiting_version() {
        given([lasso_of_ann()])
            .when(&replace("1.0.0", "1.0", "better"), by(ANN))
            .then([replaced("1.0", "1.0", "better")]);
    }

    #[test]
    fn the_number_may_change_and_the_old_one_stays_used() {
        given([lasso_of_ann()])
            .when(&replace("1.0", "1.1", "better"), by(ANN))
            .then([replaced("1.0", "1.1", "better")]);
        let used = Refusal::VersionNumberUsed { version: "1.0".into(), used_as: "1.0".into() };
        given([lasso_of_ann(), replaced("1.0", "1.1", "better").into()])
            .when(&replace("1.1", "1.0", "best"), by(ANN))
            .refused(&used);
    }

    #[test]
    fn what_was_public_once_keeps_its_bytes() {
        let fixed = Refusal::VersionApproved { version: "1.0".into() };
        let history = [lasso_of_ann(), approved("1.0").into()];
        given(history.clone()).when(&replace("1.0", "1.0", "other"), by(ANN)).refused(&fixed);
        let withdrawn = plugin_event(VersionUnapproved {
            package: lasso(),
            version: "1.0".parse().unwrap(),
            reason: None,
        });
        given(history.into_iter().chain([withdrawn.into()]))
            .when(&replace("1.0", "1.0", "other"), by(ANN))
            .refused(&fixed);
    }

    #[test]
    fn a_plugin_gets_another_name_only_while_its_owner_allows_it() {
        let mut renamed = replace("1.0", "1.0", "better");
        renamed.file.details = details("Lasso Tool");
        let refusal = Refusal::RenameNotAllowed { name: "Lasso".into(), wanted: "Lasso Tool".into() };
        given([lasso_of_ann()]).when(&renamed, by(ANN)).refused(&refusal);
        let (package, name) = (lasso(), renamed.file.details.name.clone());
        let claimed = PluginNameClaimed { name: name.clone(), package };
        let number = || "1.0".parse().unwrap();
        let file = renamed.file.clone();
        let replaced = VersionReplaced { package: lasso(), replaced: number(), version: number(), file };
        let details = renamed.file.details.clone();
        let shown = PluginDetailsEdited { package: lasso(), details, from_version: Some(number()) };
        given([lasso_of_ann(), renaming_allowed().into()]).when(&renamed, by(ANN)).then([
            (Stream::plugin_name(&name), claimed.into()),
            plugin_event(replaced),
            plugin_event(shown),
        ]);
    }

    #[test]
    fn versions_of_a_plugin_that_is_marked_or_gone_keep_their_files() {
        dead_plugins_refuse(&replace("1.0", "1.0", "better"));
    }

    #[test]
    fn a_stranger_replaces_nothing() {
        given([lasso_of_ann(), registered(BOB)])
            .when(&replace("1.0", "1.0", "worse"), by(BOB))
            .refused(&Refusal::NotOwner { package: "lasso".into() });
    }

    #[test]
    fn the_same_file_again_is_not_an_error() {
        given([lasso_of_ann()]).when(&replace("1.0", "1.0", "1.0"), by(ANN)).then([]);
    }

    #[test]
    fn a_deleted_version_is_not_there() {
        let gone =
            plugin_event(VersionDeleted { package: lasso(), version: "1.0".parse().unwrap(), reason: None });
        let unknown = Refusal::VersionUnknown { package: "lasso".into(), version: "1.0".into() };
        given([lasso_of_ann(), gone.into()]).when(&replace("1.0", "1.1", "x"), by(ANN)).refused(&unknown);
    }

    #[test]
    fn a_trusted_owners_replacement_is_public_at_once() {
        let public = plugin_event(VersionApproved {
            package: lasso(),
            version: "1.0".parse().unwrap(),
            sha256: file("better").sha256,
            base: None,
        });
        given([lasso_of_ann(), trusted(ANN)])
            .when(&replace("1.0", "1.0", "better"), by(ANN))
            .then([replaced("1.0", "1.0", "better"), public]);
    }
}

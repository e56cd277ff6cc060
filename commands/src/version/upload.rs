//! Upload a version; the first one makes the plugin.

use super::{claim, edit, leads, may_be_called, needs_no_review, nothing_public};
use crate::{Command, Fact, Personal};
use cairn_domain::event::{PluginRegistered, Stream, UploadedPackage, VersionApproved, VersionUploaded};
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::package::Package;
use cairn_domain::version_number::VersionNumber;
use cairn_domain::{Actor, Known, Moment, Refusal};
use serde::{Deserialize, Serialize};

/// Adds a version whose file has been inspected and stored.
#[derive(Debug, Clone, Serialize)]
pub struct UploadVersion {
    /// The plugin that the caller named, if the door has one; the folder in the zip must be the same.
    pub into: Option<PackageName>,
    /// The folder in the zip.
    pub package: PackageName,
    /// The number in its metadata.
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

/// What an uploader gets to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploaded {
    /// The plugin.
    pub package: PackageName,
    /// Its number in feeds and answers.
    pub plugin_id: u64,
    /// The version number, as its author wrote it.
    pub version: VersionNumber,
    /// The version's number in answers.
    pub version_id: u64,
    /// Whether it is public at once.
    pub approved: bool,
    /// The file.
    pub sha256: Sha256,
}

impl UploadVersion {
    /// The upload of an inspected package, with the codes of its warnings.
    pub fn of(into: Option<PackageName>, package: &Package, warnings: Vec<String>) -> Self {
        Self {
            into,
            package: package.package_name.clone(),
            version: package.version.clone(),
            file: UploadedPackage::of(package, warnings),
            author: package.details.author.clone().unwrap_or_default(),
            email: package.details.email.clone().unwrap_or_default(),
        }
    }
}

/// Refuses a folder other than the plugin's, and a token of another plugin.
pub(super) fn the_right_plugin(
    known: &Known,
    actor: Actor,
    into: Option<&PackageName>,
    folder: &PackageName,
) -> Result<(), Refusal> {
    if let Some(token) = actor.token() {
        let meant = &known.token(token)?.package;
        if meant != into.unwrap_or(folder) {
            return Err(Refusal::TokenForAnotherPlugin { package: meant.to_string() });
        }
    }
    match into {
        Some(package) if package != folder => {
            Err(Refusal::FolderMismatch { folder: folder.to_string(), package: package.to_string() })
        }
        _ => Ok(()),
    }
}

pub(super) fn answer(after: &Known, package: &PackageName, version: &VersionNumber) -> Uploaded {
    let plugin = after.plugin(package).expect("the deed just decided upon made or found the plugin");
    let stored = plugin.find(version.as_str()).expect("the deed just decided upon made or found the version");
    Uploaded {
        package: plugin.package.clone(),
        plugin_id: plugin.id,
        version: stored.number.clone(),
        version_id: stored.id,
        approved: stored.approved,
        sha256: stored.sha256,
    }
}

impl Command for UploadVersion {
    const NAME: &'static str = "upload_version";
    type Answer = Uploaded;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package), Stream::plugin_name(&self.file.details.name)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_to_publish(moment)?;
        the_right_plugin(known, moment.actor, self.into.as_ref(), &self.package)?;
        let plugin = known.plugin_like(&self.package);
        if let Some(plugin) = plugin {
            if plugin.package != self.package {
                return Err(Refusal::PackageNameTaken {
                    package: self.package.to_string(),
                    taken_by: plugin.package.to_string(),
                });
            }
            plugin.must_live()?;
            acting.may_change(plugin)?;
            may_be_called(plugin, &self.file.details.name)?;
            if let Some(used) = plugin.used_as(&self.version) {
                return Err(Refusal::VersionNumberUsed {
                    version: self.version.to_string(),
                    used_as: used.to_string(),
                });
            }
        }
        let claimed = claim(known, &self.package, &self.file.details.name)?;

        let stream = Stream::plugin(&self.package);
        let mut facts = Vec::new();
        if plugin.is_none() {
            let owner = acting.account.ok_or(Refusal::Unauthenticated)?;
            facts.push((stream.clone(), PluginRegistered { package: self.package.clone(), owner }.into()));
        }
        facts.extend(claimed);
        let (package, version) = (self.package.clone(), self.version.clone());
        facts.push((stream.clone(), VersionUploaded { package, version, file: self.file.clone() }.into()));
        let public = needs_no_review(&acting, plugin);
        if public {
            let (package, version) = (self.package.clone(), self.version.clone());
            let base = plugin
                .and_then(cairn_domain::plugin::Plugin::newest_approved)
                .map(|base| base.number.clone());
            facts.push((stream, VersionApproved { package, version, sha256: self.file.sha256, base }.into()));
        }
        if plugin.is_none_or(nothing_public) || (public && leads(plugin, &self.version)) {
            facts.extend(edit(plugin, &self.package, &self.version, &self.file.details));
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
    use cairn_domain::event::{PluginDetailsEdited, PluginNameClaimed, VersionDeleted};

    fn upload(version: &str) -> UploadVersion {
        UploadVersion {
            into: None,
            package: lasso(),
            version: version.parse().unwrap(),
            file: file(version),
            author: "Ann".into(),
            email: "ann@example.org".into(),
        }
    }

    fn born() -> Fact {
        plugin_event(PluginRegistered { package: lasso(), owner: ANN })
    }

    #[test]
    fn every_account_may_add_a_plugin_and_owns_it() {
        given([registered(ANN)]).when(&upload("1.0"), by(ANN)).then([
            born(),
            name_claimed(),
            uploaded("1.0"),
            edited("1.0"),
        ]);
    }

    #[test]
    fn nobody_in_particular_may_not() {
        given([registered(ANN)]).when(&upload("1.0"), Actor::Anonymous).refused(&Refusal::Unauthenticated);
        given([registered(ANN)]).when(&upload("1.0"), Actor::Operator).refused(&Refusal::Unauthenticated);
        let unknown = Refusal::AccountUnknown { account: BOB.to_string() };
        given([registered(ANN)]).when(&upload("1.0"), by(BOB)).refused(&unknown);
    }

    #[test]
    fn a_trusted_accounts_upload_to_its_plugin_is_public_at_once() {
        given([registered(ANN), trusted(ANN)]).when(&upload("1.0"), by(ANN)).then([
            born(),
            name_claimed(),
            uploaded("1.0"),
            approved("1.0"),
            edited("1.0"),
        ]);
        given([lasso_of_ann(), trusted(ANN)])
            .when(&upload("1.1"), by(ANN))
            .then([uploaded("1.1"), approved("1.1")]);
    }

    #[test]
    fn anybody_elses_waits() {
        given([lasso_of_ann()]).when(&upload("1.1"), by(ANN)).then([uploaded("1.1")]);
        given([lasso_of_ann(), registered(SUE), staff(SUE), trusted(SUE)])
            .when(&upload("1.1"), by(SUE))
            .then([uploaded("1.1")]);
    }

    #[test]
    fn only_owners_and_staff_upload_versions() {
        let not_owner = Refusal::NotOwner { package: "lasso".into() };
        given([lasso_of_ann(), registered(BOB)]).when(&upload("1.1"), by(BOB)).refused(&not_owner);
        given([lasso_of_ann(), registered(BOB), trusted(BOB)])
            .when(&upload("1.1"), by(BOB))
            .refused(&not_owner);
    }

    #[test]
    fn a_blocked_account_uploads_nothing_with_any_credential() {
        let history = [lasso_of_ann(), token_of(ANN), blocked(ANN)];
        given(history.clone()).when(&upload("1.1"), by(ANN)).refused(&Refusal::AccountBlocked);
        given(history).when(&upload("1.1"), by_token_of(ANN)).refused(&Refusal::AccountBlocked);
    }

    #[test]
    fn a_version_number_is_used_once_for_ever() {
        let used =
            |version: &str| Refusal::VersionNumberUsed { version: version.into(), used_as: "1.0".into() };
        given([lasso_of_ann()]).when(&upload("1.0"), by(ANN)).refused(&used("1.0"));
        given([lasso_of_ann()]).when(&upload("v1.0.0"), by(ANN)).refused(&used("v1.0.0"));
        let gone =
            plugin_event(VersionDeleted { package: lasso(), version: "1.0".parse().unwrap(), reason: None });
        given([lasso_of_ann(), gone.into()]).when(&upload("1.0"), by(ANN)).refused(&used("1.0"));
    }

    #[test]
    fn package_names_are_unique_without_regard_to_case() {
        let shouted = UploadVersion { package: "LASSO".parse().unwrap(), ..upload("2.0") };
        let taken = Refusal::PackageNameTaken { package: "LASSO".into(), taken_by: "lasso".into() };
        given([lasso_of_ann()]).when(&shouted, by(ANN)).refused(&taken);
    }

    #[test]
    fn plugin_names_are_unique_without_regard_to_case() {
        let mut other = UploadVersion { package: "other".parse().unwrap(), ..upload("1.0") };
        other.file.details = details("LASSO");
        let taken = Refusal::PluginNameTaken { name: "LASSO".into(), taken_by: "lasso".into() };
        given([lasso_of_ann()]).when(&other, by(ANN)).refused(&taken);
    }

    #[test]
    fn the_folder_is_the_plugin_that_was_named() {
        let elsewhere = UploadVersion { into: Some("other".parse().unwrap()), ..upload("1.1") };
        let mismatch = Refusal::FolderMismatch { folder: "lasso".into(), package: "other".into() };
        given([lasso_of_ann()]).when(&elsewhere, by(ANN)).refused(&mismatch);
        let here = UploadVersion { into: Some(lasso()), ..upload("1.1") };
        given([lasso_of_ann()]).when(&here, by(ANN)).then([uploaded("1.1")]);
    }

    #[test]
    fn a_trusted_accounts_token_publishes_at_once_only_if_it_was_made_for_that() {
        let history = [lasso_of_ann(), trusted(ANN), upload_only_token_of(ANN)];
        given(history).when(&upload("1.1"), by_token_of(ANN)).then([uploaded("1.1")]);
        let history = [lasso_of_ann(), trusted(ANN), token_of(ANN)];
        given(history).when(&upload("1.1"), by_token_of(ANN)).then([uploaded("1.1"), approved("1.1")]);
    }

    #[test]
    fn a_token_uploads_for_its_account_and_its_plugin_only() {
        let history = [lasso_of_ann(), token_of(ANN)];
        given(history.clone()).when(&upload("1.1"), by_token_of(ANN)).then([uploaded("1.1")]);
        let other = UploadVersion { package: "other".parse().unwrap(), ..upload("1.0") };
        let wrong = Refusal::TokenForAnotherPlugin { package: "lasso".into() };
        given(history).when(&other, by_token_of(ANN)).refused(&wrong);
        given([lasso_of_ann()]).when(&upload("1.1"), by_token_of(ANN)).refused(&Refusal::TokenInvalid);
    }

    #[test]
    fn texts_of_an_unreviewed_upload_are_not_shown() {
        let mut renamed = upload("1.1");
        renamed.file.details.description = "Buy now".into();
        let unseen = plugin_event(VersionUploaded {
            package: lasso(),
            version: "1.1".parse().unwrap(),
            file: renamed.file.clone(),
        });
        given([lasso_of_ann(), approved("1.0").into()]).when(&renamed, by(ANN)).then([unseen]);
    }
    #[test]
    fn a_plugin_gets_another_name_only_while_its_owner_allows_it() {
        let mut renamed = upload("1.1");
        renamed.file.details = details("Lasso Tool");
        let refusal = Refusal::RenameNotAllowed { name: "Lasso".into(), wanted: "Lasso Tool".into() };
        given([lasso_of_ann(), approved("1.0").into()]).when(&renamed, by(ANN)).refused(&refusal);
        let name = renamed.file.details.name.clone();
        let claimed = PluginNameClaimed { name: name.clone(), package: lasso() };
        let (package, version) = (lasso(), "1.1".parse().unwrap());
        let uploaded = VersionUploaded { package, version, file: renamed.file.clone() };
        given([lasso_of_ann(), approved("1.0").into(), renaming_allowed().into()])
            .when(&renamed, by(ANN))
            .then([(Stream::plugin_name(&name), claimed.into()), plugin_event(uploaded)]);
    }

    #[test]
    fn nothing_is_uploaded_to_a_plugin_that_is_marked_or_gone() {
        dead_plugins_refuse(&upload("1.1"));
    }

    #[test]
    fn only_a_plugin_that_never_was_seen_shows_what_nobody_looked_at() {
        let mut next = upload("1.1");
        next.file.details.description = "Does not eat layers".into();
        let shown = plugin_event(PluginDetailsEdited {
            package: lasso(),
            details: next.file.details.clone(),
            from_version: Some("1.1".parse().unwrap()),
        });
        let waits = plugin_event(VersionUploaded {
            package: lasso(),
            version: "1.1".parse().unwrap(),
            file: next.file.clone(),
        });
        given([lasso_of_ann()]).when(&next, by(ANN)).then([waits.clone(), shown]);
        given([lasso_of_ann(), approved("1.0").into(), yanked("1.0").into()])
            .when(&next, by(ANN))
            .then([waits]);
    }
}

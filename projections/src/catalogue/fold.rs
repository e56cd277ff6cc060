//! What each event means for the catalogue. Pure: no database, no clock.

use super::state::{Plugin, PluginRow, ReplacedRow, State, Texts, Version, VersionRow};
use crate::columns::signed;
use crate::fact::{Fact, Fault};
use cairn_domain::Event;
use cairn_domain::event::{
    AccountEvent, PluginEvent, PluginRegistered, UploadedPackage, VoteCast, VotesEvent,
};
use cairn_domain::names::{PackageName, fold as folded};
use cairn_domain::plugin::PluginDetails;
use cairn_domain::version_number::VersionNumber;
use cairn_domain::votes::Voter;
use cairn_store::to_us;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Whether the catalogue looks at events of this kind at all.
pub(super) fn wants(kind: &str) -> bool {
    matches!(
        kind,
        "TrustGranted"
            | "TrustWithdrawn"
            | "PluginRegistered"
            | "PluginDetailsEdited"
            | "VersionUploaded"
            | "VersionReplaced"
            | "VersionApproved"
            | "VersionUnapproved"
            | "VersionDeleted"
            | "OwnerAdded"
            | "OwnerRemoved"
            | "OwnershipTransferred"
            | "VersionRefused"
            | "VersionReviewAsked"
            | "VersionYanked"
            | "VersionUnyanked"
            | "VersionPinned"
            | "VersionUnpinned"
            | "MaintainerNamed"
            | "RenamingAllowed"
            | "PluginDeprecated"
            | "PluginUndeprecated"
            | "PluginFeatured"
            | "PluginUnfeatured"
            | "PluginMarkedForDeletion"
            | "PluginRestored"
            | "PluginTombstoned"
            | "PluginRevived"
            | "VoteCast"
    )
}

/// How a voter is known in the table: one byte for the sort, then id or digest.
pub(super) fn voter_key(voter: &Voter) -> Vec<u8> {
    match voter {
        Voter::Account(account) => [&[1], account.0.as_bytes().as_slice()].concat(),
        Voter::OfTheDay(digest) => [&[2], digest.as_bytes().as_slice()].concat(),
    }
}

impl State {
    /// Takes in all events of a page, in order.
    pub(crate) fn take_all(&mut self, facts: Vec<Fact>) -> Result<(), Fault> {
        facts.into_iter().try_for_each(|fact| self.take(fact))?;
        self.plugins.values_mut().filter(|plugin| plugin.changed).for_each(Plugin::sum_up);
        Ok(())
    }

    fn take(&mut self, fact: Fact) -> Result<(), Fault> {
        let at = At { position: fact.position, us: fact.at_us, actor: fact.actor, by_token: fact.by_token };
        match fact.event {
            Event::Account(AccountEvent::TrustGranted(granted)) => self.trust(&at, granted.account.0, true),
            Event::Account(AccountEvent::TrustWithdrawn(withdrawn)) => {
                self.trust(&at, withdrawn.account.0, false);
            }
            Event::Plugin(event) => self.take_plugin_event(&at, event)?,
            Event::Votes(VotesEvent::VoteCast(vote)) => self.plugin(&at, &vote.package)?.vote(&vote),
            Event::Account(_)
            | Event::Session(_)
            | Event::PluginName(_)
            | Event::Publisher(_)
            | Event::Token(_)
            | Event::Team(_)
            | Event::SignUp(_)
            | Event::Site(_) => {}
        }
        Ok(())
    }

    fn take_plugin_event(&mut self, at: &At, event: PluginEvent) -> Result<(), Fault> {
        match event {
            PluginEvent::PluginRegistered(born) => self.register(at, &born)?,
            PluginEvent::PluginDetailsEdited(edited) => {
                self.plugin(at, &edited.package)?.edit(at, edited.details)?;
            }
            PluginEvent::VersionUploaded(uploaded) => {
                self.plugin(at, &uploaded.package)?.upload(at, &uploaded.version, uploaded.file);
            }
            PluginEvent::VersionReplaced(replaced) => {
                let version = self.version(at, &replaced.package, &replaced.replaced)?;
                let before = version.replace(at, &replaced.version, replaced.file);
                self.plugin(at, &replaced.package)?.replaced.push(before);
            }
            PluginEvent::VersionApproved(approved) => {
                let row = &mut self.version(at, &approved.package, &approved.version)?.row;
                (row.approved, row.approved_at_us) = (true, Some(at.us));
                (row.refused_reason, row.review_asked) = (None, false);
            }
            PluginEvent::VersionUnapproved(unapproved) => {
                let row = &mut self.version(at, &unapproved.package, &unapproved.version)?.row;
                (row.approved, row.approved_at_us, row.review_asked) = (false, None, false);
            }
            PluginEvent::VersionDeleted(deleted) => {
                let version_id = self.version(at, &deleted.package, &deleted.version)?.row.version_id;
                let plugin = self.plugin(at, &deleted.package)?;
                plugin.versions.remove(&version_id);
                plugin.deleted.push(version_id);
            }
            PluginEvent::OwnerAdded(added) => {
                self.owners(at, &added.package)?.insert(added.account.0);
            }
            PluginEvent::OwnerRemoved(removed) => {
                self.owners(at, &removed.package)?.remove(&removed.account.0);
            }
            PluginEvent::OwnershipTransferred(transferred) => {
                let owners = self.owners(at, &transferred.package)?;
                owners.remove(&transferred.from.0);
                owners.insert(transferred.to.0);
            }
            PluginEvent::VersionRefused(refused) => {
                let row = &mut self.version(at, &refused.package, &refused.version)?.row;
                row.refused_reason = Some(refused.reason);
            }
            PluginEvent::VersionReviewAsked(asked) => {
                self.version(at, &asked.package, &asked.version)?.row.review_asked = true;
            }
            PluginEvent::VersionYanked(yanked) => {
                let row = &mut self.version(at, &yanked.package, &yanked.version)?.row;
                row.yanked_reason = Some(yanked.reason);
            }
            PluginEvent::VersionUnyanked(unyanked) => {
                self.version(at, &unyanked.package, &unyanked.version)?.row.yanked_reason = None;
            }
            PluginEvent::VersionPinned(pinned) => {
                self.plugin(at, &pinned.package)?.unpin(pinned.channel);
                self.version(at, &pinned.package, &pinned.version)?.row.pinned = true;
            }
            PluginEvent::VersionUnpinned(unpinned) => {
                self.plugin(at, &unpinned.package)?.unpin(unpinned.channel);
            }
            PluginEvent::MaintainerNamed(named) => {
                self.plugin(at, &named.package)?.row.maintainer_id = named.account.map(|account| account.0);
            }
            PluginEvent::RenamingAllowed(renaming) => {
                self.plugin(at, &renaming.package)?.row.renaming_allowed = renaming.allowed;
            }
            PluginEvent::PluginDeprecated(deprecated) => {
                let package = deprecated.package.clone();
                self.plugin(at, &package)?.deprecate(deprecated);
            }
            PluginEvent::PluginUndeprecated(undeprecated) => {
                self.plugin(at, &undeprecated.package)?.undeprecate();
            }
            PluginEvent::PluginFeatured(featured) => {
                self.plugin(at, &featured.package)?.row.featured = true;
            }
            PluginEvent::PluginUnfeatured(unfeatured) => {
                self.plugin(at, &unfeatured.package)?.row.featured = false;
            }
            PluginEvent::PluginMarkedForDeletion(marked) => {
                let row = &mut self.plugin(at, &marked.package)?.row;
                (row.marked_until_us, row.marked_reason) = (Some(to_us(marked.until)), marked.reason);
            }
            PluginEvent::PluginRestored(restored) => {
                let row = &mut self.plugin(at, &restored.package)?.row;
                (row.marked_until_us, row.marked_reason) = (None, None);
            }
            PluginEvent::PluginTombstoned(gone) => self.plugin(at, &gone.package)?.bury(),
            PluginEvent::PluginRevived(revived) => {
                let trusted = self.trusted.contains(&revived.owner.0);
                self.plugin(at, &revived.package)?.revive(revived.owner.0, trusted);
            }
            PluginEvent::OwnerInvited(_)
            | PluginEvent::InvitationAccepted(_)
            | PluginEvent::InvitationDeclined(_)
            | PluginEvent::InvitationWithdrawn(_)
            | PluginEvent::TeamOwnerAdded(_)
            | PluginEvent::TeamOwnerRemoved(_) => {}
        }
        Ok(())
    }

    fn trust(&mut self, at: &At, account: Uuid, trusted: bool) {
        if trusted {
            self.trusted.insert(account)
        } else {
            self.trusted.remove(&account)
        };
        self.trust_changed.insert(account);
        for plugin in self.plugins.values_mut().filter(|plugin| plugin.row.creator_id == account) {
            plugin.row.creator_trusted = trusted;
            plugin.touch(at);
        }
    }

    fn register(&mut self, at: &At, born: &PluginRegistered) -> Result<(), Fault> {
        let key = born.package.folded();
        if self.plugins.contains_key(&key) {
            return Err(Fault::contradiction(at.position, format!("{} is registered already", born.package)));
        }
        let trusted = self.trusted.contains(&born.owner.0);
        self.plugins.insert(key, Plugin::registered(at, born, trusted));
        Ok(())
    }

    /// The plugin an event is about, which thereby changes.
    fn plugin(&mut self, at: &At, package: &PackageName) -> Result<&mut Plugin, Fault> {
        let plugin = self.plugins.get_mut(&package.folded());
        let plugin = plugin
            .ok_or_else(|| Fault::contradiction(at.position, format!("there is no plugin {package}")))?;
        plugin.touch(at);
        Ok(plugin)
    }

    /// The version an event is about, which thereby changes.
    fn version(
        &mut self,
        at: &At,
        package: &PackageName,
        number: &VersionNumber,
    ) -> Result<&mut Version, Fault> {
        let version = self.plugin(at, package)?.version_mut(number);
        let unknown = || Fault::contradiction(at.position, format!("{package} has no version {number}"));
        let version = version.ok_or_else(unknown)?;
        version.changed = true;
        Ok(version)
    }

    fn owners(&mut self, at: &At, package: &PackageName) -> Result<&mut BTreeSet<Uuid>, Fault> {
        let plugin = self.plugin(at, package)?;
        plugin.owners_changed = true;
        Ok(&mut plugin.owners)
    }
}

/// Where and when an event happened and who did it.
pub(super) struct At {
    pub(super) position: u64,
    pub(super) us: i64,
    actor: Option<Uuid>,
    by_token: bool,
}

impl Plugin {
    /// Until its details come, which is a few events later, a plugin is called by its package name.
    fn registered(at: &At, born: &PluginRegistered, trusted: bool) -> Self {
        let row = PluginRow {
            plugin_id: signed(at.position) + 1,
            package: born.package.to_string(),
            package_key: born.package.folded(),
            name: born.package.to_string(),
            name_order: folded(born.package.as_str()).into_bytes(),
            search_text: born.package.folded(),
            description: String::new(),
            about: None,
            homepage: None,
            tracker: None,
            repository: None,
            category: None,
            plugin_dependencies: None,
            external_dependencies: None,
            server: false,
            deprecated: false,
            has_processing_provider: false,
            icon_sha256: None,
            icon_extension: None,
            creator_id: born.owner.0,
            creator_trusted: trusted,
            created_at_us: at.us,
            updated_at_us: at.us,
            approved_stable: 0,
            approved_experimental: 0,
            waiting: 0,
            votes: 0,
            score: 0,
            changed_at: signed(at.position),
            deprecated_by_owner: false,
            successor: None,
            deprecated_reason: None,
            featured: false,
            maintainer_id: None,
            renaming_allowed: false,
            marked_until_us: None,
            marked_reason: None,
            tombstone: false,
            previous_names: None,
            yanked: 0,
            license: None,
        };
        Self {
            row,
            stored: false,
            changed: true,
            versions: BTreeMap::new(),
            deleted: Vec::new(),
            uploaded: Vec::new(),
            replaced: Vec::new(),
            owners: BTreeSet::from([born.owner.0]),
            owners_changed: true,
            tags: None,
            tags_before: Vec::new(),
            name_before: None,
            listed_before: false,
            votes: BTreeMap::new(),
        }
    }

    fn touch(&mut self, at: &At) {
        self.row.changed_at = signed(at.position);
        self.changed = true;
    }

    fn edit(&mut self, at: &At, details: PluginDetails) -> Result<(), Fault> {
        self.rename(at, details.name.as_str())?;
        let row = &mut self.row;
        let tags: Vec<String> = details.tags.into_iter().map(String::from).collect();
        row.name_order = details.name.folded().into_bytes();
        row.name = details.name.into();
        row.search_text = search_text(row, &details.description, &tags);
        row.description = details.description;
        row.about = details.about;
        row.homepage = details.homepage;
        row.tracker = details.tracker;
        row.repository = details.repository;
        row.category = details.category;
        row.plugin_dependencies = details.plugin_dependencies;
        row.external_dependencies = details.external_dependencies;
        row.server = details.server;
        row.deprecated = details.deprecated;
        row.has_processing_provider = details.has_processing_provider;
        (row.icon_sha256, row.icon_extension) =
            details.icon.map(|icon| (icon.sha256.to_string(), icon.extension)).unzip();
        self.tags = Some(tags);
        Ok(())
    }

    fn upload(&mut self, at: &At, number: &VersionNumber, file: UploadedPackage) {
        let version_id = signed(at.position) + 1;
        let row = VersionRow {
            version_id,
            plugin_id: self.row.plugin_id,
            version: number.to_string(),
            version_order: number.sort_key(),
            sha256: file.sha256.to_string(),
            size_bytes: signed(file.size_bytes),
            experimental: file.experimental,
            qgis_min: file.qgis.min().into(),
            qgis_max: file.qgis.max().into(),
            uploaded_by: at.actor,
            by_token: at.by_token,
            uploaded_at_us: at.us,
            replaced_at_us: None,
            approved: false,
            approved_at_us: None,
            yanked_reason: None,
            refused_reason: None,
            review_asked: false,
            pinned: false,
            license: file.license.map(String::from),
        };
        let texts = Texts { changelog: file.changelog, warnings: file.warnings, details: file.details };
        self.versions.insert(version_id, Version { row, changed: true, texts: Some(texts) });
        self.uploaded.push(version_id);
    }

    fn vote(&mut self, vote: &VoteCast) {
        let score = i64::from(vote.score);
        let before = self.votes.insert(voter_key(&vote.voter), (score, true));
        self.row.votes += i64::from(before.is_none());
        self.row.score += score - before.map_or(0, |(score, _)| score);
    }
}

impl Version {
    /// Another file, perhaps another number; whoever sent it is now the one who uploaded. Answers what was there before.
    fn replace(&mut self, at: &At, number: &VersionNumber, file: UploadedPackage) -> ReplacedRow {
        let row = &mut self.row;
        let before = ReplacedRow {
            replaced_at: signed(at.position),
            version_id: row.version_id,
            plugin_id: row.plugin_id,
            version: row.version.clone(),
            sha256: row.sha256.clone(),
            size_bytes: row.size_bytes,
            replaced_at_us: at.us,
        };
        row.refused_reason = None;
        row.version = number.to_string();
        row.version_order = number.sort_key();
        row.sha256 = file.sha256.to_string();
        row.size_bytes = signed(file.size_bytes);
        row.experimental = file.experimental;
        row.qgis_min = file.qgis.min().into();
        row.qgis_max = file.qgis.max().into();
        row.license = file.license.map(String::from);
        (row.uploaded_by, row.by_token, row.replaced_at_us) = (at.actor, at.by_token, Some(at.us));
        self.texts =
            Some(Texts { changelog: file.changelog, warnings: file.warnings, details: file.details });
        before
    }
}

/// What is searched, folded as the words that are looked for. Blanks at both ends let a search tell where
/// words begin.
fn search_text(row: &PluginRow, description: &str, tags: &[String]) -> String {
    let whole = [&row.name, &row.package, description, &tags.join(" ")].join(" ");
    format!(" {} ", folded(&whole))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_domain::event::{PluginDetailsEdited, VersionApproved, VersionDeleted, VersionUploaded};
    use cairn_domain::ids::AccountId;
    use cairn_domain::names::Sha256;
    use cairn_domain::qgis_version::CompatRange;

    const ANN: AccountId = AccountId(Uuid::from_u128(0xa));

    fn details(name: &str) -> PluginDetails {
        PluginDetails {
            name: name.parse().unwrap(),
            description: "Draws".into(),
            about: None,
            homepage: None,
            tracker: None,
            repository: None,
            tags: vec!["mesh".parse().unwrap()],
            category: None,
            plugin_dependencies: None,
            external_dependencies: None,
            server: false,
            deprecated: false,
            has_processing_provider: false,
            icon: None,
        }
    }

    fn package() -> PackageName {
        "Lasso".parse().unwrap()
    }

    fn uploaded(version: &str) -> Event {
        let file = UploadedPackage {
            sha256: Sha256::of(version.as_bytes()),
            size_bytes: 10,
            experimental: version.contains("rc"),
            qgis: CompatRange::new("3.4".parse().unwrap(), None).unwrap(),
            changelog: None,
            details: details("Lasso"),
            warnings: Vec::new(),
            license: format!("Licence of {version}").parse().ok(),
        };
        VersionUploaded { package: package(), version: version.parse().unwrap(), file }.into()
    }

    fn approved(version: &str) -> Event {
        let sha256 = Sha256::of(version.as_bytes());
        VersionApproved { package: package(), version: version.parse().unwrap(), sha256, base: None }.into()
    }

    fn edited(name: &str) -> Event {
        PluginDetailsEdited { package: package(), details: details(name), from_version: None }.into()
    }

    /// Events from position 0 on, a second after each other.
    fn after(events: impl IntoIterator<Item = Event>) -> Result<State, Fault> {
        let born = PluginRegistered { package: package(), owner: ANN }.into();
        let facts = (0_u64..).zip([born].into_iter().chain(events)).map(|(position, event)| Fact {
            position,
            at_us: signed(position) * 1_000_000,
            actor: Some(ANN.0),
            by_token: false,
            token: None,
            event,
        });
        let mut state = State::default();
        state.take_all(facts.collect())?;
        Ok(state)
    }

    #[test]
    fn a_plugin_is_summed_up_from_its_versions() {
        let state = after([
            uploaded("1.0"),
            uploaded("1.1-rc1"),
            uploaded("1.2"),
            approved("1.0"),
            approved("1.1-rc1"),
        ]);
        let row = &state.unwrap().plugins["lasso"].row;
        assert_eq!((row.approved_stable, row.approved_experimental, row.waiting), (1, 1, 1));
        assert_eq!(row.updated_at_us, 2_000_000, "1.2 waits, so 1.1-rc1 is the newest");
        assert_eq!(row.changed_at, 5);
        assert_eq!(
            row.license.as_deref(),
            Some("Licence of 1.1-rc1"),
            "the highest on offer, if an experimental one"
        );
    }

    #[test]
    fn a_version_is_meant_in_any_spelling_of_its_number() {
        let state = after([uploaded("1.0"), approved("v1.0.0")]).unwrap();
        assert!(state.plugins["lasso"].versions[&2].row.approved);
    }

    #[test]
    fn a_deleted_version_leaves_but_stays_an_upload() {
        let gone = VersionDeleted { package: package(), version: "1.0".parse().unwrap(), reason: None };
        let state = after([uploaded("1.0"), gone.into()]).unwrap();
        let plugin = &state.plugins["lasso"];
        assert_eq!((plugin.versions.len(), &plugin.deleted, &plugin.uploaded), (0, &vec![2], &vec![2]));
        assert_eq!(plugin.row.updated_at_us, plugin.row.created_at_us);
    }

    #[test]
    fn texts_are_searched_in_one_folded_form() {
        let state = after([edited("Łasso  TOOL")]).unwrap();
        let row = &state.plugins["lasso"].row;
        assert_eq!(row.search_text, " łasso tool lasso draws mesh ");
        assert_eq!(row.name_order, "łasso tool".as_bytes());
    }

    #[test]
    fn what_cannot_have_happened_is_told_with_its_position() {
        for (events, position, reason) in [
            (vec![approved("1.0")], 1, "Lasso has no version 1.0"),
            (
                vec![uploaded("1.0"), PluginRegistered { package: package(), owner: ANN }.into()],
                2,
                "registered already",
            ),
        ] {
            let Err(Fault::Event { position: at, reason: told }) = after(events) else { panic!("{reason}") };
            assert_eq!(at, position);
            assert!(told.contains(reason), "{told}");
        }
    }
}

//! The plugins that a page of events touches, in memory.

use cairn_domain::plugin::PluginDetails;
use cairn_domain::version_number::VersionNumber;
use cairn_store::rows;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// What the fold knows and changes.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// By folded package name.
    pub(crate) plugins: HashMap<String, Plugin>,
    /// Of the accounts that were asked about, those that are trusted.
    pub(crate) trusted: HashSet<Uuid>,
    /// Trust given and withdrawn in this page.
    pub(crate) trust_changed: BTreeSet<Uuid>,
}

/// A plugin with what belongs to it, and what of that has to be written.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says by itself whether something is written")]
pub(crate) struct Plugin {
    pub(crate) row: PluginRow,
    /// It was in the table before this page.
    pub(crate) stored: bool,
    pub(crate) changed: bool,
    pub(crate) versions: BTreeMap<i64, Version>,
    pub(crate) deleted: Vec<i64>,
    /// Versions uploaded in this page, also those deleted in it.
    pub(crate) uploaded: Vec<i64>,
    /// Files that were replaced in this page.
    pub(crate) replaced: Vec<ReplacedRow>,
    pub(crate) owners: BTreeSet<Uuid>,
    pub(crate) owners_changed: bool,
    /// All tags, if this page replaces them.
    pub(crate) tags: Option<Vec<String>>,
    /// The tags it had before this page.
    pub(crate) tags_before: Vec<String>,
    /// The name it had before this page.
    pub(crate) name_before: Option<String>,
    /// Whether lists had it before this page.
    pub(crate) listed_before: bool,
    /// The scores that were looked up or cast, and whether they were cast in this page.
    pub(crate) votes: BTreeMap<Vec<u8>, (i64, bool)>,
}

/// A version, and what of it has to be written.
#[derive(Debug)]
pub(crate) struct Version {
    pub(crate) row: VersionRow,
    pub(crate) changed: bool,
    /// Its long texts, if this page brought them.
    pub(crate) texts: Option<Texts>,
}

/// The long texts of a version.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) changelog: Option<String>,
    pub(crate) warnings: Vec<String>,
    pub(crate) details: PluginDetails,
}

rows! {
    /// The columns of `catalogue_plugin`.
    #[derive(Clone)]
    pub(crate) struct PluginRow {
        pub(crate) plugin_id: i64,
        pub(crate) package: String,
        pub(crate) package_key: String,
        pub(crate) name: String,
        pub(crate) name_order: Vec<u8>,
        pub(crate) search_text: String,
        pub(crate) description: String,
        pub(crate) about: Option<String>,
        pub(crate) homepage: Option<String>,
        pub(crate) tracker: Option<String>,
        pub(crate) repository: Option<String>,
        pub(crate) category: Option<String>,
        pub(crate) plugin_dependencies: Option<String>,
        pub(crate) external_dependencies: Option<String>,
        pub(crate) server: bool,
        pub(crate) deprecated: bool,
        pub(crate) has_processing_provider: bool,
        pub(crate) icon_sha256: Option<String>,
        pub(crate) icon_extension: Option<String>,
        pub(crate) creator_id: Uuid,
        pub(crate) creator_trusted: bool,
        pub(crate) created_at_us: i64,
        pub(crate) updated_at_us: i64,
        pub(crate) approved_stable: i64,
        pub(crate) approved_experimental: i64,
        pub(crate) waiting: i64,
        pub(crate) votes: i64,
        pub(crate) score: i64,
        pub(crate) changed_at: i64,
        pub(crate) deprecated_by_owner: bool,
        pub(crate) successor: Option<String>,
        pub(crate) deprecated_reason: Option<String>,
        pub(crate) featured: bool,
        pub(crate) maintainer_id: Option<Uuid>,
        pub(crate) renaming_allowed: bool,
        pub(crate) marked_until_us: Option<i64>,
        pub(crate) marked_reason: Option<String>,
        pub(crate) tombstone: bool,
        pub(crate) previous_names: Option<String>,
        pub(crate) yanked: i64,
        pub(crate) license: Option<String>,
    }

    /// The columns of `catalogue_version`.
    #[derive(Clone)]
    pub(crate) struct VersionRow {
        pub(crate) version_id: i64,
        pub(crate) plugin_id: i64,
        pub(crate) version: String,
        pub(crate) version_order: Vec<u8>,
        pub(crate) sha256: String,
        pub(crate) size_bytes: i64,
        pub(crate) experimental: bool,
        pub(crate) qgis_min: String,
        pub(crate) qgis_max: String,
        pub(crate) uploaded_by: Option<Uuid>,
        pub(crate) by_token: bool,
        pub(crate) uploaded_at_us: i64,
        pub(crate) replaced_at_us: Option<i64>,
        pub(crate) approved: bool,
        pub(crate) approved_at_us: Option<i64>,
        pub(crate) yanked_reason: Option<String>,
        pub(crate) refused_reason: Option<String>,
        pub(crate) review_asked: bool,
        pub(crate) pinned: bool,
        pub(crate) license: Option<String>,
    }

    /// The columns of `catalogue_replaced`.
    #[derive(Clone)]
    pub(crate) struct ReplacedRow {
        pub(crate) replaced_at: i64,
        pub(crate) version_id: i64,
        pub(crate) plugin_id: i64,
        pub(crate) version: String,
        pub(crate) sha256: String,
        pub(crate) size_bytes: i64,
        pub(crate) replaced_at_us: i64,
    }
}

impl VersionRow {
    /// Whether feeds may offer it.
    pub(crate) fn is_offered(&self) -> bool {
        self.approved && self.yanked_reason.is_none()
    }

    /// Whether somebody who may approve should look at it.
    fn waits(&self) -> bool {
        if self.approved { self.review_asked } else { self.refused_reason.is_none() }
    }
}

impl Plugin {
    /// The version with this number, in whatever form its author wrote it.
    pub(crate) fn version_mut(&mut self, number: &VersionNumber) -> Option<&mut Version> {
        let key = number.sort_key();
        self.versions.values_mut().find(|version| version.row.version_order == key)
    }

    /// The highest version that feeds may offer; as long as there is none, the highest public one, or the highest of all.
    fn newest(&self) -> Option<&VersionRow> {
        let highest = |wanted: fn(&VersionRow) -> bool| {
            let wanted = self.versions.values().map(|version| &version.row).filter(|row| wanted(row));
            wanted.max_by(|a, b| (&a.version_order, a.version_id).cmp(&(&b.version_order, b.version_id)))
        };
        highest(VersionRow::is_offered).or_else(|| highest(|row| row.approved)).or_else(|| highest(|_| true))
    }

    /// Counts anew what the listings need: how many versions are offered, yanked or wait, when the newest came, and under which
    /// licence it is.
    /// That is the last upload of an offered version; as long as none is offered, of any; without versions
    /// the registration.
    pub(crate) fn sum_up(&mut self) {
        let count = |wanted: fn(&VersionRow) -> bool| {
            let n = self.versions.values().filter(|version| wanted(&version.row)).count();
            i64::try_from(n).expect("versions are counted in memory")
        };
        self.row.approved_stable = count(|version| version.is_offered() && !version.experimental);
        self.row.approved_experimental = count(|version| version.is_offered() && version.experimental);
        self.row.yanked = count(|version| version.approved && !version.is_offered());
        self.row.waiting = count(VersionRow::waits);
        let newest = |offered: bool| {
            let all = self.versions.values().map(|version| &version.row);
            all.filter(|version| version.is_offered() || !offered).map(|version| version.uploaded_at_us).max()
        };
        self.row.license = self.newest().and_then(|version| version.license.clone());
        self.row.updated_at_us = newest(true).or_else(|| newest(false)).unwrap_or(self.row.created_at_us);
    }
}

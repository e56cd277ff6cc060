//! What differs between two versions of a plugin.

use super::VersionObject;
use super::files::{PackageFile, opened, told_metadata};
use crate::contents::Contents;
use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::STATEMENT;
use crate::graphql::scalars::Count;
use crate::problem::Problem;
use async_graphql::{Context, Object, SimpleObject};
use cairn_domain::package::PackedFile;
use cairn_domain::version_number;
use cairn_projections::catalogue::Version;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// What differs between a version and one before it.
#[derive(Debug)]
pub(crate) struct ChangesObject {
    before: Version,
    after: Version,
    opened: OnceCell<Arc<(Contents, Contents)>>,
}

/// A text that is another.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct TextChange {
    /// What it was.
    before: String,
    /// What it is.
    after: String,
}

/// A key of metadata.txt whose value is another.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct MetadataChange {
    /// The key.
    key: String,
    /// Its value before; null where it was not there.
    before: Option<String>,
    /// Its value now; null where it is there no longer.
    after: Option<String>,
}

/// A file whose content is another.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct FileChange {
    /// The path inside the zip.
    path: String,
    /// Its bytes before, unpacked.
    size_bytes_before: Count,
    /// Its bytes now.
    size_bytes: Count,
}

/// The files that came, went and changed. Of each sort the first 2,000 by path are told.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct FileChanges {
    /// How many files are new.
    added_count: Count,
    /// How many are there no longer.
    removed_count: Count,
    /// How many have another content.
    changed_count: Count,
    /// The files that are new.
    added: Vec<PackageFile>,
    /// The files that are there no longer.
    removed: Vec<PackageFile>,
    /// The files that have another content.
    changed: Vec<FileChange>,
}

impl ChangesObject {
    /// What differs from the version with the number `to`; left out, from the public version that a reader has before this one.
    /// None if there is no such version that whoever asks may see.
    pub(super) async fn of(
        asker: &Asker,
        version: &Version,
        to: Option<&str>,
    ) -> Result<Option<Self>, Problem> {
        let all = asker.loaders.versions(version.plugin_id).await?;
        let before = match to {
            Some(to) => {
                let reviews = asker.reviews(version.plugin_id).await?;
                let seen = || all.iter().filter(|other| other.approved || reviews);
                let number = version_number::find(to, seen().map(|other| &other.number));
                number.and_then(|number| seen().find(|other| other.number == *number))
            }
            None => base_of(&all, version),
        };
        let changes = |before: &Version| Self {
            before: before.clone(),
            after: version.clone(),
            opened: OnceCell::new(),
        };
        Ok(before.map(changes))
    }

    async fn opened(&self, asker: &Asker) -> Result<Arc<(Contents, Contents)>, Problem> {
        let open = async || {
            let both = tokio::try_join!(opened(asker, &self.before), opened(asker, &self.after))?;
            Ok(Arc::new(both))
        };
        self.opened.get_or_try_init(open).await.cloned()
    }
}

/// The newest public version with a lower number; for one that waits and is older than all, the newest public one. The versions
/// come newest first.
fn base_of<'v>(newest_first: &'v [Version], version: &Version) -> Option<&'v Version> {
    let public = || newest_first.iter().filter(|other| other.approved && other.id != version.id);
    let below = public().find(|other| other.number < version.number);
    below.or_else(|| public().next().filter(|_| !version.approved))
}

/// What differs between a version and one before it.
#[Object(name = "VersionChanges")]
impl ChangesObject {
    /// The version that it is compared with.
    async fn base(&self) -> VersionObject {
        VersionObject(self.before.clone())
    }

    /// The size of the other zip in bytes.
    async fn size_bytes_before(&self) -> Count {
        Count(self.before.size_bytes)
    }

    /// The size of this zip in bytes.
    async fn size_bytes(&self) -> Count {
        Count(self.after.size_bytes)
    }

    /// The first QGIS version that runs it; null if it is the same.
    async fn qgis_min(&self) -> Option<TextChange> {
        changed(self.before.qgis.min().into(), self.after.qgis.min().into())
    }

    /// The last QGIS version that runs it; null if it is the same.
    async fn qgis_max(&self) -> Option<TextChange> {
        changed(self.before.qgis.max().into(), self.after.qgis.max().into())
    }

    /// Whether its author calls only one of the two experimental.
    async fn experimental_changed(&self) -> bool {
        self.before.experimental != self.after.experimental
    }

    /// The keys of metadata.txt that differ, in the order of the file. The author's address is for the plugin's owners and staff.
    #[graphql(complexity = "2 * STATEMENT + 10 * child_complexity")]
    async fn metadata(&self, context: &Context<'_>) -> Result<Vec<MetadataChange>, Problem> {
        let asker = asker(context);
        let both = self.opened(asker).await?;
        let before = told_metadata(asker, &self.before, &both.0).await?;
        let after = told_metadata(asker, &self.after, &both.1).await?;
        Ok(metadata_changes(&before, &after))
    }

    /// The files that came, went and changed. Which have another content is told by their sizes and checksums.
    #[graphql(complexity = "2 * STATEMENT + 20 * child_complexity")]
    async fn files(&self, context: &Context<'_>) -> Result<FileChanges, Problem> {
        let asker = asker(context);
        let both = self.opened(asker).await?;
        Ok(file_changes(&both.0.files, &both.1.files, asker.limits().files_told_max))
    }
}

fn changed(before: String, after: String) -> Option<TextChange> {
    (before != after).then_some(TextChange { before, after })
}

/// Keys of the file of now in its order, then those that are gone.
fn metadata_changes(before: &[(String, String)], after: &[(String, String)]) -> Vec<MetadataChange> {
    let value = |of: &[(String, String)], key: &str| {
        of.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone())
    };
    let keys = after.iter().chain(before.iter().filter(|(key, _)| value(after, key).is_none()));
    let change = |(key, _): &(String, String)| {
        let (before, after) = (value(before, key), value(after, key));
        (before != after).then(|| MetadataChange { key: key.clone(), before, after })
    };
    keys.filter_map(change).collect()
}

fn file_changes(before: &[PackedFile], after: &[PackedFile], told_max: usize) -> FileChanges {
    let by_name = |files: &[PackedFile]| -> BTreeMap<String, PackedFile> {
        files.iter().map(|file| (file.name.clone(), file.clone())).collect()
    };
    let (before, after) = (by_name(before), by_name(after));
    let without = |files: &BTreeMap<String, PackedFile>, others: &BTreeMap<String, PackedFile>| {
        let alone: Vec<PackageFile> = files
            .iter()
            .filter(|(name, _)| !others.contains_key(*name))
            .map(|(_, file)| PackageFile::of(file))
            .collect();
        (Count(alone.len() as u64), alone.into_iter().take(told_max).collect())
    };
    let (added_count, added) = without(&after, &before);
    let (removed_count, removed) = without(&before, &after);
    let change = |(name, now): (&String, &PackedFile)| {
        let was = before.get(name)?;
        let same = (was.size, was.crc32) == (now.size, now.crc32);
        let change = FileChange {
            path: name.clone(),
            size_bytes_before: Count(was.size),
            size_bytes: Count(now.size),
        };
        (!same).then_some(change)
    };
    let changed: Vec<FileChange> = after.iter().filter_map(change).collect();
    FileChanges {
        added_count,
        removed_count,
        changed_count: Count(changed.len() as u64),
        added,
        removed,
        changed: changed.into_iter().take(told_max).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, size: u64, crc32: u32) -> PackedFile {
        PackedFile { name: name.into(), size, packed_size: size, crc32, bytes: 0..1 }
    }

    #[test]
    fn files_come_go_and_change() {
        let before = [file("a", 1, 1), file("b", 2, 2), file("c", 3, 3), file("d", 4, 4)];
        let after = [file("b", 2, 2), file("c", 3, 9), file("d", 5, 4), file("e", 1, 1)];
        let changes = file_changes(&before, &after, 1);
        assert_eq!(
            (changes.added_count, changes.removed_count, changes.changed_count),
            (Count(1), Count(1), Count(2))
        );
        assert_eq!(
            changes.changed,
            [FileChange { path: "c".into(), size_bytes_before: Count(3), size_bytes: Count(3) }]
        );
        assert_eq!(changes.added, [PackageFile::of(&file("e", 1, 1))]);
        assert_eq!(changes.removed, [PackageFile::of(&file("a", 1, 1))]);
    }

    #[test]
    fn metadata_is_compared_key_by_key() {
        let entry = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let before = [entry("name", "Lasso"), entry("about", "a"), entry("gone", "g")];
        let after = [entry("about", "b"), entry("name", "Lasso"), entry("new", "n")];
        let told: Vec<_> =
            metadata_changes(&before, &after).into_iter().map(|it| (it.key, it.before, it.after)).collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            told,
            [
                ("about".into(), some("a"), some("b")),
                ("new".into(), None, some("n")),
                ("gone".into(), some("g"), None)
            ]
        );
    }
}

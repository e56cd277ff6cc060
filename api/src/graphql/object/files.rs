//! The files of a package, and what its metadata.txt says.

use crate::contents::{Contents, Stored, contents, metadata};
use crate::graphql::asked::Asker;
use crate::graphql::mutation::FindingObject;
use crate::graphql::scalars::Count;
use crate::problem::Problem;
use async_graphql::SimpleObject;
use cairn_domain::package::{Finding, FindingCode, PackedFile, Place as FindingPlace};
use cairn_projections::catalogue::Version;

/// A file of a package.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct PackageFile {
    /// The path inside the zip, beginning with the plugin's folder.
    path: String,
    /// Bytes when unpacked.
    size_bytes: Count,
    /// Bytes in the zip.
    packed_bytes: Count,
}

/// The files of a package.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct PackageFiles {
    /// How many there are.
    count: Count,
    /// Bytes of all of them when unpacked.
    unpacked_bytes: Count,
    /// The files by path: the first 2,000.
    files: Vec<PackageFile>,
}

/// A line of metadata.txt.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct MetadataEntry {
    /// The key as its author wrote it.
    key: String,
    /// The value; its lines are joined.
    value: String,
}

impl PackageFile {
    pub(super) fn of(file: &PackedFile) -> Self {
        let (size_bytes, packed_bytes) = (Count(file.size), Count(file.packed_size));
        Self { path: file.name.clone(), size_bytes, packed_bytes }
    }
}

impl PackageFiles {
    /// The files of a version's package.
    pub(super) async fn of(asker: &Asker, version: &Version) -> Result<Self, Problem> {
        let opened = opened(asker, version).await?;
        let told = opened.files.iter().take(asker.limits().files_told_max);
        Ok(Self {
            count: Count(opened.files.len() as u64),
            unpacked_bytes: Count(opened.files.iter().map(|file| file.size).sum()),
            files: told.map(PackageFile::of).collect(),
        })
    }
}

impl MetadataEntry {
    /// What a version's metadata.txt says, as far as whoever asks may know it.
    pub(super) async fn all(asker: &Asker, version: &Version) -> Result<Vec<Self>, Problem> {
        let opened = opened(asker, version).await?;
        let entries = told_metadata(asker, version, &opened).await?;
        Ok(entries.into_iter().map(|(key, value)| Self { key, value }).collect())
    }
}

/// The directory of a version's package.
pub(super) async fn opened(asker: &Asker, version: &Version) -> Result<Contents, Problem> {
    contents(&asker.app, stored(version)).await.map_err(|fault| asker.store_fault(fault))
}

/// What metadata.txt says without what is personal and not for everybody: the author's address is for the plugin's owners and
/// staff, and an author who was forgotten is not told from the file.
pub(super) async fn told_metadata(
    asker: &Asker,
    version: &Version,
    opened: &Contents,
) -> Result<Vec<(String, String)>, Problem> {
    let mut entries =
        metadata(&asker.app, stored(version), opened).await.map_err(|fault| asker.store_fault(fault))?;
    let knows = asker.viewer().await?.in_person && asker.reviews(version.plugin_id).await?;
    let author = asker.loaders.author(version.sha256.to_string()).await?.is_some();
    entries.retain(|(key, _)| match personal(key) {
        Some(Personal::Author) => author,
        Some(Personal::Email) => author && knows,
        None => true,
    });
    Ok(entries)
}

/// The findings of a version's package: with their places to its plugin's owners and staff, for which it is inspected again, otherwise
/// by their codes.
pub(super) async fn findings(
    asker: &Asker,
    version: &Version,
    places: bool,
) -> Result<Vec<FindingObject>, Problem> {
    let texts = asker.loaders.texts(version.id).await?;
    let codes: Vec<FindingCode> =
        texts.iter().flat_map(|texts| &texts.warnings).filter_map(|code| known(code)).collect();
    let mut found: Vec<Finding> = Vec::new();
    if places
        && !codes.is_empty()
        && asker.viewer().await?.in_person
        && asker.reviews(version.plugin_id).await?
    {
        let zip = asker.app.blobs.get(&version.sha256.to_string()).await;
        found = asker.app.intake.look_into(zip.map_err(|fault| asker.store_fault(fault))?).await.findings;
    }
    // Rules may be others by now; what counts is what was found then.
    found.retain(|finding| codes.contains(&finding.code));
    let untold = codes.into_iter().filter(|code| found.iter().all(|finding| finding.code != *code));
    let bare: Vec<Finding> = untold.map(without_place).collect();
    Ok(found.iter().chain(&bare).map(FindingObject::from).collect())
}

fn known(code: &str) -> Option<FindingCode> {
    FindingCode::ALL.iter().copied().find(|known| known.as_str() == code)
}

fn without_place(code: FindingCode) -> Finding {
    Finding {
        code,
        severity: code.severity(),
        place: FindingPlace::package(),
        message: code.meaning().to_owned(),
        mend: code.mend().to_owned(),
    }
}

fn stored(version: &Version) -> Stored {
    Stored { sha256: version.sha256, size_bytes: version.size_bytes }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Personal {
    Author,
    Email,
}

/// Whether a key holds who the author is, in any language it is written for.
fn personal(key: &str) -> Option<Personal> {
    let key = key.trim().to_ascii_lowercase();
    match key.split('[').next().unwrap_or_default() {
        "author" => Some(Personal::Author),
        "email" => Some(Personal::Email),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_the_author_is_stands_in_two_keys() {
        for (key, is) in [
            ("author", Some(Personal::Author)),
            ("Author[de]", Some(Personal::Author)),
            ("email", Some(Personal::Email)),
            (" EMAIL ", Some(Personal::Email)),
            ("authors", None),
            ("name", None),
        ] {
            assert_eq!(personal(key), is, "{key}");
        }
    }
}

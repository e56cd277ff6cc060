//! The whole inspection of a package: bytes of a stranger in, all findings and the facts out.

use super::archive::{self, Archive, Entry};
use super::codes::FindingCode as Code;
use super::details::{self, Details, Facts};
use super::finding::{Finding, Findings, Place};
use super::icon::{self, Icon};
use super::license;
use super::limits::PackageLimits;
use super::metadata::{self, Document};
use super::notes::{Note, NoteKind};
use super::profile::Profile;
use super::python_lines::short;
use super::values::Values;
use crate::names::{License, PackageName, Sha256};
use crate::qgis_version::CompatRange;
use crate::version_number::VersionNumber;

/// What an inspection found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// All findings, errors and warnings, in the order of the checks.
    pub findings: Vec<Finding>,
    /// The package; some exactly when no finding is an error.
    pub package: Option<Package>,
}

/// A package that may be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The folder inside the zip.
    pub package_name: PackageName,
    /// The version, in the author's text.
    pub version: VersionNumber,
    /// The digest of the zip's bytes.
    pub sha256: Sha256,
    /// The length of the zip.
    pub size_bytes: u64,
    /// What the plugin says of itself.
    pub details: Details,
    /// What changed, newest first as authors write it; at most [`super::details::CHANGELOG_BYTES_MAX`] bytes.
    pub changelog: Option<String>,
    /// Whether the author calls this version experimental.
    pub experimental: bool,
    /// The QGIS versions it runs on; a missing maximum is filled in.
    pub compat: CompatRange,
    /// The licence, as far as it can be told.
    pub license: Option<License>,
    /// The icon, when there is a good one.
    pub icon: Option<Icon>,
    /// Files and folders of the zip in its own order.
    pub entries: Vec<Entry>,
}

/// Inspects the bytes of an uploaded zip, in memory and within `limits`, without IO.
///
/// All that can be told is told at once: broken metadata does not hide a missing licence. Links are judged by their text only.
pub fn inspect(bytes: &[u8], profile: &Profile, limits: &PackageLimits) -> Inspection {
    let mut findings = Findings::new(limits.findings_max);
    let package = archive::open(bytes, profile, limits, &mut findings)
        .and_then(|mut archive| judge(bytes, &mut archive, profile, limits, &mut findings));
    let package = package.filter(|_| !findings.has_errors());
    Inspection { findings: findings.into_list(), package }
}

fn judge(
    bytes: &[u8],
    archive: &mut Archive<'_>,
    profile: &Profile,
    limits: &PackageLimits,
    findings: &mut Findings,
) -> Option<Package> {
    let folder = folder(archive, findings)?;
    let package_name = package_name(&folder, findings);
    judge_files(archive, &folder, profile, findings);
    let entry = format!("{folder}/metadata.txt");
    let document = document(archive, &entry, limits, findings)?;
    let facts = details::read(&mut Values { document: &document, profile, entry: &entry, findings });
    let icon = icon(archive, &folder, &facts, limits, findings);
    let license = license::find(archive, &folder, facts.license.as_deref(), profile);
    Some(Package {
        package_name: package_name?,
        version: facts.version?,
        sha256: Sha256::of(bytes),
        size_bytes: bytes.len() as u64,
        details: facts.details?,
        changelog: facts.changelog,
        experimental: facts.experimental,
        compat: facts.compat?,
        license,
        icon,
        entries: archive.entries.clone(),
    })
}

/// The plugin's folder: that of the first entry, as QGIS and the site behind plugins.qgis.org take it.
fn folder(archive: &Archive<'_>, findings: &mut Findings) -> Option<String> {
    let first = archive.entries.first().map_or("", |entry| &entry.name);
    let Some((folder, _)) = first.split_once('/') else {
        let message = "the first entry of the zip is not in a folder";
        findings.add(Code::NoFolder, Place::entry(first), message);
        return None;
    };
    let top = |name: &str| name.split('/').next().unwrap_or(name).to_owned();
    if let Some(other) = archive.entries.iter().map(|entry| top(&entry.name)).find(|top| top != folder) {
        let message = format!("`{}` stands beside `{}`, which is the plugin", short(&other), short(folder));
        findings.add(Code::SeveralFolders, Place::entry(&other), message);
    }
    Some(folder.to_owned())
}

fn package_name(folder: &str, findings: &mut Findings) -> Option<PackageName> {
    let Ok(name) = folder.parse::<PackageName>() else {
        let message = format!("`{}` is no package name", short(folder));
        findings.add(Code::FolderNameInvalid, Place::entry(folder), message);
        return None;
    };
    // All a package name can hold beyond an identifier's letters, digits and `_`.
    if folder.contains('-') {
        let message = format!("`{folder}` is no Python identifier");
        findings.add(Code::FolderNotIdentifier, Place::entry(folder), message);
    }
    Some(name)
}

fn judge_files(archive: &Archive<'_>, folder: &str, profile: &Profile, findings: &mut Findings) {
    let has = |name: &str| archive.has(&format!("{folder}/{name}"));
    let folder_place = || Place::entry(folder);
    if !has("__init__.py") {
        findings.add(Code::InitMissing, folder_place(), "there is no `__init__.py` in the plugin's folder");
    }
    if !has("metadata.txt") {
        findings.add(
            Code::MetadataMissing,
            folder_place(),
            "there is no `metadata.txt` in the plugin's folder",
        );
    }
    let names = &profile.license_names;
    if !names.is_empty() && !names.iter().any(|name| has(name)) {
        let message = format!("there is no file `{}` in the plugin's folder", names.join("` or `"));
        findings.add(Code::LicenseMissing, folder_place(), message);
    }
}

fn document(
    archive: &mut Archive<'_>,
    entry: &str,
    limits: &PackageLimits,
    findings: &mut Findings,
) -> Option<Document> {
    if !archive.has(entry) {
        return None;
    }
    let Some(bytes) = archive.read(entry, limits.metadata_bytes_max) else {
        // The gate has told why, unless it could not look inside.
        if !findings.has_errors() {
            findings.add(Code::EntryDamaged, Place::entry(entry), "the entry cannot be unpacked");
        }
        return None;
    };
    let (document, notes) = match metadata::read(&bytes, limits) {
        Ok(document) => (Some(document), Vec::new()),
        Err(fault) => (None, fault.notes),
    };
    for note in document.as_ref().map_or(&notes, |document| &document.notes) {
        tell(note, entry, findings);
    }
    document
}

fn tell(note: &Note, entry: &str, findings: &mut Findings) {
    let code = match note.kind {
        NoteKind::TooLarge => Code::MetadataTooLarge,
        NoteKind::NoSection => Code::MetadataNoSection,
        NoteKind::BadLine => Code::MetadataBadLine,
        NoteKind::NoGeneral => Code::MetadataNoGeneral,
        NoteKind::DuplicateKey => Code::DuplicateKey,
        NoteKind::DuplicateSection => Code::DuplicateSection,
        NoteKind::BarePercent => Code::BarePercent,
        NoteKind::ByteOrderMark => Code::ByteOrderMark,
        NoteKind::NotUtf8 => Code::MetadataNotUtf8,
        NoteKind::OddLineBreak => Code::OddLineBreak,
    };
    let place = Place { line: note.line, key: note.key.as_deref().map(short), ..Place::entry(entry) };
    findings.add(code, place, note.text.clone());
}

/// The icon that metadata names by a path from the plugin's folder.
fn icon(
    archive: &mut Archive<'_>,
    folder: &str,
    facts: &Facts,
    limits: &PackageLimits,
    findings: &mut Findings,
) -> Option<Icon> {
    let path = facts.icon.as_deref()?;
    let name = format!("{folder}/{}", path.strip_prefix("./").unwrap_or(path));
    if !archive.has(&name) {
        let message = format!("the icon `{}` is not in the plugin's folder", short(path));
        findings.add(
            Code::IconMissing,
            Place { key: Some("icon".to_owned()), ..Place::entry(&name) },
            message,
        );
        return None;
    }
    let bytes = archive.read(&name, limits.icon_bytes_max)?;
    icon::judge(bytes, limits)
        .map_err(|(code, message)| findings.add(code, Place::entry(&name), message))
        .ok()
}

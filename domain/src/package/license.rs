//! Where a package tells its licence.
//!
//! metadata.txt comes first, if its `license` or `licence` names one that is known. Then the licence file in the plugin's folder, by its text.
//! Then the head of `__init__.py`, by an SPDX line or the notice that GNU advises. Where the first to tell it leaves open whether later
//! versions of a GNU licence will do, the next that names the same version may say so. Words of metadata.txt that name no known
//! licence are taken as they are if nothing else tells it.

use super::archive::Archive;
use super::profile::Profile;
use crate::license::{HEADER_BYTES_MAX, LICENSE_FILE_BYTES_MAX, License};

/// What licence files are called, in any case; the first that tells something counts. Whoever has a `COPYING.LESSER` has the text of the GPL beside
/// it, since that of the LGPL builds upon it.
const NAMES: [&str; 5] = ["copying.lesser", "license", "licence", "copying", "unlicense"];
const EXTENSIONS: [&str; 4] = ["", ".txt", ".md", ".rst"];

/// How many licence files are read at most.
const FILES_MAX: usize = 4;

/// The licence of a package of which metadata.txt says `told`.
pub(super) fn find(
    archive: &mut Archive<'_>,
    folder: &str,
    told: Option<&str>,
    profile: &Profile,
) -> Option<License> {
    let told = told.and_then(License::called);
    let file = files(archive, folder, profile).iter().find_map(|name| {
        let bytes = archive.read(name, LICENSE_FILE_BYTES_MAX)?;
        License::of_file(&bytes)
    });
    let header = archive.read(&format!("{folder}/__init__.py"), HEADER_BYTES_MAX);
    let header = header.and_then(|bytes| License::of_header(&bytes));
    let known = [told.clone().filter(License::is_known), file, header].into_iter().flatten();
    known.reduce(|first, next| first.made_precise(Some(next))).or(told)
}

/// The licence files in the plugin's folder, those that tell most first.
fn files(archive: &Archive<'_>, folder: &str, profile: &Profile) -> Vec<String> {
    let rank = |name: &str| {
        let lower = name.to_ascii_lowercase();
        let called = |stem: &&str| lower.strip_prefix(*stem).is_some_and(|rest| EXTENSIONS.contains(&rest));
        let asked_for = || profile.license_names.iter().any(|wanted| wanted == name).then_some(NAMES.len());
        NAMES.iter().position(called).or_else(asked_for)
    };
    let mut files: Vec<(usize, &str)> = Vec::new();
    for entry in &archive.entries {
        let inside = entry.name.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
        files.extend(inside.and_then(rank).map(|rank| (rank, entry.name.as_str())));
    }
    files.sort_unstable();
    files.into_iter().take(FILES_MAX).map(|(_, name)| name.to_owned()).collect()
}

//! What metadata.txt says of a plugin and of this version of it.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::codes::FindingCode as Code;
use super::links;
use super::python_lines::{short, trim};
use super::values::Values;
use crate::names::{Email, LICENSE_CHARS_MAX, PluginName, Tag};
use crate::qgis_version::{CompatRange, QgisVersion};
use crate::version_number::VersionNumber;

/// The longest name of a plugin, in characters, as on the site behind plugins.qgis.org.
pub const NAME_CHARS_MAX: usize = 256;
/// The longest description, in characters.
pub const DESCRIPTION_CHARS_MAX: usize = 2_000;
/// The longest description, in bytes: three for each character.
pub const DESCRIPTION_BYTES_MAX: usize = 6_000;
/// The longest `about`, in bytes. The longest of 418 real ones has less than 4,000.
pub const ABOUT_BYTES_MAX: usize = 12_000;
/// The longest changelog, in bytes. Longer real ones hold years of versions; the newest stand first.
pub const CHANGELOG_BYTES_MAX: usize = 16_000;
/// The longest author, in characters.
pub const AUTHOR_CHARS_MAX: usize = 256;
/// The longest e-mail with all its addresses, in bytes.
pub const EMAIL_BYTES_MAX: usize = 512;
/// How many tags a plugin has at most; each has at most 64 characters.
pub const TAGS_MAX: usize = 30;
/// The longest category, in characters.
pub const CATEGORY_CHARS_MAX: usize = 64;
/// The longest list of dependencies, in bytes; `external_deps` of the site has 512 as well.
pub const DEPENDENCIES_BYTES_MAX: usize = 512;

/// All texts of one version together, in bytes: so much goes into one event.
pub const TEXTS_BYTES_MAX: usize = 48_000;

// Four bytes for each character where characters are counted.
const _: () = assert!(
    4 * NAME_CHARS_MAX
        + DESCRIPTION_BYTES_MAX
        + ABOUT_BYTES_MAX
        + CHANGELOG_BYTES_MAX
        + 4 * AUTHOR_CHARS_MAX
        + EMAIL_BYTES_MAX
        + 3 * links::LINK_BYTES_MAX
        + TAGS_MAX * 64 * 4
        + 4 * CATEGORY_CHARS_MAX
        + 2 * DEPENDENCIES_BYTES_MAX
        + 4 * LICENSE_CHARS_MAX
        + crate::version_number::VERSION_CHARS_MAX
        <= TEXTS_BYTES_MAX
);

/// What a plugin says of itself; the newest version's texts become the plugin's.
///
/// Texts are trimmed, never empty, without characters that XML forbids; their lines end in `\n`. `%` stands as the author
/// wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The name people see.
    pub name: PluginName,
    /// One or two sentences.
    pub description: Option<String>,
    /// The longer text.
    pub about: Option<String>,
    /// One or more people, without slash.
    pub author: Option<String>,
    /// One address, or several with `, ` between them.
    pub email: Option<String>,
    /// An http or https address of at most 200 bytes.
    pub homepage: Option<String>,
    /// Where to report bugs; like `homepage`.
    pub tracker: Option<String>,
    /// Where the source is; like `homepage`.
    pub repository: Option<String>,
    /// Lower case, each once, in the author's order.
    pub tags: Vec<Tag>,
    /// The menu it wants to be in.
    pub category: Option<String>,
    /// Names of other plugins, as QGIS splits them at commas.
    pub plugin_dependencies: Option<String>,
    /// What pip would have to install.
    pub external_deps: Option<String>,
    /// Whether it runs in QGIS Server.
    pub server: bool,
    /// Whether its author gave it up.
    pub deprecated: bool,
    /// Whether it adds algorithms to Processing.
    pub has_processing_provider: bool,
}

/// What the metadata says of this version.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) details: Option<Details>,
    pub(super) version: Option<VersionNumber>,
    pub(super) compat: Option<CompatRange>,
    pub(super) changelog: Option<String>,
    pub(super) experimental: bool,
    pub(super) icon: Option<String>,
    /// What it says of its licence, in its own words.
    pub(super) license: Option<String>,
}

/// Reads everything, so that every finding is told; what an error concerns is none.
pub(super) fn read(values: &mut Values<'_>) -> Facts {
    values.judge_keys();
    Facts {
        details: details(values),
        version: version(values),
        compat: compat(values),
        changelog: values.cut_text("changelog", usize::MAX, CHANGELOG_BYTES_MAX),
        experimental: values.boolean("experimental"),
        icon: values.text("icon"),
        license: license(values),
    }
}

fn details(values: &mut Values<'_>) -> Option<Details> {
    // All fields are read before a missing name ends it: their findings are wanted as well.
    let name = name(values);
    let description = values.cut_text("description", DESCRIPTION_CHARS_MAX, DESCRIPTION_BYTES_MAX);
    let about = values.cut_text("about", usize::MAX, ABOUT_BYTES_MAX);
    let author = author(values);
    let email = email(values);
    let homepage = link(values, "homepage");
    let tracker = link(values, "tracker");
    let repository = link(values, "repository");
    let tags = tags(values);
    let category = values.cut_text("category", CATEGORY_CHARS_MAX, usize::MAX);
    let plugin_dependencies = values.whole_text("plugin_dependencies", DEPENDENCIES_BYTES_MAX);
    let external_deps = values.whole_text("external_deps", DEPENDENCIES_BYTES_MAX);
    let server = values.boolean("server");
    let deprecated = values.boolean("deprecated");
    let has_processing_provider = values.boolean("hasProcessingProvider");
    Some(Details {
        name: name?,
        description,
        about,
        author,
        email,
        homepage,
        tracker,
        repository,
        tags,
        category,
        plugin_dependencies,
        external_deps,
        server,
        deprecated,
        has_processing_provider,
    })
}

fn name(values: &mut Values<'_>) -> Option<PluginName> {
    let text = values.text("name")?;
    let name = text.parse().ok();
    if name.is_none() {
        let message =
            format!("`{}` is no name on one line of at most {NAME_CHARS_MAX} characters", short(&text));
        values.findings.add(Code::NameInvalid, values.place("name"), message);
    }
    name
}

fn author(values: &mut Values<'_>) -> Option<String> {
    let author = values.cut_text("author", AUTHOR_CHARS_MAX, usize::MAX)?;
    if author.contains('/') {
        values.findings.add(Code::AuthorInvalid, values.place("author"), "the author contains a slash");
        return None;
    }
    Some(author)
}

fn email(values: &mut Values<'_>) -> Option<String> {
    let text = values.text("email")?;
    let parts: Vec<&str> = text.split(',').map(trim).filter(|part| !part.is_empty()).collect();
    let joined = parts.join(", ");
    let good = !parts.is_empty() && parts.iter().all(|part| part.parse::<Email>().is_ok());
    if good && joined.len() <= EMAIL_BYTES_MAX {
        return Some(joined);
    }
    let code = if values.profile.requires("email") { Code::EmailInvalid } else { Code::EmailDropped };
    let message = "`email` is not one address or several separated by commas";
    values.findings.add(code, values.place("email"), message);
    None
}

fn link(values: &mut Values<'_>, key: &str) -> Option<String> {
    let text = values.text(key)?;
    let Some(fault) = links::fault(&text, values.profile) else { return Some(text) };
    let code = if values.profile.requires(key) { Code::LinkInvalid } else { Code::LinkDropped };
    values.findings.add(code, values.place(key), format!("`{key}`: {fault}"));
    None
}

fn tags(values: &mut Values<'_>) -> Vec<Tag> {
    let Some(text) = values.text("tags") else { return Vec::new() };
    let mut tags: Vec<Tag> = Vec::new();
    let mut seen = HashSet::new();
    let mut dropped = 0;
    for word in text.split(',').map(trim).filter(|word| !word.is_empty()) {
        match word.parse::<Tag>() {
            Ok(tag) if seen.contains(&tag) => {}
            Ok(tag) if tags.len() < TAGS_MAX => {
                seen.insert(tag.clone());
                tags.push(tag);
            }
            _ => dropped += 1,
        }
    }
    if dropped > 0 {
        let message = format!("{dropped} tags were left out");
        values.findings.add(Code::TagsDropped, values.place("tags"), message);
    }
    tags
}

/// QGIS reads no such key; who writes it writes it in several ways.
fn license(values: &mut Values<'_>) -> Option<String> {
    let keys = values.document.general.iter().map(|(key, _)| key);
    let wanted = |key: &&String| ["license", "licence"].iter().any(|name| key.eq_ignore_ascii_case(name));
    let key = keys.into_iter().find(wanted)?.clone();
    values.text(&key)
}

fn version(values: &mut Values<'_>) -> Option<VersionNumber> {
    let text = values.text("version")?;
    let last = text.split_whitespace().next_back()?;
    if last.len() < text.len() {
        let message = format!("the version is `{}`; `{}` was taken", short(&text), short(last));
        values.findings.add(Code::VersionHasWords, values.place("version"), message);
    }
    match last.parse() {
        Ok(version) => Some(version),
        Err(fault) => {
            values.findings.add(Code::VersionInvalid, values.place("version"), format!("{fault}"));
            None
        }
    }
}

fn compat(values: &mut Values<'_>) -> Option<CompatRange> {
    const MIN: &str = "qgisMinimumVersion";
    const MAX: &str = "qgisMaximumVersion";
    let bound = |values: &mut Values<'_>, key: &str, code| match values
        .text(key)
        .map(|text| text.parse::<QgisVersion>())
    {
        None => Ok(None),
        Some(Ok(version)) => Ok(Some(version)),
        Some(Err(fault)) => {
            values.findings.add(code, values.place(key), format!("`{key}`: {fault}"));
            Err(())
        }
    };
    let min = bound(values, MIN, Code::QgisMinimumInvalid);
    let max = bound(values, MAX, Code::QgisMaximumInvalid);
    let (min, max) = (min.ok()??, max.ok()?);
    if min.lowest() < (1, 8, 0) {
        let message = format!("QGIS below 1.8 does not read metadata.txt, and `{MIN}` is {min}");
        values.findings.add(Code::QgisMinimumAncient, values.place(MIN), message);
    }
    match CompatRange::new(min, max) {
        Ok(compat) => Some(compat),
        Err(fault) => {
            values.findings.add(Code::QgisRangeEmpty, values.place(MAX), format!("{fault}"));
            None
        }
    }
}

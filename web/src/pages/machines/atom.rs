//! New public versions as Atom: of all plugins, of those with a tag, of one. An entry is a version; its id is the address of its
//! page, which is its for ever, since a number is used once.

use super::document;
use crate::ask::Ask;
use crate::documents::{AtomOfAll, AtomOfPlugin, atom_of_all, atom_of_plugin};
use crate::frame::{Frame, Part, path_part};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use chrono::{DateTime, SecondsFormat, Utc};

/// How many plugins a feed looks at; each has two versions at most.
const PLUGINS: i64 = 50;

/// How many entries a feed has.
const ENTRIES_MAX: usize = 50;

/// How many versions of one plugin a feed looks at.
const VERSIONS: i64 = 50;

const SORT: &str = "application/atom+xml; charset=utf-8";

/// A feed.
#[derive(Template)]
#[template(path = "machines/atom.xml")]
struct Atom {
    id: String,
    title: String,
    page: String,
    updated: String,
    entries: Vec<Entry>,
}

/// A version.
#[derive(Debug, Clone)]
struct Entry {
    title: String,
    href: String,
    at: DateTime<Utc>,
    author: Option<String>,
    summary: String,
    changelog: Option<String>,
}

impl Entry {
    fn updated(&self) -> String {
        instant(self.at)
    }
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// What is told of a version, whichever document it comes from.
macro_rules! entry {
    ($frame:expr, $package:expr, $name:expr, $description:expr, $version:expr) => {{
        let version = $version;
        let kind = if version.experimental { ", experimental" } else { "" };
        version.approved_at.map(|at| Entry {
            title: format!("{} {}{kind}", $name, version.number),
            href: absolute($frame, &$frame.version($package, &version.number)),
            at,
            author: version.author.filter(|author| !author.trim().is_empty()),
            summary: $description.to_owned(),
            changelog: version.changelog,
        })
    }};
}

impl Atom {
    fn of(frame: &Frame, path: &str, title: String, page: &str, mut entries: Vec<Entry>) -> Self {
        entries.sort_by(|one, other| other.at.cmp(&one.at).then_with(|| one.href.cmp(&other.href)));
        entries.truncate(ENTRIES_MAX);
        let updated = entries.first().map_or(DateTime::UNIX_EPOCH, |entry| entry.at);
        Self {
            id: format!("{}{path}", frame.base),
            title,
            page: format!("{}{page}", frame.base),
            updated: instant(updated),
            entries,
        }
    }
}

/// An address of this site for readers elsewhere.
fn absolute(frame: &Frame, href: &str) -> String {
    format!("{}{}", frame.base, href.strip_prefix(&frame.root).unwrap_or(href))
}

pub(super) async fn of_all(ask: Ask) -> Result<Response, Problem> {
    let (frame, entries) = newest(&ask, None).await?;
    let title = "Cairn: new versions of QGIS plugins".to_owned();
    Ok(document(&Atom::of(&frame, "/atom.xml", title, "/plugins/fresh/", entries), SORT))
}

pub(super) async fn of_tag(ask: Ask, Path(tag): Path<String>) -> Result<Response, Problem> {
    let (frame, entries) = newest(&ask, Some(tag.clone())).await?;
    if entries.is_empty() {
        return Err(Refusal::NothingHere.into());
    }
    let page = format!("/plugins/tags/{}/", path_part(&tag));
    let title = format!("Cairn: new versions of plugins with the tag {tag}");
    Ok(document(&Atom::of(&frame, &format!("{page}atom.xml"), title, &page, entries), SORT))
}

async fn newest(ask: &Ask, tag: Option<String>) -> Result<(Frame, Vec<Entry>), Problem> {
    let told = ask.query::<AtomOfAll>(atom_of_all::Variables { tag, first: PLUGINS }).await?;
    let frame = ask.frame(Part::Other);
    let mut entries = Vec::new();
    for plugin in told.plugins.nodes {
        for version in [plugin.stable, plugin.experimental].into_iter().flatten() {
            entries.extend(entry!(&frame, &plugin.package, plugin.name, plugin.description, version));
        }
    }
    Ok((frame, entries))
}

pub(super) async fn of_plugin(ask: Ask, Path(package): Path<String>) -> Result<Response, Problem> {
    let variables = atom_of_plugin::Variables { package: package.clone(), first: VERSIONS };
    let told = ask.query::<AtomOfPlugin>(variables).await?;
    let plugin = told.plugin.filter(|plugin| plugin.listed).ok_or(Refusal::PluginUnknown { package })?;
    let frame = ask.frame(Part::Other);
    let mut entries = Vec::new();
    // Owners see versions that wait; a feed tells everybody the same.
    for version in plugin.versions.into_iter().filter(|version| version.approved && !version.yanked) {
        entries.extend(entry!(&frame, &plugin.package, plugin.name, plugin.description, version));
    }
    let page = format!("/plugins/{}/", plugin.package);
    let title = format!("{}: new versions", plugin.name);
    Ok(document(&Atom::of(&frame, &format!("{page}atom.xml"), title, &page, entries), SORT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn entry(number: &str, at: &str) -> Entry {
        Entry {
            title: HOSTILE.to_owned(),
            href: format!("https://example.org/qgis/plugins/lasso/version/{number}/"),
            at: at.parse().unwrap(),
            author: Some(HOSTILE.to_owned()),
            summary: HOSTILE.to_owned(),
            changelog: Some("]]>\n<b>new</b>".to_owned()),
        }
    }

    #[test]
    fn the_newest_stands_first_and_texts_are_texts() {
        let frame = testing::frame(Part::Other);
        let entries = vec![entry("1.0", "2026-03-01T00:00:00Z"), entry("1.1", "2026-03-02T10:00:00.5Z")];
        let xml =
            Atom::of(&frame, "/atom.xml", HOSTILE.to_owned(), "/plugins/fresh/", entries).render().unwrap();
        assert!(xml.find("version/1.1/").unwrap() < xml.find("version/1.0/").unwrap(), "{xml}");
        assert!(xml.contains("<updated>2026-03-02T10:00:00Z</updated>"), "{xml}");
        assert!(xml.contains("<id>https://example.org/qgis/atom.xml</id>"), "{xml}");
        assert!(!xml.contains("<script") && !xml.contains("<b>") && !xml.contains("]]>"), "{xml}");
    }

    #[test]
    fn a_feed_without_entries_is_a_feed() {
        let frame = testing::frame(Part::Other);
        let xml = Atom::of(&frame, "/atom.xml", "New".into(), "/plugins/fresh/", vec![]).render().unwrap();
        assert!(xml.contains("<updated>1970-01-01T00:00:00Z</updated>") && !xml.contains("<entry>"), "{xml}");
    }

    #[test]
    fn addresses_are_absolute_below_the_site() {
        let frame = testing::frame(Part::Other);
        let href = frame.version("lasso", "1.0");
        assert_eq!(absolute(&frame, &href), "https://example.org/qgis/plugins/lasso/version/1.0/");
    }
}
